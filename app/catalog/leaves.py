"""One page of a long list, counted no further than anybody leafs."""

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
    """At most MOST."""
    size: int
    """So many rows a page has."""
    more: bool
    """Whether there are more than MOST."""

    @property
    def last(self) -> int:
        """The number of the last page, at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def has_previous(self) -> bool:
        """Whether there is a page before."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether there is a page after."""
        return self.number < self.last


def leaf(query: Select[Any], number: int, size: int) -> Leaf[Any]:
    """One page of what an ordered query finds; a number beyond the last page gives the last."""
    bounded = query.with_only_columns(*_key(query), maintain_column_froms=True).order_by(None).limit(MOST + 1)
    counted = db.session.scalar(select(func.count()).select_from(bounded.subquery())) or 0
    total = min(counted, MOST)
    number = max(1, min(number, -(-total // size)))
    rows = db.session.scalars(query.offset((number - 1) * size).limit(size)).all() if total else ()
    return Leaf(rows, number, total, size, counted > MOST)


def _key(query: Select[Any]) -> Sequence[Any]:
    entity: Any = query.column_descriptions[0]["entity"]
    return (entity.id,)
