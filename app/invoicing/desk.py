"""Lists of invoices for those who look after them, for the customers whose they are, and for the members that sell."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from app.customers.models import Customer
from app.db import db, holds
from app.errors import NotYours
from app.invoicing.document import DocumentKind
from app.invoicing.models import CreditDue, InvoiceLine, InvoiceRecord
from app.leaves import Leaf, counted, leaf
from app.members.models import Member, SellerModel

ROWS = 50
HEAPS = ("all", "invoices", "credit_notes", "to_credit")


def listed(heap: str, number: int, text: str = "") -> Leaf[InvoiceRecord]:
    """One page of a heap, newest first. `text` is a number or a part of a customer's name."""
    query = _heap(heap).options(joinedload(InvoiceRecord.customer))
    if text:
        query = query.join(InvoiceRecord.customer)
        digits = text[-9:] if text[-9:].isascii() and text[-9:].isdecimal() else text.rpartition("-")[2]
        named = holds(Customer.name, text)
        is_number = digits.isascii() and digits.isdecimal() and len(digits) < 10
        query = query.where(named | (InvoiceRecord.number == int(digits)) if is_number else named)
    return leaf(query.order_by(InvoiceRecord.id.desc()), number, ROWS)


def to_credit_count() -> int:
    """How many invoices are to be credited; counted no further than anybody reads."""
    return counted(_heap("to_credit").with_only_columns(InvoiceRecord.id))[0]


def of_customer(customer: Customer, number: int) -> Leaf[InvoiceRecord]:
    """One page of what a customer has been sent, newest first."""
    mine = select(InvoiceRecord).where(InvoiceRecord.customer == customer)
    return leaf(mine.options(joinedload(InvoiceRecord.credits)).order_by(InvoiceRecord.id.desc()), number, ROWS)


def own_of(customer: Customer, invoice_id: int) -> InvoiceRecord:
    """One of the customer's own. Raises NotYours."""
    query = select(InvoiceRecord).where(InvoiceRecord.id == invoice_id, InvoiceRecord.customer == customer)
    return _found(db.session.scalar(query.options(joinedload(InvoiceRecord.file))))


def of_seller(member: Member, number: int) -> Leaf[InvoiceRecord]:
    """One page of what has been issued in a member's own name, newest first."""
    whole = joinedload(InvoiceRecord.credits), joinedload(InvoiceRecord.customer)
    mine = select(InvoiceRecord).where(InvoiceRecord.seller == member).options(*whole)
    return leaf(mine.order_by(InvoiceRecord.id.desc()), number, ROWS)


def sells_itself(member: Member) -> bool:
    """Whether a member has invoices in its own name, or is to have."""
    issued = select(InvoiceRecord.id).where(InvoiceRecord.seller == member)
    return member.seller_model == SellerModel.AGENT or bool(db.session.scalar(select(issued.exists())))


def sold_by(member: Member, invoice_id: int) -> InvoiceRecord:
    """One in the member's own name. Raises NotYours."""
    query = select(InvoiceRecord).where(InvoiceRecord.id == invoice_id, InvoiceRecord.seller == member)
    return _found(db.session.scalar(query.options(joinedload(InvoiceRecord.file))))


def invoice_with(invoice_id: int) -> InvoiceRecord:
    """One invoice, with its lines, their orders and what it credits. Raises NotYours."""
    whole = (
        joinedload(InvoiceRecord.customer),
        joinedload(InvoiceRecord.seller),
        joinedload(InvoiceRecord.credits),
        joinedload(InvoiceRecord.file),
        joinedload(InvoiceRecord.xml),
        selectinload(InvoiceRecord.lines).joinedload(InvoiceLine.order),
    )
    return _found(db.session.scalar(select(InvoiceRecord).where(InvoiceRecord.id == invoice_id).options(*whole)))


def credit_notes_of(record: InvoiceRecord) -> list[InvoiceRecord]:
    """What has been credited of an invoice, the oldest first."""
    query = select(InvoiceRecord).where(InvoiceRecord.credits_id == record.id).order_by(InvoiceRecord.id)
    return list(db.session.scalars(query))


def dues_of(record: InvoiceRecord) -> list[CreditDue]:
    """What is to be credited of it and is not yet, the oldest first."""
    waiting = select(CreditDue).where(CreditDue.invoice_id == record.id, CreditDue.credited_at.is_(None))
    return list(db.session.scalars(waiting.options(joinedload(CreditDue.order_line)).order_by(CreditDue.id)))


def _found(record: InvoiceRecord | None) -> InvoiceRecord:
    if record is None:
        raise NotYours
    return record


def _heap(heap: str) -> Select[InvoiceRecord]:
    query = select(InvoiceRecord)
    if heap == "to_credit":
        waiting = select(CreditDue.invoice_id).where(CreditDue.credited_at.is_(None))
        return query.where(InvoiceRecord.id.in_(waiting))
    if heap == "invoices":
        return query.where(InvoiceRecord.kind == DocumentKind.INVOICE)
    return query.where(InvoiceRecord.kind == DocumentKind.CREDIT_NOTE) if heap == "credit_notes" else query
