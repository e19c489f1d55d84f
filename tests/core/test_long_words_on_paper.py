"""Words without a space, such as addresses, are broken on paper: what runs off a page is lost to whoever reads it."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pytest

from app.invoicing.printing import to_pdf as invoice_to_pdf
from app.orders.quotes.printing import to_pdf as quote_to_pdf
from bids.document import to_pdf
from bids.espd.document import to_pdf as declaration_to_pdf
from bids.espd.filling import lines
from bids.espd.snapshot import signed
from bids.look import Look, Section
from tests.core import test_quote_document as quotes
from tests.core.bid_samples import tender_a
from tests.core.call_samples import application
from tests.core.test_espd import REQUEST, entity
from tests.core.test_invoice_document import INVOICE

LONG = "ÿ" * 400
"""A letter that no other word here has, so that it can be counted."""
OWN = Look(sections=(Section(name="own-1", title="Om oss", text=LONG),))


def bid() -> bytes:
    return to_pdf(replace(tender_a(), look=OWN, appendices=()), {})


def answer() -> bytes:
    offer = application(appendices=())
    return to_pdf(replace(offer, answers=(replace(offer.answers[0], text=LONG), *offer.answers[1:])), {})


def invoice() -> bytes:
    return invoice_to_pdf(replace(INVOICE, buyer=replace(INVOICE.buyer, name=LONG)))


def quote() -> bytes:
    return quote_to_pdf(replace(quotes.PAPER, buyer=replace(quotes.BUYER, name=LONG)))


def declaration() -> bytes:
    whose = replace(entity(), party=replace(entity().party, name=LONG))
    facts = {
        "buyer": "",
        "tender": "",
        "diary_number": "",
        "lots": (),
        "signed_by": "Anna Berg",
        "signed_on": "2026-11-23",
    }
    return declaration_to_pdf(signed(REQUEST, whose, lines(REQUEST, whose, {}), **facts))


@pytest.mark.parametrize("printed", [bid, answer, invoice, quote, declaration])
def test_no_letter_runs_off_the_paper(printed):
    with pypdfium2.PdfDocument(printed()) as pdf:
        seen = sum(page.get_textpage().get_text_bounded().count("ÿ") for page in pdf)
    assert seen >= len(LONG)
