"""An invoice or a credit note as frozen values, with all that ML 17:24 asks for. Pure.

All amounts are öre without VAT unless a name says otherwise. On a credit note lines stand with the signs that they had
on the invoice: what it gives back is above nought.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app import ocr
from app.money import NOUGHT, Money
from app.units import UNITS
from app.vat import VatPart, VatSum, sums_of


class DocumentKind(StrEnum):
    """An invoice, or what takes an invoice or a part of it back (ML 17 kap. 22 §)."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class LineRole(StrEnum):
    """What a line is to the document: sold, or put on the sum, or taken off it (EN 16931 BG-20, 21)."""

    SOLD = "sold"
    CHARGE = "charge"
    ALLOWANCE = "allowance"


@dataclass(frozen=True, slots=True)
class Party:
    """Seller or buyer, as they stand on the invoice."""

    name: str
    org_number: str
    vat_number: str
    street: str
    postcode: str
    city: str
    electronic_address: str = ""
    """Peppol endpoint with its scheme, such as 0007:2120999012; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it was delivered (EN 16931 BG-13)."""

    name: str
    street: str
    postcode: str
    city: str


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day of supply, both included (EN 16931 BG-14)."""

    first_day: date
    last_day: date


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
    role: LineRole = LineRole.SOLD
    order_number: int | None = None
    """Ours, on an invoice that collects several orders."""
    fixed_net: Money | None = None
    """The line's sum where it is not price times quantity, as when an amount of a line is credited."""
    part_nets: tuple[Money, ...] = ()
    """What of the sum each part has, where earlier credit notes of the line have had their share already."""

    @property
    def net(self) -> Money:
        """Without VAT, as it adds to the sum: an allowance is below nought."""
        if self.fixed_net is not None:
            return self.fixed_net
        return self.unit_price.times(self.quantity / self.per)

    @property
    def nets(self) -> tuple[Money, ...]:
        """What of the sum each part has; together they are the sum."""
        return self.part_nets or tuple(self.net.share([part.share for part in self.parts]))

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
class Credited:
    """The invoice that a credit note refers to (ML 17 kap. 22 §, EN 16931 BG-3)."""

    name: str
    """Series and number."""
    issued_on: date


@dataclass(frozen=True, slots=True)
class Deduction:
    """What the buyer need not pay because we ask the tax agency for it (IL 67 kap.: RUT or ROT)."""

    kind: str
    """``rut`` or ``rot``."""
    labour: Money
    """What the labour costs with VAT: only that gives a deduction."""
    amount: Money
    """What is taken off."""
    persons: tuple[str, ...] = ()
    """The last letters of each person's number, as the buyer recognises it; the number itself is not kept here."""


@dataclass(frozen=True, slots=True)
class VatRest:
    """What is put on the VAT of a rate, mostly an öre: what earlier credit notes of the invoice have rounded away."""

    rate: int
    category: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the invoice (EN 16931 BG-24)."""

    name: str
    media_type: str
    file_id: int
    about: str = ""


@dataclass(frozen=True, slots=True)
class Invoice:
    """A whole invoice or credit note."""

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
    order_number: int | None
    """Ours, of the only order on it; none when it collects several."""
    ordered_on: date | None
    delivered_to: str
    buyer_reference: str
    order_reference: str
    cost_centre: str
    lines: tuple[Line, ...]
    bundles: tuple[Bundle, ...] = ()
    kind: DocumentKind = DocumentKind.INVOICE
    series: str = ""
    ocr: str = ""
    """The reference by which a payment is known again; empty on what was issued before it was kept."""
    contract_reference: str = ""
    place: Place | None = None
    period: Period | None = None
    credits: Credited | None = None
    why: str = ""
    """Why a credit note is made."""
    paid: Money = NOUGHT
    """With VAT: what is paid before, as by card at the order (EN 16931 BT-113)."""
    deduction: Deduction | None = None
    in_the_name_of: str = ""
    """Who sends it for the seller, where that is another (ML 17 kap. 10 §)."""
    attachments: tuple[Attachment, ...] = ()
    vat_rests: tuple[VatRest, ...] = ()
    payee: Party | None = None
    """Who takes in the money for the seller, where that is another (EN 16931 BG-10)."""
    is_set_off: bool = False
    """Whether all of it is set off against what the buyer is to have of the seller, so that nobody pays."""

    @property
    def name(self) -> str:
        """Series and number, as they are written."""
        return f"{self.series}{self.number}"

    @property
    def paid_to(self) -> str:
        """Who is paid. What was issued in a member's name before its payee was kept went to who issued it."""
        return self.payee.name if self.payee else self.in_the_name_of or self.seller.name

    @property
    def is_credit_note(self) -> bool:
        """Whether it gives back."""
        return self.kind == DocumentKind.CREDIT_NOTE

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
        """VAT per rate on the sum of the lines, rounded once (EN 16931 BR-CO-17), with the rests of credit notes."""
        found = sums_of(piece for line in self.lines for piece in zip(line.nets, line.parts, strict=True))
        rests = {(one.rate, one.category): one.amount for one in self.vat_rests}
        return [replace(one, vat=one.vat + rests.get((one.rate, one.category), NOUGHT)) for one in found]

    @property
    def vat(self) -> Money:
        """All VAT."""
        return Money.total(one.vat for one in self.vat_sums)

    @property
    def gross(self) -> Money:
        """With VAT."""
        return self.net + self.vat

    @property
    def reversed(self) -> Money:
        """On so much, without VAT, the buyer reckons the VAT itself (ML 16:13)."""
        return Money.total(one.base for one in self.vat_sums if one.category == "AE")

    @property
    def payable(self) -> Money:
        """What is still to pay, or on a credit note to give back."""
        if self.is_set_off:
            return NOUGHT
        return self.gross - self.paid - (self.deduction.amount if self.deduction else NOUGHT)

    @property
    def notes(self) -> list[str]:
        """The words that the act asks for when no VAT is shown, each once."""
        return list(dict.fromkeys(line.note for line in self.lines if line.note))

    @property
    def payment_reference(self) -> str:
        """By what a payment is known again."""
        return self.ocr or ocr.STANDARD.reference(self.series, self.number)
