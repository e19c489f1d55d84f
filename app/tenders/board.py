"""The board of tenders: what is open by state, with what is next to do; searched, narrowed, sorted and paged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select

from app import clock
from app.db import db, holds
from app.leaves import Leaf, nearest
from app.money import NOUGHT
from app.tenders.choosing.models import TenderChoice, Verdict
from app.tenders.choosing.next_step import NextStep, Situation, next_step
from app.tenders.dates import reckoning
from app.tenders.dates.models import TenderDates
from app.tenders.models import Bid, BidAnswer, BidParty, Tender, TenderLot, TenderRequirement, TenderState
from bids.kinds import TenderKind

PAGE = 50
OPEN = (TenderState.NOTICED, TenderState.BIDDING, TenderState.SUBMITTED)


class Sort(StrEnum):
    """In which order the tenders of a state stand."""

    DEADLINE = "deadline"
    TITLE = "title"
    BUYER = "buyer"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which tenders, and in which order."""

    states: Sequence[TenderState] = OPEN
    words: str = ""
    buyer: str = ""
    cpv: str = ""
    """How a code begins: ``03`` for a whole division."""
    place: str = ""
    kind: TenderKind | None = None
    """Only procurements, or only calls; None for both."""
    sort: Sort = Sort.DEADLINE


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A tender on the board: how many parties are invited and have answered, and what is next."""

    tender: Tender
    has_bid: bool
    invited: int
    answered: int
    next: NextStep
    is_partly_granted: bool = False
    """Whether a funder gave a part of what we applied for: the state alone says that it was granted."""


@dataclass(frozen=True, slots=True)
class Board:
    """A page of it, and how many tenders of each state fit what was asked for.

    ``kinds`` says how many procurements and how many calls would fit, whichever of them are shown.
    """

    leaf: Leaf[BoardRow]
    fitting: Mapping[TenderState, int]
    kinds: Mapping[TenderKind, int]


def board(asked: Asked, page: int, now: datetime) -> Board:
    """The tenders in those states that fit; the next deadline first, or as asked."""
    counted = _fitting(asked)
    fitting = Counter[TenderState]()
    kinds = Counter[TenderKind]()
    for kind, state, count in counted:
        kinds[kind] += count
        fitting[state] += count if asked.kind in {None, kind} else 0
    total = sum(fitting.values())
    number = nearest(page, total, PAGE)
    rows = db.session.execute(_page(asked).limit(PAGE).offset((number - 1) * PAGE))
    found = tuple(_row(now, *row) for row in rows)
    return Board(Leaf(found, number, total, PAGE), fitting, kinds)


def count_by_state() -> dict[TenderState, int]:
    """How many tenders are in each state."""
    counted = db.session.execute(select(Tender.state, func.count()).group_by(Tender.state))
    return {state: count for state, count in counted}  # noqa: C416  rows are no pairs to a type checker


def _fitting(asked: Asked) -> list[tuple[TenderKind, TenderState, int]]:
    """How many of each kind and state fit, whichever kind is asked for."""
    columns: list[Any] = [Tender.kind, Tender.state, func.count()]
    counted = db.session.execute(_matching(select(*columns), asked).group_by(Tender.kind, Tender.state))
    return [(kind, state, count) for kind, state, count in counted]


def _page(asked: Asked) -> Select[Any]:
    parties = _parties()
    columns: list[Any] = [
        Tender,
        TenderDates,
        parties.c.tender_id,
        parties.c.invited,
        parties.c.answered,
        parties.c.waiting,
        parties.c.validity,
        _verdict(),
        _unanswered(),
        _partly_granted(),
    ]
    rank = case({state: place for place, state in enumerate(TenderState)}, value=Tender.state)
    matching = _matching(select(*columns), asked)
    if asked.kind is not None:
        matching = matching.where(Tender.kind == asked.kind)
    return (
        matching.outerjoin(parties, parties.c.tender_id == Tender.id)
        .outerjoin(TenderDates, TenderDates.tender_id == Tender.id)
        .order_by(rank, *_order(asked.sort), Tender.id)
    )


def _order(sort: Sort) -> Sequence[Any]:
    orders: dict[Sort, Sequence[Any]] = {
        Sort.DEADLINE: (Tender.deadline.is_(None), Tender.deadline),
        Sort.TITLE: (func.lower(Tender.title),),
        Sort.BUYER: (func.lower(Tender.buyer_name), Tender.deadline.is_(None), Tender.deadline),
        Sort.NEWEST: (Tender.created_at.desc(),),
    }
    return orders[sort]


def _row(now: datetime, tender: Tender, dates: TenderDates | None, bid: int | None, *counts: Any) -> BoardRow:
    invited, answered, waiting, validity, verdict, unanswered, partly = counts
    notice = dates.notice if dates else None
    deadline, today = tender.deadline, clock.local_date(now)
    own = dates.questions_on if dates else None
    known = Situation(
        state=tender.state,
        deadline=clock.local_date(deadline) if deadline else None,
        has_passed=deadline is not None and deadline <= now,
        questions_on=own or (reckoning.questions_suggested(deadline) if deadline and not tender.is_call else None),
        verdict=verdict,
        invited=invited or 0,
        waiting=waiting or 0,
        unanswered=unanswered or 0,
        validity=validity or tender.required_validity,
        has_notice=notice is not None,
        standstill=reckoning.standstill_ends(notice) if notice else None,
        report_asked=bool(dates and dates.report_asked_on),
    )
    return BoardRow(tender, bid is not None, invited or 0, answered or 0, next_step(known, today), bool(partly))


def _parties() -> Subquery:
    """How many parties of each tender's bid are invited, have answered, and owe us an answer."""
    owes = and_(BidParty.invited_at.is_not(None), BidParty.answered_at.is_(None), BidParty.declined_because == "")
    counts = (
        func.count(BidParty.invited_at).label("invited"),
        func.count(BidParty.answered_at).label("answered"),
        func.count(case((owes, 1))).label("waiting"),
        func.max(Bid.offered_validity).label("validity"),
    )
    joined = select(Bid.tender_id, *counts).outerjoin(BidParty, BidParty.bid_id == Bid.id)
    return joined.group_by(Bid.tender_id).subquery()


