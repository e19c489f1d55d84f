"""Spreadsheets for tests: written as people and their programs write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

HEADINGS = ("Artikelnummer", "Namn", "Kategori", "Enhet", "Ert pris exkl. moms", "Levererar i")
BASKET = {
    "Namn": "Fruktkorg",
    "Kategori": "Frukt",
    "Enhet": "styck",
    "Ert pris exkl. moms": 150,
    "Levererar i": "Mölndal",
}


def xlsx(*rows: Sequence[Any], change: Callable[[Any], None] | None = None) -> bytes:
    """A workbook with one sheet; `change` may do what it likes to the sheet."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    if change:
        change(book.active)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def csv(*rows: Sequence[Any], separator: str = ";", alphabet: str = "utf-8-sig") -> bytes:
    """Text with a separator, without any quotation marks."""
    lines = (separator.join("" if value is None else str(value) for value in row) for row in rows)
    return "".join(f"{line}\r\n" for line in lines).encode(alphabet)


def table(rows: Iterable[dict[str, Any]]) -> list[list[Any]]:
    """Rows under the headings that they use, each given by its heading."""
    rows = list(rows)
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    return [headings, *([row.get(heading) for heading in headings] for row in rows)]


def assortment(*rows: dict[str, Any]) -> bytes:
    """A workbook of such rows."""
    return xlsx(*table(rows))


def with_parts(workbook: bytes, **parts: bytes | str) -> bytes:
    """The same workbook with more parts in its parcel, or with others; two underscores stand for a slash."""
    more = {name.replace("__", "/"): content for name, content in parts.items()}
    out = BytesIO()
    with ZipFile(BytesIO(workbook)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in more:
                new.writestr(name, old.read(name))
        for name, content in more.items():
            new.writestr(name, content)
    return out.getvalue()


def parcel(**files: bytes) -> bytes:
    """A zip file; two underscores stand for a dot."""
    out = BytesIO()
    with ZipFile(out, "w") as new:
        for name, content in files.items():
            new.writestr(name.replace("__", "."), content)
    return out.getvalue()
