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
from app.settlement.commission import OwnSale, Taxable
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
    COMPENSATION = "compensation"
    """What we make good for where a customer is charged less than the member has earned: outside the VAT."""


CATEGORIES = {"S": Taxed.CHARGED, "AE": Taxed.REVERSED}
"""Of what is sold to the sales company."""


@dataclass(frozen=True, slots=True)
class Tax:
    """The VAT on an amount."""

    parts: tuple[Taxable, ...]
    """The amount by rate. Of what the member sells itself that is what the customer is charged."""
    taxed: Taxed
    note: str = ""
    """The words that the act asks for where there is none (ML 17 kap. 24 §)."""

    @property
    def vat(self) -> Money:
        """Of all rates."""
        return Money.total(one.vat for one in self.parts)

    @property
    def rates(self) -> tuple[int, ...]:
        """Per cent, where some is charged."""
        return tuple(sorted({one.rate for one in self.parts if one.rate}))


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
    pieces = divided_between(net, rule.parts)
    parts = tuple(Taxable(part.rate, amount, amount.percent(part.rate)) for part, amount in pieces)
    return Tax(parts, CATEGORIES.get(rule.category, Taxed.NONE), rule.note)


def tax_of_sale(own: OwnSale, rule: VatRule) -> Tax:
    """The VAT on what a member has sold to a customer itself, which is charged by the invoice in its name."""
    return Tax(own.taxed, Taxed.OWN_SALE, rule.note)


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
    compensation: Money = NOUGHT
    """What we make good for beyond what customers are charged; a part of `net`, without VAT."""
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
        compensation=Money.total(one.compensation for one in own),
        sells_itself=bool(own),
    )


@dataclass(frozen=True, slots=True)
class ByTax:
    """What is taxed in one way, at one rate."""

    taxed: Taxed
    note: str
    rate: int
    net: Money
    """On what the VAT is reckoned: what we pay the member, or what customers are charged by the member itself."""
    vat: Money


def by_tax(earnings: Iterable[Earning]) -> list[ByTax]:
    """The same by how it is taxed, and of each way by rate, the largest first; as the member accounts for it."""
    heaps: dict[tuple[Taxed, str, int], list[Taxable]] = {}
    for one in earnings:
        for part in one.tax.parts:
            heaps.setdefault((one.tax.taxed, one.tax.note, part.rate), []).append(part)
        if one.own is not None and one.own.compensation:
            made_good = Taxable(0, one.own.compensation, NOUGHT)
            heaps.setdefault((Taxed.COMPENSATION, "", 0), []).append(made_good)
    found = [
        ByTax(*key, Money.total(one.base for one in heap), Money.total(one.vat for one in heap))
        for key, heap in heaps.items()
    ]
    return sorted(found, key=lambda one: (list(Taxed).index(one.taxed), -abs(one.net.ore)))