def _verdict() -> ColumnElement[Verdict | None]:
    mine = select(TenderChoice.verdict).where(TenderChoice.tender_id == Tender.id)
    return mine.order_by(TenderChoice.id.desc()).limit(1).correlate(Tender).scalar_subquery()


def _partly_granted() -> ColumnElement[bool]:
    """As `Bid.is_partly_granted` says it of one."""
    part = and_(Bid.granted > NOUGHT, Bid.granted < Bid.applied_for)
    return select(Bid.id).where(Bid.tender_id == Tender.id, part).correlate(Tender).exists()


def _unanswered() -> ColumnElement[int]:
    """Requirements to which our bid says neither yes nor no."""
    said = (
        select(BidAnswer.id)
        .join(Bid, Bid.id == BidAnswer.bid_id)
        .where(
            Bid.tender_id == Tender.id, BidAnswer.requirement_id == TenderRequirement.id, BidAnswer.says.is_not(None)
        )
        .correlate(Tender, TenderRequirement)
        .exists()
    )
    count = select(func.count()).select_from(TenderRequirement)
    return count.where(TenderRequirement.tender_id == Tender.id, ~said).correlate(Tender).scalar_subquery()


def _matching(query: Select[Any], asked: Asked) -> Select[Any]:
    query = query.where(Tender.state.in_(asked.states))
    for word in asked.words.split()[:8]:
        columns = (Tender.title, Tender.buyer_name, Tender.diary_number)
        query = query.where(or_(*(holds(column, word) for column in columns)))
    for word in asked.buyer.split()[:8]:
        query = query.where(holds(Tender.buyer_name, word))
    for word in asked.place.split()[:8]:
        query = query.where(or_(holds(Tender.place, word), _in_a_lot(holds(TenderLot.place, word))))
    if asked.cpv:
        query = query.where(or_(_begins(Tender.cpv, asked.cpv), _in_a_lot(_begins(TenderLot.cpv, asked.cpv))))
    return query


def _in_a_lot(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(TenderLot.id).where(TenderLot.tender_id == Tender.id, condition).correlate(Tender).exists()


def _begins(column: Any, digits: str) -> ColumnElement[bool]:
    """Whether one of the codes in a text begins so. The digits are nothing but digits."""
    return or_(column.like(f"{digits}%"), *(column.like(f"%{before}{digits}%") for before in (" ", ",", "\n")))
