"""Running numbers: without gaps where the law wants it, else so that nobody waits for anybody's transaction."""

from __future__ import annotations

from sqlalchemy import Sequence, bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, db

FIRST = {"order": 1001, "invoice": 10001, "quote": 501, "notice": 1}
"""With which number each series begins; so does each that has a name of its own after a colon (``invoice:M7-``)."""

SEQUENCES = {"order": select(Sequence("order_number", start=FIRST["order"], metadata=Base.metadata).next_value())}
"""What PostgreSQL counts with, for series that may have gaps."""


class NumberSeries(Base):
    """The last number drawn in a series. Locking the row makes the next drawer wait, so that no number is lost."""

    __tablename__ = "number_series"
    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


def draw(name: str) -> int:
    """The next number of a series. A transaction that is undone gives its number back."""
    number = _next(name)
    if number is None:
        _begin(name)
        number = _next(name)
        assert number is not None  # noqa: S101  somebody has just begun it, if not we
    return number


def hold(name: str) -> None:
    """Let whoever draws in the series wait for us, though we draw nothing in it."""
    if db.session.get(NumberSeries, name, with_for_update=True) is None:
        _begin(name)
        db.session.get(NumberSeries, name, with_for_update=True)


def take(name: str) -> int:
    """The next number of a series that may have gaps: one that is undone is lost, and nobody waits for it.

    On SQLite there is one writer at a time anyway, and so no gap.
    """
    if db.engine.dialect.name == "sqlite":
        return draw(name)
    number: int = db.session.execute(SEQUENCES[name]).scalar_one()
    return number


def _next(name: str) -> int | None:
    """Draw and hold in one statement: whoever comes meanwhile waits for it, and then sees what we have written."""
    return db.session.scalar(_DRAWN, {"series": name}, execution_options={"synchronize_session": False})


_DRAWN = (
    update(NumberSeries)
    .where(NumberSeries.name == bindparam("series"))
    .values(last=NumberSeries.last + 1)
    .returning(NumberSeries.last)
)


def _begin(name: str) -> None:
    """Begin a series. When two do so at the same moment, the one that comes last takes the other's."""
    try:
        with db.session.begin_nested():
            db.session.add(NumberSeries(name=name, last=FIRST[name.partition(":")[0]] - 1))
    except IntegrityError:
        pass
