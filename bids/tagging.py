"""What WeasyPrint leaves out of a table's tags."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pydyf import Dictionary, String  # type: ignore[import-untyped, unused-ignore]


def give_scope(_document: object, pdf: Any, prefix: str = "") -> None:
    """Say of every header cell whether it heads a column or a row (ISO 14289-1, 7.5); called as the PDF is written.

    WeasyPrint names a header cell ``table-row-column`` and links cells to headers by that name, but a header above a
    column of row headers is linked to by nobody. A table of ours has column headers when its first row holds several.
    ``prefix`` sets the names apart from those in other parts of a document that is bound of several.
    """
    headers = [one for one in pdf.objects if isinstance(one, Dictionary) and one.get("S") == "/TH" and "ID" in one]
    places = [_place(one["ID"]) for one in headers]
    in_first_row = Counter(table for table, row in places if row == "0")
    for header, (table, row) in zip(headers, places, strict=True):
        above = row == "0" and in_first_row[table] > 1
        header["A"]["Scope"] = "/Column" if above else "/Row"
    if prefix:
        _set_apart(pdf, headers, prefix)


def _set_apart(pdf: Any, headers: list[Any], prefix: str) -> None:
    """Let no name of a header cell be that of one in another part of the same document."""
    for header in headers:
        header["ID"] = String(f"{prefix}-{header['ID'].string}")
    for one in pdf.objects:
        if isinstance(one, Dictionary) and one.get("S") == "/TD" and "Headers" in one.get("A", {}):
            one["A"]["Headers"][:] = [String(f"{prefix}-{name.string}") for name in one["A"]["Headers"]]


def _place(name: String) -> tuple[str, str]:
    table, row, _column = str(name.string).split("-")
    return table, row
