"""How often we win: counted in the database by category, buyer, legal form or year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, extract, func, select

from app.db import db
from app.leaves import MOST, Leaf, nearest
from app.tenders.bid import Bid, BidState
from app.tenders.debrief.models import AwardGround, GivenGround
from app.tenders.tender import Tender

PAGE = 50
FEW = 5
"""With fewer decided bids a share says little, and the page says so."""


class By(StrEnum):
    """What the bids are counted by."""

    CATEGORY = "category"
    """The division of the tender's first CPV code: its two first figures."""
    BUYER = "buyer"
    FORM = "form"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Line:
    """What became of the bids of one category, buyer, form or year."""

    key: str
    name: str
    """A buyer's name, where they are counted by buyer."""
    waiting: int
    won: int
    lost: int
    called_off: int

    @property
    def decided(self) -> int:
        """Bids that somebody won."""
        return self.won + self.lost

    @property
    def rate(self) -> Decimal | None:
        """Per cent of the decided bids that we won, with a whole number; None before any is decided."""
        return round(Decimal(100 * self.won) / self.decided, 0) if self.decided else None

    @property
    def is_few(self) -> bool:
        """Whether the share rests on too little."""
        return self.decided < FEW


def rates(by: By, year: int | None, number: int) -> Leaf[Line]:
    """One page of the lines, those with most bids first. Bids of a year are those begun in it."""
    query = _lines_of(by, year)
    total = min(db.session.scalar(select(func.count()).select_from(query.limit(MOST + 1).subquery())) or 0, MOST)
    number = nearest(number, total, PAGE)
    return Leaf(_lines(query.offset((number - 1) * PAGE).limit(PAGE)), number, total, PAGE)


def all_rates(by: By, year: int | None) -> list[Line]:
    """All lines that are leafed through, to keep."""
    return _lines(_lines_of(by, year).limit(MOST))


def whole(year: int | None) -> Line:
    """All bids together."""
    bids = _bids(By.YEAR, year)
    row = db.session.execute(select(*_states(bids))).one()
    return Line("", "", *(int(count or 0) for count in row))


def years() -> Sequence[int]:
    """The years in which bids were begun, the newest first."""
    return [
        int(one) for one in db.session.scalars(select(_year()).select_from(Bid).distinct().order_by(_year().desc()))
    ]


def grounds(year: int | None) -> list[tuple[AwardGround, int, int]]:
    """How often each ground spoke for us and against us, those against us most often first."""
    good = func.sum(case((GivenGround.for_us, 1), else_=0))
    query = select(GivenGround.ground, good, func.count() - good).join(Bid, Bid.id == GivenGround.bid_id)
    if year is not None:
        query = query.where(_year() == year)
    rows = db.session.execute(query.group_by(GivenGround.ground)).all()
    return sorted(((ground, int(yes), int(no)) for ground, yes, no in rows), key=lambda one: (-one[2], -one[1], one[0]))


def _lines(query: Select[Any]) -> list[Line]:
    return [
        Line(str(key or ""), str(name or ""), *(int(count or 0) for count in counts))
        for key, name, *counts in db.session.execute(query)
    ]


def _lines_of(by: By, year: int | None) -> Select[Any]:
    bids = _bids(by, year)
    query = select(bids.c.key, func.max(bids.c.name), *_states(bids)).group_by(bids.c.key)
    return query.order_by(func.count().desc(), bids.c.key)


def _bids(by: By, year: int | None) -> Subquery:
    """The bids that were handed in, each with what it is counted under and what that is called."""
    query = select(_key(by).label("key"), Tender.buyer_name.label("name"), Bid.state.label("state"))
    query = query.join(Tender, Tender.id == Bid.tender_id).where(Bid.state != BidState.DRAFT)
    return (query.where(_year() == year) if year is not None else query).subquery()


def _states(bids: Subquery) -> list[ColumnElement[Any]]:
    states = (BidState.SUBMITTED, BidState.WON, BidState.LOST, BidState.CANCELLED)
    return [func.sum(case((bids.c.state == state, 1), else_=0)) for state in states]


def _year() -> ColumnElement[Any]:
    return extract("year", Bid.created_at)


def _key(by: By) -> Any:
    """A buyer with an organisation number is the same buyer however its name is written."""
    if by == By.CATEGORY:
        return func.substr(Tender.cpv, 1, 2)
    if by == By.BUYER:
        return func.coalesce(func.nullif(Tender.buyer_org_number, ""), Tender.buyer_name)
    return Bid.form if by == By.FORM else _year()
