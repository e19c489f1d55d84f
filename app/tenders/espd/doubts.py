"""What of the parties' declarations somebody should look at: answers that give cause to doubt, and who has signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.tenders.bid import Bid
from app.tenders.espd.queries import Standing, request_of, standings_of
from bids.espd.doubts import doubts_of
from bids.gap import Gap
from bids.kinds import DocumentKind
from bids.offer import Offer
from bids.signer_checks import signer_gap


def doubts_in(bid: Bid, offer: Offer) -> list[Gap]:
    """The reminders of all declarations of a bid; none for an application, whose funder asks for no such thing."""
    if offer.is_application or not bid.parties:
        return []
    return list(told_of(standings_of(bid, offer, request_of(bid.tender))))


def told_of(standings: Sequence[Standing]) -> Iterator[Gap]:
    """The reminders of these declarations, one after the other."""
    for one in standings:
        if one.kind is DocumentKind.ESPD and not one.has_other_paper:
            yield from doubts_of(one.entity.party, one.lines)
        if one.is_done and one.row is not None:
            signer = signer_gap(one.entity.party, one.kind, [one.row.signed_by])
            if signer is not None:
                yield signer
