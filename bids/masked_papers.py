"""Papers that were made from the bid's values and signed -> the same values without what is secret, to print anew.

Such a paper lies in the bid as a file, so masking the bid's own texts does not reach it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bids.espd.repeating import number_of
from bids.espd.snapshot import Said, Signed
from bids.espd.values import INDICATOR, Part
from bids.masking import HIDDEN, scrubbed
from bids.offer import Offer
from bids.party_texts import PartySheet
from bids.secrecy import SecretKind


def masked_declaration(offer: Offer, signed: Signed) -> Signed:
    """The declaration as others may read it; the same one where it shows nothing secret.

    Of a reference that is secret all is hidden that the declaration tells of it: what was delivered, and for how much,
    leads to the customer as well.
    """
    told = set(_told_of(offer, signed))
    answers = tuple(_hidden(one) if _place(one) in told and _tells(one) else one for one in signed.answers)
    return scrubbed(offer, replace(signed, answers=answers))


def masked_sheet(offer: Offer, sheet: PartySheet) -> PartySheet:
    """A signed text as others may read it; the same one where it shows nothing secret."""
    return scrubbed(offer, sheet)


def _told_of(offer: Offer, signed: Signed) -> Iterator[tuple[str, int]]:
    """The groups of answers in which a secret reference is named."""
    places = {one.number for one in offer.secrets if one.kind is SecretKind.REFERENCE}
    secret = [one for place, one in enumerate(offer.references, 1) if place in places]
    names = [_plain(name) for one in secret for name in (one.customer, one.contact) if name.strip()]
    for answer in signed.answers:
        if answer.part != Part.EXCLUSION and any(name in _plain(answer.value) for name in names):
            yield _place(answer)


def _place(answer: Said) -> tuple[str, int]:
    return answer.criterion_id, number_of(answer.id)


def _tells(answer: Said) -> bool:
    """Whether it says something of its own; a yes or no does not."""
    return answer.data_type != INDICATOR


def _hidden(answer: Said) -> Said:
    return replace(answer, value=HIDDEN, words=HIDDEN)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
