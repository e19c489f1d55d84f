"""THE STORY of money. So far: an order that is delivered in full is invoiced, in the same transaction."""

from __future__ import annotations

from datetime import datetime

from app.accounts.models import User
from app.audit import Actor
from app.catalog import facets as catalog
from app.invoicing import actions as invoicing
from app.invoicing import queries as invoices
from app.invoicing.models import CreditDue, InvoiceRecord
from app.invoicing.sending import actions as sending
from app.money import NOUGHT, Money
from app.orders import actions as orders
from app.orders import change_queries as queries
from app.orders import ledger
from app.orders.complaint_models import Complaint
from app.orders.delivery import queries as delivery
from app.orders.delivery.event_models import GoodsReturn
from app.orders.models import Order
from app.orders.states import EventKind


def invoice(order: Order, *, now: datetime) -> InvoiceRecord:
    """Charge the customer for what was delivered; an order has one invoice, and what is delivered anew costs nothing.

    Raises ValueError when its sum is not what the order's events add up to: then no invoice is better than a wrong one.
    """
    before = invoices.invoice_of(order)
    if before is not None:
        return before
    record = invoicing.issue(order, catalog.vat_rules(), now=now)
    charged = ledger.account(queries.entries_of(order)).charged + ledger.beside(delivery.charges_in(order))
    if record.net != charged:
        raise ValueError(f"order {order.number}: the invoice says {record.net}, its events {charged}")
    sending.queue(record, now=now)
    orders.note(order, EventKind.INVOICED, now=now, words=f"Faktura {record.number}", for_customer=True)
    return record


def owe_credit(complaint: Complaint, amount: Money, *, by: User, now: datetime) -> CreditDue | None:
    """A price is lowered by so much: when the invoice is out finance must credit it, else the invoice will say so."""
    line = complaint.order_line
    record = invoices.invoice_of(line.order)
    if record is None:
        return None
    return invoicing.owe_credit(record, line, amount, complaint.answer, by=by, now=now)


def owe_for_return(one: GoodsReturn, *, by: Actor, now: datetime) -> CreditDue | None:
    """Goods are back: when the invoice is out finance must credit them, else the invoice will say so."""
    record = invoices.invoice_of(one.order_line.order)
    if record is None or one.amount >= NOUGHT:
        return None
    why = f"Retur. {one.words} {one.answer}".strip()
    return invoicing.owe_credit(record, one.order_line, -one.amount, why, by=by, now=now)
