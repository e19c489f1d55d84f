"""The cells of one line of a buyer's table, as far as their values can be believed. Pure."""

from __future__ import annotations

from app.spreadsheets.table import REASONS, Cell, CellKind, Row, address
from app.tenders.forms.columns import Columns, Role
from app.tenders.forms.found import Fault, Wrong
from app.tenders.forms.sheets import XLSX, FormSheet

MERGED = (
    "Cellen är sammanslagen med raden ovanför, så det går inte att veta vad raden hör till. Dela upp den och skriv ett "
    "värde på varje rad."
)
NO_VALUE = "Cellen är en formel utan sparat värde. Öppna filen i ett kalkylprogram, spara den och försök igen."
NUMBERED = "Word skriver numret självt, det står inte i filen. Skriv numret som vanlig text."
MOST_DOWN = 6000
"""No merged cell is followed further down."""


class Cells:
    """A table's cells, by line and by what their columns hold. ``kind`` is that of the file."""

    def __init__(self, kind: str, sheet: FormSheet, columns: Columns) -> None:
        self.kind, self.columns, self.gathered = kind, columns, sheet.gathered
        self.covered = {
            (place, line): (first, top)
            for first, top, last, bottom in sheet.spans
            for place in set(columns.roles) & set(range(first, last + 1))
            for line in range(top + 1, min(bottom, top + MOST_DOWN) + 1)
        }
        self.by_line = {row.number: row for row in sheet.rows}

    def shown(self, row: Row) -> str:
        """The line as it reads."""
        return " ".join(" ".join(cell.text for _place, cell in sorted(row.cells.items())).split())[:200]

    def fault(self, row: Row, wrong: Wrong) -> Fault:
        """The fault with its cell's address."""
        place = wrong.place if wrong.place is not None else 0
        cell = row.cells.get(place)
        where = cell.address if cell else self._address(place, row.number)
        return Fault(
            row.number, where, self.columns.headings.get(place, ""), cell.text[:80] if cell else "", wrong.reason
        )

    def check_not_merged(self, row: Row, place: int, texts: list[int], ref: str, text: str) -> None:
        """A number or a text that goes over several lines leaves nobody knowing which line is meant."""
        for each in (place, *texts):
            if (each, row.number) in self.covered and (ref or text):
                raise Wrong(each, MERGED)

    def text(self, row: Row, place: int) -> str:
        """What stands in a cell. Raises Wrong for one whose value is not in the file or may have been changed."""
        cell = row.cells.get(place)
        if cell is None:
            return ""
        self._usable(cell, place)
        return cell.text.strip()

    def inherited(self, row: Row, role: Role) -> str:
        """What a cell says, or the merged one that reaches down over it."""
        place = self.columns.of(role)
        if place is None:
            return ""
        origin = self.covered.get((place, row.number))
        above = self.by_line.get(origin[1]) if origin else None
        if origin and above is not None and place not in row.cells and origin[0] in above.cells:
            return above.cells[origin[0]].text.strip()
        return self.text(row, place)

    def _usable(self, cell: Cell, place: int) -> None:
        if cell.kind is CellKind.FORMULA:
            raise Wrong(place, NO_VALUE if self.kind == XLSX else NUMBERED)
        if cell.kind is CellKind.ERROR or (cell.kind is CellKind.DAY and self.columns.roles[place] is not Role.TEXT):
            raise Wrong(place, REASONS[cell.kind])

    def _address(self, place: int, line: int) -> str:
        if self.gathered is not None:
            table, line, place = self.gathered.place_of(line, place)
            return f"tabell {table + 1}, rad {line}, kolumn {place + 1}"
        return address(place, line) if self.kind == XLSX else f"rad {line}, kolumn {place + 1}"
