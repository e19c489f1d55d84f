"""Reads the tables of a buyer's document. Only for the process that reading.py is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from zipfile import ZipFile

from app.spreadsheets.table import LONGEST_CELL, MOST_COLUMNS, Cell, CellKind, Row
from app.tenders.forms.gathering import Drawn, gathered
from app.tenders.forms.sheets import MOST_LINES, FormSheet, Span
from app.units import counted
from bids.forms import numbering, word

MOST_TABLES = 1500
"""A form may have a table for each requirement."""


def tables_of(parcel: ZipFile) -> tuple[FormSheet, ...]:
    """All tables that do not lie in another, in the order of the document; then those that are alike, as one."""
    root = word.parsed(parcel.read(word.DOCUMENT))
    there = set(parcel.namelist())
    parts = {name: parcel.read(name) for name in (numbering.NUMBERING, numbering.STYLES) if name in there}
    numbers = numbering.numbers_in(root, parts)
    found = word.tables(root)
    drawn = [_table(table, place, numbers) for place, table in enumerate(found[:MOST_TABLES], 1)]
    return (*(one.sheet for one in drawn), *gathered(drawn), *_too_many(len(found)))


def _too_many(count: int) -> Iterator[FormSheet]:
    if count > MOST_TABLES:
        most = counted(MOST_TABLES, "tabell", "tabeller")
        problem = f"Dokumentet har fler än {most}. De sista är inte lästa. Dela upp dokumentet i flera."
        yield FormSheet(f"Tabell {MOST_TABLES + 1} till {count}", (), problem=problem)


def _table(table: word.Node, place: int, numbers: Mapping[word.Node, str]) -> Drawn:
    before = word.heading_before(table)
    title = f"Tabell {place}" + (f": {before[:60]}" if before else "")
    grid = word.grid(table)
    if len(grid) > MOST_LINES:
        most = counted(MOST_LINES, "rad", "rader")
        problem = f"Tabell {place} har fler än {most}. Dela upp dokumentet i flera."
        return Drawn(FormSheet(title, (), problem=problem), ())
    rows = [Row(number, dict(_cells(line, number, numbers))) for number, line in enumerate(grid, 1)]
    places = {(number, cell.column): cell for number, line in enumerate(grid, 1) for cell in line}
    offered = {spot: words for spot, cell in places.items() if (words := word.choices(cell.node))}
    choices: dict[int, tuple[str, ...]] = {}
    for (_line, column), words in offered.items():
        choices.setdefault(column, words)
    width = min(MOST_COLUMNS, max((cell.column + 1 for cell in places.values()), default=0))
    some = tuple(row for row in rows if row.cells)
    sheet = FormSheet(title, some, tuple(_spans(grid)), choices, width=width)
    return Drawn(sheet, tuple(spot for spot, cell in places.items() if not cell.continues), offered)


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
