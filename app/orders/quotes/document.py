"""A version of a quote as frozen values, with what its reader must know to accept it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.money import NO_BREAK_SPACE, Money
from app.papers import Party
from app.vat import VatSum


@dataclass(frozen=True, slots=True)
class PaperLine:
    """So much of an article, with price and sum as the reader sees prices."""

    number: str
    name: str
    quantity: Decimal
    unit_name: str
    unit_price: Money
    sum: Money
    rates: tuple[int, ...]
    """Whole per cent; a bundle may have several, and what has no VAT has none."""
    is_reversed: bool = False
    """Whether the buyer reckons the VAT on it, or on a part of it (ML 16:13)."""

    @property
    def rates_said(self) -> str:
        """Its rate, or rates where the price is split, or that the buyer reckons the VAT."""
        said = [f"{rate}{NO_BREAK_SPACE}%" for rate in self.rates]
        return " + ".join([*said, *(["Omvänd"] if self.is_reversed else [])]) or "–"


@dataclass(frozen=True, slots=True)
class QuotePaper:
    """A whole quote."""

    number: int
    version: int
    sent_on: date
    valid_to: date
    seller: Party
    buyer: Party
    text: str
    delivery_day: date
    delivered_to: str
    payment_days: int
    with_vat: bool
    """Whether prices and sums of the lines are with VAT, as private people see them."""
    lines: tuple[PaperLine, ...]
    vat_sums: tuple[VatSum, ...]
    """By the rates of the day of delivery."""
    page: str
    """Where the quote lies, as it is written on paper."""
    link: str
    """The same for who reads it on a screen; it carries a key where the customer has nobody who can sign in."""
    buyer_vat_number: str = ""

    @property
    def title(self) -> str:
        """What it is called."""
        return f"Offert {self.number}, version {self.version}"

    @property
    def reversed(self) -> Money:
        """What the buyer reckons the VAT on itself, without VAT."""
        return Money.total(one.base for one in self.vat_sums if one.category == "AE")

    @property
    def net(self) -> Money:
        """Without VAT."""
        return Money.total(one.base for one in self.vat_sums)

    @property
    def vat(self) -> Money:
        """All VAT."""
        return Money.total(one.vat for one in self.vat_sums)

    @property
    def gross(self) -> Money:
        """With VAT."""
        return self.net + self.vat
