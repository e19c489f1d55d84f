"""Reads the sheets of a buyer's workbook with openpyxl. Only for the process that reading.py is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from lxml import etree
from openpyxl import load_workbook

from app.spreadsheets.table import LONGEST_CELL, MOST_COLUMNS, Cell, CellKind, Row
from app.spreadsheets.xlsx_reading import column_of, known
from app.tenders.forms.sheets import MOST_LINES, FormSheet, Span
from app.units import counted

MOST_SHEETS = 60
MOST_SPANS = 20_000
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_FIXED = re.compile(r"0(?:\.(0{1,6}))?")
"""Number formats that people number requirements with: 1.1 in the format 0.00 is shown as 1.10."""
_ELSEWHERE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!(.+)")


def sheets_of(data: bytes, parcel: ZipFile) -> tuple[FormSheet, ...]:
    """All sheets that a person sees. A formula counts as the value it showed when the buyer saved the file."""
    shown = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    written = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
    pairs = [
        (left, right)
        for left, right in zip(shown.worksheets, written.worksheets, strict=True)
        if left.sheet_state == "visible"
    ]
    return tuple(_sheet(left, right, parcel, shown) for left, right in pairs[:MOST_SHEETS])


def _sheet(shown: Any, written: Any, parcel: ZipFile, book: Any) -> FormSheet:
    rows: list[Row] = []
    for sheet in (shown, written):
        sheet.reset_dimensions()  # What a file says about its size need not be so.
    for values, formulas in zip(shown.iter_rows(), written.iter_rows(), strict=False):
        cells = dict(_cells(values, formulas))
        if cells:
            rows.append(Row(next(cell.row for cell in values if hasattr(cell, "row")), cells))
        if len(rows) > MOST_LINES:
            return FormSheet(shown.title, tuple(rows[:20]), problem=_too_long(shown.title))
    spans, lists = _spans_and_lists(parcel, shown._worksheet_path)  # noqa: SLF001  the library hides where it lies
    choices = {place: words for place, source in lists.items() if (words := _words(source, shown, book))}
    return FormSheet(shown.title, tuple(rows), tuple(spans), choices)


def _too_long(title: str) -> str:
    most = counted(MOST_LINES, "rad", "rader")
    return f"Bladet {title} har fler än {most}. Dela upp det i flera filer, eller ta bort raderna som inte är krav."


def _cells(values: Any, formulas: Any) -> Iterator[tuple[int, Cell]]:
    for shown, written in zip(values, formulas, strict=False):
        if written.value is None or not hasattr(written, "column") or written.column > MOST_COLUMNS:
            continue
        kind, text = _read(shown, is_formula=written.data_type == "f")
        if text.strip() or kind is CellKind.FORMULA:
            yield written.column - 1, Cell(written.coordinate, kind, text[: LONGEST_CELL + 1])


def _read(cell: Any, *, is_formula: bool) -> tuple[CellKind, str]:
    value = cell.value
    if value is None:
        return (CellKind.FORMULA, "") if is_formula else (CellKind.TEXT, "")
    fixed = _FIXED.fullmatch(cell.number_format or "")
    if fixed and isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12:
        return CellKind.NUMBER, f"{value:.{len(fixed[1] or '')}f}" if fixed[1] else known("n", value)[1]
    return known("e" if cell.data_type == "e" else "n", value)


def _spans_and_lists(parcel: ZipFile, place: str) -> tuple[list[Span], dict[int, str]]:
    """The merged cells, and for each column what its drop-downs choose from."""
    spans: list[Span] = []
    lists: dict[int, str] = {}
    tags = ("{*}row", "{*}mergeCell", "{*}dataValidation")
    with parcel.open(place.lstrip("/")) as stream:
        for _event, node in etree.iterparse(stream, tag=tags, resolve_entities=False, no_network=True):
            if node.tag.endswith("}mergeCell") and len(spans) < MOST_SPANS:
                spans.extend(_span(node.get("ref") or ""))
            elif node.tag.endswith("}dataValidation") and node.get("type") == "list":
                source, where = _list_of(node)
                for span in where.split()[:200]:
                    for first, _top, last, _bottom in _span(span, single=True):
                        lists |= dict.fromkeys(range(first, min(last, MOST_COLUMNS) + 1), source)
            node.clear()
            while node.getprevious() is not None:
                del node.getparent()[0]
    return spans, lists


def _list_of(node: Any) -> tuple[str, str]:
    """What a drop-down chooses from and where it is, also in the newer spelling that looks into other sheets."""
    source = node.find("{*}formula1")
    where = node.get("sqref") or node.findtext("{*}sqref") or ""
    return "" if source is None else "".join(source.itertext()), where


def _span(written: str, *, single: bool = False) -> Iterator[Span]:
    parts = _RANGE.fullmatch(written)
    if parts and (parts[3] or single):
        last = (parts[3] or parts[1], parts[4] or parts[2])
        yield column_of(parts[1]), int(parts[2]), column_of(last[0]), int(last[1])


def _words(source: str, sheet: Any, book: Any) -> tuple[str, ...]:
    """What a drop-down offers: ``"Ja,Nej"``, or a few cells somewhere in the workbook."""
    source = source.strip().removeprefix("=")
    if source.startswith('"') and source.endswith('"'):
        return tuple(word.strip() for word in source[1:-1].split(",") if word.strip())[:50]
    if source in book.defined_names:
        source = str(book.defined_names[source].value or "")
    elsewhere = _ELSEWHERE.fullmatch(source)
    if elsewhere:
        name = (elsewhere[1] or elsewhere[2]).replace("''", "'")
        sheet = next((each for each in book.worksheets if each.title == name), None)
        source = elsewhere[3]
    span = next(_span(source, single=True), None)
    if sheet is None or span is None or span[3] - span[1] > 50:
        return ()
    found = sheet.iter_rows(min_col=span[0] + 1, min_row=span[1], max_col=span[2] + 1, max_row=span[3])
    return tuple(str(cell.value).strip() for row in found for cell in row if cell.value is not None)
