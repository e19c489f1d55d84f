"""Spreadsheets that people hand in: read by a process of its own, and only then believed."""

from __future__ import annotations

from app.apart import read_apart
from app.errors import Refused
from app.spreadsheets.table import MOST_ROWS, TOO_MANY_ROWS, Cell, CellKind, Row, Table

LARGEST = 20 * 1024 * 1024
"""Bytes of a spreadsheet."""
TOO_LARGE = (
    "Filen är större än 20 MB. Ta bort bilder och annat än sortimentet ur den, eller dela upp den i flera filer."
)
PATIENCE = 60
"""Seconds."""
UNREADABLE = "Filen går inte att läsa. Spara den på nytt som xlsx eller csv och ladda upp den igen."


def read(data: bytes) -> Table:
    """The table in a spreadsheet, its first row as the heading. Raises Refused, with a sentence."""
    if len(data) > LARGEST:
        raise Refused(TOO_LARGE)
    answer, _rest = read_apart("app.spreadsheets.reading", data, seconds=PATIENCE, unreadable=UNREADABLE)
    rows = tuple(_row(number, cells) for number, cells in answer["rows"])
    if len(rows) < 2:
        raise Refused("Filen har inga rader under rubrikraden.")
    if len(rows) > MOST_ROWS + 1:
        raise Refused(TOO_MANY_ROWS)
    return Table(rows[0], rows[1:])


def _row(number: int, cells: list[tuple[int, str, str, str]]) -> Row:
    """No database keeps a NUL, however it got into the file."""
    read = {place: Cell(where, CellKind(kind), text.replace("\0", "\ufffd")) for place, kind, where, text in cells}
    return Row(number, read)
