"""What is written into a buyer's form, and what could not be."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

XLSX, DOCX = "xlsx", "docx"


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet of a workbook by its title, or a table of a document by its place, from 0."""

    place: int
    title: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to write: a text, or a number. Lines count from 1 and columns from 0."""

    table: Table
    line: int
    column: int
    text: str = ""
    number: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """A cell that was left as it was, and why."""

    where: str
    reason: str


class CannotFill(Exception):  # noqa: N818  it is a verdict on the file
    """The file has not what it had when it was read. The message is Swedish, for people."""


FORMULA = "Cellen är en formel och räknas av köparens fil."
MERGED = "Cellen är sammanslagen med cellen ovanför, så svaret skulle hamna på en annan rad."
FILLED = "I cellen står redan något som köparen har skrivit. Det skrivs inte över."
MISSING = "Raden finns inte i filen."
TOO_LONG = "Svaret är längre än en cell rymmer (32 767 tecken)."
