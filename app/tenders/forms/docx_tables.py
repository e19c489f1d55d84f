"""Reads the tables of a buyer's document. Only for the process that reading.py is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from zipfile import ZipFile

from app.spreadsheets.table import LONGEST_CELL, MOST_COLUMNS, Cell, CellKind, Row
from app.tenders.forms.sheets import MOST_LINES, FormSheet, Span
from app.units import counted
from bids.forms import numbering, word

MOST_TABLES = 300


def tables_of(parcel: ZipFile) -> tuple[FormSheet, ...]:
    """All tables that do not lie in another, in the order of the document."""
    root = word.parsed(parcel.read(word.DOCUMENT))
    there = set(parcel.namelist())
    parts = {name: parcel.read(name) for name in (numbering.NUMBERING, numbering.STYLES) if name in there}
    numbers = numbering.numbers_in(root, parts)
    return tuple(_table(table, place, numbers) for place, table in enumerate(word.tables(root)[:MOST_TABLES], 1))


def _table(table: word.Node, place: int, numbers: Mapping[word.Node, str]) -> FormSheet:
    before = word.heading_before(table)
    title = f"Tabell {place}" + (f": {before[:60]}" if before else "")
    grid = word.grid(table)
    if len(grid) > MOST_LINES:
        most = counted(MOST_LINES, "rad", "rader")
        return FormSheet(title, (), problem=f"Tabell {place} har fler än {most}. Dela upp dokumentet i flera.")
    rows = [Row(number, dict(_cells(line, number, numbers))) for number, line in enumerate(grid, 1)]
    spans = tuple(_spans(grid))
    choices: dict[int, tuple[str, ...]] = {}
    for line in grid:
        for cell in line:
            if words := word.choices(cell.node):
                choices.setdefault(cell.column, words)
    return FormSheet(title, tuple(row for row in rows if row.cells), spans, choices)


def _cells(line: list[word.Place], number: int, numbers: Mapping[word.Node, str]) -> Iterator[tuple[int, Cell]]:
    for cell in line:
        text = word.text_of(cell.node, numbers)
        if cell.column < MOST_COLUMNS and not cell.continues:
            where = f"rad {number}, kolumn {cell.column + 1}"
            if text.strip():
                yield cell.column, Cell(where, CellKind.TEXT, text[: LONGEST_CELL + 1])
            elif word.numbers_itself(cell.node):
                yield cell.column, Cell(where, CellKind.FORMULA, "")


def _spans(grid: list[list[word.Place]]) -> Iterator[Span]:
    """Cells that go over several columns, and those that go over several rows."""
    for number, line in enumerate(grid, 1):
        for cell in line:
            bottom = number
            while cell.starts and bottom < len(grid) and _goes_on(grid[bottom], cell.column):
                bottom += 1
            if not cell.continues and (bottom > number or cell.width > 1):
                yield cell.column, number, cell.column + cell.width - 1, bottom


def _goes_on(line: list[word.Place], column: int) -> bool:
    return any(cell.column == column and cell.continues for cell in line)
