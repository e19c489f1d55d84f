"""Writes tables as csv, row by row, and as xlsx, in a file that may outgrow the memory."""

from __future__ import annotations

import csv
import importlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO

from app.money import Money
from app.spreadsheets.table import disarmed

Value = str | int | Decimal | Money | date | None
IN_MEMORY = 2 * 1024 * 1024
"""Bytes; what is larger lies in a temporary file."""
AT_A_TIME = 500
"""Rows of csv in one piece."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its heading, and its rows as they come."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]
    widths: Sequence[int] = ()
    choices: Mapping[int, str] = field(default_factory=dict)
    """Ranges such as ``Val!$A$2:$A$9``, by the column that takes one of what lies there."""
    as_text: Sequence[int] = ()
    """Columns whose empty cells take what is typed as it is typed, so that 1-2 does not become a day."""


def csv_file(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> IO[bytes]:
    """UTF-8 with its mark, semicolons and decimal commas, as Swedish spreadsheet programs open it.

    No text can be taken for a formula; `table.armed` gives it back as it was. An open file at its beginning, made to
    the end before anybody gets the first byte of it: nobody takes half a list for a whole one.
    """
    out: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  the caller closes it
    out.write("\ufeff".encode())
    left = iter(rows)
    out.write(_lines([list(headings)]))
    while some := list(islice(left, AT_A_TIME)):
        out.write(_lines([[_in_csv(value) for value in row] for row in some]))
    out.seek(0)
    return out


def xlsx(sheets: Sequence[Sheet]) -> IO[bytes]:
    """An open file at its beginning; the caller closes it.

    openpyxl takes 15 MB, a tenth of a web process: it is loaded by the first who asks for such a file.
    """
    pen = importlib.import_module("app.spreadsheets.xlsx_writing")
    out: IO[bytes] = pen.book_of(sheets)
    return out


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    out = StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


def _in_csv(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Money):
        value = value.in_kronor()
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", ",")
    return disarmed(value.replace("\0", "")) if isinstance(value, str) else str(value)
