"""Which papers a bid wants from a party, and which of them are missing: also of one that delivers nothing."""

from __future__ import annotations

from datetime import datetime

from app import clock
from app.members.models import MemberKind
from app.tenders import promise_actions
from app.tenders.bid import BidParty
from app.tenders.offers import key_of, offer_of
from bids import checks
from bids.kinds import DocumentKind
from bids.offer import Offer
from bids.party_checks import missing_documents


def papers_in(offer: Offer, party: BidParty) -> tuple[DocumentKind, ...]:
    """What the party must sign, declare or hand in; nothing of the sales company, which does so as staff."""
    if party.has_declined or party.member.kind == MemberKind.SALES_COMPANY:
        return ()
    own = key_of(party.member)
    return tuple(dict.fromkeys(kind for each, kind in checks.papers_wanted(offer) if each.key == own))


def only_signs(party: BidParty, *, now: datetime, offer: Offer | None = None) -> tuple[DocumentKind, ...]:
    """The same of a party that we ask for no row; empty for one that we do. ``offer`` is its bid, where it is read."""
    if promise_actions.is_asked(party) or party.bid.tender.deadline is None:
        return ()
    return papers_in(offer or offer_of(party.bid, now=now), party)


def waits_for(party: BidParty, *, now: datetime, offer: Offer | None = None) -> bool:
    """Whether the party still owes us an answer; one that has no row, a paper that holds on the last day."""
    if promise_actions.is_asked(party) or party.bid.tender.deadline is None:
        return promise_actions.waits_for(party)
    whole = offer or offer_of(party.bid, now=now)
    wanted, due = papers_in(whole, party), clock.local_date(whole.deadline)
    own = next((one for one in whole.parties if wanted and one.key == key_of(party.member)), None)
    if own is None:
        return False
    there = {one.kind for one in own.documents if one.valid_on(due)}
    return bool(missing_documents(whole, own) or set(wanted) - there)
