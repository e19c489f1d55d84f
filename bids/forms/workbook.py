"""Writes into the cells of a workbook through its XML: formats, formulas, drop-downs, pictures and other sheets stay.

A library that reads a workbook and writes it again (openpyxl) loses charts, pictures in drawings of its own making,
newer drop-downs and whatever else it has no name for; so nothing is touched here but the cells that get an answer.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any, TypeAlias
from zipfile import ZipFile

from lxml import etree

from bids.forms.cells import column_of, name_of, span_of
from bids.forms.entries import FILLED, FORMULA, MERGED, TOO_LONG, CannotFill, Entry, Left
from bids.forms.parcel import clean, rewritten, written
from bids.forms.sums import stale

Node: TypeAlias = Any
"""An element; the library has no types."""
BOOK, RELATIONS, STRINGS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
LONGEST = 32_767
_ASKING = re.compile(r"(?i)\W*(välj|ange|fyll|skriv|svara|svar\b|text\b|klicka|x{2,}|(ja|nej|yes|no)\W*$|ja\W+nej\W*$)")
"""Words that only ask to be written over, and the yes or no that a drop-down begins with."""
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BEFORE_CALC = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames",
)  # fmt: skip
"""What stands before calcPr in a workbook."""


def fill(data: bytes, entries: Iterable[Entry]) -> tuple[bytes, list[Left]]:
    """The workbook with the entries in it, and which cells were left. Raises CannotFill."""
    by_title: dict[str, list[Entry]] = {}
    for entry in entries:
        by_title.setdefault(entry.table.title, []).append(entry)
    left: list[Left] = []
    with ZipFile(BytesIO(data)) as parcel:
        book = _parsed(parcel.read(BOOK))
        paths = _paths(book, _parsed(parcel.read(RELATIONS)))
        parts: dict[str, bytes] = {}
        strings = _strings(parcel)
        for title, wanted in by_title.items():
            if title not in paths:
                raise CannotFill(f"Bladet {title} finns inte i filen.")
            sheet = _Sheet(_parsed(parcel.read(paths[title])), title, strings)
            left += [no for entry in wanted if (no := sheet.write(entry)) is not None]
            sheet.forget_sums(wanted)
            parts[paths[title]] = written(sheet.root)
        if any(entry.number is not None for wanted in by_title.values() for entry in wanted):
            parts |= _to_count_again(parcel, book, parts)
    return rewritten(data, parts), left


def _parsed(data: bytes) -> Node:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def _paths(book: Node, relations: Node) -> dict[str, str]:
    """The part of each sheet, by its title."""
    targets = {each.get("Id"): each.get("Target") or "" for each in relations}
    found = {}
    for sheet in book.iterfind(f"{S}sheets/{S}sheet"):
        target = targets.get(sheet.get(R), "")
        found[sheet.get("name") or ""] = (
            target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        )
    return found


def _strings(parcel: ZipFile) -> list[str]:
    """The texts that the sheets' cells point at."""
    if STRINGS not in parcel.namelist():
        return []
    return ["".join(one.itertext(f"{S}t")).strip() for one in _parsed(parcel.read(STRINGS)).iterfind(f"{S}si")]


def _is_free(shown: str, text: str, number: Decimal | None) -> bool:
    """Whether a cell is there to be written in: empty, nought for a price, words that ask for it, or a default."""
    if not shown.strip(" .…_-–:()[]<>") or shown == text or _ASKING.match(shown):
        return True
    return number is not None and not shown.strip("0.,")


