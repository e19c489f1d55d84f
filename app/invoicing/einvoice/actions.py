"""Holding e-invoices back, and letting them try again. The XML itself is made by a worker (`worker.make_xml`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete

from app import audit, jobs, particulars
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.invoicing.actions import MAKING
from app.invoicing.einvoice.models import InvoiceCompletion, InvoiceHold
from app.invoicing.einvoice.queries import completion_of
from app.invoicing.einvoice.reasons import Reason
from app.invoicing.models import InvoiceRecord
from app.invoicing.sending import actions as sending
from app.invoicing.sending import queries as dispatches
from app.invoicing.sending.states import DispatchState

LONGEST_REFERENCE = 60


def hold(record: InvoiceRecord, why: Sequence[Reason], *, now: datetime) -> None:
    """Keep it back for these reasons, in place of those for which it was held before."""
    db.session.execute(delete(InvoiceHold).where(InvoiceHold.invoice_id == record.id))
    db.session.add_all(
        InvoiceHold(
            invoice=record,
            rule=one.rule,
            words=one.words,
            official=one.official[:2000],
            element=one.where[:500],
            mend=one.mend,
            held_at=now,
        )
        for one in why
    )


def try_again(record: InvoiceRecord, *, by: User, now: datetime) -> None:
    """Let the worker make its XML anew, of what holds now."""
    jobs.enqueue(MAKING, invoice_id=record.id)
    audit.record(record, "e-invoice tried again", by=by, now=now)


def complete(record: InvoiceRecord, buyer_reference: str, order_reference: str, *, by: User, now: datetime) -> None:
    """Add references where the invoice has none, and try again.

    Raises Refused for what is too long or unreadable, and where nothing is added and nothing was.
    """
    buyers = particulars.line(buyer_reference, "Beställarreferensen", longest=LONGEST_REFERENCE, needed=False)
    order = particulars.line(order_reference, "Ordernumret", longest=LONGEST_REFERENCE, needed=False)
    added = completion_of(record)
    if not (buyers or order) and (added is None or not (added.buyer_reference or added.order_reference)):
        raise Refused("Skriv referensen som saknas. Är felet rättat på annat håll, tryck på Försök igen längre ned.")
    if added is None:
        added = InvoiceCompletion(invoice=record, by_name=by.name, at=now)
        db.session.add(added)
    added.buyer_reference, added.order_reference, added.by_name, added.at = buyers, order, by.name, now
    audit.record(record, "e-invoice completed", by=by, now=now, buyer_reference=buyers, order_reference=order)
    try_again(record, by=by, now=now)


def let_go(record: InvoiceRecord, why: str, *, by: User, now: datetime) -> None:
    """It is not to become an e-invoice: it is credited, or goes another way. Raises Refused without a reason.

    Nothing waits for it any longer then: what was to go electronically has been seen to by hand.
    """
    words = particulars.line(why, "Skälet")
    if record.xml_file_id is not None:
        raise Refused("Fakturan har redan blivit en e-faktura.")
    hold(record, [], now=now)
    _record, dispatch = dispatches.held_of(record.id)
    if dispatch is not None and dispatch.state == DispatchState.QUEUED and dispatch.route in sending.BY_ITSELF:
        sending.mark_by_hand(dispatch, words, by=by, now=now)
    audit.record(record, "e-invoice let go", by=by, now=now, why=words)
