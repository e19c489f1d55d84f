"""What of the parties' declarations somebody should look at: answers that give cause to doubt, and who has signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.tenders.bid import Bid
from app.tenders.espd.queries import Asked, Standing, request_of, standings_of
from bids.espd import belonging
from bids.espd.doubts import doubts_of
from bids.gap import Gap
from bids.kinds import DocumentKind, GapArea
from bids.offer import Offer
from bids.signer_checks import signer_gap


def doubts_in(bid: Bid, offer: Offer) -> list[Gap]:
    """The reminders of all declarations of a bid; none for an application, whose funder asks for no such thing."""
    if offer.is_application or not bid.parties:
        return []
    asked = request_of(bid.tender)
    return [*strange(asked, bid), *told_of(standings_of(bid, offer, asked))]


def strange(asked: Asked | None, bid: Bid) -> Iterator[Gap]:
    """A reminder of a request that speaks of another tender, until somebody has said that it is right."""
    if asked is None or asked[0].confirmed_at is not None:
        return
    request, number = asked[1], bid.tender.diary_number
    told = []
    if belonging.names_another_buyer(request, buyer=bid.tender.buyer_name, diary_number=number):
        told.append(f"kommer från {request.buyer}, men köparen här är {bid.tender.buyer_name.rstrip('.')}")
    if belonging.names_another_number(request, diary_number=number):
        told.append(f"har diarienummer {request.folder}, men upphandlingen har {number}")
    if told:
        yield Gap(
            key="espd:request",
            area=GapArea.DOCUMENT,
            blocking=False,
            sentence=f"ESPD-begäran {' och '.join(told)}. Parterna svarar då på en annan köpares frågor. Säg att den "
            "är rätt, eller läs in den rätta.",
        )


def told_of(standings: Sequence[Standing]) -> Iterator[Gap]:
    """The reminders of these declarations, one after the other."""
    for one in standings:
        if one.kind is DocumentKind.ESPD and not one.has_other_paper:
            yield from doubts_of(one.entity.party, one.lines)
        if one.is_done and one.row is not None:
            signer = signer_gap(one.entity.party, one.kind, [one.row.signed_by])
            if signer is not None:
                yield signer
