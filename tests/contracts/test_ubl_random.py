"""Whatever we come to sell, and however it is taken back: the XML breaks no rule and has the document's own sums."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app.invoicing.document import DocumentKind, Invoice, Line, LineRole, Period, VatRest
from app.invoicing.einvoice.checking import check
from app.invoicing.einvoice.findings import fatal
from app.invoicing.einvoice.reading import NAMES
from app.invoicing.ubl import to_ubl
from app.money import NOUGHT, Money
from app.units import UNITS
from app.vat import VatPart
from tests.einvoices import (
    CONFERENCE,
    DAY,
    EXEMPT,
    NOUGHT_RATED,
    OUTSIDE,
    PLACE,
    REVERSE,
    S6,
    S12,
    S25,
    credit_note,
    invoice,
)

THIRDS = tuple(VatPart(share, rate, "S") for share, rate in ((33, 6), (33, 12), (34, 25)))
HALF_EXEMPT = (VatPart(1, 25, "S"), VatPart(1, 0, "E"))
PARTS = st.sampled_from([S25, S12, S6, CONFERENCE, THIRDS, HALF_EXEMPT, EXEMPT, REVERSE, NOUGHT_RATED, OUTSIDE])
QUANTITIES = st.decimals(-10_000, 10_000, places=4) | st.sampled_from([Decimal(1), Decimal(-1), Decimal(1_000_000)])
PRICES = st.integers(0, 5_000_000).map(Money) | st.integers(0, 30).map(Money)
WORDS = st.text(max_size=30).map(lambda text: f"A{text}")


@st.composite
def lines(draw) -> Line:
    """Sold, charged or taken off, at any price and for any quantity."""
    role = draw(st.sampled_from([LineRole.SOLD, LineRole.SOLD, LineRole.SOLD, LineRole.CHARGE, LineRole.ALLOWANCE]))
    parts = draw(PARTS)
    taxed = all(part.category in {"S", "Z"} for part in parts)
    quantity = {LineRole.SOLD: draw(QUANTITIES), LineRole.CHARGE: Decimal(1), LineRole.ALLOWANCE: Decimal(-1)}[role]
    return Line(
        number=draw(st.sampled_from(["", "T1"])),
        name=draw(WORDS),
        quantity=quantity,
        unit=draw(st.sampled_from(sorted(UNITS))),
        unit_text=draw(st.sampled_from(["", "trappa"])),
        unit_price=draw(PRICES),
        delivered_on=DAY + timedelta(days=draw(st.integers(-40, 0))),
        parts=parts,
        note="" if taxed else draw(st.sampled_from(["", "Utan moms", "Vinstmarginalbeskattning för begagnade varor"])),
        per=draw(st.sampled_from([Decimal(1), Decimal(100), Decimal("0.05"), Decimal("2.5")])),
        cost_centre=draw(st.sampled_from(["", "4410"])),
        reference=draw(st.sampled_from(["", "Rad 7"])),
        role=role,
        order_number=draw(st.sampled_from([None, 1001, 1002])),
        fixed_net=draw(st.none() | st.integers(-(10**9), 10**9).map(Money)) if role == LineRole.SOLD else None,
    )


@st.composite
def documents(draw) -> Invoice:
    """With references and without, of one day or of a period, paid in part or not."""
    make = draw(st.sampled_from([invoice, credit_note]))
    made = make(*draw(st.lists(lines(), min_size=1, max_size=8)))
    rests = tuple(
        VatRest(one.rate, one.category, Money(draw(st.sampled_from([-1, 1]))))
        for one in made.vat_sums
        if made.is_credit_note and one.category == "S" and draw(st.booleans())
    )
    return replace(
        made,
        vat_rests=rests,
        buyer_reference=draw(st.sampled_from(["", "90123"])),
        order_reference=draw(st.sampled_from(["", "PO-7"])),
        contract_reference=draw(st.sampled_from(["", "RA 1"])),
        order_number=draw(st.sampled_from([None, 1001])),
        place=draw(st.sampled_from([None, PLACE])),
        period=draw(st.sampled_from([None, Period(date(2026, 11, 1), date(2026, 11, 30))])),
        bankgiro=draw(st.sampled_from(["", "999-0003"])),
        paid=Money(draw(st.integers(0, 100_000))) if made.kind == DocumentKind.INVOICE else NOUGHT,
        seller_f_tax=draw(st.booleans()),
        in_the_name_of=draw(st.sampled_from(["", "Samklang AB"])),
    )


def kronor(root: etree._Element, path: str) -> Money:
    """The sum of the amounts there."""
    return Money.total(Money.kronor(one.text or "") for one in root.findall(path, NAMES))


@settings(max_examples=150)
@given(documents())
def test_any_document_may_leave_and_has_its_own_sums(document):
    xml = to_ubl(document)
    assert fatal(check(xml)) == []
    root, total = etree.fromstring(xml), "cac:LegalMonetaryTotal/cbc:"
    kind = "CreditNote" if document.is_credit_note else "Invoice"
    assert kronor(root, f"{total}TaxExclusiveAmount") == document.net
    assert kronor(root, f"{total}TaxInclusiveAmount") == document.gross
    assert kronor(root, f"{total}PayableAmount") == document.payable
    assert kronor(root, "cac:TaxTotal/cbc:TaxAmount") == document.vat
    beside = kronor(root, f"{total}ChargeTotalAmount") - kronor(root, f"{total}AllowanceTotalAmount")
    assert kronor(root, f"cac:{kind}Line/cbc:LineExtensionAmount") + beside == document.net
    assert by_rate(root) == by_rate_of(document)


def by_rate(root: etree._Element) -> dict[int, tuple[Money, Money]]:
    """What each rate is reckoned on, and comes to."""
    found: dict[int, tuple[Money, Money]] = defaultdict(lambda: (NOUGHT, NOUGHT))
    for one in root.findall("cac:TaxTotal/cac:TaxSubtotal", NAMES):
        rate = int(one.findtext("cac:TaxCategory/cbc:Percent", "0", NAMES))
        base, vat = found[rate]
        found[rate] = base + kronor(one, "cbc:TaxableAmount"), vat + kronor(one, "cbc:TaxAmount")
    return _said(found)


def by_rate_of(document: Invoice) -> dict[int, tuple[Money, Money]]:
    """The same of the document."""
    found: dict[int, tuple[Money, Money]] = defaultdict(lambda: (NOUGHT, NOUGHT))
    for one in document.vat_sums:
        base, vat = found[one.rate]
        found[one.rate] = base + one.base, vat + one.vat
    return _said(found)


def _said(found: dict[int, tuple[Money, Money]]) -> dict[int, tuple[Money, Money]]:
    """What comes to nothing is the same as what is not there."""
    return {rate: sums for rate, sums in found.items() if any(sums)}
