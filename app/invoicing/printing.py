"""The invoice on paper. Only workers come here: the press is large, and web processes are to stay small.

The same values always give the same bytes, so that an invoice printed again is the same invoice.
"""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sqlalchemy import select

from app import clock, files, jobs, mail
from app.db import db
from app.files import StoredFile
from app.invoicing.actions import values_of
from app.invoicing.document import Invoice
from app.invoicing.models import InvoiceRecord
from app.invoicing.paper import Paper
from app.invoicing.payment_qr import payment_text, square
from app.invoicing.queries import files_with
from bids.canonical import dumps
from bids.press import print_html


@jobs.job
def print_invoice(invoice_id: int) -> None:
    """Make the PDF, enclose it in the letter that waits for it, and let the letter go."""
    record = db.session.scalars(select(InvoiceRecord).where(InvoiceRecord.id == invoice_id).with_for_update()).one()
    if record.file is None:
        values = values_of(record)
        data = to_pdf(values)
        record.file = files.save(data, name=record.file_name, media_type="application/pdf", now=clock.now())
        if record.letter is not None:
            mail.enclose(record.letter, record.file, _enclosed(values))
            mail.post(record.letter)


def _enclosed(invoice: Invoice) -> list[StoredFile]:
    """The files that go with it, as many as mail servers carry; its PDF names all of them."""
    held = files_with([one.file_id for one in invoice.attachments])
    sizes = accumulate(held[one.file_id].size for one in invoice.attachments)
    return [held[one.file_id] for one, size in zip(invoice.attachments, sizes, strict=True) if size <= MOST_ENCLOSED]


def to_pdf(invoice: Invoice) -> bytes:
    """A tagged PDF (PDF/UA-1) in Swedish, printed by the press that prints bids; nothing is fetched from the net."""
    said = payment_text(invoice)
    drawn = Markup(square(said, _heard(invoice))) if said else ""  # noqa: S704  segno escapes the title
    html = _jinja.get_template("invoice.html").render(invoice=invoice, paper=Paper(invoice), square=drawn, style=STYLE)
    return print_html(html, dumps(invoice))


def _heard(invoice: Invoice) -> str:
    """What a reader who does not see the square hears."""
    return (
        f"QR-kod för betalning i bankens app: {invoice.payable} till bankgiro {invoice.bankgiro},"
        f" OCR {invoice.payment_reference}, senast {invoice.due_on.isoformat()}"
    )


MOST_ENCLOSED = 15 * 1024 * 1024
"""Bytes of all files in one letter: base64 makes a third more of them, and many servers stop at 25 MB."""
TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "invoices"
STYLE = Markup((TEMPLATES / "invoice.css").read_text(encoding="utf-8"))  # noqa: S704  our own style sheet
_jinja = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
