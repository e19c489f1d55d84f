"""Processes that write to a SQLite database in turn, to see who comes when: ``python -m tests.turn_takers …``."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
import time
from contextlib import closing

from app.turns import InTurn, turns_of

READY = "ready\n"


def opened(database: str) -> closing[InTurn]:
    """A connection as the house opens them."""
    return closing(sqlite3.connect(database, factory=InTurn, isolation_level=None, check_same_thread=False))


def begin(connection: InTurn) -> None:
    """Take a turn."""
    connection.wait_for_turn()
    connection.execute("BEGIN IMMEDIATE")


def write(database: str, name: str) -> None:
    """One turn, from the beginning to the end."""
    with opened(database) as connection:
        begin(connection)
        connection.execute("INSERT INTO turn (name) VALUES (?)", (name,))
        connection.commit()


def write_with_threads(database: str, name: str, threads: str) -> None:
    """All of them stand in line before it is said that they do."""
    line = turns_of(database)
    for _ in range(int(threads)):
        threading.Thread(target=write, args=(database, name)).start()
    while line.waiting < int(threads):
        time.sleep(0.001)
    sys.stdout.write(READY)
    sys.stdout.flush()


def die_in_turn(database: str) -> None:
    """Hold the turn until a line comes, and die of it."""
    with opened(database) as connection:
        begin(connection)
        connection.execute("INSERT INTO turn (name) VALUES ('never')")
        sys.stdout.write(READY)
        sys.stdout.flush()
        sys.stdin.readline()
        os._exit(9)


if __name__ == "__main__":
    {"write": write_with_threads, "die": die_in_turn}[sys.argv[1]](*sys.argv[2:])
