"""How often we win, and are granted what we apply for: counted in the database by category, buyer, form or year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, extract, func, select

from app.db import MoneyColumn, db
from app.leaves import MOST, Leaf, nearest
from app.money import NOUGHT, Money
from app.tenders.bid import Bid, BidState
from app.tenders.debrief.models import AwardGround, GivenGround
from app.tenders.tender import Tender
from bids.kinds import TenderKind

PAGE = 50
OF_CALLS = "call:"
"""How the key of a category begins that is a programme."""
FEW = 5
"""With fewer decided bids a share says little, and the page says so."""


class By(StrEnum):
    """What the bids are counted by."""

    CATEGORY = "category"
    """The division of the tender's first CPV code: its two first figures; of a call its programme."""
    BUYER = "buyer"
    FORM = "form"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Line:
    """What became of the bids and applications of one category, buyer, form or year.

    ``partly`` are those of the won that a funder granted in part; the money is that of the funders' decisions.
    """

    key: str
    name: str
    """A buyer's name, where they are counted by buyer."""
    waiting: int
    won: int
    lost: int
    called_off: int
    partly: int
    applied_for: Money
    granted: Money

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


def rates(by: By, year: int | None, number: int, kind: TenderKind | None = None) -> Leaf[Line]:
    """One page of the lines, those with most bids first. Bids of a year are those begun in it.

    ``kind`` says whether only bids are counted, or only applications.
    """
    query = _lines_of(by, year, kind)
    total = min(db.session.scalar(select(func.count()).select_from(query.limit(MOST + 1).subquery())) or 0, MOST)
    number = nearest(number, total, PAGE)
    return Leaf(_lines(query.offset((number - 1) * PAGE).limit(PAGE)), number, total, PAGE)


def all_rates(by: By, year: int | None, kind: TenderKind | None = None) -> list[Line]:
    """All lines that are leafed through, to keep."""
    return _lines(_lines_of(by, year, kind).limit(MOST))


def whole(year: int | None, kind: TenderKind | None = None) -> Line:
    """All of them together."""
    bids = _bids(By.YEAR, year, kind)
    return _line("", "", *db.session.execute(select(*_sums(bids))).one())


def years() -> Sequence[int]:
    """The years in which bids were begun, the newest first."""
    return [
        int(one) for one in db.session.scalars(select(_year()).select_from(Bid).distinct().order_by(_year().desc()))
    ]


def grounds(year: int | None, kind: TenderKind | None = None) -> list[tuple[AwardGround, int, int]]:
    """How often each ground spoke for us and against us, those against us most often first."""
    good = func.sum(case((GivenGround.for_us, 1), else_=0))
    query = select(GivenGround.ground, good, func.count() - good).join(Bid, Bid.id == GivenGround.bid_id)
    if year is not None:
        query = query.where(_year() == year)
    if kind is not None:
        query = query.join(Tender, Tender.id == Bid.tender_id).where(Tender.kind == kind)
    rows = db.session.execute(query.group_by(GivenGround.ground)).all()
    return sorted(((ground, int(yes), int(no)) for ground, yes, no in rows), key=lambda one: (-one[2], -one[1], one[0]))


def _lines(query: Select[Any]) -> list[Line]:
    return [_line(*row) for row in db.session.execute(query)]


def _line(key: object, name: object, *sums: Any) -> Line:
    waiting, won, lost, called_off, partly = (int(count or 0) for count in sums[:5])
    applied_for, granted = sums[5:]
    return Line(
        key=str(key or ""),
        name=str(name or ""),
        waiting=waiting,
        won=won,
        lost=lost,
        called_off=called_off,
        partly=partly,
        applied_for=applied_for or NOUGHT,
        granted=granted or NOUGHT,
    )


def _lines_of(by: By, year: int | None, kind: TenderKind | None) -> Select[Any]:
    bids = _bids(by, year, kind)
    query = select(bids.c.key, func.max(bids.c.name), *_sums(bids)).group_by(bids.c.key)
    return query.order_by(func.count().desc(), bids.c.key)


def _bids(by: By, year: int | None, kind: TenderKind | None) -> Subquery:
    """The bids that were handed in, each with what it is counted under and what that is called."""
    name = (
        case((Tender.kind == TenderKind.CALL, Tender.programme), else_="") if by == By.CATEGORY else Tender.buyer_name
    )
    columns = (Bid.state, Bid.applied_for, Bid.granted)
    query = select(_key(by).label("key"), name.label("name"), *columns)
    query = query.join(Tender, Tender.id == Bid.tender_id).where(Bid.state != BidState.DRAFT)
    if kind is not None:
        query = query.where(Tender.kind == kind)
    return (query.where(_year() == year) if year is not None else query).subquery()


def _sums(bids: Subquery) -> list[ColumnElement[Any]]:
    """What `Line` counts, in its order."""
    states = (BidState.SUBMITTED, BidState.WON, BidState.LOST, BidState.CANCELLED)
    partly = (bids.c.state == BidState.WON) & (bids.c.granted < bids.c.applied_for)
    return [
        *(func.sum(case((bids.c.state == state, 1), else_=0)) for state in states),
        func.sum(case((partly, 1), else_=0)),
        *(func.sum(column, type_=MoneyColumn()) for column in (bids.c.applied_for, bids.c.granted)),
    ]


def _year() -> ColumnElement[Any]:
    return extract("year", Bid.created_at)


def _key(by: By) -> Any:
    """A buyer with an organisation number is the same buyer however its name is written."""
    if by == By.CATEGORY:
        programme = func.lower(Tender.programme)
        return case((Tender.kind == TenderKind.CALL, OF_CALLS + programme), else_=func.substr(Tender.cpv, 1, 2))
    if by == By.BUYER:
        return func.coalesce(func.nullif(Tender.buyer_org_number, ""), Tender.buyer_name)
    return Bid.form if by == By.FORM else _year()
