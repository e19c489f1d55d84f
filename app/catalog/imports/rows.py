"""From a table to what its rows want: values, or faults with their cell and reason. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.catalog.imports.columns import BY_KEY, Column, columns_of, known_in
from app.catalog.imports.values import NOTHING, Lists
from app.errors import Refused
from app.spreadsheets.table import REASONS, Cell, Row, Table, address
from app.units import counted

LONGEST_SHOWN = 200
LAST_HEADING = 10
"""The heading is looked for in the rows down to this one."""
NUMBERS = {"number", "own_number"}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be taken."""

    row: int
    address: str
    heading: str
    value: str
    """What stands in the cell, its first 200 signs."""
    reason: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What one row asks for: only what it says, by the column's key. None empties."""

    row: int
    values: Mapping[str, Any]
    cells: Mapping[str, Cell] = field(repr=False)

    def fault(self, key: str, reason: str, columns: Mapping[str, int]) -> Fault:
        """A fault in one of the row's cells. An empty cell has an address too, and one without a column has none."""
        cell, heading = self.cells.get(key), BY_KEY[key].heading
        where = address(columns[key], self.row) if key in columns else ""
        if not where and reason == missing(key):
            reason = f"Kolumnen {heading} saknas i filen. Lägg till den; mallen har den."
        return Fault(self.row, where, heading, cell.text[:LONGEST_SHOWN] if cell else "", reason)


@dataclass(frozen=True, slots=True)
class Reading:
    """All rows of a table: what they ask for, and what is wrong with the others."""

    wishes: tuple[Wish, ...]
    faults: tuple[Fault, ...]
    columns: Mapping[str, int]
    """Where each column stands."""
    rows: int
    """Faulty ones too."""


def missing(key: str) -> str:
    """What is said of a cell that must not be empty."""
    return f"{BY_KEY[key].heading} saknas."


def read_rows(table: Table, lists: Lists) -> Reading:
    """Every row is read to its end, so that all its faults are told at once. Raises Refused for a wrong heading."""
    table = _from_heading(table)
    columns = columns_of(table.heading)
    wishes: list[Wish] = []
    faults: list[Fault] = []
    for row in table.rows:
        wish, wrong = _read(row, columns, lists)
        faults += wrong
        if not wrong:
            wishes.append(wish)
    twice, wishes = _twice(wishes, {column.key: place for place, column in columns.items()})
    places = {column.key: place for place, column in columns.items()}
    return Reading(tuple(wishes), tuple(sorted(faults + twice, key=lambda one: one.row)), places, len(table.rows))


def _from_heading(table: Table) -> Table:
    """The table from its heading on: people write a title, a date or a hint above it. Raises Refused for no rows."""
    top = [row for row in (table.heading, *table.rows) if row.number <= LAST_HEADING]
    heading = max(top, key=known_in, default=table.heading)  # The first of those that have as many.
    rows = tuple(row for row in table.rows if row.number > heading.number)
    if not rows:
        raise Refused("Filen har inga rader under rubrikraden.")
    return Table(heading, rows)


def _read(row: Row, columns: Mapping[int, Column], lists: Lists) -> tuple[Wish, list[Fault]]:
    values: dict[str, Any] = {}
    cells: dict[str, Cell] = {}
    faults: list[Fault] = []
    for place, cell in row.cells.items():
        column = columns.get(place)
        try:
            if column is None:
                raise Refused("Kolumnen har ingen rubrik. Skriv en ur mallen, eller töm cellen.")
            cells[column.key] = cell
            values[column.key] = _value(cell, column, lists)
        except Refused as no:
            heading = column.heading if column else ""
            faults.append(Fault(row.number, cell.address, heading, cell.text[:LONGEST_SHOWN], str(no)))
    wish = Wish(row.number, values, cells)
    if not faults:
        faults = _belonging(wish, {column.key: place for place, column in columns.items()})
    return wish, faults


def _value(cell: Cell, column: Column, lists: Lists) -> Any:
    if cell.kind in REASONS:
        raise Refused(REASONS[cell.kind])
    if cell.text.strip() == NOTHING:
        if not column.may_be_emptied:
            raise Refused("Den här uppgiften kan inte tömmas. Skriv ett värde, eller lämna cellen tom.")
        return None
    return column.read(cell.text, lists)


def _belonging(wish: Wish, places: Mapping[str, int]) -> list[Fault]:
    """What two cells say together."""
    pictures, texts = wish.values.get("pictures", ()), wish.values.get("picture_texts", ())
    if len(pictures) != len(texts):
        shown = counted(len(pictures), "bild", "bilder")
        told = counted(len(texts), "beskrivning", "beskrivningar")
        reason = f"Skriv en beskrivning för varje bild: {shown} och {told}."
        return [wish.fault("picture_texts", reason, places)]
    return []


def _twice(wishes: Sequence[Wish], places: Mapping[str, int]) -> tuple[list[Fault], list[Wish]]:
    """Rows that name the same article: the first is taken, each of the others is a fault."""
    seen: dict[tuple[str, str], int] = {}
    faults: list[Fault] = []
    kept: list[Wish] = []
    for wish in wishes:
        wrong = None
        for key in ("number", "own_number", *(() if wish.values.get("number") else ("name",))):
            said = str(wish.values.get(key) or "").casefold()
            if said and (first := seen.setdefault((key, said), wish.row)) != wish.row:
                wrong = wish.fault(key, f"Samma {BY_KEY[key].heading.lower()} står på rad {first}.", places)
                break
        if wrong:
            faults.append(wrong)
        else:
            kept.append(wish)
    return faults, kept
