"""Signed papers whose text the bid no longer says: they are no appendix of it until they are signed anew."""

from __future__ import annotations

from dataclasses import replace

from bids.offer import Offer
from bids.parties import Party, PartyDocument
from bids.party_documents import text_hash


def outdated(offer: Offer) -> frozenset[int]:
    """Numbers of the appendices that a party has signed on screen, for this bid and with another text."""
    return frozenset(
        one.appendix_number
        for party in offer.parties
        for one in party.documents
        if one.appendix_number is not None and is_outdated(offer, party, one)
    )


def is_outdated(offer: Offer, party: Party, document: PartyDocument) -> bool:
    """Whether another text was signed on screen than the bid has now; what was handed in is for people to read."""
    return bool(document.signed_text) and document.signed_text != text_hash(offer, party, document.kind)


def without_outdated(offer: Offer) -> Offer:
    """The offer without those appendices. The others keep their numbers, and the parties what they have signed."""
    numbers = outdated(offer)
    if not numbers:
        return offer
    return replace(
        offer,
        appendices=tuple(one for one in offer.appendices if one.number not in numbers),
        parties=tuple(
            replace(
                party,
                documents=tuple(
                    replace(one, appendix_number=None) if one.appendix_number in numbers else one
                    for one in party.documents
                ),
            )
            for party in offer.parties
        ),
    )
