"""The letter that carries an invoice."""

from __future__ import annotations

from datetime import datetime

from app import mail
from app.invoicing.document import Invoice
from app.invoicing.models import InvoiceRecord
from app.mail import Letter
from app.orders.emails import link_to, order_link


def invoice_letter(record: InvoiceRecord, invoice: Invoice, *, now: datetime) -> Letter:
    """To the customer. It lies until the PDF that it carries has been made."""
    link = order_link(record.order) if record.order else link_to("bestallningar")
    body = mail.words("invoice", invoice=invoice, link=link)
    to = (record.customer.name, record.customer.email)
    return mail.write(kind="invoice", to=to, subject=f"Faktura {record.name}", body=body, now=now, send=False)


def credit_letter(record: InvoiceRecord, note: Invoice, *, now: datetime) -> Letter:
    """To the customer, about a credit note. It lies until the PDF that it carries has been made."""
    link = order_link(record.order) if record.order else link_to("bestallningar")
    body = mail.words("credit_note", note=note, link=link)
    to = (record.customer.name, record.customer.email)
    return mail.write(kind="credit_note", to=to, subject=f"Kreditfaktura {record.name}", body=body, now=now, send=False)
