"""An offer -> the same offer without what is secret, to be printed as a masked copy.

What is hidden is not in the values any longer, so that no print can hold it: neither as text nor in a title, a bookmark
or the data inside the file. Our own figures (what members ask, fee, margin) are taken out of every row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from types import MappingProxyType
from typing import Any, TypeVar

from app.money import Money
from bids import pricing, schedule
from bids.offer import Answer, Appendix, Evidence, Offer, PriceRow, Reference
from bids.parties import Party
from bids.secrecy import LotSum, Mask, RowRef, Secret, SecretKind, derivable, masked_rows
from bids.swedish import listing

T = TypeVar("T")
HIDDEN = "[Maskerat]"
HIDDEN_APPENDIX = "Maskerad bilaga"
COPY = "maskerad kopia"
LEAST_PHRASE = 8
"""So many letters a secret phrase has; shorter ones stand in every text."""
LEAST_SENTENCE = 25
"""Sentences of a secret answer are looked for elsewhere too, when they are so long."""
BETWEEN = r"[\s*_`~>]+"
"""What can stand between two words of a phrase, also in the marks of a text of the bid's own."""
PRICES_HIDDEN = "Där ett streck står i stället för ett pris är priset maskerat. Summorna är de som anbudet har."


def secrets_of(offer: Offer) -> tuple[Secret, ...]:
    """All for which secrecy is asked: answers in the buyer's order, then the rest as it was entered."""
    answers = {(one.requirement_ref, one.lot_ref): one for one in offer.answers if one.confidential}
    asked = [answers[one.ref, one.lot_ref] for one in offer.requirements if (one.ref, one.lot_ref) in answers]
    return (*(_of_answer(answer) for answer in asked), *offer.secrets)


def _of_answer(answer: Answer) -> Secret:
    return Secret(
        kind=SecretKind.ANSWER,
        what="Svarets text och bevis",
        harm=answer.confidential_reason,
        until=answer.confidential_until,
        ref=answer.requirement_ref,
        lot_ref=answer.lot_ref,
    )


def why_not_masked(offer: Offer) -> str:
    """Why no masked copy can be made, and what to do; empty where one can."""
    told = sorted({row.lot_ref or "" for row in derivable(hidden_rows(offer))})
    if not told:
        return ""
    lots = f" i anbudsområde {listing(told)}" if told != [""] else ""
    return (
        f"Bara ett pris är hemligt{lots}. Det går att räkna ut ur summan, som alltid visas. Begär sekretess för minst "
        "två rader, eller för inget pris där."
    )


def hidden_rows(offer: Offer) -> tuple[RowRef, ...]:
    """The rows whose price is secret."""
    return masked_rows(secrets_of(offer), tuple(RowRef(row.ref, row.lot_ref) for row in offer.rows))


def hidden_appendices(offer: Offer) -> frozenset[int]:
    """Numbers of the appendices that are secret: by themselves, as proof of a secret answer, or as the same file."""
    marked = {one.number for one in secrets_of(offer) if one.kind is SecretKind.APPENDIX}
    marked |= {piece.appendix_number for answer in offer.answers if answer.confidential for piece in answer.evidence}
    same = {one.sha256 for one in offer.appendices if one.number in marked}
    return frozenset(one.number for one in offer.appendices if one.number in marked or one.sha256 in same)


def secret_names(offer: Offer) -> tuple[str, ...]:
    """Customers and persons of the secret references, where they are not public anyway."""
    places = {one.number for one in secrets_of(offer) if one.kind is SecretKind.REFERENCE}
    found = [
        name for place, one in enumerate(offer.references, 1) if place in places for name in (one.customer, one.contact)
    ]
    tidy = dict.fromkeys(" ".join(name.split()) for name in found)
    return tuple(name for name in tidy if len(name) >= LEAST_PHRASE and name.casefold() not in _public(offer))


def _public(offer: Offer) -> set[str]:
    return {offer.buyer.name.casefold(), *(party.name.casefold() for party in offer.parties)}


def open_users(offer: Offer, number: int) -> tuple[Answer, ...]:
    """The answers that are not secret and are proved by the appendix."""
    return tuple(
        answer
        for answer in offer.answers
        if not answer.confidential and any(piece.appendix_number == number for piece in answer.evidence)
    )


def masked(offer: Offer, blank: str, printed_anew: Mapping[int, str] = MappingProxyType({})) -> Offer:
    """The offer as others may read it. ``blank`` is the hash of the page that stands in for a secret appendix.

    ``printed_anew`` are the hashes of appendices, by number, that were made of the bid's values and printed again
    without what is secret. Raises ValueError where `why_not_masked` says something.
    """
    problem = why_not_masked(offer)
    if problem:
        raise ValueError(problem)
    rows, numbers = hidden_rows(offer), hidden_appendices(offer)
    references = _hidden_references(offer)
    without = replace(
        offer,
        title=f"{offer.title} ({COPY})",
        answers=tuple(_answer(one, numbers) for one in offer.answers),
        rows=tuple(_row(one, {(row.ref, row.lot_ref) for row in rows}) for one in offer.rows),
        appendices=tuple(
            _appendix(one, blank)
            if one.number in numbers
            else replace(one, sha256=printed_anew.get(one.number, one.sha256))
            for one in offer.appendices
        ),
        references=tuple(
            _reference(one) if place in references else one for place, one in enumerate(offer.references, 1)
        ),
        parties=tuple(_party(party, numbers) for party in offer.parties),
        price_terms=f"{offer.price_terms}\n\n{PRICES_HIDDEN}".strip() if rows else offer.price_terms,
        labour_floor=None,
        mask=Mask(rows, _sums(offer)),
    )
    return _without(without, _phrases(offer))


