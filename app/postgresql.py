"""What we ask of psycopg and of PostgreSQL so that many short questions take little time."""

from __future__ import annotations

import os
import select
import threading
from typing import Any

import psycopg
from psycopg import _queries

from app.turns import PATIENCE

_queries.MAX_CACHED_STATEMENT_PARAMS, _queries.MAX_CACHED_STATEMENT_LENGTH = 1000, 30_000
"""An order's lines are one statement with a hundred values: psycopg would take its text apart anew each time."""


class BriefCursor(psycopg.Cursor[Any]):
    """A cursor that tells of a column its name and its type's number, which is all that SQLAlchemy looks at.

    psycopg makes an object of each column of each answer: a twentieth of the time in which an order is placed.
    """

    @property
    def description(self) -> list[Any] | None:
        """As the Python DB API has it: seven values a column, the last five unknown."""
        answer = self.pgresult
        if answer is None or not answer.nfields:
            return super().description
        return [
            ((answer.fname(column) or b"").decode(), answer.ftype(column), None, None, None, None, None)
            for column in range(answer.nfields)
        ]


def prepare(connection: psycopg.Connection[Any]) -> None:
    """Our questions are short: to compile them or to share them among processes takes longer than to answer them."""
    connection.autocommit = True  # What is set in a transaction ends with it when the transaction is rolled back.
    with connection.cursor() as cursor:
        cursor.execute("SET jit TO off")
        cursor.execute("SET max_parallel_workers_per_gather TO 0")
    connection.autocommit = False


def has_ended(connection: psycopg.Connection[Any]) -> bool:
    """Whether the server has said good-bye: that can be read although nothing was asked."""
    looking = select.poll()
    looking.register(connection.fileno(), select.POLLIN)
    return bool(looking.poll(0))


class Place:
    """Room for one thread of a process, until its transaction ends.

    Threads that order the same goods wait for each other's rows, and their process runs one of them at a time anyway:
    whoever holds the rows would get its turn late, and all the others with it.
    """

    def __init__(self) -> None:
        self._room = threading.Lock()
        self._holder: object = None

    @property
    def is_taken(self) -> bool:
        """Whether somebody has it."""
        return self._holder is not None

    def take(self, holder: object) -> None:
        """Wait for it, but no longer than anybody waits: who goes on without it is only slower. Who has it keeps it."""
        if self._holder is not holder and self._room.acquire(timeout=PATIENCE):
            self._holder = holder

    def leave(self, holder: object) -> None:
        """Let the next have it; nothing happens to others' places."""
        if self._holder is holder:
            self._holder = None
            self._room.release()


PLACE = Place()
os.register_at_fork(after_in_child=PLACE.__init__)  # type: ignore[misc]  # a forked process has none of its parent's
