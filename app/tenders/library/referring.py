"""A reference that lies in the library: what an answer takes of it is listed among the bid's references, and counts."""

from __future__ import annotations

from datetime import datetime

from app.accounts.models import User
from app.tenders import bid_actions
from app.tenders.library.models import EntryKind, LibraryVersion
from app.tenders.library.values import ReferenceFacts
from app.tenders.models import Bid, BidAnswer, BidParty, BidReference

LONGEST_WHAT, LONGEST_CUSTOMER = 400, 200


def list_reference(
    answer: BidAnswer, version: LibraryVersion, *, by: User | None, now: datetime
) -> BidReference | None:
    """Put it into the bid once, however many answers take it; a newer version takes the older one's place.

    None for a text that is no reference. Raises Refused when the bid is handed in.
    """
    bid = answer.bid
    bid_actions.check_draft(bid)
    if version.entry.kind is not EntryKind.REFERENCE:
        return None
    found = next((one for one in bid.references if _is_of(one, version)), None)
    facts, party = _facts(version), _party(bid, answer, version)
    if found is None:
        found = bid_actions.add_reference(
            bid,
            customer=facts.customer,
            what=facts.what,
            period=facts.period,
            value=facts.value,
            contact=facts.contact,
            party=party,
            by=by,
            now=now,
        )
    else:
        found.customer, found.what, found.period = facts.customer, facts.what, facts.period
        found.value, found.contact, found.party_id = facts.value, facts.contact, party.id if party else None
    found.version_id, found.entry_id = version.id, version.entry_id
    return found


def _is_of(one: BidReference, version: LibraryVersion) -> bool:
    return one.entry_id == version.entry_id


def _facts(version: LibraryVersion) -> ReferenceFacts:
    """As they were written; of a reference without any, its title is the customer and its text what was delivered."""
    facts = version.facts or ReferenceFacts(customer="")
    return ReferenceFacts(
        customer=(facts.customer or version.title)[:LONGEST_CUSTOMER],
        what=(facts.what or " ".join(version.text.split()) or version.title)[:LONGEST_WHAT],
        period=facts.period,
        value=facts.value,
        contact=facts.contact,
        member_id=facts.member_id,
    )


def _party(bid: Bid, answer: BidAnswer, version: LibraryVersion) -> BidParty | None:
    """Who delivered; where the library does not say, whoever answers for the requirement."""
    member_id = version.facts.member_id if version.facts else None
    delivered = next((party for party in bid.parties if party.member_id == member_id), None)
    answers_for_it = next((party for party in bid.parties if party.id == answer.responsible_id), None)
    return delivered if member_id is not None else answers_for_it
