"""A table as it was handed in: cells that know where they stand, and how people write numbers. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.units import counted

MOST_ROWS = 10_000
TOO_MANY_ROWS = f"Filen har fler än {counted(MOST_ROWS, 'rad', 'rader')}. Dela upp den i flera filer."
MOST_COLUMNS = 60
LONGEST_CELL = 20_000
"""Signs. The longest that anything of ours takes is 5 000."""
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?")
_TRAP = re.compile(r"'*[=+\-@\t\r]")
"""How a text begins that a spreadsheet program would take for a formula."""


class CellKind(StrEnum):
    """What lies in a cell."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DAY = "day"
    FORMULA = "formula"
    ERROR = "error"
    MERGED = "merged"
    """It shares its place with others, so nobody can tell which row the value belongs to."""


REASONS = {
    CellKind.FORMULA: "Cellen är en formel. Klistra in själva värdet i stället.",
    CellKind.ERROR: "Cellen visar ett fel från kalkylprogrammet. Skriv värdet i stället.",
    CellKind.MERGED: "Cellen är sammanslagen med andra. Dela upp den och skriv ett värde på varje rad.",
    CellKind.DAY: "Cellen är ett datum. Kalkylprogrammet kan ha gjort om det ni skrev: gör om cellen till text.",
}
"""Why the value of such a cell is not taken."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that is not empty."""

    address: str
    """``C14``."""
    kind: CellKind
    text: str
    """The value in signs: ``12.5`` for a number, ``2026-11-30`` for a day."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not empty; its cells by column, counted from 0."""

    number: int
    """As spreadsheet programs count: the heading is row 1."""
    cells: Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """A heading and the rows under it."""

    heading: Row
    rows: tuple[Row, ...]


def address(column: int, row: int) -> str:
    """``C14`` for column 2, counted from 0, and row 14."""
    letters, left = "", column + 1
    while left:
        left, digit = divmod(left - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{letters}{row}"


def number(written: str) -> Decimal:
    """A number as people and programs write it: ``12,50``, ``1 234.5``, ``−3``; also with spaces that do not break.

    Raises ValueError for all else, also for ``1.234,50`` and ``1,234.50``, which mean different things to different
    people.
    """
    text = " ".join(written.replace("−", "-").split())
    if _GROUPED.fullmatch(text):
        text = text.replace(" ", "")
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if len(text) > 30 or not text.isascii() or not _NUMBER.fullmatch(text):
        raise ValueError(f"not a number: {written[:40]!r}")
    return Decimal(text)


def yes_or_no(written: str) -> bool:
    """Whether somebody says yes. Raises ValueError for anything but a yes or a no."""
    said = written.strip().casefold()
    if said in {"ja", "j", "x", "sant", "true", "1"}:
        return True
    if said in {"nej", "n", "falskt", "false", "0"}:
        return False
    raise ValueError(f"neither yes nor no: {written[:40]!r}")


def disarmed(text: str) -> str:
    """The text as a csv file may hold it: no spreadsheet program takes it for a formula.

    `armed` gives the same text back.
    """
    return f"'{text}" if _TRAP.match(text) else text


def armed(text: str) -> str:
    """What a text from a csv file was before it was disarmed."""
    return text[1:] if text.startswith("'") and _TRAP.match(text) else text
