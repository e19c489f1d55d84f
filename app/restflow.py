"""THE STORY of what the tax agency does not pay of a deduction: invoiced to the customer, decided anew, credited.

And of the invoice that is credited after the deduction was asked for: the customer gets back what it has been asked for
by any invoice, and what the agency has paid goes back to the agency (lagen 2009:194).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from app import audit, clock, jobs
from app.accounts.models import User
from app.audit import Actor
from app.db import db
from app.errors import Refused
from app.household import claiming, queries
from app.household.models import PartState, ReliefPart, ReliefRest
from app.invoicing import actions as invoicing
from app.invoicing import crediting
from app.invoicing.document import Credited, Deduction, DocumentKind, Invoice
from app.invoicing.models import InvoiceRecord
from app.invoicing.sending import actions as sending
from app.money import NOUGHT, Money
from app.orders import actions as orders
from app.orders.states import EventKind
from app.payments import actions as payments
from app.payments.states import TaskKind

OVERPAID = "app.bankflow.look_for_overpaid"


def supplement(part: ReliefPart, *, by: User, now: datetime) -> InvoiceRecord:
    """Let the customer pay what the tax agency did not: an invoice of its own, which charges nothing anew.

    All that was sold stands with its VAT on the first invoice. This one has no lines: what is to be paid is the
    deduction that was made in vain. Raises Refused when nothing is left, or when it has been invoiced.
    """
    if part.left <= NOUGHT:
        raise Refused("Det finns inget kvar att fakturera.")
    amount = part.to_invoice
    if amount <= NOUGHT:
        raise Refused("Resten är redan fakturerad.")
    first = db.session.get_one(InvoiceRecord, part.deduction.invoice_id)
    values = invoicing.numbered(_rest(part, amount, invoicing.values_of(first), now), None)
    order = part.deduction.ask.order
    record = invoicing.keep(values, first.customer, [order], None, now=now)
    sending.queue(record, now=now)
    part.rests.append(ReliefRest(invoice_id=record.id, invoice_name=record.name, amount=amount))
    orders.note(order, EventKind.INVOICED, now=now, words=f"Faktura {record.name}. {values.why}", for_customer=True)
    audit.record(part, "rest invoiced", by=by, now=now, invoice=record.name, ore=amount.ore)
    return record


def _rest(part: ReliefPart, amount: Money, first: Invoice, now: datetime) -> Invoice:
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
        deduction=Deduction(name, NOUGHT, -amount, (part.person.last,) if part.person.last else ()),
        why=f"Skatteverket godkände inte hela {name}avdraget på faktura {first.name} av den {first.issued_on}.",
    )


def decide(part: ReliefPart, approved: Money, decided_on: date, *, by: User, now: datetime) -> ReliefPart:
    """The tax agency has decided on one part. What it pays of what is credited meanwhile goes back to it.

    Raises Refused as `claiming.decide` does.
    """
    claiming.decide(part, approved, decided_on, by=by, now=now)
    _tell_finance(part, now=now)
    return part


def decide_anew(part: ReliefPart, approved: Money, decided_on: date, *, by: User, now: datetime) -> list[InvoiceRecord]:
    """The tax agency has changed its decision. What the customer has been asked for in vain is credited at once.

    Returns the credit notes, of the newest invoice first. What it pays less than before may be invoiced. Raises
    Refused for what cannot have been decided.
    """
    claiming.decide_anew(part, approved, decided_on, by=by, now=now)
    deduction = part.deduction
    why = (
        f"Skatteverket har ändrat sitt beslut och godkänner {approved} av"
        f" {deduction.ask.relief.value}avdraget på faktura {deduction.invoice_name}."
    )
    _tell_finance(part, now=now)
    return _credit_in_vain(part, why, by=by, now=now)


def follow_credit(record: InvoiceRecord, why: str, *, by: Actor | None, now: datetime) -> list[InvoiceRecord]:
    """Some of an invoice is credited: what is no longer taken off it is neither asked of the customer nor the agency's.

    The caller holds the invoice. Returns the credit notes of invoices for what the agency had not paid.
    """
    deduction = queries.deduction_on(record.id)
    notes = []
    for part in queries.hold_parts(deduction) if deduction else ():
        _tell_finance(part, now=now)
        notes += _credit_in_vain(part, why, by=by, now=now)
    return notes


def _credit_in_vain(part: ReliefPart, why: str, *, by: Actor | None, now: datetime) -> list[InvoiceRecord]:
    """What the customer has been asked for and shall not pay after all, of the newest invoice first."""
    notes = []
    for rest in reversed(part.rests):
        amount = min(part.to_credit, rest.left)
        if amount:
            notes.append(_credit(rest, amount, why, by=by, now=now))
    return notes


def _tell_finance(part: ReliefPart, *, now: datetime) -> None:
    """One task about a part that was credited after it was asked for, with the sum that it is now; or none."""
    mark = f"relief-{part.id}-"
    payments.close_tasks_marked(mark, f"Nu är avdraget {part.due}, och godkänt är {part.approved}.", now=now)
    words = _to_correct(part) if part.state == PartState.ASKED and part.credited else _to_pay_back(part)
    if words:
        mark += f"{part.state}-{part.due.ore}-{part.approved.ore}-{part.decided_on or ''}"
        invoice = part.deduction.invoice_id
        payments.tell_finance(TaskKind.DEDUCTION, mark, words, None, now=now, invoice_id=invoice)


def _to_correct(part: ReliefPart) -> str:
    deduction, claim = part.deduction, f" i {part.claim.name}" if part.claim else ""
    begun = (
        f"Faktura {deduction.invoice_name} är krediterad. Av {deduction.ask.relief.value}avdraget för"
        f" {part.person.shown} är {part.amount} begärt{claim}, men avdraget är nu {part.due}."
    )
    if not part.due:
        return f"{begun} Återkalla begäran hos Skatteverket."
    return f"{begun} Rätta begäran hos Skatteverket, så att den är på {part.due}."


def _to_pay_back(part: ReliefPart) -> str:
    if not part.to_agency:
        return ""
    deduction = part.deduction
    return (
        f"Faktura {deduction.invoice_name} är krediterad. Skatteverket har godkänt {part.approved} för"
        f" {part.person.shown}, men {deduction.ask.relief.value}avdraget är nu {part.due}. Betala tillbaka"
        f" {part.to_agency} till Skatteverket, och skriv in det nya beslutet."
    )


def credit(record: InvoiceRecord, amount: Money | None, why: str, *, by: User, now: datetime) -> InvoiceRecord:
    """Let the customer off so much of an invoice for a rest, or all that is left of it: it is never asked for again.

    What the tax agency decides later is credited beside it (`decide_anew`).
    Raises Refused for more than is left of it, for nothing, and without a reason.
    """
    rest = _held(record)
    if not why.strip():
        raise Refused("Skriv varför det krediteras. Kunden läser det.")
    if not rest.left:
        raise Refused(f"Det finns inget kvar att kreditera på faktura {record.name}.")
    amount = rest.left if amount is None else amount
    if not NOUGHT < amount <= rest.left:
        raise Refused(f"Skriv ett belopp över noll. Det går att kreditera högst {rest.left}.")
    note = _credit(rest, amount, why.strip(), by=by, now=now)
    rest.given += amount
    return note


def _held(record: InvoiceRecord) -> ReliefRest:
    """What the invoice asks for, with its part held: two who press at the same moment see each other."""
    found = queries.rest_on(record.id)
    if found is None:
        raise Refused("Den här fakturan krediteras rad för rad.")
    part = queries.part_with(found.part_id)
    return next(one for one in part.rests if one.invoice_id == record.id)


def _credit(rest: ReliefRest, amount: Money, why: str, *, by: Actor | None, now: datetime) -> InvoiceRecord:
    """The document, and all that follows from it; the part is held."""
    record = crediting.hold(rest.invoice_id)
    values = invoicing.numbered(_back(invoicing.values_of(record), amount, why, clock.local_date(now)), None)
    order = rest.part.deduction.ask.order
    note = invoicing.keep(values, record.customer, [order], None, now=now)
    note.credits = record
    rest.credited += amount
    db.session.flush()
    sending.queue(note, now=now)
    words = f"Kreditfaktura {note.name} på {amount}. {why}"[:1000]
    orders.note(order, EventKind.CREDITED, now=now, by=by, words=words, for_customer=True)
    audit.record(record, "credited", by=by, now=now, note=note.name, ore=amount.ore)
    jobs.enqueue(OVERPAID, invoice_id=record.id)
    return note


def _back(before: Invoice, amount: Money, why: str, today: date) -> Invoice:
    """The invoice's parties and references, and so much less of what it asks for."""
    asked = before.deduction
    if asked is None:
        raise ValueError(f"invoice {before.name} asks for no rest")
    return replace(
        before,
        kind=DocumentKind.CREDIT_NOTE,
        issued_on=today,
        due_on=today,
        payment_days=0,
        credits=Credited(before.name, before.issued_on),
        why=why,
        deduction=replace(asked, amount=-amount),
    )
