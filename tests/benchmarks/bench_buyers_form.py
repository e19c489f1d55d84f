"""A buyer's form of 400 requirements and 1,500 price rows: read, compared and filled in, without a database.

What profiling found: to read the workbook takes most of the time, and is a job. To write into it through its XML takes
half as long as openpyxl takes to write it anew.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from decimal import Decimal

from app.apart import read_apart
from app.tenders.forms import door
from app.tenders.forms.columns import guess
from app.tenders.forms.lines import read_lines
from app.tenders.forms.plan import Standing, compare
from bids.forms import filling
from bids.forms.entries import Entry, Table
from tests import buyers_forms

REQUIREMENTS, ROWS = 400, 1500
READ, COMPARED, FILLED = 10, 1, 5
"""Seconds."""


def measure() -> Iterator[tuple[str, float, float]]:
    """Seconds for each step."""
    data = buyers_forms.workbook(*_requirements(), change=_prices)
    what = f"a form of {REQUIREMENTS} requirements and {ROWS} rows"
    start = time.perf_counter()
    form = door.read(data)
    yield f"{what}: seconds to read", time.perf_counter() - start, READ
    start = time.perf_counter()
    for sheet in form.sheets:
        reading = read_lines(form.kind, sheet, guess(sheet), {})
        standing = [Standing(place, None, line.given) for place, line in enumerate(reading.lines)]
        compare(reading, standing, {each.id for each in standing})
    yield f"{what}: seconds to compare with what is there", time.perf_counter() - start, COMPARED
    start = time.perf_counter()
    order = filling.order(form.kind, data, _entries())
    read_apart("bids.forms.filling", order, seconds=60, unreadable=filling.DAMAGED)
    yield f"{what}: seconds to fill in", time.perf_counter() - start, FILLED


def _requirements() -> list[tuple[str, str, str]]:
    return [(f"{n // 40 + 1}.{n % 40 + 1}", f"Krav nummer {n} ska uppfyllas. " * 8, "Ska") for n in range(REQUIREMENTS)]


def _prices(sheet: object) -> None:
    prices = sheet.parent.create_sheet("Prisbilaga")  # type: ignore[attr-defined]
    prices.append(["Pos", "Benämning", "Uppskattad årsvolym", "Enhet", "Pris per enhet", "Summa"])
    for n in range(ROWS):
        prices.append([f"P{n}", f"Vara {n}", 10 + n, "styck", None, f"=C{n + 2}*E{n + 2}"])


def _entries() -> list[Entry]:
    answers = [Entry(Table(0, "Kravformulär"), n + 4, 4, "Vi gör så. " * 20) for n in range(REQUIREMENTS)]
    return answers + [Entry(Table(1, "Prisbilaga"), n + 2, 4, number=Decimal("12.50")) for n in range(ROWS)]
