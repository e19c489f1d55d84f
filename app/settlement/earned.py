"""What a member has earned by one event, and how what it sells to the sales company is taxed. Pure.

The VAT is rounded event by event, so that what is shown of a month, of an order and of a transfer adds up to the öre.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.money import NOUGHT, Money
from app.treatments import VatBuyer, VatSeller, member_treatment
from app.vat import VatKey, VatPart, VatRule


class Taxed(StrEnum):
    """How what a member has earned is taxed."""

    CHARGED = "charged"
    """The member charges VAT."""
    REVERSED = "reversed"
    """Building services: the sales company reckons the VAT (ML 16 kap. 13 §)."""
    NONE = "none"
    """The member is not registered for VAT, or what it sells has none."""
    OWN_SALE = "own_sale"
    """The member has sold it to the customer itself, and accounts for that VAT itself."""


CATEGORIES = {"S": Taxed.CHARGED, "AE": Taxed.REVERSED}


@dataclass(frozen=True, slots=True)
class Tax:
    """The VAT on an amount."""

    vat: Money
    taxed: Taxed
    note: str = ""
    """The words that the act asks for where there is none (ML 17 kap. 24 §)."""
    rates: tuple[int, ...] = ()
    """Per cent, where some is charged."""


OWN_SALE = Tax(NOUGHT, Taxed.OWN_SALE)


@dataclass(frozen=True, slots=True)
class Earning:
    """What an event of an order earned a member, or took from it."""

    member_id: int
    order_id: int
    order_number: int
    name: str
    at: datetime
    net: Money
    tax: Tax
    passed_on: Money | None
    """What was counted of it in a transfer, with its VAT; none while it is in no transfer."""
    is_on_its_way: bool = False
    """Whether that transfer has not gone through yet."""
    entry_id: int | None = None
    charge_id: int | None = None
    line_id: int | None = None

    @property
    def gross(self) -> Money:
        """What the member is to have."""
        return self.net + self.tax.vat


def tax_on(
    net: Money, key: VatKey, day: date, *, member: VatSeller, company: VatBuyer, rules: Iterable[VatRule]
) -> Tax:
    """The VAT on what a member has earned by a supply to the sales company on a day."""
    rule = member_treatment(key, day, member, company, rules)
    vat = Money.total(amount.percent(part.rate) for part, amount in _parted(net, rule.parts))
    rates = tuple(sorted({part.rate for part in rule.parts if part.rate}))
    return Tax(vat, CATEGORIES.get(rule.category, Taxed.NONE), rule.note, rates)


def _parted(net: Money, parts: Sequence[VatPart]) -> list[tuple[VatPart, Money]]:
    return list(zip(parts, net.share([part.share for part in parts]), strict=True))


@dataclass(frozen=True, slots=True)
class Sums:
    """What some earnings come to."""

    delivered: Money
    """Without VAT, what was earned."""
    taken_off: Money
    """Without VAT, what complaints, credits and returns took from it; below nought."""
    vat: Money
    passed_on: Money
    """With VAT."""

    @property
    def net(self) -> Money:
        """Without VAT."""
        return self.delivered + self.taken_off

    @property
    def gross(self) -> Money:
        """With VAT."""
        return self.net + self.vat

    @property
    def left(self) -> Money:
        """With VAT, what has not been passed on."""
        return self.gross - self.passed_on


def added_up(earnings: Iterable[Earning]) -> Sums:
    """All of them together."""
    rows = list(earnings)
    return Sums(
        delivered=Money.total(one.net for one in rows if one.net > NOUGHT),
        taken_off=Money.total(one.net for one in rows if one.net < NOUGHT),
        vat=Money.total(one.tax.vat for one in rows),
        passed_on=Money.total(one.passed_on for one in rows if one.passed_on is not None),
    )


@dataclass(frozen=True, slots=True)
class ByTax:
    """What is taxed in one way."""

    taxed: Taxed
    note: str
    rates: tuple[int, ...]
    net: Money
    vat: Money


def by_tax(earnings: Iterable[Earning]) -> list[ByTax]:
    """The same, by how it is taxed, the largest first."""
    heaps: dict[tuple[Taxed, str, tuple[int, ...]], list[Earning]] = {}
    for one in earnings:
        heaps.setdefault((one.tax.taxed, one.tax.note, one.tax.rates), []).append(one)
    found = [
        ByTax(*key, Money.total(one.net for one in heap), Money.total(one.tax.vat for one in heap))
        for key, heap in heaps.items()
    ]
    return sorted(found, key=lambda one: -abs(one.net.ore))
