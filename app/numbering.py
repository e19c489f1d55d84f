"""Running numbers without gaps: the number is drawn in the transaction that uses it, or not at all."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, db

FIRST = {"order": 1001, "invoice": 10001, "quote": 501}
"""With which number each series begins."""


class NumberSeries(Base):
    """The last number drawn in a series. Locking the row makes the next drawer wait, so that no number is lost."""

    __tablename__ = "number_series"
    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


def draw(name: str) -> int:
    """The next number of a series. A transaction that is undone gives its number back."""
    series = _held(name)
    if series is None:
        _begin(name)
        series = _held(name)
        assert series is not None  # noqa: S101  somebody has just begun it, if not we
    series.last += 1
    db.session.flush()
    return series.last


def _held(name: str) -> NumberSeries | None:
    query = select(NumberSeries).where(NumberSeries.name == name).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def _begin(name: str) -> None:
    """Begin a series. When two do so at the same moment, the one that comes last takes the other's."""
    try:
        with db.session.begin_nested():
            db.session.add(NumberSeries(name=name, last=FIRST[name] - 1))
    except IntegrityError:
        pass
