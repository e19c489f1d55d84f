"""What an order's page tells of the deduction that was asked for: for what, for whom, and how much it may come to."""

from __future__ import annotations

from dataclasses import dataclass

from app.catalog.facets import vat_parts
from app.household import actions
from app.household.queries import ask_of
from app.household.rules import WHOLE, Worked
from app.money import NOUGHT, Money
from app.orders.models import Order
from app.reliefs import Relief
from app.vat import key_of


@dataclass(frozen=True, slots=True)
class ReliefShown:
    """The parts of a sentence."""

    relief: Relief
    lines: tuple[str, ...]
    persons: tuple[str, ...]
    amount: Money
    """What it comes to as the order stands; the invoice counts what was done."""


def relief_of_order(order: Order) -> ReliefShown | None:
    """None for organisations, which have no such right, and where nobody has asked."""
    ask = None if order.customer.has_references else ask_of(order)
    if ask is None:
        return None
    rates = vat_parts(order.delivery_day)
    lines = [
        (line.id, line.remaining, Worked(line.net, rates[key_of(line.vat_class, line.article_id)], WHOLE))
        for line in order.lines
    ]
    taken = actions.take(ask, lines, day=order.delivery_day)
    names = tuple(one.order_line.name for one in ask.lines)
    return ReliefShown(ask.relief, names, tuple(one.shown for one in ask.persons), taken.amount if taken else NOUGHT)
