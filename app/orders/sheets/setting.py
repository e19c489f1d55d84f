"""A paper's values -> HTML -> a tagged PDF in Swedish. Only the press comes here: it is large."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby

from babel import dates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app import places
from app.orders.sheets.labels import LabelSheet
from app.orders.sheets.values import Parcel, Sheet, SheetKind, by_customer, fetched_here, stops
from bids import swedish
from bids.canonical import dumps
from bids.press import print_html
from config import ROOT

TEMPLATES = ROOT / "templates" / "sheets"
TITLES = {
    SheetKind.DAY: "Dagslista",
    SheetKind.BY_CUSTOMER: "Packlista per kund",
    SheetKind.BY_ARTICLE: "Packlista per artikel",
    SheetKind.ROUTE: "Körlista",
    SheetKind.NOTES: "Följesedel",
    SheetKind.LABELS: "Etiketter",
}
Placed = tuple[Parcel, int, Decimal, Decimal]
"""A label: its parcel, which of the parcel's it is, left and top in millimetres."""


def to_pdf(sheet: Sheet) -> bytes:
    """The paper as PDF/UA-1; the same values give the same bytes."""
    return print_html(to_html(sheet), dumps(sheet))


def to_html(sheet: Sheet) -> str:
    """The paper as one HTML document."""
    return _jinja.get_template(f"{sheet.kind.value}.html").render(
        sheet=sheet,
        title=TITLES[sheet.kind],
        nobody="Mottagaren är inte bestämd än",
        stops=stops(sheet.parcels),
        fetched_here=fetched_here(sheet.parcels),
        groups=by_customer(sheet.parcels),
        pages=_label_pages(sheet.parcels, sheet.labels) if sheet.labels else [],
        style=STYLE,
    )


def _label_pages(parcels: Sequence[Parcel], labels: LabelSheet) -> list[list[Placed]]:
    wanted = [(parcel, copy) for parcel in parcels for copy in range(1, labels.copies + 1)]
    placed = zip(wanted, labels.places(len(wanted)), strict=True)
    return [
        [(parcel, copy, left, top) for (parcel, copy), (_page, left, top) in group]
        for _page, group in groupby(placed, key=lambda one: one[1][0])
    ]


def _weekday(day: date) -> str:
    """``fredag 4 december 2026``."""
    return dates.format_date(day, "EEEE d MMMM y", locale="sv")


def _town(code: str) -> str:
    return places.municipality(code).name


STYLE = Markup((TEMPLATES / "sheets.css").read_text(encoding="utf-8"))  # noqa: S704  our own style sheet
_jinja = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_jinja.filters |= {"number": swedish.number, "weekday": _weekday, "town": _town}
