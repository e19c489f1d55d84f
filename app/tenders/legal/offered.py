"""Rows -> what the legal part adds to an offer; `offers.offer_of` puts it in its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.members.models import HeadCount
from app.tenders.bid import BidParty
from app.tenders.tender import Tender
from bids import parties
from bids.legal_values import LotReason, Qualification, ReasonKind


def qualifications_of(
    tender: Tender, covered: Collection[int | None], refs: Mapping[int, str]
) -> tuple[Qualification, ...]:
    """The buyer's figures for the lots that the bid covers."""
    return tuple(
        Qualification(
            kind=one.kind,
            amount=one.amount,
            number=one.number,
            years=one.years,
            lot_ref=refs.get(one.lot_id or 0),
            ref=one.ref,
            each=one.each,
            contract_value=one.contract_value,
            document=one.document,
        )
        for one in tender.figures
        if one.lot_id in covered
    )


def reasons_of(party: BidParty) -> tuple[LotReason, ...]:
    """Why it could not bid alone, in the order of the bid's lots; a lot that is not bid for needs no reason."""
    refs: list[tuple[str, str | None]] = [(str(lot.id), lot.ref) for lot in party.bid.lots]
    found = []
    for key, ref in refs or [("", None)]:
        given = party.lot_reasons.get(key)
        if given:
            kinds = tuple(kind for kind in ReasonKind if kind in given["kinds"])
            found.append(LotReason(ref, kinds, given["words"]))
    return tuple(found)


def head_count_of(count: HeadCount | None) -> parties.HeadCount | None:
    """The count as an offer has it."""
    if count is None:
        return None
    return parties.HeadCount(count.counted_on, count.occupied, count.target_group, count.method, count.is_verified)