def _to_count_again(parcel: ZipFile, book: Node, parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Ask the program that opens the workbook to count its formulas again, if it has any."""
    sheets = [name for name in parcel.namelist() if name.startswith("xl/worksheets/") and name not in parts]
    if not any(b"<f" in piece for piece in (*parts.values(), *(parcel.read(name) for name in sheets))):
        return {}
    calc = book.find(f"{S}calcPr")
    if calc is None:
        calc = etree.Element(f"{S}calcPr")
        place = sum(1 for each in book if isinstance(each.tag, str) and each.tag.removeprefix(S) in _BEFORE_CALC)
        book.insert(place, calc)
    calc.set("fullCalcOnLoad", "1")
    return {BOOK: written(book)}


class _Sheet:
    """One sheet while it is written in."""

    def __init__(self, root: Node, title: str, strings: Sequence[str]) -> None:
        self.root, self.title, self.strings = root, title, strings
        lines = root.find(f"{S}sheetData")
        if lines is None:
            raise CannotFill(f"Bladet {title} har inga rader.")
        self.lines = lines
        self.by_number = _numbered(lines)
        self.merged = [span for cell in root.iter(f"{S}mergeCell") if (span := span_of(cell.get("ref") or ""))]
        self.styles = [
            (int(col.get("min") or 0), int(col.get("max") or 0), col.get("style"))
            for col in root.iterfind(f"{S}cols/{S}col")
            if col.get("style")
        ]

    def write(self, entry: Entry) -> Left | None:
        """Put it in its cell; or say why the cell was left as it was."""
        line, column = self._home(entry.line, entry.column)
        where = f"{self.title} {name_of(entry.column, entry.line)}"
        if line != entry.line:
            return Left(where, MERGED)
        cell = self._cell(line, column)
        if cell.find(f"{S}f") is not None:
            return Left(where, FORMULA)
        text = clean(entry.text)
        if len(text) > LONGEST:
            return Left(where, TOO_LONG)
        if not _is_free(self._shown(cell), text, entry.number):
            return Left(where, FILLED)
        _set(cell, text, entry.number)
        return None

    def _shown(self, cell: Node) -> str:
        """What stands in the cell now."""
        if cell.get("t") == "inlineStr":
            return "".join(cell.itertext(f"{S}t")).strip()
        value = (cell.findtext(f"{S}v") or "").strip()
        if cell.get("t") != "s":
            return value
        place = int(value) if value.isascii() and value.isdigit() else len(self.strings)
        return self.strings[place] if place < len(self.strings) else ""

    def forget_sums(self, entries: Iterable[Entry]) -> None:
        """What formulas showed before our prices were there would be read as what they show now."""
        with_formula = {
            cell.get("r") or "": cell for cell in self.lines.iter(f"{S}c") if cell.find(f"{S}f") is not None
        }
        shared = {
            formula.get("si"): formula.text
            for cell in with_formula.values()
            if (formula := cell.find(f"{S}f")).get("si") and formula.text
        }
        formulas = {}
        for where, cell in with_formula.items():
            formula = cell.find(f"{S}f")
            formulas[where] = formula.text or shared.get(formula.get("si"), "") or ""
        for where in stale(formulas, {entry.column for entry in entries if entry.number is not None}):
            for value in with_formula[where].findall(f"{S}v"):
                with_formula[where].remove(value)
            with_formula[where].attrib.pop("t", None)

    def _home(self, line: int, column: int) -> tuple[int, int]:
        """The cell itself, or the first one of those it is merged with."""
        for first, top, last, bottom in self.merged:
            if first <= column <= last and top <= line <= bottom:
                return top, first
        return line, column

    def _cell(self, line: int, column: int) -> Node:
        row = self.by_number.get(line)
        if row is None:
            row = etree.Element(f"{S}row", r=str(line))
            self.lines.insert(sum(1 for number in self.by_number if number < line), row)
            self.by_number[line] = row
        name = name_of(column, line)
        for place, cell in enumerate(row):
            there = column_of(cell.get("r") or "")
            if there == column:
                return cell
            if there > column:
                return self._new_cell(row, place, name, column)
        return self._new_cell(row, len(row), name, column)

    def _new_cell(self, row: Node, place: int, name: str, column: int) -> Node:
        """Empty cells that look like their row or column are not in the file; a new one must look like them."""
        cell = etree.Element(f"{S}c", r=name)
        style = row.get("s") if row.get("customFormat") in {"1", "true"} else None
        style = style or next((style for low, high, style in self.styles if low <= column + 1 <= high), None)
        if style:
            cell.set("s", style)
        row.insert(place, cell)
        row.attrib.pop("spans", None)
        return cell


def _numbered(lines: Node) -> dict[int, Node]:
    """The rows by number. A file may leave the names of rows and cells out where they follow one another."""
    found: dict[int, Node] = {}
    number = 0
    for row in lines.iterfind(f"{S}row"):
        number = int(row.get("r") or number + 1)
        row.set("r", str(number))
        found[number] = row
        column = -1
        for cell in row.iterfind(f"{S}c"):
            column = column_of(cell.get("r")) if cell.get("r") else column + 1
            cell.set("r", name_of(column, number))
    return found


def _set(cell: Node, text: str, number: Decimal | None) -> None:
    for child in list(cell):
        cell.remove(child)
    for attribute in ("t", "cm", "vm"):
        cell.attrib.pop(attribute, None)
    if number is not None:
        etree.SubElement(cell, f"{S}v").text = format(number, "f")
        return
    cell.set("t", "inlineStr")
    words = etree.SubElement(etree.SubElement(cell, f"{S}is"), f"{S}t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
