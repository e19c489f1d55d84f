"""What lies beside a bid and may trouble it: looked up now and then, and kept with it, so that every page shows it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select

from app.db import db
from app.members.models import MemberKind
from app.tenders.legal.queries import warnings_of
from app.tenders.models import Bid, BidParty, BidState, Tender, TenderState
from app.tenders.offers import offer_of
from app.tenders.secrecy import reading
from bids.gap import Gap
from bids.kinds import GapArea
from bids.offer import Offer
from bids.promised_twice import UNTIED

EVERY = timedelta(minutes=5)
AT_ONCE = 20
"""So many bids are looked at in a minute, those that have waited longest first."""


def due(now: datetime) -> Sequence[int]:
    """The open bids whose surroundings nobody has looked at for some minutes, by id."""
    query = (
        select(Bid.id)
        .join(Bid.tender)
        .where(Bid.state == BidState.DRAFT, Tender.state == TenderState.BIDDING, Tender.deadline > now)
        .where(or_(Bid.looked_beside_at.is_(None), Bid.looked_beside_at <= now - EVERY))
        .order_by(Bid.looked_beside_at.is_not(None), Bid.looked_beside_at, Bid.id)
        .limit(AT_ONCE)
    )
    return db.session.scalars(query).all()


def with_members(members: Collection[int], besides: int | None, *, now: datetime) -> Sequence[int]:
    """The open bids, but for one, in which one of the members is a party; by id."""
    query = (
        select(Bid.id)
        .join(Bid.tender)
        .where(Bid.state == BidState.DRAFT, Tender.state == TenderState.BIDDING, Tender.deadline > now)
        .where(Bid.parties.any(and_(BidParty.member_id.in_(members), BidParty.member.has(kind=MemberKind.MEMBER))))
        .order_by(Bid.id)
        .limit(AT_ONCE)
    )
    return [found for found in db.session.scalars(query) if found != besides]


def look(bid: Bid, *, now: datetime) -> Bid:
    """Keep what is found with the bid."""
    found = [
        {
            "key": gap.key,
            "area": gap.area.value,
            "sentence": gap.sentence,
            "row": gap.row_ref,
            "lot": gap.lot_ref,
            "party": gap.party_key,
        }
        for gap in warnings_of(bid, offer_of(bid, now=now), now=now)
    ]
    found += [told for told in bid.found_beside if reading.is_of_file(told)]
    if bid.found_beside != found:
        bid.found_beside = found
    bid.looked_beside_at = now
    return bid


def is_of_capacity(gap: Gap) -> bool:
    """Whether a warning says what is promised twice, or what cannot be held against anything."""
    return gap.area is GapArea.CAPACITY or gap.key.startswith(UNTIED)


def found_beside(bid: Bid, offer: Offer) -> tuple[Gap, ...]:
    """What was found last, about parties that are still in the bid; starts no search."""
    keys = {party.key for party in offer.parties}
    beside = (
        Gap(
            key=told["key"],
            area=GapArea(told["area"]),
            blocking=False,
            sentence=told["sentence"],
            row_ref=told["row"],
            lot_ref=told["lot"],
            party_key=told["party"],
        )
        for told in bid.found_beside
        if not reading.is_of_file(told) and (told["party"] is None or told["party"] in keys)
    )
    return (*beside, *reading.found_in(bid, offer))
