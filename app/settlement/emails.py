"""The letter with which a member gets our invoice for commission: it belongs in its books."""

from __future__ import annotations

from datetime import datetime

from app import mail
from app.invoicing.actions import values_of
from app.mail import Letter
from app.members.emails import way_in, write_to
from app.orders.emails import link_to
from app.settlement.models import CommissionInvoice


def send_commission(record: CommissionInvoice, *, now: datetime) -> Letter:
    """To the member, in the way in which it is reached: with the PDF, or on paper with all that the document says."""
    member, kind = record.member, "Kreditfaktura" if record.is_credit_note else "Faktura"
    link = way_in(member, link_to("medlem/ersattning/fakturor"))
    body = mail.words("commission", record=record, document=values_of(record), member=member, link=link)
    subject = f"{kind} {record.name} för provision"
    letter = write_to(member, kind="commission", subject=subject, body=body, now=now)
    if record.file is not None and not member.is_on_paper:
        mail.enclose(letter, record.file)
    return letter
