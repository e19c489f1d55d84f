"""A sent quote is a PDF in the customer's letter, and both sides can fetch it."""

from __future__ import annotations

import subprocess

import pytest

from app.customers.models import CustomerKind
from app.money import Money
from app.orders.quotes.paper import values_of
from app.orders.quotes.printing import print_quote
from tests.order_case import BUYER, furnish
from tests.people import text
from tests.quote_case import GUEST, SAM, ask, send, the_quote


@pytest.fixture
def fruit(app):
    """Fruit baskets at 212 kronor."""
    return furnish().id


@pytest.fixture
def sent(fruit, visit):
    """Six of them, offered to Nordbyn at 190 kronor each."""
    return send(visit(SAM), ask(visit(BUYER), fruit))


def words_on(pdf: bytes) -> str:
    """All words on paper, without spaces."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def test_the_letter_waits_for_the_pdf_and_carries_it(sent, visit, outbox, work_off):
    letter = outbox.to(BUYER)[-1]
    assert (letter.subject, letter.attachment, letter.state) == (f"Offert {sent.number}", None, "waiting")
    for page in (visit(BUYER).page(f"/offerter/{sent.number}"), visit(SAM).page(f"/personal/offerter/{sent.number}")):
        assert "PDF-filen skrivs ut" in text(page)
    work_off()
    letter = outbox.to(BUYER)[-1]
    assert (letter.state, letter.attachment.name) == ("sent", f"offert-{sent.number}.pdf")
    assert letter.attachment.media_type == "application/pdf"


def test_customer_and_staff_fetch_the_same_paper_and_nobody_else(sent, visit, work_off):
    nordbyn, sam, version = visit(BUYER), visit(SAM), "version-1.pdf"
    assert nordbyn.get(f"/offerter/{sent.number}/{version}").status_code == 409, "it is not printed yet"
    work_off()
    link = nordbyn.page(f"/offerter/{sent.number}").cssselect("a[href$='.pdf']")[0].get("href")
    mine, theirs = nordbyn.get(link), sam.get(f"/personal/offerter/{sent.number}/{version}")
    assert (mine.data, mine.mimetype) == (theirs.data, "application/pdf")
    assert "190,00" in words_on(mine.data)
    assert f"offert-{sent.number}.pdf" in mine.headers["Content-Disposition"]
    assert nordbyn.get(f"/offerter/{sent.number}/version-2.pdf").status_code == 404
    assert visit(None).get(link).status_code == 302
    assert visit("ljungbacken@medlem.example").get(f"/personal/offerter/{sent.number}/{version}").status_code == 403


def test_what_is_only_being_written_is_on_no_paper(sent, visit, work_off):
    visit(SAM).fill(f"/personal/offerter/{sent.number}", {}, form="form[action$='/ny-version']")
    work_off()
    assert visit(SAM).get(f"/personal/offerter/{sent.number}/version-2.pdf").status_code == 404


def test_each_version_keeps_its_own_paper(sent, visit, outbox, work_off):
    sam = visit(SAM)
    work_off()
    before = sam.get(f"/personal/offerter/{sent.number}/version-1.pdf").data
    sent.offered.lines[0].article.vat_class = "standard"
    sent.customer.name = "Ett annat namn AB"
    sam.fill(f"/personal/offerter/{sent.number}", {}, form="form[action$='/ny-version']")
    quote = send(sam, the_quote(), price="200")
    work_off()
    assert sam.get(f"/personal/offerter/{sent.number}/version-1.pdf").data == before
    assert outbox.to(BUYER)[-1].attachment.name == f"offert-{sent.number}-version-2.pdf"
    old, new = (values_of(version) for version in quote.sent)
    assert [(one.buyer.name, one.lines[0].rates, one.net) for one in (old, new)] == [
        ("Nordbyn Teknik AB", (6,), Money(114000)),
        ("Ett annat namn AB", (25,), Money(120000)),
    ]


def test_a_guest_gets_prices_with_vat_and_its_key_in_the_link(fruit, visit):
    quote = send(visit(SAM), ask(visit(None), fruit, **GUEST))
    paper = values_of(quote.offered)
    assert quote.customer.kind == CustomerKind.PRIVATE
    assert (paper.with_vat, paper.lines[0].unit_price, paper.gross) == (True, Money(20140), Money(120840))
    assert "nyckel=" in paper.link
    assert "nyckel=" not in paper.page


@pytest.mark.both
def test_printed_twice_it_is_one_letter(sent, outbox, work_off):
    work_off()
    version = the_quote().offered
    before = version.file_id
    print_quote(version.id)
    work_off()
    assert the_quote().offered.file_id == before
    assert len([one for one in outbox.to(BUYER) if one.kind == "quote_sent"]) == 1
