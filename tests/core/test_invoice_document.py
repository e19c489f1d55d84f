"""The invoice as a document: what ML 17:24 asks for, the same bytes each time, an OCR that the bank accepts."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest

from app.invoicing.document import Bundle, Invoice, Line, Party, Period
from app.invoicing.paper import Paper
from app.invoicing.printing import to_pdf
from app.money import Money
from app.vat import VatPart
from bids import canonical

SELLER = Party("Samklang Sälj ek. för.", "769999-0003", "SE769999000301", "Påhittskajen 7", "411 00", "Göteborg")
BUYER = Party("Nordbyn Teknik AB", "559999-2020", "", "Nordbyvägen 1", "415 00", "Göteborg")


def line(name: str, quantity: str, price: str, rate: int) -> Line:
    return Line("T1", name, Decimal(quantity), "H87", "", Money.kronor(price), date(2026, 12, 1),
                (VatPart(100, rate, "S"),))  # fmt: skip


INVOICE = Invoice(
    number=10001,
    issued_on=date(2026, 12, 1),
    due_on=date(2026, 12, 21),
    payment_days=20,
    seller=SELLER,
    seller_email="salj@samklang.example",
    seller_phone="031-390 06 01",
    seller_f_tax=True,
    bankgiro="999-0003",
    buyer=BUYER,
    order_number=1001,
    ordered_on=date(2026, 11, 23),
    delivered_to="Kontoret, Nordbyvägen 1, 415 00 Göteborg",
    buyer_reference="",
    order_reference="PO-77",
    cost_centre="4410",
    lines=(line("Fruktkorg 5 kg", "4", "212", 6), line("Kontorsstäd", "6.5", "325", 25)),
)


def text_of(pdf: bytes) -> str:
    """All words on paper, without spaces: how wide a gap is drawn is no business of these tests."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def test_sums_are_counted_per_rate():
    assert [(one.rate, one.base, one.vat) for one in INVOICE.vat_sums] == [
        (25, Money.kronor("2112.50"), Money.kronor("528.13")),
        (6, Money.kronor(848), Money.kronor("50.88")),
    ]
    assert INVOICE.gross == Money.kronor("3539.51")


def test_the_payment_reference_is_the_banks_own_example():
    assert INVOICE.payment_reference == "1000173"


@pytest.mark.parametrize(
    "shown",
    ["Faktura 10001", "2026-12-01", "SE769999000301", "Nordbyn Teknik AB", "Samklang Sälj ek. för.", "Fruktkorg 5 kg",
     "4 st", "212,00", "6 %", "848,00", "50,88", "25 %", "528,13", "3 539,51", "Godkänd för F-skatt", "999-0003",
     "1000173", "PO-77", "4410", "2026-12-21"],
)  # fmt: skip
def test_everything_the_act_asks_for_is_on_paper(shown):
    assert shown.replace(" ", "") in text_of(to_pdf(INVOICE))


def test_a_number_is_never_parted_from_its_per_cent_sign():
    """A day of a conference has three rates, which find no room on one line."""
    parts = (VatPart(20, 6, "S"), VatPart(30, 12, "S"), VatPart(50, 25, "S"))
    paper = Paper(replace(INVOICE, lines=(replace(line("Konferensdag", "1", "425", 25), parts=parts),)))
    (row,) = (row for block in paper.blocks for row in block.rows)
    assert row.rate == "6\xa0% + 12\xa0% + 25\xa0%"
    assert sorted(rate for rate, _sum in paper.rates) == ["12\xa0%", "25\xa0%", "6\xa0%"]


def test_the_words_of_the_margin_scheme_stand_there():
    used = replace(line("Begagnat skrivbord", "1", "1400", 0), parts=(VatPart(100, 0, "E"),), note="Vinstmarginal")
    assert "Vinstmarginal" in text_of(to_pdf(replace(INVOICE, lines=(used,))))


