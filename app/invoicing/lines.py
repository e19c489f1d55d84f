"""The lines of a document from an order's rows: what was delivered, what is taken off it, what is charged beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from app import clock
from app.invoicing.document import Line, LineRole
from app.money import NOUGHT, Money
from app.orders.complaint_models import Complaint
from app.orders.delivery.models import OrderCharge
from app.orders.delivery.states import ChargeKind
from app.orders.handing import last_of
from app.orders.models import AssignmentLine
from app.vat import VatRule, rule_on

FEES = {ChargeKind.DELIVERY, ChargeKind.AGAIN}
"""What is put on the sum; deposits and returns are goods, and stand among them."""
ONE = Decimal(1)


def line_of(share: AssignmentLine, rules: Sequence[VatRule]) -> Line:
    """A member's delivery, with the VAT of the day on which the customer got it."""
    sold, day = share.order_line, reached_customer(share)
    rule = rule_on(rules, sold.vat_class, day)
    return Line(
        number=sold.number,
        name=sold.name,
        quantity=share.quantity,
        unit=sold.unit,
        unit_text=sold.unit_text,
        unit_price=sold.unit_price,
        delivered_on=day,
        parts=rule.parts,
        note=rule.note,
        per=sold.priced_per,
        cost_centre=sold.cost_centre,
        reference=sold.reference,
    )


def reduction_of(complaint: Complaint, share: AssignmentLine, rules: Sequence[VatRule]) -> Line:
    """What is taken off the price after a complaint, with the VAT of what it was for."""
    line = line_of(share, rules)
    return replace(at_once(line, f"Prisavdrag: {line.name}", -complaint.amount), role=LineRole.ALLOWANCE)


def repriced(share: AssignmentLine, amount: Money, rules: Sequence[VatRule]) -> Line:
    """What goods cost more that were charged at an earlier price."""
    line = line_of(share, rules)
    return at_once(line, f"Nytt pris: {line.name}", amount)


def charge_of(charge: OrderCharge, rules: Sequence[VatRule]) -> Line:
    """What an event has charged beside the lines, with the VAT of its day: bringing it, a second attempt, deposits."""
    day = clock.local_date(charge.event.at)
    rule = rule_on(rules, charge.vat_class, day)
    line = Line("", charge.name, ONE, "C62", "", charge.charged, day, rule.parts, rule.note)
    role = LineRole.CHARGE if charge.kind in FEES else LineRole.SOLD
    return replace(at_once(line, charge.name, charge.charged), role=role)


def at_once(line: Line, name: str, amount: Money) -> Line:
    """So much for a line as one: the price is never below nought, so what is taken off is minus one of it."""
    times, price = (ONE, amount) if amount >= NOUGHT else (-ONE, -amount)
    once = replace(line, name=name, quantity=times, unit="C62", unit_text="", unit_price=price, per=ONE)
    return replace(once, bundle=None, fixed_net=None)


def reached_customer(share: AssignmentLine) -> date:
    """The day of supply: of a step in a chain, the day on which the customer got the whole."""
    last = last_of(share.order_line)
    moments = [
        assignment.delivered_at
        for assignment in last.order.assignments
        if assignment.delivered_at and any(one.order_line is last for one in assignment.lines)
    ]
    if last is share.order_line or not moments:
        return clock.local_date(share.assignment.delivered_at or share.assignment.offered_at)
    return clock.local_date(max(moments))
