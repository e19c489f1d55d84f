"""Why a member could not bid alone, lot by lot, and whether it hands in another bid beside ours."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app import audit
from app.accounts.models import User
from app.errors import Refused
from app.tenders.bid import BidParty
from app.tenders.bid_actions import check_draft
from app.tenders.promise_actions import check_open_for_answers
from app.tenders.tender import TenderLot
from bids.legal_values import ReasonKind

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Reason:
    """For one lot: which reasons hold, and a few words."""

    kinds: Collection[ReasonKind]
    words: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said."""
        return not self.kinds and not self.words


def lot_keys(party: BidParty) -> list[str]:
    """What reasons are kept by: each lot of the bid, or one for the whole of a tender without lots."""
    return [str(lot.id) for lot in party.bid.lots] or [""]


def give_reasons(
    party: BidParty, reasons: Mapping[str, Reason], general: str, *, by: User | None, now: datetime
) -> BidParty:
    """Write down why the party could not bid alone, by the keys of `lot_keys`; what other lots have stays.

    Raises Refused for words without a reason: which of the five it is decides what it is worth.
    """
    check_draft(party.bid)
    for reason in reasons.values():
        if reason.words and not reason.kinds:
            raise Refused("Kryssa i vilket skäl orden gäller.")
    kept = {key: given for key, given in party.lot_reasons.items() if key not in lot_keys(party)}
    told = {
        key: {"kinds": [kind.value for kind in ReasonKind if kind in reason.kinds], "words": reason.words}
        for key, reason in reasons.items()
        if key in lot_keys(party) and not reason.is_empty
    }
    party.lot_reasons = kept | told
    party.why_not_alone = general
    audit.record(party.bid, "reasons_given", by=by, now=now, member=party.member.name)
    return party


def say_other_bid(
    party: BidParty, *, bids_too: bool, words: str, lots: Sequence[TenderLot], by: User, now: datetime
) -> BidParty:
    """The member says whether it hands in another bid for the same, and in which of the bid's lots.

    Raises Refused when a yes has no words, or no lot where there are some.
    """
    check_open_for_answers(party.bid, now)
    if bids_too and not words:
        raise Refused("Skriv vilket anbud det är, och om ni lämnar det själva eller med andra.")
    if bids_too and party.bid.lots and not lots:
        raise Refused("Kryssa i vilka anbudsområden det andra anbudet gäller.")
    party.bids_too_lots = [lot.id for lot in lots] if bids_too else []
    party.bids_too, party.bids_too_words = bids_too, words if bids_too else ""
    party.bids_too_at, party.bids_too_by = now, by.name
    audit.record(
        party.bid, "other_bid_told", by=by, now=now, member=party.member.name, says="yes" if bids_too else "no"
    )
    return party
