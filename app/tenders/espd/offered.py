"""Rows -> the documents of an offer: what a party has declared here, as long as it is still what it signed as."""

from __future__ import annotations

from app.tenders.bid import Bid, BidParty
from bids.parties import PartyDocument


def declared(party: BidParty, bid: Bid) -> tuple[PartyDocument, ...]:
    """The party's declarations that lie in the bid."""
    return tuple(
        PartyDocument(appendix.kind, appendix.kind.label, appendix_number=appendix.number)
        for appendix in bid.appendices
        if appendix.declaration is not None
        and appendix.declaration.member_id == party.member_id
        and appendix.declaration.holds_for(bid.form, party.role)
    )
