"""Who writes to SQLite waits for its turn: among threads and among processes, first come, first served."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from app import turns
from app.db import db, only_reading
from app.turns import turns_of
from config import ROOT
from tests.people import save
from tests.servers import wait_until
from tests.turn_takers import READY, begin, opened, write

THREADS = 8


@pytest.fixture
def database(tmp_path: Path) -> str:
    path = str(tmp_path / "turns.db")
    with opened(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE turn (number INTEGER PRIMARY KEY, name TEXT)")
    return path


def names(database: str) -> list[str]:
    """Who has written, in that order."""
    with opened(database) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM turn ORDER BY number")]


@contextmanager
def process(*what: str) -> Iterator[subprocess.Popen[str]]:
    """Another process, in line or in its turn."""
    command = [sys.executable, "-m", "tests.turn_takers", *what]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == READY
        yield started


def test_threads_write_in_the_order_in_which_they_came(database):
    line = turns_of(database)
    with opened(database) as first, ThreadPoolExecutor(THREADS) as pool:
        begin(first)
        for number in range(THREADS):
            pool.submit(write, database, str(number))
            wait_until(lambda: line.waiting == number + 2, what="the line")  # noqa: B023  asked here and now
        first.rollback()
        pool.shutdown()
    assert names(database) == [str(number) for number in range(THREADS)]
    assert line.waiting == 0


def test_a_process_that_waits_lets_no_other_write_twice(database):
    with opened(database) as first, ExitStack() as stack:
        begin(first)
        for name in ("a", "b", "c"):
            stack.enter_context(process("write", database, name, str(THREADS)))
        first.rollback()
    assert names(database) == ["a", "b", "c"] * THREADS


def test_who_dies_in_its_turn_holds_up_nobody(database):
    with opened(database):
        with process("die", database) as other:
            other.communicate("now\n")
        assert other.returncode == 9
        write(database, "next")
    assert names(database) == ["next"]


def test_who_dies_in_line_holds_up_nobody(database):
    with opened(database) as connection:
        begin(connection)
        with process("write", database, "dead", "2") as other:
            other.kill()
        connection.rollback()
        write(database, "next")
    assert names(database) == ["next"]


def test_nobody_waits_for_ever(database, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    with opened(database) as first, ThreadPoolExecutor(1) as other:
        begin(first)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.submit(write, database, "late").result()
        first.commit()
        other.submit(write, database, "again").result()
    assert names(database) == ["again"]


def test_nobody_waits_for_ever_for_another_process(database, monkeypatch):
    with opened(database) as connection:
        with process("die", database) as other:
            monkeypatch.setattr(turns, "PATIENCE", 0.05)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                connection.wait_for_turn()
            other.communicate("now\n")
        write(database, "next")
    assert names(database) == ["next"]


def test_with_two_connections_nobody_waits_for_itself(database):
    with opened(database) as first, opened(database) as second:
        begin(first)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            second.wait_for_turn()
        first.commit()
        write(database, "after")
    assert names(database) == ["after"]


def test_the_house_waits_in_line_and_gives_its_turn_on(app):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL locks row by row")
    line = turns_of(str(db.engine.url.database))
    save()
    assert line.waiting == 0
    db.session.connection()
    assert line.waiting == 1
    with pytest.raises(OperationalError, match="locked"), db.engine.connect() as second:
        second.begin()
    db.session.rollback()
    assert line.waiting == 0
    reading = only_reading.set(True)
    db.session.connection()
    assert line.waiting == 0, "who only reads waits for nobody"
    db.session.rollback()
    only_reading.reset(reading)
