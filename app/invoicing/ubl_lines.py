"""The lines of an e-invoice, and what stands beside them: allowances and charges on the whole (BG-20, BG-21). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.invoicing.document import Invoice, LineRole
from app.invoicing.ubl_vat import Piece
from app.invoicing.ubl_xml import Element, amount, day, figure, group, leaf
from app.money import NOUGHT, Money
from app.units import UNITS

ONE = "C62"
"""Rec 20: one, of something that has no measure of its own."""
FOUR_DECIMALS = Decimal("0.0001")
DELIVERY, DISCOUNT = "DL", "95"
"""UNCL7161 and UNCL5189: what we put on the sum is bringing it, what we take off is a lower price."""


@dataclass(frozen=True, slots=True)
class Priced:
    """Quantity and price in which a sum is told: the price holds for so many and is never below nought (BR-27)."""

    quantity: Decimal
    unit: str
    price: Decimal
    """Kronor."""
    per: Decimal

    @property
    def net(self) -> Money:
        """What it comes to, as PEPPOL-EN16931-R120 reckons."""
        return Money.kronor(self.quantity * self.price / self.per)


def apart(found: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """What are lines, and what stands beside them. An invoice must have a line (BR-16): with fees only, those are."""
    lines = [piece for piece in found if piece.line.role == LineRole.SOLD]
    beside = [piece for piece in found if piece.line.role != LineRole.SOLD and piece.net]
    return (lines, beside) if lines else (list(found), [])


def beside_element(piece: Piece) -> Element | None:
    """Something put on the sum or taken off it: its sign says which, so that a credited fee is taken off."""
    is_charge = piece.net > NOUGHT
    return group(
        "AllowanceCharge",
        leaf("ChargeIndicator", "true" if is_charge else "false"),
        leaf("AllowanceChargeReasonCode", DELIVERY if is_charge else DISCOUNT),
        leaf("AllowanceChargeReason", _name(piece)),
        amount("Amount", piece.net if is_charge else -piece.net),
        piece.tax.element("TaxCategory"),
    )


def line_element(invoice: Invoice, number: int, piece: Piece, *, dated: bool) -> Element | None:
    """One line; `dated` is for when the lines were not all delivered on the same day."""
    line, priced = piece.line, priced_as(piece)
    kind = "CreditNoteLine" if invoice.is_credit_note else "InvoiceLine"
    count = "CreditedQuantity" if invoice.is_credit_note else "InvoicedQuantity"
    return group(
        kind,
        leaf("ID", str(number)),
        leaf(count, figure(priced.quantity), unitCode=priced.unit),
        amount("LineExtensionAmount", piece.net),
        leaf("AccountingCost", line.cost_centre),
        group("InvoicePeriod", day("StartDate", line.delivered_on), day("EndDate", line.delivered_on))
        if dated
        else None,
        group("OrderLineReference", leaf("LineID", line.reference)),
        _our_order(piece),
        group(
            "Item",
            leaf("Description", _description(invoice, piece)),
            leaf("Name", line.name),
            group("SellersItemIdentification", leaf("ID", line.number)),
            piece.tax.element("ClassifiedTaxCategory"),
        ),
        group(
            "Price",
            leaf("PriceAmount", figure(priced.price), currencyID="SEK"),
            leaf("BaseQuantity", figure(priced.per), unitCode=priced.unit) if priced.per != 1 else None,
        ),
    )


def priced_as(piece: Piece) -> Priced:
    """Quantity and price that come to the sum to the öre (PEPPOL-EN16931-R120).

    As the invoice has them, where they do. A part of a price is a price of its own, with four decimals; where those
    do not come to the sum, the sum itself is the price of so many. An amount without a quantity is one of it.
    """
    line = piece.line
    sign = -1 if line.unit_price < NOUGHT else 1
    own = Priced(line.quantity * sign, line.unit, line.unit_price.in_kronor() * sign, line.per)
    share = Decimal(piece.part.share) / sum(part.share for part in line.parts)
    part = (own.price * share).quantize(FOUR_DECIMALS, ROUND_HALF_UP)
    split = Priced(own.quantity, own.unit, part, own.per)
    return next((way for way in (own, split) if way.net == piece.net), None) or _as_sum(piece, own)


def _as_sum(piece: Piece, own: Priced) -> Priced:
    kronor = piece.net.in_kronor()
    if piece.line.fixed_net is not None or not own.quantity or (own.quantity < 0) != (kronor < 0):
        return Priced(Decimal(-1 if kronor < 0 else 1), ONE, abs(kronor), Decimal(1))
    return Priced(own.quantity, own.unit, abs(kronor), abs(own.quantity))


def _our_order(piece: Piece) -> Element | None:
    """The object that the line is about, as we number it (BT-128): our order, on an invoice that collects several."""
    number = piece.line.order_number
    if number is None:
        return None
    return group("DocumentReference", leaf("ID", str(number)), leaf("DocumentTypeCode", "130"))


def _name(piece: Piece) -> str:
    order = piece.line.order_number
    return f"{piece.line.name} (beställning {order})" if order else piece.line.name


def _description(invoice: Invoice, piece: Piece) -> str:
    """What the name leaves open: a unit that Rec 20 has no word for, the bundle, which part of the price this is."""
    line = piece.line
    bundle = invoice.bundles[line.bundle].name if line.bundle is not None else ""
    says_unit = line.unit_text and line.unit_text != UNITS[line.unit].symbol_sv
    told = (
        f"Ingår i {bundle}" if bundle else "",
        f"Enhet: {line.unit_text}" if says_unit else "",
        "" if piece.whole else f"Den del av priset som har {piece.tax.rate} % moms",
    )
    return ". ".join(words for words in told if words)
