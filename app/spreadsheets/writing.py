"""Writes tables as csv, row by row, and as xlsx with openpyxl, in a file that may outgrow the memory."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from app.money import Money
from app.spreadsheets.table import disarmed

Value = str | int | Decimal | Money | date | None
IN_MEMORY = 2 * 1024 * 1024
"""Bytes; what is larger lies in a temporary file."""
AT_A_TIME = 500
"""Rows of csv in one piece."""
LAST_ROW = 10_001
"""So far down does a list of choices reach."""


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
    """An open file at its beginning; the caller closes it."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book, sheet)
    out: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  the caller closes it
    book.save(out)
    out.seek(0)
    return out


def _write(book: Any, sheet: Sheet) -> None:
    page = book.create_sheet(sheet.title)
    page.freeze_panes = "A2"
    for place, width in enumerate(sheet.widths):
        letter = get_column_letter(place + 1)
        page.column_dimensions[letter].width = width
        if place in sheet.as_text:
            page.column_dimensions[letter].number_format = "@"
    for place, chosen in sheet.choices.items():
        letter = get_column_letter(place + 1)
        rule = DataValidation(type="list", formula1=f"={chosen}", allow_blank=True, showErrorMessage=True)
        rule.error = "Välj i listan."
        rule.add(f"{letter}2:{letter}{LAST_ROW}")
        page.data_validations.append(rule)
    page.append([_bold(page, heading) for heading in sheet.headings])
    for row in sheet.rows:
        page.append([_in_xlsx(page, value) for value in row])


def _bold(page: Any, heading: str) -> Any:
    cell = WriteOnlyCell(page, heading)
    cell.font = Font(bold=True)
    return cell


def _in_xlsx(page: Any, value: Value) -> Any:
    """Texts are marked as texts where they look like something else."""
    if isinstance(value, Money):
        cell = WriteOnlyCell(page, value.in_kronor())
        cell.number_format = "0.00"
        return cell
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    if text[:1] not in {"=", "+", "-", "@", "\t", "#", "'"}:
        return text
    cell = WriteOnlyCell(page, text)
    cell.data_type, cell.quotePrefix = "s", True
    return cell


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
