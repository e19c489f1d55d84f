"""Reads csv as spreadsheet programs and people write it, whatever the alphabet and the separator. Pure."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from io import StringIO

from app.errors import Refused
from app.spreadsheets.table import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    TOO_MANY_ROWS,
    Cell,
    CellKind,
    Row,
    address,
    armed,
)
from app.units import counted

SEPARATORS = ";\t,"
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
UNREADABLE = "Filen går inte att läsa som text. Spara den som csv i UTF-8, eller som xlsx, och ladda upp den igen."


def read_csv(data: bytes) -> list[Row]:
    """The rows that are not empty. Raises Refused, with a sentence, for what is no csv or more than we take."""
    text = decoded(data)
    found: list[Row] = []
    for number, values in enumerate(_records(text), 1):
        cells = {place: cell for place, value in enumerate(values) if (cell := _cell(value, place, number))}
        if len(values) > MOST_COLUMNS and max(cells, default=0) >= MOST_COLUMNS:
            raise Refused(f"Rad {number} har fler än {MOST_COLUMNS} kolumner.")
        if cells:
            found.append(Row(number, cells))
        if len(found) > MOST_ROWS + 1:
            raise Refused(TOO_MANY_ROWS)
    return found


def decoded(data: bytes) -> str:
    """The text in UTF-8 or UTF-16 with or without its mark, else in Windows-1252. Raises Refused."""
    name = next((name for mark, name in _BOMS if data.startswith(mark)), None)
    if name is None and b"\0" in data:
        raise Refused(UNREADABLE)
    for alphabet in [name] if name else ["utf-8", "cp1252"]:
        try:
            text = data.decode(alphabet)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise Refused(UNREADABLE)


def _records(text: str) -> Iterator[list[str]]:
    first, _, rest = text.partition("\n")
    said = re.fullmatch(r"sep=(.)\r?", first)
    separator = said[1] if said else _separator(first)
    reader = csv.reader(StringIO(rest if said else text, newline=""), delimiter=separator, strict=True)
    csv.field_size_limit(LONGEST_CELL)
    try:
        yield from reader
    except csv.Error as wrong:
        too_long = "field larger" in str(wrong)
        why = (
            f"en cell har fler än {counted(LONGEST_CELL, 'tecken', 'tecken')}"
            if too_long
            else "ett citattecken står fel eller saknas"
        )
        raise Refused(f"Filen går inte att läsa vid textrad {reader.line_num}: {why}.") from wrong


def _separator(first: str) -> str:
    """Whichever the heading has most of, outside quotation marks."""
    bare = re.sub(r'"[^"]*"', "", first)
    return max(SEPARATORS, key=lambda sign: (bare.count(sign), -SEPARATORS.index(sign)))


def _cell(value: str, place: int, number: int) -> Cell | None:
    if not value.strip():
        return None
    formula = value.startswith("=")
    kind = CellKind.FORMULA if formula else CellKind.TEXT
    return Cell(address(place, number), kind, value if formula else armed(value))
