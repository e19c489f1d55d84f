"""The names of cells: ``C14`` is column 2, counted from 0, and line 14."""

from __future__ import annotations

import re

_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
BEYOND = 1 << 20
"""A column that no sheet has."""


def column_of(name: str) -> int:
    """2 for ``C14``; beyond every column for what is no cell's name."""
    found = _CELL.fullmatch(name)
    if found is None:
        return BEYOND
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def name_of(column: int, line: int) -> str:
    """``C14``."""
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{letters}{line}"


def span_of(written: str) -> tuple[int, int, int, int] | None:
    """First column and line, last column and line of ``B2:C14``; None for what is no range."""
    first, _, last = written.partition(":")
    start, end = _CELL.fullmatch(first), _CELL.fullmatch(last)
    return (column_of(first), int(start[2]), column_of(last), int(end[2])) if start and end else None
