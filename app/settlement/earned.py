"""What a member has earned by one event, and how what it sells to the sales company is taxed. Pure.

The VAT is rounded event by event, so that what is shown of a month, of an order and of a transfer adds up to the öre.
What a member sells to customers itself is reckoned in `commission.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.money import NOUGHT, Money
from app.settlement.commission import OwnSale
from app.treatments import VatBuyer, VatSeller, member_treatment
from app.vat import VatKey, VatRule, divided_between


class Taxed(StrEnum):
    """How what a member has earned is taxed."""

    CHARGED = "charged"
    """The member charges VAT."""
    REVERSED = "reversed"
    """Building services: the sales company reckons the VAT (ML 16 kap. 13 §)."""
    NONE = "none"
    """The member is not registered for VAT, or what it sells has none."""
    OWN_SALE = "own_sale"
    """The member has sold it to the customer itself, and the VAT is that of the sale."""


CATEGORIES = {"S": Taxed.CHARGED, "AE": Taxed.REVERSED}
"""Of what is sold to the sales company."""


@dataclass(frozen=True, slots=True)
class Tax:
    """The VAT on an amount."""

    vat: Money
    taxed: Taxed
    note: str = ""
    """The words that the act asks for where there is none (ML 17 kap. 24 §)."""
    rates: tuple[int, ...] = ()
    """Per cent, where some is charged."""


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
    own: OwnSale | None = None
    """Where the member sold it itself: what the customer is charged, and our commission."""

    @property
    def commission_vat(self) -> Money:
        """What we charge the member in VAT on our commission. The commission itself is no part of `net`."""
        return self.own.commission_vat if self.own else NOUGHT

    @property
    def vat(self) -> Money:
        """What the member has in VAT, less what it is charged on our commission."""
        return self.tax.vat - self.commission_vat

    @property
    def gross(self) -> Money:
        """What the member is to have."""
        return self.net + self.vat


def tax_on(
    net: Money, key: VatKey, day: date, *, member: VatSeller, company: VatBuyer, rules: Iterable[VatRule]
) -> Tax:
    """The VAT on what a member has earned by a supply to the sales company on a day."""
    rule = member_treatment(key, day, member, company, rules)
    vat = Money.total(amount.percent(part.rate) for part, amount in divided_between(net, rule.parts))
    return Tax(vat, CATEGORIES.get(rule.category, Taxed.NONE), rule.note, _rates(rule))


def tax_of_sale(own: OwnSale, rule: VatRule) -> Tax:
    """The VAT on what a member has sold to a customer itself, which is charged by the invoice in its name."""
    return Tax(own.sale_vat, Taxed.OWN_SALE, rule.note, _rates(rule))


def _rates(rule: VatRule) -> tuple[int, ...]:
    return tuple(sorted({part.rate for part in rule.parts if part.rate}))


@dataclass(frozen=True, slots=True)
class Sums:
    """What some earnings come to."""

    delivered: Money
    """Without VAT, what was earned."""
    taken_off: Money
    """Without VAT, what complaints, credits and returns took from it; below nought."""
    vat: Money
    """What the member charges, us or the customers to whom it sells itself."""
    passed_on: Money
    """With VAT."""
    sold: Money = NOUGHT
    """Without VAT, what customers are charged by invoices in the member's own name."""
    sale_vat: Money = NOUGHT
    """On that; a part of `vat`."""
    commission: Money = NOUGHT
    """Ours on that, without VAT. It is what is not earned of it, and so no part of `net`."""
    commission_vat: Money = NOUGHT
    sells_itself: bool = False
    """Whether some of it was sold in the member's own name, even where that comes to nothing."""

    @property
    def net(self) -> Money:
        """Without VAT."""
        return self.delivered + self.taken_off

    @property
    def gross(self) -> Money:
        """With VAT, when that on our commission is taken off."""
        return self.net + self.vat - self.commission_vat

    @property
    def paid(self) -> Money:
        """What customers pay for what the member sells itself, with VAT."""
        return self.sold + self.sale_vat

    @property
    def deducted(self) -> Money:
        """Our commission on that, with its VAT."""
        return self.commission + self.commission_vat

    @property
    def left(self) -> Money:
        """With VAT, what has not been passed on."""
        return self.gross - self.passed_on


def added_up(earnings: Iterable[Earning]) -> Sums:
    """All of them together."""
    rows = list(earnings)
    own = [one.own for one in rows if one.own is not None]
    return Sums(
        delivered=Money.total(one.net for one in rows if one.net > NOUGHT),
        taken_off=Money.total(one.net for one in rows if one.net < NOUGHT),
        vat=Money.total(one.tax.vat for one in rows),
        passed_on=Money.total(one.passed_on for one in rows if one.passed_on is not None),
        sold=Money.total(one.charged for one in own),
        sale_vat=Money.total(one.sale_vat for one in own),
        commission=Money.total(one.commission for one in own),
        commission_vat=Money.total(one.commission_vat for one in own),
        sells_itself=bool(own),
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
