"""Reading invoices."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, Select, or_, select, tuple_
from sqlalchemy.orm import contains_eager, defer, joinedload

from app import clock
from app.db import db
from app.errors import NotYours, Refused
from app.files import StoredFile
from app.invoicing.models import CreditDue, InvoiceLine, InvoiceRecord
from app.leaves import Leaf, leaf
from app.money import Money
from app.orders.models import Order, OrderLine
from app.orders.states import EventKind

PAGE = 50
LONGEST_NUMBER = 10
"""Digits; none of our invoices has so many."""
AT_A_TIME = 100
"""Rows of which an export holds the documents."""


def invoices_of(order: Order) -> Sequence[InvoiceRecord]:
    """The invoices and credit notes that have to do with the order, the oldest first, without their documents.

    Whoever may see the order may see them.
    """
    if not any(event.kind == EventKind.INVOICED for event in order.events):
        return []
    return db.session.scalars(
        _about(order).options(defer(InvoiceRecord.document), joinedload(InvoiceRecord.seller))
    ).all()


def whole_of(order: Order) -> Sequence[InvoiceRecord]:
    """The same with their documents, for who reckons with what these say."""
    return db.session.scalars(_about(order)).all()


def invoice_in(order: Order, invoice_id: int) -> InvoiceRecord:
    """One of them. Raises NotYours."""
    found = db.session.scalar(_about(order).where(InvoiceRecord.id == invoice_id))
    if found is None:
        raise NotYours
    return found


def _about(order: Order) -> Select[InvoiceRecord]:
    """Those too that charge no line of it, as what the tax agency has not paid of a deduction."""
    mine = or_(InvoiceRecord.id.in_(_charging(order)), InvoiceRecord.order_id == order.id)
    return select(InvoiceRecord).where(mine).order_by(InvoiceRecord.id)


def _charging(order: Order) -> Select[int]:
    return select(InvoiceLine.invoice_id).where(InvoiceLine.order_id == order.id)


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


class Printed(Protocol):
    """A row of what becomes paper."""

    @property
    def file(self) -> StoredFile | None: ...  # noqa: D102


def printed(record: Printed) -> StoredFile:
    """Its PDF. Raises Refused while a worker has not printed it yet."""
    if record.file is None:
        raise Refused("Fakturan skrivs ut just nu. Försök igen om en liten stund.")
    return record.file


def issued_between(first: date | None, last: date | None) -> Iterator[InvoiceRecord]:
    """All that was issued on these days, both included, seller by seller in the order of their numbers.

    A few at a time are read and then forgotten, however many there are: what is to be kept must be taken as values.
    """
    place = tuple_(InvoiceRecord.series, InvoiceRecord.number)
    files = joinedload(InvoiceRecord.file), joinedload(InvoiceRecord.xml)
    query = select(InvoiceRecord).where(*_issued(first, last)).options(*files)
    query = query.order_by(InvoiceRecord.series, InvoiceRecord.number).limit(AT_A_TIME)
    after: tuple[str, int] | None = None
    while found := db.session.scalars(query if after is None else query.where(place > after)).all():
        after = found[-1].series, found[-1].number
        yield from found
        db.session.expunge_all()


def unprinted_between(first: date | None, last: date | None) -> Sequence[int]:
    """The ids of those of which no worker has made the PDF yet."""
    query = select(InvoiceRecord.id).where(*_issued(first, last), InvoiceRecord.file_id.is_(None))
    return db.session.scalars(query.order_by(InvoiceRecord.id)).all()


def files_with(ids: Sequence[int]) -> dict[int, StoredFile]:
    """Files by their ids."""
    if not ids:
        return {}
    return {file.id: file for file in db.session.scalars(select(StoredFile).where(StoredFile.id.in_(ids)))}


def _issued(first: date | None, last: date | None) -> Iterator[ColumnElement[bool]]:
    if first is not None:
        yield InvoiceRecord.issued_at >= clock.start_of(first)
    if last is not None:
        yield InvoiceRecord.issued_at < clock.start_of(last + timedelta(days=1))


def documents_of(order: Order) -> Sequence[InvoiceRecord]:
    """The invoices of one order alone, and the credit notes on them, the first first."""
    mine = select(InvoiceRecord.id).where(InvoiceRecord.order_id == order.id, InvoiceRecord.credits_id.is_(None))
    found = or_(InvoiceRecord.id.in_(mine), InvoiceRecord.credits_id.in_(mine))
    return db.session.scalars(select(InvoiceRecord).where(found).order_by(InvoiceRecord.id)).all()


def owed(order: Order) -> Money:
    """What the invoices of one order alone come to, less the credit notes on them. With VAT."""
    return Money.total(-one.gross if one.is_credit_note else one.gross for one in documents_of(order))


def by_reference(typed: str) -> InvoiceRecord | None:
    """The document with this OCR reference, or else with this number, series and all."""
    by_ocr = db.session.scalar(select(InvoiceRecord).where(InvoiceRecord.ocr == typed))
    if by_ocr is not None:
        return by_ocr
    series, dash, number = typed.rpartition("-")
    if not (number.isascii() and number.isdecimal() and len(number) < LONGEST_NUMBER):
        return None
    named = (InvoiceRecord.series == (series + dash).upper(), InvoiceRecord.number == int(number))
    return db.session.scalar(select(InvoiceRecord).where(*named))


def credit_notes_of(invoice_ids: Collection[int]) -> Sequence[InvoiceRecord]:
    """The credit notes on some invoices."""
    return db.session.scalars(select(InvoiceRecord).where(InvoiceRecord.credits_id.in_(invoice_ids))).all()


def with_ids(invoice_ids: Collection[int]) -> dict[int, InvoiceRecord]:
    """Invoices by id, with their customers and without their documents."""
    query = select(InvoiceRecord).where(InvoiceRecord.id.in_(invoice_ids))
    whole = query.options(defer(InvoiceRecord.document), joinedload(InvoiceRecord.customer))
    return {one.id: one for one in db.session.scalars(whole)}
