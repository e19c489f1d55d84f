"""THE STORY of a deduction (RUT or ROT) after the invoice: paid, asked for, decided - and forgotten.

Before it stand the checkout, where it is asked for, and the invoice, from which it is taken.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from app import audit, clock, jobs
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.household import actions, queries, rules
from app.household import emails as letters
from app.household.models import ReliefPart
from app.invoicing import actions as invoicing
from app.invoicing import emails
from app.invoicing.document import Deduction, Invoice
from app.invoicing.models import InvoiceRecord
from app.money import NOUGHT
from app.orders import actions as orders
from app.orders.states import EventKind

FORGOTTEN_AT = 3
"""O'clock, when nobody orders."""
AT_ONCE = 200
EMPTY_DAYS = 90
"""An order that ended without a deduction keeps nobody's number longer."""
REMINDED = (1, 15)
"""Month and day."""
LAST_MONTH, LAST_DAY = 1, 31
"""By when a year must be asked for: 31 January of the next (lagen 2009:194, 8 §)."""


def last_day(year: int) -> date:
    """By when what was paid in a year must have been asked for."""
    return date(year + 1, LAST_MONTH, LAST_DAY)


def supplement(part: ReliefPart, *, by: User, now: datetime) -> InvoiceRecord:
    """Let the customer pay what the tax agency did not: an invoice of its own, which charges nothing anew.

    All that was sold stands with its VAT on the first invoice. This one has no lines: what is to be paid is the
    deduction that was made in vain. Raises Refused when nothing is left, or when it has been invoiced.
    """
    if part.left <= NOUGHT:
        raise Refused("Det finns inget kvar att fakturera.")
    if part.supplement_id is not None:
        raise Refused("Resten är redan fakturerad.")
    first = db.session.get_one(InvoiceRecord, part.deduction.invoice_id)
    values = invoicing.numbered(_rest(part, invoicing.values_of(first), now), None)
    order = part.deduction.ask.order
    record = invoicing.keep(values, first.customer, [order], None, now=now)
    record.letter = emails.rest_letter(record, values, now=now)
    part.supplement_id = record.id
    orders.note(order, EventKind.INVOICED, now=now, words=f"Faktura {record.name}. {values.why}", for_customer=True)
    audit.record(part, "rest invoiced", by=by, now=now, invoice=record.name, ore=part.left.ore)
    return record


def _rest(part: ReliefPart, first: Invoice, now: datetime) -> Invoice:
    """The first invoice's parties and references, and only what is left to pay."""
    today = clock.local_date(now)
    name = part.deduction.ask.relief.value
    return replace(
        first,
        issued_on=today,
        due_on=today + timedelta(days=first.payment_days),
        lines=(),
        bundles=(),
        attachments=(),
        paid=NOUGHT,
        deduction=Deduction(name, NOUGHT, -part.left, (part.person.last,) if part.person.last else ()),
        why=f"Skatteverket godkände inte hela {name}avdraget på faktura {first.name} av den {first.issued_on}.",
    )


@jobs.every_minute
def remind(now: datetime) -> None:
    """In the middle of January the house itself gets a letter, when something of the last year is left to ask for."""
    today = clock.local_date(now)
    if (today.month, today.day) == REMINDED and not letters.is_reminded(today):
        left = [one for one in queries.waiting() if one.year < today.year]
        if left:
            letters.remind(left, last_day(today.year - 1), now=now)


@jobs.every_minute
def forget_old(now: datetime) -> None:
    """Each night numbers go away that nothing needs any longer; each is a job of its own.

    It looks during a whole hour, so that a worker that was down for a while misses no night.
    """
    if now.astimezone(clock.SWEDEN).hour == FORGOTTEN_AT:
        for person_id in to_forget(now):
            jobs.enqueue(forget, person_id=person_id)


def to_forget(now: datetime) -> list[int]:
    """Whose number nothing needs any longer, so many at a time."""
    months = rules.table().months_kept
    decided = clock.local_date(now) - timedelta(days=months * 30)
    return list(queries.to_forget(decided, now - timedelta(days=EMPTY_DAYS), AT_ONCE))


@jobs.job
def forget(person_id: int) -> None:
    """Run twice, it finds the number gone."""
    person = queries.person_with(person_id)
    if person.sealed is not None:
        actions.forget(person, by=None, now=clock.now())
