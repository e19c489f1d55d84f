"""Reading invoices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import joinedload

from app import clock
from app.db import db
from app.errors import NotYours, Refused
from app.files import StoredFile
from app.invoicing.models import CreditDue, InvoiceRecord
from app.leaves import Leaf, leaf
from app.orders.models import Order

PAGE = 50
AT_A_TIME = 100
"""Rows of which an export holds the documents."""


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
