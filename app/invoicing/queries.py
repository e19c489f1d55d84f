"""Reading invoices."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.db import db
from app.errors import NotYours, Refused
from app.files import StoredFile
from app.invoicing.models import CreditDue, InvoiceRecord
from app.leaves import Leaf, leaf
from app.orders.models import Order

PAGE = 50


def invoice_of(order: Order) -> InvoiceRecord | None:
    """The order's invoice, when there is one. Whoever may see the order may see it."""
    return db.session.scalar(select(InvoiceRecord).where(InvoiceRecord.order == order))


def the_invoice_of(order: Order) -> InvoiceRecord:
    """The order's invoice. Raises NotYours when none has been issued."""
    found = invoice_of(order)
    if found is None:
        raise NotYours
    return found


def credits_due(number: int) -> Leaf[CreditDue]:
    """What is to be credited, the oldest first."""
    whole = joinedload(CreditDue.invoice).joinedload(InvoiceRecord.order), joinedload(CreditDue.order_line)
    query = select(CreditDue).where(CreditDue.credited_at.is_(None)).options(*whole).order_by(CreditDue.id)
    return leaf(query, number, PAGE)


def credits_due_of(order: Order) -> Sequence[CreditDue]:
    """What is to be credited on an order's invoice."""
    mine = select(CreditDue).join(CreditDue.invoice).where(InvoiceRecord.order_id == order.id)
    return db.session.scalars(mine.options(joinedload(CreditDue.order_line)).order_by(CreditDue.id)).all()


def printed(record: InvoiceRecord) -> StoredFile:
    """Its PDF. Raises Refused while a worker has not printed it yet."""
    if record.file is None:
        raise Refused("Fakturan skrivs ut just nu. Försök igen om en liten stund.")
    return record.file


def documents_of(order: Order) -> Sequence[InvoiceRecord]:
    """The invoices of one order alone, and the credit notes on them, the first first."""
    mine = select(InvoiceRecord.id).where(InvoiceRecord.order_id == order.id, InvoiceRecord.credits_id.is_(None))
    found = or_(InvoiceRecord.id.in_(mine), InvoiceRecord.credits_id.in_(mine))
    return db.session.scalars(select(InvoiceRecord).where(found).order_by(InvoiceRecord.id)).all()