def scrubbed(offer: Offer, value: T) -> T:
    """Other frozen values of the bid without the phrases that are secret in it."""
    return _without(value, _phrases(offer))


def _hidden_references(offer: Offer) -> set[int | None]:
    return {one.number for one in secrets_of(offer) if one.kind is SecretKind.REFERENCE}


def _sums(offer: Offer) -> tuple[LotSum, ...]:
    return tuple(LotSum(lot.ref or None, lot.total) for lot in schedule.lots(offer))


def _answer(answer: Answer, numbers: frozenset[int]) -> Answer:
    if not answer.confidential:
        return replace(answer, evidence=tuple(_evidence(one, numbers) for one in answer.evidence))
    hidden = tuple(replace(one, title=HIDDEN) for one in answer.evidence)
    return replace(answer, text=HIDDEN, evidence=hidden, library=())


def _evidence(piece: Evidence, numbers: frozenset[int]) -> Evidence:
    is_hidden = piece.appendix_number is not None and piece.appendix_number in numbers
    return replace(piece, title=HIDDEN_APPENDIX) if is_hidden else piece


def _row(row: PriceRow, hidden: set[tuple[str, str | None]]) -> PriceRow:
    """With the price that the buyer sees as it is, and none of what it was made of."""
    shares = tuple(replace(share, member_price=None, signed_by="", signed_at=None) for share in row.shares)
    bare = PriceRow(
        ref=row.ref,
        text=row.text,
        unit=row.unit,
        unit_label=row.unit_label,
        quantity=row.quantity,
        lot_ref=row.lot_ref,
        shares=shares,
    )
    return bare if (row.ref, row.lot_ref) in hidden else replace(bare, fixed_unit_price=_price(row))


def _price(row: PriceRow) -> Money | None:
    try:
        return pricing.unit_price(row)
    except ValueError:
        return None


def _appendix(appendix: Appendix, blank: str) -> Appendix:
    return replace(appendix, title=HIDDEN_APPENDIX, media_type="application/pdf", sha256=blank, pages=None)


def _reference(reference: Reference) -> Reference:
    """That there is one, and whose. What was done, when and for how much leads to the customer as well."""
    return Reference(customer=HIDDEN, what=HIDDEN, party_key=reference.party_key)


def _party(party: Party, numbers: frozenset[int]) -> Party:
    papers = tuple(
        replace(one, title=one.kind.label)
        if one.appendix_number is not None and one.appendix_number in numbers
        else one
        for one in party.documents
    )
    return replace(party, documents=papers)


def _phrases(offer: Offer) -> list[str]:
    """What must stand nowhere else in the copy either. Names of the parties and of the buyer are public."""
    public, numbers, references = _public(offer), hidden_appendices(offer), _hidden_references(offer)
    found = [text for answer in offer.answers if answer.confidential for text in _sentences(answer.text)]
    found += [piece.title for answer in offer.answers if answer.confidential for piece in answer.evidence]
    found += [one.title for one in offer.appendices if one.number in numbers]
    for place, one in enumerate(offer.references, 1):
        if place in references:
            found += [one.customer, one.contact]
            found += [part for part in _sentences(one.what) if len(part) >= LEAST_SENTENCE]
    tidy = {" ".join(text.split()) for text in found}
    return sorted((one for one in tidy if len(one) >= LEAST_PHRASE and one.casefold() not in public), key=len)[::-1]


def _sentences(text: str) -> Iterator[str]:
    yield text
    for part in re.split(r"(?<=[.!?])\s+|\n+", text):
        if len(part.strip()) >= LEAST_SENTENCE:
            yield part.strip()


def _without(value: T, phrases: list[str]) -> T:
    """Every text of it without the phrases, however they are spaced and whatever their letters' size."""
    if not phrases:
        return value
    pattern = "|".join(BETWEEN.join(re.escape(word) for word in phrase.split()) for phrase in phrases)
    found: T = _replaced(value, re.compile(pattern, re.IGNORECASE))
    return found


def _replaced(value: Any, pattern: re.Pattern[str]) -> Any:
    if type(value) is str:
        return pattern.sub(HIDDEN, value)
    if isinstance(value, tuple):
        return tuple(_replaced(part, pattern) for part in value)
    if is_dataclass(value) and not isinstance(value, (Money, type)):
        parts = {one.name: getattr(value, one.name) for one in fields(value)}
        return replace(value, **{name: _replaced(part, pattern) for name, part in parts.items()})
    return value
