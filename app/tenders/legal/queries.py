"""Reading what the law asks of a bid: the same lots in other bids of ours, and everything that is worth a warning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from app.db import db
from app.errors import NotYours
from app.tenders.espd.doubts import doubts_in
from app.tenders.legal.double_promises import years_of
from app.tenders.legal.figures import TenderFigure
from app.tenders.models import Bid, BidParty, BidState, Tender, TenderLot, bid_lot
from app.tenders.offers import key_of
from app.tenders.signing.queries import signer_gaps
from bids.competition import other_bid_gap
from bids.gap import Gap
from bids.offer import Offer
from bids.promised_twice import Year, capacity_gaps, untied_gaps

LIVE = (BidState.DRAFT, BidState.SUBMITTED, BidState.WON)


def figure_of(tender: Tender, figure_id: int) -> TenderFigure:
    """The tender's own figure. Raises NotYours for any other."""
    found = next((one for one in tender.figures if one.id == figure_id), None)
    if found is None:
        raise NotYours
    return found


def warnings_of(bid: Bid, offer: Offer, *, now: datetime) -> tuple[Gap, ...]:
    """What more than the offer must be asked for: capacity promised twice, members in two bids of ours, signatures."""
    years = years_of(bid, now=now)
    beside = (*capacity_warnings(years), *untied_gaps(years), *other_bid_gaps(bid, offer))
    return (*beside, *signer_gaps(bid, offer), *doubts_in(bid, offer))


def capacity_warnings(years: Sequence[Year]) -> list[Gap]:
    """The warnings of a bid that promises more than is free, or when or where nothing is."""
    return [gap for year in years for gap in capacity_gaps(year)]


def other_bid_gaps(bid: Bid, offer: Offer) -> list[Gap]:
    """Members that stand in another bid of ours on the same procurement, in a lot of the same number."""
    same = _same_procurement(bid.tender)
    if same is None or not bid.parties:
        return []
    query = (
        select(BidParty.member_id, Tender.title, TenderLot.ref)
        .join(BidParty.bid)
        .join(Bid.tender)
        .outerjoin(bid_lot, bid_lot.c.bid_id == Bid.id)
        .outerjoin(TenderLot, TenderLot.id == bid_lot.c.lot_id)
        .where(
            same,
            Bid.id != bid.id,
            Bid.state.in_(LIVE),
            BidParty.declined_because == "",
            BidParty.member_id.in_([party.member_id for party in bid.parties]),
        )
    )
    met: dict[tuple[int, str], set[str | None]] = defaultdict(set)
    for member_id, title, ref in db.session.execute(query):
        met[member_id, title].add(ref)
    return _told(bid, offer, met)


def _same_procurement(tender: Tender) -> ColumnElement[bool] | None:
    """Tenders that are the same procurement entered twice, by notice or by buyer and number; None when none can be."""
    ways = []
    if tender.notice_id:
        ways.append(Tender.notice_id == tender.notice_id)
    if tender.diary_number.strip():
        same_number = Tender.diary_number == tender.diary_number
        ways.append(and_(same_number, Tender.buyer_name == tender.buyer_name))
    return and_(or_(*ways), Tender.id != tender.id) if ways else None


def _told(bid: Bid, offer: Offer, met: dict[tuple[int, str], set[str | None]]) -> list[Gap]:
    own = {lot.ref for lot in offer.lots}
    keys = {party.member_id: key_of(party.member) for party in bid.parties if not party.member.is_sales_company}
    parties = {party.key: party for party in offer.parties}
    found = []
    for (member_id, title), refs in sorted(met.items()):
        party = parties.get(keys.get(member_id, ""))
        common = tuple(sorted(ref for ref in refs if ref is not None and ref in own))
        if party is not None and (common or not own or None in refs):
            found.append(other_bid_gap(party, common, title))
    return found
