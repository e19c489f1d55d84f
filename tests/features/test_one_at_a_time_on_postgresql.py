"""On PostgreSQL one thread of a process places its order at a time, and the next when that one has ended."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import text

from app import postgresql
from app.db import db, take_writers_place
from app.postgresql import BriefCursor, Place

pytestmark = pytest.mark.both


def test_who_has_the_place_keeps_it_until_it_leaves():
    place, first, second, came = Place(), object(), object(), Event()

    def follow() -> None:
        place.take(second)
        came.set()

    place.take(first)
    place.take(first)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(follow)
        place.leave(second)  # which has none yet
        assert not came.is_set()
        place.leave(first)
        waiting.result()
    assert came.is_set()
    place.leave(first)  # which has none any more
    place.leave(second)
    place.take(first)


def test_nobody_waits_for_ever(monkeypatch):
    monkeypatch.setattr(postgresql, "PATIENCE", 0)
    place, first, second = Place(), object(), object()
    place.take(first)
    place.take(second)
    place.leave(second)  # which went on beside the first, and gives up nobody else's
    assert place.is_taken
    place.leave(first)
    assert not place.is_taken


@pytest.mark.parametrize("end", ["commit", "rollback", "remove"])
def test_the_place_is_free_when_the_transaction_ends(app, end):
    for _turn in range(2):
        take_writers_place()
        assert postgresql.PLACE.is_taken == (db.engine.dialect.name == "postgresql")
        getattr(db.session, end)()
        assert not postgresql.PLACE.is_taken


def test_columns_are_told_by_name(app):
    found = db.session.execute(text("SELECT 1 AS one, 'två' AS two")).one()
    assert found._mapping == {"one": 1, "two": "två"}
    if db.engine.dialect.name == "postgresql":
        with db.engine.raw_connection().cursor() as cursor:
            assert isinstance(cursor, BriefCursor)
            assert cursor.description is None
            cursor.execute("SELECT 1 AS one WHERE false")
            assert [(name, type_) for name, type_, *_rest in cursor.description] == [("one", 23)]
