"""Fills in one form in a process of its own: ``python -m bids.forms.filling < entries and file``.

The first line of the input is JSON: the kind of the file, and the entries. The rest is the file. The first line of the
answer is JSON too: the cells that were left, or why the file is refused; the filled file follows.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from bids.forms import paper, workbook
from bids.forms.entries import XLSX, CannotFill, Entry, Left, Table

MOST_MEMORY = 1536 * 1024**2
"""Bytes of address space; what is really used is far less."""
MOST_SECONDS = 40
"""Of processor time."""
DAMAGED = "Köparens fil går inte att fylla i. Ladda upp den på nytt, eller fyll i den för hand."


def fill(kind: str, data: bytes, entries: Iterable[Entry]) -> tuple[bytes, list[Left]]:
    """The buyer's file with our answers, and which cells were left as they were. Raises CannotFill."""
    return workbook.fill(data, entries) if kind == XLSX else paper.fill(data, entries)


def order(kind: str, data: bytes, entries: Iterable[Entry]) -> bytes:
    """What the program of this file wants on its standard input."""
    listed = [
        [
            one.table.place,
            one.table.title,
            one.line,
            one.column,
            one.text,
            None if one.number is None else str(one.number),
        ]
        for one in entries
    ]
    return json.dumps({"kind": kind, "entries": listed}).encode() + b"\n" + data


def _entry(plain: list[Any]) -> Entry:
    place, title, line, column, text, number = plain
    return Entry(Table(place, title), line, column, text, None if number is None else Decimal(number))


def main() -> None:
    """Read from standard input and answer on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    head, _, data = sys.stdin.buffer.read().partition(b"\n")
    wanted = json.loads(head)
    answer: dict[str, object]
    filled = b""
    try:
        filled, left = fill(wanted["kind"], data, [_entry(each) for each in wanted["entries"]])
        answer = {"left": [[no.where, no.reason] for no in left]}
    except CannotFill as no:
        answer = {"refused": str(no)}
    except Exception:  # Whatever the libraries stumble over, the file is what is wrong.
        answer = {"refused": DAMAGED}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + filled)


if __name__ == "__main__":
    main()
