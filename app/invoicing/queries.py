"""Reading invoices."""

from __future__ import annotations

from sqlalchemy import select

from app.db import db
from app.errors import NotYours, Refused
from app.files import StoredFile
from app.invoicing.models import InvoiceRecord
from app.orders.models import Order


def invoice_of(order: Order) -> InvoiceRecord | None:
    """The order's invoice, when there is one. Whoever may see the order may see it."""
    return db.session.scalar(select(InvoiceRecord).where(InvoiceRecord.order == order))


def the_invoice_of(order: Order) -> InvoiceRecord:
    """The order's invoice. Raises NotYours when none has been issued."""
    found = invoice_of(order)
    if found is None:
        raise NotYours
    return found


def printed(record: InvoiceRecord) -> StoredFile:
    """Its PDF. Raises Refused while a worker has not printed it yet."""
    if record.file is None:
        raise Refused("Fakturan skrivs ut just nu. Försök igen om en liten stund.")
    return record.file
