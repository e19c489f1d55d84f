"""What an order costs as its customer sees it: private people with VAT, organisations without. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.money import NOUGHT, Money
from app.orders.models import Order, OrderLine
from app.treatments import expected, is_reversed
from app.vat import VatClass, VatRule, including, key_of, rule_on, sums


@dataclass(frozen=True, slots=True)
class ShownPrices:
    """Unit price and sum by order line id, and the whole."""

    with_vat: bool
    units: Mapping[int, Money]
    sums: Mapping[int, Money]
    total: Money
    bundles: Mapping[int, tuple[Money, Money]] = field(default_factory=dict)
    """The price of one bundle and the sum of what remains of it, by bundle id."""
    extras: Money = NOUGHT
    """Of the whole, what is charged beside the lines: delivery, and what else an event has charged."""
    reversed: Money = NOUGHT
    """On so much, without VAT, the customer reckons the VAT itself."""


def shown_prices(
    order: Order, rules: Sequence[VatRule], *, with_vat: bool, extras: Sequence[tuple[Money, VatClass]] = ()
) -> ShownPrices:
    """Prices for what is still to be delivered or has been, with the VAT of the day of delivery when it is wanted.

    `extras` is what is charged beside the lines, each amount without VAT and with its class.
    """
    beside = Money.total(amount for amount, _class in extras)
    buyer, day = order.customer.vat_buyer, order.delivery_day
    known = order.lines if with_vat or buyer.sells_building else ()
    parts = {line.id: expected(key_of(line.vat_class, line.article_id), day, buyer, rules) for line in known}
    theirs = Money.total(line.net for line in known if is_reversed(parts[line.id]))
    if not with_vat:
        net = {line.id: line.net for line in order.lines}
        units = {line.id: line.unit_price for line in order.lines}
        return ShownPrices(with_vat, units, net, order.net + beside, _bundles(order, units, net), beside, theirs)
    taxed = [(amount, rule_on(rules, kind, order.delivery_day).parts) for amount, kind in extras]
    vat = Money.total(one.vat for one in sums([*((line.net, parts[line.id]) for line in order.lines), *taxed]))

    def gross(line: OrderLine, amount: Money) -> Money:
        return including(amount, parts[line.id])

    units = {line.id: gross(line, line.unit_price) for line in order.lines}
    whole = {line.id: gross(line, line.net) for line in order.lines}
    whole_extras = Money.total(including(amount, rates) for amount, rates in taxed)
    bundles = _bundles(order, units, whole)
    return ShownPrices(with_vat, units, whole, order.net + beside + vat, bundles, whole_extras, theirs)


def _bundles(order: Order, units: Mapping[int, Money], whole: Mapping[int, Money]) -> dict[int, tuple[Money, Money]]:
    """A line's price is that of its share of one bundle: together they are the bundle's."""
    lines = {one.id: [line.id for line in order.lines if line.bundle_id == one.id] for one in order.bundles}
    return {
        bundle: (Money.total(units[line] for line in ids), Money.total(whole[line] for line in ids))
        for bundle, ids in lines.items()
    }
