"""Documents for the tests of e-invoices, and ways to spoil their XML. Nobody in them exists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree

from app.invoicing.document import Credited, DocumentKind, Invoice, Line, LineRole, Party, Period, Place
from app.invoicing.einvoice.reading import NAMES
from app.invoicing.ubl import to_ubl
from app.money import Money
from app.vat import VatPart

SELLER = Party(
    "Samklang Sälj ek. för.", "769999-0003", "SE769999000301", "Påhittskajen 7", "411 00", "Göteborg", "0007:7699990003"
)
BUYER = Party("Västerhamns kommun", "212099-9012", "SE212099901201", "Box 1", "415 00", "Göteborg", "0007:2120999012")
DAY = date(2026, 12, 1)
S25, S12, S6 = ((VatPart(100, rate, "S"),) for rate in (25, 12, 6))
CONFERENCE = (VatPart(60, 12, "S"), VatPart(40, 25, "S"))
EXEMPT, REVERSE, OUTSIDE, NOUGHT_RATED = ((VatPart(100, 0, category),) for category in ("E", "AE", "O", "Z"))


def line(name: str, quantity: str, price: str, parts: tuple[VatPart, ...] = S25, **other: Any) -> Line:
    """Pieces, delivered on the first of December."""
    values = {"number": "T1", "unit": "H87", "unit_text": "", "delivered_on": DAY, **other}
    return Line(name=name, quantity=Decimal(quantity), unit_price=Money.kronor(price), parts=parts, **values)


def charge(name: str, price: str, parts: tuple[VatPart, ...] = S25) -> Line:
    """Something put on the sum."""
    return line(name, "1", price, parts, number="", unit="C62", role=LineRole.CHARGE)


def allowance(name: str, price: str, parts: tuple[VatPart, ...] = S25) -> Line:
    """Something taken off it."""
    return line(name, "-1", price, parts, number="", unit="C62", role=LineRole.ALLOWANCE)


INVOICE = Invoice(
    number=10001,
    issued_on=DAY,
    due_on=date(2026, 12, 31),
    payment_days=30,
    seller=SELLER,
    seller_email="salj@samklang.example",
    seller_phone="031-390 06 01",
    seller_f_tax=True,
    bankgiro="999-0003",
    buyer=BUYER,
    order_number=1001,
    ordered_on=date(2026, 11, 23),
    delivered_to="Stadshuset, Torget 1, 415 01 Göteborg",
    buyer_reference="90123 Kim",
    order_reference="PO-77",
    cost_centre="4410",
    lines=(line("Kontorsstäd", "6.5", "325", unit="HUR"),),
    ocr="1000173",
)
PLACE = Place("Stadshuset", "Torget 1", "415 01", "Göteborg")
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def invoice(*lines: Line, **other: Any) -> Invoice:
    """The invoice with these lines."""
    return replace(INVOICE, lines=lines or INVOICE.lines, **other)


def credit_note(*lines: Line, **other: Any) -> Invoice:
    """A credit note on the invoice."""
    named = {
        "number": 10002,
        "kind": DocumentKind.CREDIT_NOTE,
        "credits": Credited("10001", DAY),
        "why": "Skadat gods.",
    }
    return invoice(*lines, **{**named, **other})


def root_of(document: Invoice, **files: Any) -> etree._Element:
    """Its XML, read again."""
    return etree.fromstring(to_ubl(document, **files))


def told(document: Invoice, path: str, **files: Any) -> list[str]:
    """The texts at an XPath of its XML."""
    found = root_of(document, **files).xpath(path, namespaces=NAMES)
    return [one if isinstance(one, str) else (one.text or "") for one in found]


Spoil = Callable[[etree._Element], None]


def says(path: str, text: str) -> Spoil:
    """All elements there say something else."""

    def spoil(root: etree._Element) -> None:
        for one in _some(root, path):
            one.text = text

    return spoil


def lacks(path: str) -> Spoil:
    """They are not there."""

    def spoil(root: etree._Element) -> None:
        for one in _some(root, path):
            one.getparent().remove(one)

    return spoil


def has(path: str, xml: str, *, before: bool = False) -> Spoil:
    """Something more stands after each element there, or before it."""

    def spoil(root: etree._Element) -> None:
        for one in _some(root, path):
            more = etree.fromstring(f'<x xmlns:cac="{NAMES["cac"]}" xmlns:cbc="{NAMES["cbc"]}">{xml}</x>')
            place = one.getparent().index(one) + (0 if before else 1)
            for new in reversed(list(more)):
                one.getparent().insert(place, new)

    return spoil


def marked(path: str, name: str, value: str) -> Spoil:
    """An attribute has another value."""

    def spoil(root: etree._Element) -> None:
        for one in _some(root, path):
            one.set(name, value)

    return spoil


def spoilt(document: Invoice, *ways: Spoil) -> bytes:
    """Its XML, spoilt in these ways."""
    root = root_of(document)
    for way in ways:
        way(root)
    return etree.tostring(root)


def _some(root: etree._Element, path: str) -> list[Any]:
    found = root.xpath(path, namespaces=NAMES)
    assert found, f"nothing stands at {path}"
    return found
