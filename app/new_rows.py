"""Rows that are written at once and gone on with as objects, where a flush would take twice as long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import event, insert
from sqlalchemy.orm import Session, SessionTransaction, make_transient_to_detached
from sqlalchemy.sql.dml import ReturningInsert

from app.db import Base, db, table_of

NEW = "rows written at once"

Row = TypeVar("Row", bound=Base)
observers: list[Callable[[Session, Iterable[Base]], None]] = []
"""Who wants to know of new rows: a flush shows its own in the session, these it never sees."""


def write_new(model: type[Row], rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Write rows in one statement; returns them as objects, in their order.

    A flush must find out what is to be written before what. Here the caller knows: rows name others by their ids, so
    those have been flushed. The model's defaults are not filled in, and what a row does not name is empty.
    """
    if not rows:
        return []
    session, whole = db.session(), [{**_empty(model), **row} for row in rows]
    ids = session.connection().scalars(_written(model), whole).all()
    made = [model(id=id_, **row) for id_, row in zip(ids, whole, strict=True)]
    for one in made:
        make_transient_to_detached(one)
    session.add_all(made)
    session.info.setdefault(NEW, []).append((session.get_nested_transaction(), made))
    for look in observers:
        look(session, made)
    return made


@cache
def _empty(model: type[Base]) -> dict[str, None]:
    return {column.name: None for column in table_of(model).columns if not column.primary_key}


@cache
def _written(model: type[Base]) -> ReturningInsert[tuple[int]]:
    table = table_of(model)
    return insert(table).returning(table.c.id, sort_by_parameter_order=True)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, undone: SessionTransaction) -> None:
    """What is undone was never there; on SQLite the next row may get its number."""
    written = session.info.pop(NEW, [])
    gone = [undone.parent is None or undone in _and_around(savepoint) for savepoint, _made in written]
    for row in [row for (_savepoint, made), is_gone in zip(written, gone, strict=True) if is_gone for row in made]:
        if row in session:
            session.expunge(row)
    session.info[NEW] = [one for one, is_gone in zip(written, gone, strict=True) if not is_gone]


@event.listens_for(Session, "after_commit")
def _keep(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(NEW, None)


def _and_around(savepoint: SessionTransaction | None) -> Iterator[SessionTransaction]:
    while savepoint is not None:
        yield savepoint
        savepoint = savepoint.parent
