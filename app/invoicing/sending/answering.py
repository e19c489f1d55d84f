"""Keeps what receivers answer, once each, on the invoice that it is about; what needs somebody becomes a task."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import audit, files
from app.audit import Actor
from app.db import db
from app.errors import Refused
from app.invoicing.models import InvoiceRecord
from app.invoicing.sending import attempts, queries
from app.invoicing.sending.answers import FOR_FINANCE, Response, ResponseCode, ResponseRefused, read_response
from app.invoicing.sending.models import InvoiceResponse

NOBODYS = "Svaret gäller ingen faktura som vi har skickat elektroniskt."
ANOTHER = "Svaret kommer från {sender}, men fakturan skickades till {receiver}."
ASTRAY = "Svaret är ställt till fel adress: {to}. Fakturan skickades från {sender}."
SETTLES = FOR_FINANCE | {ResponseCode.ACCEPTED, ResponseCode.PAID}
"""After these an earlier question is no longer one."""


def store(inbox_id: str, data: bytes, *, now: datetime) -> InvoiceResponse | None:
    """Keep a message of the inbox. None when we have it already: under the same name, or the same answer again."""
    if queries.is_stored(inbox_id):
        return None
    row = InvoiceResponse(inbox_id=inbox_id, received_at=now)
    try:
        response = read_response(data)
    except ResponseRefused as no:
        row.problem, row.waits = str(no), True
    else:
        _take_over(row, response)
    return _kept(row, data, now)


def _kept(row: InvoiceResponse, data: bytes, now: datetime) -> InvoiceResponse | None:
    """Two workers, or two copies at once: the database lets one of them be the first."""
    try:
        with db.session.begin_nested():
            row.file = files.save(data, name=f"svar-{row.inbox_id}.xml", media_type="application/xml", now=now)
            db.session.add(row)
            db.session.flush()
            _follow(row, now)
    except IntegrityError:
        return None
    return row


def _take_over(row: InvoiceResponse, response: Response) -> None:
    row.fingerprint, row.code, row.response_id = response.fingerprint, response.code, response.id
    row.document_number, row.sender, row.said_at = response.number, response.sender, response.said_at
    row.effective_on, row.note = response.effective_on, response.note
    row.clarifications = {"all": [asdict(one) for one in response.clarifications]}
    dispatch = queries.answered(response.number, response.receiver)
    if dispatch is None:
        row.problem = NOBODYS
    else:
        row.invoice_id = dispatch.invoice_id
        if response.receiver != dispatch.sender:
            row.problem = ASTRAY.format(to=response.receiver, sender=dispatch.sender)
        elif response.sender != dispatch.receiver:
            row.problem = ANOTHER.format(sender=response.sender or "okänd avsändare", receiver=dispatch.receiver)


def _follow(row: InvoiceResponse, now: datetime) -> None:
    """What follows from a new answer: a task, the end of one, and that the invoice has come.

    Answers may come late and in any order: what counts is when the receiver said it.
    """
    if row.problem or row.code is None:
        row.waits = True
        return
    dispatch = queries.sent_electronically(row.invoice_id)
    attempts.note_delivered(dispatch, now=now)
    others = [one for one in _settling(row) if one.id != row.id]
    row.waits = row.code in FOR_FINANCE and not any(one.said_at > row.said_at for one in others)
    if row.code in SETTLES:
        for one in others:
            if one.waits and one.said_at < row.said_at:
                one.waits, one.handled_at, one.handled_by = False, now, "Samsälj"
    audit.record(dispatch.invoice, "invoice answered", by=None, now=now, code=row.code.value)


def _settling(row: InvoiceResponse) -> list[InvoiceResponse]:
    mine = (InvoiceResponse.invoice_id == row.invoice_id, InvoiceResponse.problem == "")
    query = select(InvoiceResponse).where(*mine, InvoiceResponse.code.in_(SETTLES))
    return list(db.session.scalars(query))


def handle(response: InvoiceResponse, *, by: Actor, now: datetime) -> InvoiceResponse:
    """Somebody has seen to it. The caller holds the row. Raises Refused when it waits no longer."""
    if not response.waits:
        raise Refused("Svaret är redan omhändertaget. Ladda om sidan.")
    response.waits, response.handled_at, response.handled_by = False, now, by.name
    subject: InvoiceRecord | InvoiceResponse = response.invoice or response
    audit.record(subject, "answer handled", by=by, now=now, response=response.id)
    return response
