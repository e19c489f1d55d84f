"""Makes the XML of an invoice that goes as e-invoice, has it checked, and keeps it - or holds it back and says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app import clock, files, jobs
from app.customers.models import Customer, CustomerKind
from app.db import db
from app.files import StoredFile
from app.invoicing.actions import values_of
from app.invoicing.document import Invoice
from app.invoicing.einvoice import inspecting
from app.invoicing.einvoice.actions import hold
from app.invoicing.einvoice.completing import Added, completed
from app.invoicing.einvoice.findings import fatal
from app.invoicing.einvoice.queries import completion_of, is_awaited
from app.invoicing.einvoice.reading import NoEInvoice
from app.invoicing.einvoice.reasons import Reason, of_findings, of_missing, of_unreadable
from app.invoicing.models import InvoiceRecord
from app.invoicing.readiness import Receiver, missing_for_peppol
from app.invoicing.ubl import to_ubl


@dataclass(frozen=True, slots=True)
class Asked:
    """What an e-invoice is made of, read at one moment."""

    invoice: Invoice
    receiver: Receiver
    files: dict[int, bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: the XML, or why there is none."""

    xml: bytes = b""
    why: Sequence[Reason] = ()


@jobs.job
def make_xml(invoice_id: int) -> None:
    """Make the XML once; then it stays: the same invoice is never sent in two ways.

    Nobody waits for the checks: what they need is read before, and what they say is written down after.
    """
    asked = _asked(invoice_id)
    if asked is not None:
        _keep(invoice_id, _answer(asked))


def _asked(invoice_id: int) -> Asked | None:
    """None when it is made already."""
    with jobs.looking():
        record = db.session.get_one(InvoiceRecord, invoice_id)
        if record.xml_file_id is not None:
            return None
        invoice = as_sent(record)
        return Asked(invoice, receiver(record.customer), _attached(invoice))


def _answer(asked: Asked) -> Answer:
    missing = missing_for_peppol(asked.invoice, asked.receiver)
    if missing:
        return Answer(why=of_missing(missing))
    xml = to_ubl(asked.invoice, asked.files)
    why = _faults(xml)
    return Answer(why=why) if why else Answer(xml)


def _keep(invoice_id: int, answer: Answer) -> None:
    """A customer that gets its invoices in another way can do without: for it nothing is held back."""
    record = db.session.scalars(select(InvoiceRecord).where(InvoiceRecord.id == invoice_id).with_for_update()).one()
    if record.xml_file_id is not None:
        return
    now = clock.now()
    if answer.xml:
        record.xml = files.save(answer.xml, name=f"{record.name}.xml", media_type="application/xml", now=now)
    hold(record, answer.why if is_awaited(record) else (), now=now)


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
