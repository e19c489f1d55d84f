"""The invoice on paper. Only workers come here: the press is large, and web processes are to stay small.

The same values always give the same bytes, so that an invoice printed again is the same invoice.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sqlalchemy import select

from app import clock, files, formats, jobs, mail
from app.db import db
from app.invoicing.actions import values_of
from app.invoicing.document import Invoice
from app.invoicing.models import InvoiceRecord
from bids.canonical import dumps
from bids.press import print_html


@jobs.job
def print_invoice(invoice_id: int) -> None:
    """Make the PDF, enclose it in the letter that waits for it, and let the letter go."""
    record = db.session.scalars(select(InvoiceRecord).where(InvoiceRecord.id == invoice_id).with_for_update()).one()
    if record.file is None:
        data = to_pdf(values_of(record))
        record.file = files.save(data, name=record.file_name, media_type="application/pdf", now=clock.now())
        if record.letter is not None:
            record.letter.attachment = record.file
            mail.post(record.letter)


def to_pdf(invoice: Invoice) -> bytes:
    """A tagged PDF (PDF/UA-1) in Swedish, printed by the press that prints bids; nothing is fetched from the net."""
    html = _jinja.get_template("invoice.html").render(invoice=invoice, quantity=formats.quantity, style=STYLE)
    return print_html(html, dumps(invoice))


TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "invoices"
STYLE = Markup((TEMPLATES / "invoice.css").read_text(encoding="utf-8"))  # noqa: S704  our own style sheet
_jinja = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
