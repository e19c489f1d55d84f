"""A day's papers before foreign judges: veraPDF for PDF/UA-1, poppler for what can be read."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from app.orders.sheets.labels import FORMATS, LabelSheet
from app.orders.sheets.setting import to_pdf
from app.orders.sheets.values import SheetKind
from tests.contracts.verapdf import broken_rules
from tests.core.test_day_papers import OFFICE, PARCEL, sheet

LONG = "Världens längsta namn på en plats som ingen någonsin skulle skriva men som måste få plats " * 2


def papers():
    """Each kind with ordinary parcels and one that is too long, and each sheet of labels."""
    strange = replace(PARCEL, to=replace(OFFICE, name=LONG, municipality="1481"), customer=LONG, note="Å" * 400)
    for kind in SheetKind:
        if kind != SheetKind.LABELS:
            yield kind.value, sheet(kind, *([PARCEL] * 12), strange, prices=True)
    for key in FORMATS:
        yield f"labels-{key}", sheet(SheetKind.LABELS, *([PARCEL] * 9), strange, labels=LabelSheet(key, 1, 3))


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("papers")
    for name, values in papers():
        (folder / f"{name}.pdf").write_bytes(to_pdf(values))
    return folder


def test_everybody_can_read_them(printed):
    assert broken_rules(*sorted(printed.glob("*.pdf"))) == []


def test_thirty_labels_fill_as_many_pages_as_they_need(printed):
    for key, paper in FORMATS.items():
        said = subprocess.run(
            ["pdfinfo", str(printed / f"labels-{key}.pdf")], capture_output=True, text=True, check=True
        )
        assert f"Pages:           {-(-30 // paper.per_page)}\n" in said.stdout
        assert "Tagged:          yes" in said.stdout


def test_the_same_values_give_the_same_bytes():
    assert to_pdf(sheet(SheetKind.ROUTE, PARCEL)) == to_pdf(sheet(SheetKind.ROUTE, PARCEL))
