"""Which customers and orders have something that was delivered and is not charged; and which rounds were made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, select, union

from app.clock import start_of
from app.customers.models import Customer
from app.db import db
from app.invoicing.models import BillingRound, CreditDue, InvoiceLine, RoundKind
from app.money import NOUGHT
from app.orders.delivery.models import OrderCharge
from app.orders.delivery.states import ChargeKind
from app.orders.models import Assignment, AssignmentLine, Order, OrderEntry, OrderEvent, OrderLine
from app.orders.states import AssignmentState, EventKind


def begin(kind: RoundKind, before: date, *, now: datetime) -> bool:
    """Whether what came before a day is still to be gone through; from now on it is not."""
    if db.session.get(BillingRound, (kind, before)) is not None:
        return False
    db.session.add(BillingRound(kind=kind, before=before, at=now))
    return True


def waiting_of(customer: Customer) -> Sequence[int]:
    """The ids of the customer's orders of which something may be to charge."""
    mine = Order.customer_id == customer.id
    asked = union(_deliveries(Order.id, mine), _charges(Order.id, mine), _repriced(mine))
    return db.session.scalars(select(asked.subquery().c[0])).all()


def customers_waiting(until: date) -> Sequence[int]:
    """The ids of the customers of whose orders something came before a day and is not charged."""
    before = start_of(until)
    asked = union(
        _deliveries(Order.customer_id, Assignment.delivered_at < before),
        _charges(Order.customer_id, OrderEvent.at < before),
    )
    return db.session.scalars(select(asked.subquery().c[0])).all()


def invoices_with_dues(before: date) -> Sequence[int]:
    """The ids of the invoices of which something was to be credited before a day, and has not been."""
    query = select(CreditDue.invoice_id).where(CreditDue.credited_at.is_(None), CreditDue.at < start_of(before))
    return db.session.scalars(query.distinct().order_by(CreditDue.invoice_id)).all()


def _deliveries(wanted: SQLColumnExpression[int], *which: ColumnElement[bool]) -> Select[int]:
    """What members delivered that costs something and stands on no invoice."""
    return (
        select(wanted)
        .join(Assignment, Assignment.order_id == Order.id)
        .join(AssignmentLine, AssignmentLine.assignment_id == Assignment.id)
        .join(OrderLine, OrderLine.id == AssignmentLine.order_line_id)
        .outerjoin(InvoiceLine, InvoiceLine.assignment_line_id == AssignmentLine.id)
        .where(Assignment.state == AssignmentState.DELIVERED, InvoiceLine.id.is_(None))
        .where(AssignmentLine.quantity > 0, OrderLine.unit_price != NOUGHT, *which)
    )


def _charges(wanted: SQLColumnExpression[int], *which: ColumnElement[bool]) -> Select[int]:
    """Fees and deposits that stand on no invoice. What came back goes with what it was."""
    return (
        select(wanted)
        .join(OrderEvent, OrderEvent.order_id == Order.id)
        .join(OrderCharge, OrderCharge.event_id == OrderEvent.id)
        .outerjoin(InvoiceLine, InvoiceLine.charge_id == OrderCharge.id)
        .where(OrderCharge.kind != ChargeKind.RETURNED, InvoiceLine.id.is_(None), *which)
    )


def _repriced(mine: ColumnElement[bool]) -> Select[int]:
    """Orders in which the price of something that had come was changed."""
    moved = (OrderEvent.kind == EventKind.CHANGED, OrderEntry.charged != NOUGHT)
    return select(Order.id).join(Order.events).join(OrderEvent.entries).where(mine, *moved)
