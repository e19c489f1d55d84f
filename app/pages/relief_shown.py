"""What an order's page tells of the deduction that was asked for: for what, for whom, and how much it may come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.catalog.facets import vat_parts
from app.household import actions
from app.household.models import ReliefDeduction
from app.household.queries import ask_of, deductions_of
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
    """What it comes to as the order stands; nought when an invoice has counted what was done."""
    taken: tuple[tuple[str, Money], ...] = ()
    """What has been taken off, by the invoice's number."""
    approved: Money | None = None
    """Of it, when the tax agency has decided all that was asked for."""
    left: Money = NOUGHT
    """What it did not pay, which the customer has got an invoice for; what has been credited of that is no part."""


def relief_of_order(order: Order) -> ReliefShown | None:
    """None for organisations, which have no such right, and where nobody has asked."""
    ask = None if order.customer.has_references else ask_of(order)
    if ask is None:
        return None
    names = tuple(one.order_line.name for one in ask.lines)
    persons = tuple(one.shown for one in ask.persons)
    deductions = deductions_of(ask)
    if deductions:
        return _taken(ReliefShown(ask.relief, names, persons, NOUGHT), deductions)
    rates = vat_parts(order.delivery_day)
    lines = [
        (line.id, line.remaining, Worked(line.net, rates[key_of(line.vat_class, line.article_id)], WHOLE))
        for line in order.lines
    ]
    taken = actions.take(ask, lines, day=order.delivery_day)
    return ReliefShown(ask.relief, names, persons, taken.amount if taken else NOUGHT)


def _taken(shown: ReliefShown, deductions: Sequence[ReliefDeduction]) -> ReliefShown:
    """With what stands on invoices, and what came of it."""
    parts = [part for one in deductions for part in one.parts]
    return replace(
        shown,
        taken=tuple((one.invoice_name, one.due) for one in deductions),
        approved=Money.total(part.approved - part.to_agency for part in parts)
        if all(part.decided_on for part in parts)
        else None,
        left=Money.total(part.invoiced for part in parts),
    )
