"""A buyer's form as it was read: its sheets, or its document's tables. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.spreadsheets.table import Cell, CellKind, Row, address

MOST_LINES = 3000
"""Of one table: twice the 1 500 price rows of a large bid, and still taken in within two seconds."""
XLSX, DOCX = "xlsx", "docx"
Span = tuple[int, int, int, int]
"""Cells merged into one: first column and line, last column and line; columns from 0, lines from 1."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Where in the document the lines stand of a table that was made out of many."""

    lines: tuple[tuple[int, int], ...]
    """For each line under the heading: which table, from 0, and which line of it, from 1."""
    columns: tuple[tuple[int, int], ...]
    """For each column: so many lines further down, and in which column there."""

    def place_of(self, line: int, column: int) -> tuple[int, int, int]:
        """The table, from 0, the line, from 1, and the column, from 0, of what stands in a line under the heading."""
        table, first = self.lines[line - 2]
        down, there = self.columns[column]
        return table, first + down, there


@dataclass(frozen=True, slots=True)
class FormSheet:
    """One sheet of a workbook, one table of a document, or many of them that are alike."""

    title: str
    rows: tuple[Row, ...]
    """Those that are not empty; a merged value lies in its first cell only."""
    spans: tuple[Span, ...] = ()
    choices: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """What the drop-downs of a column offer."""
    problem: str = ""
    """Why nothing can be taken out of it."""
    width: int = 0
    """So many columns are drawn, whether or not something stands in them; 0 where nobody knows."""
    gathered: Gathered | None = None


@dataclass(frozen=True, slots=True)
class FormFile:
    """A whole form."""

    kind: str
    """``xlsx`` or ``docx``."""
    sheets: tuple[FormSheet, ...]


def letter(column: int) -> str:
    """``C`` for column 2, as spreadsheet programs call it."""
    return address(column, 1)[:-1]


def to_plain(form: FormFile) -> dict[str, Any]:
    """As JSON can hold it."""
    return {"kind": form.kind, "sheets": [_plain(sheet) for sheet in form.sheets]}


def from_plain(plain: Mapping[str, Any]) -> FormFile:
    """What `to_plain` wrote down."""
    return FormFile(plain["kind"], tuple(_sheet(each) for each in plain["sheets"]))


def _plain(sheet: FormSheet) -> dict[str, Any]:
    cells = [
        [row.number, [[place, cell.kind, cell.address, cell.text] for place, cell in row.cells.items()]]
        for row in sheet.rows
    ]
    choices = [[place, list(words)] for place, words in sheet.choices.items()]
    return {
        "title": sheet.title,
        "rows": cells,
        "spans": [list(span) for span in sheet.spans],
        "choices": choices,
        "problem": sheet.problem,
        "width": sheet.width,
        "gathered": [sheet.gathered.lines, sheet.gathered.columns] if sheet.gathered else None,
    }


def _sheet(plain: Mapping[str, Any]) -> FormSheet:
    return FormSheet(
        title=_kept(plain["title"]),
        rows=tuple(_row(number, cells) for number, cells in plain["rows"]),
        spans=tuple((first, top, last, bottom) for first, top, last, bottom in plain["spans"]),
        choices={place: tuple(_kept(word) for word in words) for place, words in plain["choices"]},
        problem=plain["problem"],
        width=plain.get("width", 0),
        gathered=_gathered(plain.get("gathered")),
    )


def _gathered(plain: Sequence[Sequence[Sequence[int]]] | None) -> Gathered | None:
    if plain is None:
        return None
    lines, columns = plain
    return Gathered(tuple((table, line) for table, line in lines), tuple((down, column) for down, column in columns))


def _row(number: int, cells: list[tuple[int, str, str, str]]) -> Row:
    return Row(number, {place: Cell(where, CellKind(kind), _kept(text)) for place, kind, where, text in cells})


def _kept(text: str) -> str:
    """No database keeps a NUL, however it got into the file."""
    return text.replace("\0", "\ufffd")