def test_the_same_invoice_gives_the_same_bytes_in_another_process():
    script = (
        "import sys; from bids import canonical; from app.invoicing.document import Invoice;"
        "from app.invoicing.printing import to_pdf;"
        "sys.stdout.buffer.write(to_pdf(canonical.loads(sys.stdin.read(), Invoice)))"
    )
    frozen = canonical.dumps(INVOICE).encode()
    other = subprocess.run([sys.executable, "-c", script], input=frozen, capture_output=True, check=True)
    assert other.stdout == to_pdf(INVOICE)


def test_it_is_tagged_swedish_and_titled():
    with pikepdf.open(BytesIO(to_pdf(INVOICE))) as pdf:
        assert str(pdf.Root.Lang) == "sv"
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.docinfo.Title) == "Faktura 10001 från Samklang Sälj ek. för."


def test_a_foreign_name_cannot_fetch_or_run_anything():
    nasty = '<img src="file:///etc/passwd"><link rel=attachment href="file:///etc/passwd">'
    pdf = to_pdf(replace(INVOICE, buyer=replace(BUYER, name=nasty)))
    assert '<imgsrc="file:///etc/' in text_of(pdf), "it is text, and nothing but text"
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert not opened.attachments


BUNDLED = replace(
    INVOICE,
    lines=(
        replace(line("Kasse, sydd", "100", "60.04", 25), bundle=0),
        replace(line("Packning", "5", "14.74", 25), unit="HUR", per=Decimal("0.05"), bundle=0),
        line("Fruktkorg 5 kg", "4", "212", 6),
    ),
    bundles=(Bundle("TEX-8", "Kasse, packad och klar", Decimal(100), "H87", "", Money.kronor("74.78")),),
)


def test_a_bundle_stands_above_its_parts_and_they_are_its_price():
    assert [(bundle and bundle.name, len(lines)) for bundle, lines in BUNDLED.groups] == [
        ("Kasse, packad och klar", 2), (None, 1),
    ]  # fmt: skip
    bundle, parts = BUNDLED.groups[0]
    assert Money.total(part.net for part in parts) == bundle.unit_price.times(bundle.quantity) == Money.kronor(7478)
    assert BUNDLED.net == Money.kronor(7478 + 848)
    words = text_of(to_pdf(BUNDLED))
    assert "Kasse,packadochklar" in words
    assert "14,74" in words
    assert "per0,05tim" in words


def test_an_invoice_from_before_bundles_can_still_be_read():
    old = canonical.dumps(INVOICE).replace('"bundles":[],', "").replace('"bundle":null,', "").replace('"per":"1",', "")
    assert "bundle" not in old
    assert canonical.loads(old, Invoice) == INVOICE


def test_margin_goods_are_not_said_to_be_exempt():
    """ML 20 kap. taxes the margin; 17:24 wants it named, and an exemption is something else."""

    def untaxed(reason: str) -> Line:
        return replace(line("Skrivbord", "1", "1400", 0), parts=(VatPart(100, 0, "E", reason),))

    used, care = untaxed("VATEX-EU-F"), untaxed("VATEX-EU-132-1G")

    def says(*lines: Line) -> tuple[list[str], list[str]]:
        paper = Paper(replace(INVOICE, lines=lines))
        return [row.rate for row in paper.blocks[0].rows], [name for name, _sum in paper.rates]

    assert says(used) == (["Marginal"], ["Vinstmarginal, momsen visas inte"])
    assert says(care) == (["Undantag"], ["Undantaget från moms"])
    assert says(used, care) == (["Marginal", "Undantag"], ["Utan moms"])


def test_a_period_of_a_single_day_is_that_day():
    day, later = date(2026, 11, 23), date(2026, 11, 30)

    def said(period: Period | None) -> dict[str, str]:
        facts = Paper(replace(INVOICE, period=period)).facts
        return {one.label: one.value for one in facts if one.label.startswith("Leverans")}

    assert said(Period(day, day)) == {"Leveransdag": "2026-11-23"}
    assert said(Period(day, later)) == {"Leveransperiod": "2026-11-23 – 2026-11-30"}
    assert said(None) == {}
    assert "2026-11-23–2026-11-23" not in text_of(to_pdf(replace(INVOICE, period=Period(day, day))))
