"""Quotes before foreign judges: veraPDF for PDF/UA-1, poppler for their pages."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from decimal import Decimal

import pytest

from app.orders.quotes.printing import to_pdf
from tests.contracts.verapdf import broken_rules
from tests.core.test_quote_document import FRUIT, PAPER

LONG = "Enlångsammansattartikelsomingenskulleköpamensommåstefåplats" * 2


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("quotes")
    strange = replace(FRUIT, name=LONG, quantity=Decimal("999999.999"))
    papers = {"plain": PAPER, "long": replace(PAPER, lines=(*([FRUIT] * 59), strange), text=f"{LONG}\n" * 20)}
    for name, values in papers.items():
        (folder / f"{name}.pdf").write_bytes(to_pdf(values))
    return folder


def test_everybody_can_read_them(printed):
    assert broken_rules(*sorted(printed.glob("*.pdf"))) == []


@pytest.mark.parametrize(("name", "pages"), [("plain", {1}), ("long", {4, 5})])
def test_a_short_one_is_one_page_and_the_longest_is_tagged_too(printed, name, pages):
    said = subprocess.run(["pdfinfo", str(printed / f"{name}.pdf")], capture_output=True, text=True, check=True).stdout
    assert int(said.split("Pages:")[1].split()[0]) in pages
    assert "Tagged:          yes" in said
