"""An invoice as frozen values, with all that ML 17:24 asks for. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from stdnum import luhn

from app.money import Money
from app.units import UNITS
from app.vat import VatPart, VatSum, sums


@dataclass(frozen=True, slots=True)
class Party:
    """Seller or buyer, as they stand on the invoice."""

    name: str
    org_number: str
    vat_number: str
    street: str
    postcode: str
    city: str


@dataclass(frozen=True, slots=True)
class Line:
    """What was delivered, when, and at which price without VAT."""

    number: str
    name: str
    quantity: Decimal
    unit: str
    """UN/ECE Rec 20 code."""
    unit_text: str
    unit_price: Money
    delivered_on: date
    parts: tuple[VatPart, ...]
    note: str = ""
    per: Decimal = Decimal(1)
    """For so many units the price holds (EN 16931 BT-149)."""
    bundle: int | None = None
    """Which of the invoice's bundles it belongs to, by its place among them."""
    cost_centre: str = ""
    """The line's own, where it is another than the invoice's; so with the reference (EN 16931 BT-133 and BT-132)."""
    reference: str = ""

    @property
    def net(self) -> Money:
        """Without VAT."""
        return self.unit_price.times(self.quantity / self.per)

    @property
    def unit_name(self) -> str:
        """What one is called."""
        return self.unit_text or UNITS[self.unit].symbol_sv

    @property
    def rates(self) -> str:
        """Its rate, or rates where the price is split."""
        return " + ".join(f"{part.rate} %" for part in self.parts) if self.parts[0].category == "S" else "–"


@dataclass(frozen=True, slots=True)
class Bundle:
    """Several articles sold as one. The lines that belong to it carry the sums."""

    number: str
    name: str
    quantity: Decimal
    unit: str
    unit_text: str
    unit_price: Money

    @property
    def unit_name(self) -> str:
        """What one is called."""
        return self.unit_text or UNITS[self.unit].symbol_sv


@dataclass(frozen=True, slots=True)
class Invoice:
    """A whole invoice."""

    number: int
    issued_on: date
    due_on: date
    payment_days: int
    seller: Party
    seller_email: str
    seller_phone: str
    seller_f_tax: bool
    bankgiro: str
    buyer: Party
    order_number: int
    ordered_on: date
    delivered_to: str
    buyer_reference: str
    order_reference: str
    cost_centre: str
    lines: tuple[Line, ...]
    bundles: tuple[Bundle, ...] = ()

    @property
    def groups(self) -> list[tuple[Bundle | None, list[Line]]]:
        """The lines as they were bought: under their bundle, or by themselves."""
        found: list[tuple[Bundle | None, list[Line]]] = []
        for line in self.lines:
            bundle = None if line.bundle is None else self.bundles[line.bundle]
            if bundle is not None and found and found[-1][0] is bundle:
                found[-1][1].append(line)
            else:
                found.append((bundle, [line]))
        return found

    @property
    def net(self) -> Money:
        """Without VAT."""
        return Money.total(line.net for line in self.lines)

    @property
    def vat_sums(self) -> list[VatSum]:
        """VAT per rate on the sum of the lines, rounded once (EN 16931 BR-CO-17)."""
        return sums((line.net, line.parts) for line in self.lines)

    @property
    def vat(self) -> Money:
        """All VAT."""
        return Money.total(one.vat for one in self.vat_sums)

    @property
    def gross(self) -> Money:
        """To pay."""
        return self.net + self.vat

    @property
    def notes(self) -> list[str]:
        """The words that the act asks for when no VAT is shown, each once."""
        return list(dict.fromkeys(line.note for line in self.lines if line.note))

    @property
    def payment_reference(self) -> str:
        """The invoice number as an OCR reference: a length digit and a check digit (modulus 10) follow it."""
        length = (len(str(self.number)) + 2) % 10
        base = f"{self.number}{length}"
        return base + luhn.calc_check_digit(base)
