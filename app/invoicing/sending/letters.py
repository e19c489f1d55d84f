"""The letter in which an invoice goes as PDF, and following it until the mail server has it."""

from __future__ import annotations

from datetime import datetime

from app import jobs, mail
from app.invoicing import emails
from app.invoicing.actions import values_of
from app.invoicing.models import InvoiceRecord
from app.invoicing.sending import attempts, queries
from app.mail import LetterState

DOUBTFUL_LETTER = "Förbindelsen bröts medan e-postservern tog emot brevet. Fråga kunden om det kom."
LOST_LETTER = "E-postservern tar inte emot brevet. Rätta kundens e-postadress och skicka igen."


def write(record: InvoiceRecord, now: datetime) -> None:
    """To the customer's present address. It goes with the PDF: at once where that is made, else when it is."""
    values = values_of(record)
    invoice_letter = emails.invoice_letter if values.lines else emails.rest_letter
    compose = emails.credit_letter if record.is_credit_note else invoice_letter
    record.letter = compose(record, values, now=now)
    if record.file is not None:
        record.letter.attachment = record.file
        mail.post(record.letter)


def write_again(record: InvoiceRecord, now: datetime) -> None:
    """The same letter where it may go yet, else one to the address that the customer has now."""
    letter = record.letter
    if letter is not None and letter.to_address == record.customer.email:
        if letter.state == LetterState.UNCERTAIN:
            mail.send_again(letter.id, now=now)
            return
        job = queries.failed_delivery(letter)
        if letter.state == LetterState.WAITING and job is not None:
            jobs.retry(job.id, now=now)
            return
    write(record, now)


@jobs.every_minute
def follow_letters(now: datetime) -> None:
    """What goes by e-mail is sent when its letter is, and has failed when that will not go."""
    for dispatch in queries.followed_letters():
        letter = dispatch.invoice.letter
        if letter is None:
            continue
        if letter.state == LetterState.SENT:
            attempts.write_down(dispatch, f"Brev till {letter.to_address}.", now)
            attempts.mark_sent(dispatch, letter.sent_at or now)
        else:
            why = DOUBTFUL_LETTER if letter.state == LetterState.UNCERTAIN else LOST_LETTER
            attempts.write_down(dispatch, why, now)
            attempts.mark_failed(dispatch, why, now)
