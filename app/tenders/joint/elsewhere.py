"""What other bids that keep nothing back yet ask of the same members for the same articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app import clock
from app.catalog.models import Article
from app.db import db
from app.orders.holds import Hold
from app.tenders.bid_holds import WEEKS, named, term, unit_word
from app.tenders.models import Bid, BidParty, BidState, Promise, PromiseState, Tender, TenderPriceRow, TenderState
from app.tenders.models import bid_hold as holds_of_bids

OPEN = (TenderState.BIDDING, TenderState.SUBMITTED)


def asked_elsewhere(
    bid: Bid, members: Collection[int], articles: Collection[int], *, now: datetime
) -> dict[tuple[int, int], list[Hold]]:
    """By member and article, evenly over the weeks of each bid's own contract; one statement.

    Bids that are not handed in, or that keep nothing back: what is kept back for a bid is a hold of the offering's own.
    A row in another unit than the article's says nothing of anybody's weeks.
    """
    query = (
        select(Promise, BidParty.member_id, TenderPriceRow, Article)
        .join(Promise.row)
        .join(Article, Article.id == TenderPriceRow.article_id)
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
        .options(contains_eager(Promise.party).contains_eager(BidParty.bid).contains_eager(Bid.tender))
        .order_by(Bid.id, Promise.id)
    )
    found: dict[tuple[int, int], list[Hold]] = defaultdict(list)
    for promise, member_id, row, article in db.session.execute(query):
        if unit_word(article) == unit_word(row):
            tender = promise.party.bid.tender
            days = term(clock.local_date(tender.deadline or now), tender.term_years)
            found[member_id, article.id].append(Hold(*days, promise.quantity / WEEKS, None, named(tender)))
    return found
