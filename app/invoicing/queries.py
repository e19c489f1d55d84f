"""Reading invoices."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, defer, joinedload

from app.db import db
from app.errors import NotYours, Refused
from app.files import StoredFile
from app.invoicing.models import CreditDue, InvoiceLine, InvoiceRecord
from app.leaves import Leaf, leaf
from app.money import Money
from app.orders.models import Order, OrderLine
from app.orders.states import EventKind

PAGE = 50
LARGEST_ID = 2**31 - 1


def invoices_of(order: Order) -> Sequence[InvoiceRecord]:
    """The invoices and credit notes on which something of the order stands, the oldest first, without their documents.

    Whoever may see the order may see them.
    """
    if not any(event.kind == EventKind.INVOICED for event in order.events):
        return []
    return db.session.scalars(_of(order).options(defer(InvoiceRecord.document), joinedload(InvoiceRecord.seller))).all()


def invoice_in(order: Order, invoice_id: int) -> InvoiceRecord:
    """One of them. Raises NotYours."""
    found = db.session.scalar(_of(order).where(InvoiceRecord.id == invoice_id))
    if found is None:
        raise NotYours
    return found


def _of(order: Order) -> Select[InvoiceRecord]:
    on_it = select(InvoiceLine.invoice_id).where(InvoiceLine.order_id == order.id)
    return select(InvoiceRecord).where(InvoiceRecord.id.in_(on_it)).order_by(InvoiceRecord.id)


def invoice_with(invoice_id: int) -> InvoiceRecord:
    """Any invoice or credit note, for staff. Raises NotYours."""
    found = db.session.get(InvoiceRecord, invoice_id) if invoice_id <= LARGEST_ID else None
    if found is None:
        raise NotYours
    return found


def credits_due(number: int) -> Leaf[CreditDue]:
    """What is to be credited, the oldest first."""
    whole = joinedload(CreditDue.invoice).joinedload(InvoiceRecord.order), joinedload(CreditDue.order_line)
    query = select(CreditDue).where(CreditDue.credited_at.is_(None)).options(*whole).order_by(CreditDue.id)
    return leaf(query, number, PAGE)


def credits_due_of(order: Order) -> Sequence[CreditDue]:
    """What is to be credited of an order, and stands on no credit note yet."""
    if not any(event.kind == EventKind.INVOICED for event in order.events):
        return []
    mine = select(CreditDue).join(CreditDue.order_line).where(OrderLine.order_id == order.id)
    mine = mine.where(CreditDue.credited_at.is_(None)).options(contains_eager(CreditDue.order_line))
    return db.session.scalars(mine.order_by(CreditDue.id)).all()


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


def owed(order: Order) -> Money:
    """What the invoices of one order alone come to, less the credit notes on them. With VAT."""
    return Money.total(-one.gross if one.is_credit_note else one.gross for one in documents_of(order))
