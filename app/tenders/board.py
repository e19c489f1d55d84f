"""The board of tenders: what is open, searched, filtered and paged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Subquery, case, func, or_, select

from app.db import db, holds
from app.leaves import Leaf, nearest
from app.tenders.models import Bid, BidParty, Tender, TenderState

PAGE = 50
OPEN = (TenderState.NOTICED, TenderState.BIDDING, TenderState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A tender on the board, with how many parties are invited and how many have answered."""

    tender: Tender
    has_bid: bool
    invited: int
    answered: int


def board(states: Sequence[TenderState], words: str, page: int) -> Leaf[BoardRow]:
    """The tenders in those states whose title, buyer or diary number holds the words; the next deadline first."""
    query = _matching(select(Tender), states, words)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = nearest(page, total, PAGE)
    parties = _parties()
    rank = case({state: place for place, state in enumerate(TenderState)}, value=Tender.state)
    rows = db.session.execute(
        _matching(select(Tender, parties.c.tender_id, parties.c.invited, parties.c.answered), states, words)
        .outerjoin(parties, parties.c.tender_id == Tender.id)
        .order_by(rank, Tender.deadline.is_(None), Tender.deadline, Tender.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )
    found = tuple(BoardRow(t, bid is not None, invited or 0, answered or 0) for t, bid, invited, answered in rows)
    return Leaf(found, number, total, PAGE)


def _parties() -> Subquery:
    """How many parties of each tender's bid are invited, and how many have answered."""
    counts = (func.count(BidParty.invited_at).label("invited"), func.count(BidParty.answered_at).label("answered"))
    joined = select(Bid.tender_id, *counts).outerjoin(BidParty, BidParty.bid_id == Bid.id)
    return joined.group_by(Bid.tender_id).subquery()


def _matching(query: Select[Any], states: Sequence[TenderState], words: str) -> Select[Any]:
    query = query.where(Tender.state.in_(states))
    for word in words.split()[:8]:
        columns = (Tender.title, Tender.buyer_name, Tender.diary_number)
        query = query.where(or_(*(holds(column, word) for column in columns)))
    return query


def count_by_state() -> dict[TenderState, int]:
    """How many tenders are in each state."""
    counted = db.session.execute(select(Tender.state, func.count()).group_by(Tender.state))
    return {state: count for state, count in counted}  # noqa: C416  rows are no pairs to a type checker
