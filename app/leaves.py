"""One page of a long list: which it is of how many. Counted no further than anybody leafs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from app.db import db

Row = TypeVar("Row")
MOST = 1000
"""Lists are counted and leafed through no further."""


@dataclass(frozen=True, slots=True)
class Leaf(Generic[Row]):
    """Some rows of a list, and where in it they stand."""

    rows: Sequence[Row]
    number: int
    total: int
    size: int
    """So many rows a page has."""
    more: bool = False
    """Whether there are more than were counted."""

    @property
    def last(self) -> int:
        """The number of the last page, at least 1."""
        return last_page(self.total, self.size)

    @property
    def has_previous(self) -> bool:
        """Whether there is a page before."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether there is a page after."""
        return self.number < self.last


def last_page(total: int, size: int) -> int:
    """How many pages so many rows fill; an empty list is one page too."""
    return max(1, -(-total // size))


def nearest(number: int, total: int, size: int) -> int:
    """The number of a page that there is: one beyond the last gives the last."""
    return max(1, min(number, last_page(total, size)))


def leaf_of(rows: Sequence[Row], number: int, size: int) -> Leaf[Row]:
    """One page of a list that is here already; a number beyond the last page gives the last."""
    number = nearest(number, len(rows), size)
    return Leaf(rows[(number - 1) * size : number * size], number, len(rows), size)


def counted(query: Select[Any]) -> tuple[int, bool]:
    """How many rows a query finds, at most `MOST`, and whether there are more."""
    found = db.session.scalar(select(func.count()).select_from(query.limit(MOST + 1).subquery())) or 0
    return min(found, MOST), found > MOST


def leaf(query: Select[Any], number: int, size: int) -> Leaf[Any]:
    """One page of what an ordered query finds; a number beyond the last page gives the last."""
    total, more = counted(query.with_only_columns(*_key(query), maintain_column_froms=True).order_by(None))
    number = nearest(number, total, size)
    rows = db.session.scalars(query.offset((number - 1) * size).limit(size)).all() if total else ()
    return Leaf(rows, number, total, size, more)


def _key(query: Select[Any]) -> Sequence[Any]:
    entity: Any = query.column_descriptions[0]["entity"]
    return (entity.id,)
