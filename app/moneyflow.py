"""THE STORY of money. So far: an order that is delivered in full is invoiced, in the same transaction."""

from __future__ import annotations

from datetime import datetime

from app.catalog import facets as catalog
from app.invoicing import actions as invoicing
from app.invoicing import emails
from app.invoicing.models import InvoiceRecord
from app.orders import actions as orders
from app.orders.models import Order
from app.orders.states import EventKind


def invoice(order: Order, *, now: datetime) -> InvoiceRecord:
    """Charge the customer for what was delivered."""
    record = invoicing.issue(order, catalog.vat_rules(), now=now)
    record.letter = emails.invoice_letter(record, invoicing.values_of(record), now=now)
    orders.note(order, EventKind.INVOICED, now=now, words=f"Faktura {record.number}", for_customer=True)
    return record
