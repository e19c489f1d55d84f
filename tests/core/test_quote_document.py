"""A quote on paper: all that its reader must know, the same bytes each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest

from app.money import Money
from app.orders.quotes.document import PaperLine, QuotePaper
from app.orders.quotes.printing import to_pdf
from app.papers import Party
from app.vat import VatSum
from bids import canonical
from tests.core.test_invoice_document import text_of

SELLER = Party(
    *("Samklang Sälj ek. för.", "769999-0003", "Påhittskajen 7", "411 00", "Göteborg"),
    *("salj@samklang.example", "031-390 06 01"),
)
BUYER = Party(
    *("Nordbyn Teknik AB", "559999-2020", "Nordbyvägen 1", "415 00", "Göteborg"),
    *("kontor@nordbyn.example", ""),
)
FRUIT = PaperLine("T1", "Fruktkorg 5 kg", Decimal(4), "st", Money.kronor(190), Money.kronor(760), (6,))
SET = PaperLine("T2", "Fruktfat", Decimal("2.5"), "tim", Money.kronor(100), Money.kronor(250), (25, 6))
PAPER = QuotePaper(
    number=1001,
    version=2,
    sent_on=date(2026, 11, 23),
    valid_to=date(2026, 12, 23),
    seller=SELLER,
    buyer=BUYER,
    text="Fri leverans.\n\nFrukten är ekologisk.",
    delivery_day=date(2026, 12, 4),
    delivered_to="Kontoret, Nordbyvägen 1, 415 00 Göteborg",
    payment_days=30,
    with_vat=False,
    lines=(FRUIT, SET),
    vat_sums=(
        VatSum(25, "S", Money.kronor(200), Money.kronor(50)),
        VatSum(6, "S", Money.kronor(810), Money.kronor("48.60")),
    ),
    page="https://salj.example/offerter/1001",
    link="https://salj.example/offerter/1001?nyckel=abc",
)


@pytest.mark.parametrize(
    "shown",
    ["Offert 1001, version 2", "Samklang Sälj ek. för.", "Nordbyn Teknik AB", "559999-2020", "2026-11-23", "2026-12-23",
     "2026-12-04", "Kontoret, Nordbyvägen 1", "Frukten är ekologisk.", "Fruktkorg 5 kg", "4 st", "190,00", "760,00",
     "6 %", "2,5 tim", "25 % + 6 %", "30 dagar netto", "1 010,00", "98,60", "1 108,60 kr", "Pris exkl. moms",
     "Så antar du offerten", "https://salj.example/offerter/1001", "031-390 06 01", "salj@samklang.example"],
)  # fmt: skip
def test_everything_that_its_reader_must_know_is_on_paper(shown):
    assert shown.replace(" ", "") in text_of(to_pdf(PAPER))


def test_a_private_person_reads_prices_with_vat():
    assert "Prisinkl.moms" in text_of(to_pdf(replace(PAPER, with_vat=True)))


def test_the_key_is_a_link_and_not_read_out():
    assert "nyckel" not in text_of(to_pdf(PAPER))
    with pikepdf.open(BytesIO(to_pdf(PAPER))) as pdf:
        assert [str(one.A.URI) for one in pdf.pages[0].Annots] == [PAPER.link]


def test_what_was_frozen_gives_the_same_bytes():
    thawed = canonical.loads(canonical.dumps(PAPER), QuotePaper)
    assert thawed == PAPER
    assert to_pdf(thawed) == to_pdf(PAPER)


def test_nobody_who_writes_a_text_can_write_the_page():
    assert "<script>" in text_of(to_pdf(replace(PAPER, text="<script>alert(1)</script>")))


def test_who_builds_reads_that_it_reckons_the_vat_itself():
    """As on the invoice that follows (ML 17 kap. 24 §): the words, and the buyer's number."""
    built = replace(SET, name="Byggstädning", rates=(), is_reversed=True)
    sums = (VatSum(6, "S", Money.kronor(760), Money.kronor("45.60")), VatSum(0, "AE", Money.kronor(250), Money(0)))
    paper = text_of(to_pdf(replace(PAPER, lines=(FRUIT, built), vat_sums=sums, buyer_vat_number="SE559999202001")))
    assert (paper.count("Omvändbetalningsskyldighet:"), paper.count("Omvänd")) == (1, 3)
    assert "100,00Omvänd250,00" in paper
    assert "250,00\xa0krexkl.moms(mervärdesskattelagen16kap.13§)".replace("\xa0", "") in paper
    assert "momsregistreringsnummer:SE559999202001" in paper
    assert "25%" not in paper
    assert "Omvänd" not in text_of(to_pdf(PAPER))
