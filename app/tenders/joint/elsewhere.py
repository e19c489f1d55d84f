"""Offerings, with what other bids that keep nothing back yet ask of the same members for the same articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Subquery, and_, literal_column, select, true, union_all
from sqlalchemy.orm import contains_eager, joinedload, lazyload

from app import clock
from app.catalog.models import ApprovalState, Offering, OfferingArea
from app.db import db
from app.orders.holds import Hold
from app.tenders.bid_holds import WEEKS, named, term, unit_word
from app.tenders.models import Bid, BidParty, BidState, Promise, PromiseState, Tender, TenderPriceRow, TenderState
from app.tenders.models import bid_hold as holds_of_bids

OPEN = (TenderState.BIDDING, TenderState.SUBMITTED)
Asked = dict[int, list[Hold]]
"""By offering, evenly over the weeks of each bid's own contract."""


def offerings_and_asked(
    bid: Bid, members: Collection[int], articles: Collection[int], *, now: datetime
) -> tuple[list[Offering], Asked]:
    """Everybody's approved offerings of the articles, and what other bids ask of those of the `members`; one statement.

    Bids that are not handed in, or that keep nothing back: what is kept back for a bid is a hold of the offering's own.
    A row in another unit than the article's says nothing of anybody's weeks. Where an offering is sold is one list and
    what is asked of it another, so that their lengths are added and not multiplied.
    """
    which = union_all(select(literal_column("0").label("list")), select(literal_column("1"))).subquery()
    other = _others(bid, members, articles)
    same = other.c.member_id == Offering.member_id, other.c.article_id == Offering.article_id
    query = (
        select(Offering, TenderPriceRow, Tender, other.c.quantity, other.c.id)
        .select_from(Offering)
        .join(which, true())
        .outerjoin(OfferingArea, and_(which.c.list == 0, OfferingArea.offering_id == Offering.id))
        .outerjoin(other, and_(which.c.list == 1, *same))
        .outerjoin(TenderPriceRow, TenderPriceRow.id == other.c.row_id)
        .outerjoin(Tender, Tender.id == other.c.tender_id)
        .where(Offering.article_id.in_(articles), Offering.state == ApprovalState.APPROVED)
        .options(contains_eager(Offering.areas), joinedload(Offering.article), lazyload(Tender.figures))
        .order_by(Offering.id, which.c.list, other.c.bid_id, other.c.id)
    )
    offerings: dict[int, Offering] = {}
    asked: Asked = defaultdict(list)
    for offering, row, tender, quantity, _promise in db.session.execute(query).unique():
        offerings[offering.id] = offering
        if row is not None and unit_word(offering.article) == unit_word(row):
            days = term(clock.local_date(tender.deadline or now), tender.term_years)
            asked[offering.id].append(Hold(*days, quantity / WEEKS, None, named(tender)))
    return list(offerings.values()), asked


def _others(bid: Bid, members: Collection[int], articles: Collection[int]) -> Subquery:
    """What is promised or asked for in other bids that are open, with whose it is and of which article."""
    return (
        select(Promise.id, Promise.quantity, Promise.row_id, BidParty.member_id, BidParty.bid_id, Bid.tender_id)
        .add_columns(TenderPriceRow.article_id)
        .join(Promise.row)
        .join(Promise.party)
        .join(BidParty.bid)
        .join(Bid.tender)
        .where(
            Bid.id != bid.id,
            Bid.state.in_((BidState.DRAFT, BidState.SUBMITTED)),
            Tender.state.in_(OPEN),
            Bid.id.not_in(select(holds_of_bids.c.bid_id)),
            Promise.state != PromiseState.DECLINED,
            BidParty.declined_because == "",
            BidParty.member_id.in_(members),
            TenderPriceRow.article_id.in_(articles),
        )
        .subquery()
    )
