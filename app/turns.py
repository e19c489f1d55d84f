"""Whose turn it is to write on SQLite: first come, first served, among the threads of a process and among processes.

SQLite lets one write at a time, and whoever else wants to looks again now and then: then who has just come may be
quicker than who has waited for seconds. So all wait here before they ask SQLite. Its own lock still holds: here is
decided only who asks for it next.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

PATIENCE = 20
"""Seconds that anybody waits: for a turn here, in SQLite itself (app.db), or for a place (app.postgresql)."""
GLANCE = 0.001
"""Seconds until it is looked again whether another process has done."""
NO_FILE = ("", ":memory:")


class InTurn(sqlite3.Connection):
    """A connection that can wait for its turn to write, and gives it to the next when its transaction ends."""

    def __init__(self, database: str, *more: Any, **options: Any) -> None:
        super().__init__(database, *more, **options)
        self._turns = None if database in NO_FILE else turns_of(database)
        self._mine = False

    def wait_for_turn(self) -> None:
        """Before BEGIN IMMEDIATE. Raises sqlite3.OperationalError when it takes longer than anybody waits."""
        if self._turns is not None:
            self._turns.wait()
            self._mine = True

    def commit(self) -> None:
        """Save, and let the next write."""
        try:
            super().commit()
        finally:
            self._leave()

    def rollback(self) -> None:
        """Undo, and let the next write."""
        try:
            super().rollback()
        finally:
            self._leave()

    def close(self) -> None:
        """What was not saved is undone."""
        super().close()
        self._leave(ended=True)

    def _leave(self, *, ended: bool = False) -> None:
        if self._turns is not None and self._mine and (ended or not self.in_transaction):
            self._mine = False
            self._turns.leave()


@dataclass(slots=True)
class _Place:
    """A thread's place in the line. Its number among processes is drawn when it comes to the head of it."""

    thread: int
    called: threading.Lock = field(default_factory=threading.Lock)
    number: int = 0


class Turns:
    """All who write to one database: threads stand in line, and the first of each process in line among processes."""

    def __init__(self, database: str) -> None:
        self._door = threading.Lock()
        self._line: deque[_Place] = deque()
        self._among = _Processes(f"{database}-turns")

    def wait(self) -> None:
        """Until all who came before have written. Raises sqlite3.OperationalError after so long as anybody waits.

        So it does at once for a thread whose turn it is already: with a second connection it would wait for itself.
        """
        deadline = time.monotonic() + PATIENCE
        mine = self._stand_in_line(deadline)
        try:
            self._among.wait(mine.number, deadline)
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        """The turn is over. The next thread comes behind the processes that wait already."""
        with self._door:
            self._line.popleft()
            if self._line:
                self._line[0].number = self._among.draw()
            self._among.leave()
            if self._line:
                self._line[0].called.release()

    @property
    def waiting(self) -> int:
        """How many threads of this process stand in line, the one whose turn it is among them."""
        return len(self._line)

    def _stand_in_line(self, deadline: float) -> _Place:
        mine = _Place(threading.get_ident())
        with self._door:
            if self._line and self._line[0].thread == mine.thread:
                raise _too_late()
            self._line.append(mine)
            if self._line[0] is mine:
                mine.number = self._among.draw()
                return mine
            mine.called.acquire()
        if not mine.called.acquire(timeout=max(0.0, deadline - time.monotonic())):
            with self._door:
                if self._line[0] is not mine:
                    self._line.remove(mine)
                    raise _too_late()
        return mine


class _Processes:
    """Processes draw numbers as at a counter, and lock the byte of a file that has their number: who dies gives way.

    The kernel frees what a dead process has locked. Byte 0 is locked by the one that writes.
    """

    def __init__(self, file: str) -> None:
        self._file = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def __del__(self) -> None:
        os.close(self._file)

    def draw(self) -> int:
        """A number higher than all that were drawn before: the moment, on the clock that all processes share."""
        number = time.monotonic_ns()
        while not self._lock(number, 1):
            number += 1
        return number

    def wait(self, number: int, deadline: float) -> None:
        """Until nobody writes or has drawn a lower number. Raises sqlite3.OperationalError when that takes too long."""
        while not self._lock(0, number):
            if time.monotonic() > deadline:
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, number)
                raise _too_late()
            time.sleep(GLANCE)
        fcntl.lockf(self._file, fcntl.LOCK_UN, number, 1)

    def leave(self) -> None:
        """Nobody writes any longer."""
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, 0)

    def _lock(self, first: int, many: int) -> bool:
        """Whether no other process has locked any of these bytes; then they are locked now."""
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, many, first)
        except (BlockingIOError, PermissionError):
            return False
        return True


def turns_of(database: str) -> Turns:
    """One line per database in each process, for as long as somebody is connected."""
    with _finding:
        found = _known.get(os.path.realpath(database))
        if found is None:
            _known[os.path.realpath(database)] = found = Turns(database)
        return found


def _too_late() -> sqlite3.OperationalError:
    """As SQLite says it."""
    return sqlite3.OperationalError("database is locked")


def _begin_anew() -> None:
    """A forked process has none of its parent's turns."""
    global _finding  # noqa: PLW0603  it may have been held when the process was forked
    _finding = threading.Lock()
    _known.clear()


_finding = threading.Lock()
_known: WeakValueDictionary[str, Turns] = WeakValueDictionary()
os.register_at_fork(after_in_child=_begin_anew)
