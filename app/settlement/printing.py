"""The invoice for our commission on paper. Only workers come here, as to the printing of other invoices."""

from __future__ import annotations

from sqlalchemy import select

from app import clock, files, jobs
from app.db import db
from app.invoicing import printing
from app.invoicing.actions import values_of
from app.settlement.emails import send_commission
from app.settlement.models import CommissionInvoice


@jobs.job
def print_commission(invoice_id: int) -> None:
    """Make the PDF, unless it is made, and let the member have it."""
    query = select(CommissionInvoice).where(CommissionInvoice.id == invoice_id).with_for_update()
    record = db.session.scalars(query).one()
    if record.file is None:
        data = printing.to_pdf(values_of(record))
        now = clock.now()
        record.file = files.save(data, name=record.file_name, media_type="application/pdf", now=now)
        send_commission(record, now=now)
