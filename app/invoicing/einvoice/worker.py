"""Makes the XML of an invoice that goes as e-invoice, has it checked, and keeps it - or holds it back and says why."""

from __future__ import annotations

from sqlalchemy import select

from app import clock, files, jobs
from app.customers.models import Customer, CustomerKind, InvoiceRoute
from app.db import db
from app.files import StoredFile
from app.invoicing.actions import values_of
from app.invoicing.document import Invoice
from app.invoicing.einvoice import inspecting
from app.invoicing.einvoice.actions import hold
from app.invoicing.einvoice.completing import Added, completed
from app.invoicing.einvoice.findings import fatal
from app.invoicing.einvoice.queries import completion_of
from app.invoicing.einvoice.reading import NoEInvoice
from app.invoicing.einvoice.reasons import Reason, of_findings, of_missing, of_unreadable
from app.invoicing.models import InvoiceRecord
from app.invoicing.readiness import Receiver, missing_for_peppol
from app.invoicing.ubl import to_ubl


@jobs.job
def make_xml(invoice_id: int) -> None:
    """Once it is made it stays: the same invoice is never sent in two ways.

    A customer that gets its invoices in another way can do without: for it nothing is held back.
    """
    record = db.session.scalars(select(InvoiceRecord).where(InvoiceRecord.id == invoice_id).with_for_update()).one()
    if record.xml_file_id is not None:
        return
    now, invoice = clock.now(), as_sent(record)
    why = of_missing(missing_for_peppol(invoice, receiver(record.customer)))
    if not why:
        xml = to_ubl(invoice, _attached(invoice))
        why = _faults(xml)
        if not why:
            record.xml = files.save(xml, name=f"{record.name}.xml", media_type="application/xml", now=now)
    hold(record, why if record.customer.invoice_route == InvoiceRoute.PEPPOL else [], now=now)


def as_sent(record: InvoiceRecord) -> Invoice:
    """The frozen document with what may be added for the sending."""
    added = completion_of(record)
    address = record.customer.electronic_address or ""
    references = (added.buyer_reference, added.order_reference) if added else ("", "")
    return completed(values_of(record), Added(address, *references))


def receiver(customer: Customer) -> Receiver:
    """What its e-invoices need."""
    return Receiver(
        customer.electronic_address or "",
        is_public=customer.kind == CustomerKind.PUBLIC,
        needs_buyer_reference=customer.needs_buyer_reference,
        needs_order_reference=customer.needs_order_reference,
    )


def _faults(xml: bytes) -> list[Reason]:
    try:
        return of_findings(fatal(inspecting.check(xml)))
    except NoEInvoice as no:
        return of_unreadable(str(no))


def _attached(invoice: Invoice) -> dict[int, bytes]:
    """The bytes of what goes with it. Raises FileNotFoundError when the disk has lost one."""
    ids = [one.file_id for one in invoice.attachments]
    return {file_id: files.read(db.session.get_one(StoredFile, file_id)) for file_id in ids}
