"""Reads xlsx with openpyxl, after the parcel has been looked through. Only for the process that reading.py is."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from lxml import etree
from openpyxl import load_workbook

from app.errors import Refused
from app.spreadsheets.parcels import no_doctype, opened, weigh
from app.spreadsheets.table import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, TOO_MANY_ROWS, Cell, CellKind, Row, address
from app.units import counted

SHEET = "Sortiment"
"""The sheet that is read where there are several."""
MOST_BYTES = 150 * 1024 * 1024
"""Of all parts, unpacked. Ten thousand full rows are some 30 MB."""
UNREADABLE = (
    "Filen går inte att läsa som kalkylblad. Öppna den i ert kalkylprogram, spara den som xlsx och försök igen."
)
BOMB = "Filen packar upp till mer än vi tar emot. Spara den på nytt som xlsx, utan annat än sortimentet."
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
Range = tuple[int, int, int, int]
"""First column and row, last column and row; columns counted from 0, rows from 1."""


def read_xlsx(data: bytes) -> list[Row]:
    """The rows of the sheet that are not empty. Raises Refused, with a sentence, for what we do not open."""
    try:
        with opened(data, sentence=BOMB) as parcel:
            look_through(parcel)
            book = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
            sheet = _sheet(book)
            merged = _merged(parcel, sheet._worksheet_path)  # noqa: SLF001  the library hides where the sheet lies
        return _rows(sheet, merged)
    except Refused:
        raise
    except MemoryError as trouble:
        raise Refused(BOMB) from trouble
    except Exception as trouble:  # Whatever the libraries stumble over, the file is what is wrong.
        raise Refused(UNREADABLE) from trouble


def look_through(parcel: ZipFile) -> None:
    """What the parcel says it holds, and what comes out when it is unpacked. Raises Refused."""
    names = {part.filename.casefold() for part in parcel.infolist()}
    if "xl/workbook.xml" not in names:
        raise Refused(UNREADABLE)
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise Refused("Filen innehåller makron. Spara den som vanlig xlsx, utan makron, och ladda upp den igen.")
    if any(name.startswith("xl/externallinks/") for name in names):
        raise Refused("Filen hämtar värden ur andra filer. Klistra in värdena i stället och spara den på nytt.")
    weigh(parcel, most=MOST_BYTES, sentence=BOMB)
    no_doctype(parcel, sentence=UNREADABLE)


def _sheet(book: Any) -> Any:
    """The sheet called Sortiment, else the only one. Raises Refused where there are several."""
    named = [sheet for sheet in book.worksheets if sheet.title.strip().casefold() == SHEET.casefold()]
    if named:
        return named[0]
    if len(book.worksheets) != 1:
        raise Refused(f"Filen har flera blad. Döp det som ska läsas till {SHEET}, eller ta bort de andra.")
    return book.worksheets[0]


def _merged(parcel: ZipFile, place: str) -> list[Range]:
    found: list[Range] = []
    with parcel.open(place.lstrip("/")) as stream:
        for _event, node in etree.iterparse(stream, tag="{*}mergeCell", resolve_entities=False, no_network=True):
            parts = _RANGE.fullmatch(node.get("ref") or "")
            if parts and parts[3]:
                found.append((column_of(parts[1]), int(parts[2]), column_of(parts[3]), int(parts[4])))
            node.clear()
    return found


def column_of(letters: str) -> int:
    """2 for ``C``."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _rows(sheet: Any, merged: list[Range]) -> list[Row]:
    sheet.reset_dimensions()  # What a file says about its size need not be so.
    found: list[Row] = []
    for number, values in enumerate(sheet.iter_rows(), 1):
        cells = {}
        for cell in values:
            if (known := _cell(cell)) is not None:
                if cell.column > MOST_COLUMNS:
                    raise Refused(f"Rad {cell.row} har fler än {MOST_COLUMNS} kolumner.")
                cells[cell.column - 1] = known
        if cells:
            found.append(Row(number, _marked(cells, number, merged)))
        if len(found) > MOST_ROWS + 1:
            raise Refused(TOO_MANY_ROWS)
    return found


def _marked(cells: dict[int, Cell], number: int, merged: list[Range]) -> dict[int, Cell]:
    """The same cells, with those that are merged called so; also the empty ones under a value that covers them."""
    marked = dict(cells)
    for first, top, last, bottom in merged:
        if top <= number <= bottom:
            for place in range(first, min(last, MOST_COLUMNS - 1) + 1):
                text = cells[place].text if place in cells else ""
                marked[place] = Cell(address(place, number), CellKind.MERGED, text)
    return marked


def _cell(cell: Any) -> Cell | None:
    """What an openpyxl cell holds; None for an empty one."""
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    kind, text = known(cell.data_type, value)
    if len(text) > LONGEST_CELL:
        raise Refused(f"Cellen {cell.coordinate} har fler än {counted(LONGEST_CELL, 'tecken', 'tecken')}.")
    return Cell(str(cell.coordinate), kind, text)


def known(data_type: str, value: Any) -> tuple[CellKind, str]:
    """The kind of a value of openpyxl's, and its signs."""
    if data_type == "f":
        return CellKind.FORMULA, str(getattr(value, "text", value) or "")
    if data_type == "e":
        return CellKind.ERROR, str(value)
    if isinstance(value, bool):
        return CellKind.BOOLEAN, "ja" if value else "nej"
    if isinstance(value, int | float):
        return CellKind.NUMBER, _digits(value)
    if isinstance(value, date | time):
        return CellKind.DAY, (value.date() if isinstance(value, datetime) else value).isoformat()
    return CellKind.TEXT, str(value)


def _digits(value: float) -> str:
    """As the program shows it, in at most 15 digits: 0.1 + 0.2 is 0.3, and 12.0 is 12."""
    text = format(value, ".15g")
    return format(float(text), "f").rstrip("0").rstrip(".") if "e" in text and abs(value) < 1e15 else text
