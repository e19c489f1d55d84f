"""Writes xlsx with openpyxl. Only `writing.xlsx` comes here, when the first such file is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from app.money import Money
from app.spreadsheets.writing import IN_MEMORY, Sheet, Value

LAST_ROW = 10_001
"""So far down does a list of choices reach."""


def book_of(sheets: Sequence[Sheet]) -> IO[bytes]:
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
