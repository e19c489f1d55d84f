"""Credit notes: how much is left of each line of an invoice, what is taken of it, and the document that says so.

Whoever credits holds the invoice: two who press at the same moment see each other, and no line gives back more than it
charged. What is to be credited already is kept free for that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from app import audit, clock
from app.audit import Actor
from app.db import MoneyColumn, db
from app.errors import Refused
from app.household import actions as household
from app.household.rules import WHOLE, Worked
from app.invoicing.actions import keep, numbered, values_of, write_lines
from app.invoicing.document import Credited, Deduction, DocumentKind, Invoice, Period
from app.invoicing.models import CreditDue, InvoiceLine, InvoiceRecord
from app.invoicing.remainders import taken_back, vat_rests
from app.money import NOUGHT, Money
from app.orders.delivery.models import OrderCharge
from app.orders.models import AssignmentLine

Parts = Mapping[InvoiceLine, Money]
"""So much of each line, without VAT; below nought for what takes back a reduction."""
LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Left:
    """What can still be credited of an invoice, line by line, without VAT."""

    lines: dict[InvoiceLine, Money]
    due: dict[InvoiceLine, Money]
    """What a credit note is to take up already; it is no part of what is left."""

    @property
    def net(self) -> Money:
        """In all."""
        return Money.total(self.lines.values())

    def of(self, line: InvoiceLine) -> Money:
        """What one line can give: no more than what is left when the reductions of the same article are counted in."""
        if line.net < NOUGHT:
            return self.lines[line]
        together = Money.total(left for one, left in self.lines.items() if _goes_with(one, line))
        return max(NOUGHT, min(self.lines[line], together))


def _goes_with(one: InvoiceLine, line: InvoiceLine) -> bool:
    return one is line or (line.order_line_id is not None and one.order_line_id == line.order_line_id)


def hold(invoice_id: int) -> InvoiceRecord:
    """An invoice with its lines, locked: whoever else would credit it waits."""
    query = select(InvoiceRecord).where(InvoiceRecord.id == invoice_id).options(selectinload(InvoiceRecord.lines))
    locked = query.with_for_update(of=InvoiceRecord).execution_options(populate_existing=True)
    return db.session.scalars(locked).one()


def left_of(record: InvoiceRecord) -> Left:
    """How much of the invoice can still be credited. Two statements."""
    ids = [line.id for line in record.lines]
    given = select(InvoiceLine.credits_line_id, func.sum(InvoiceLine.net, type_=MoneyColumn()))
    given = given.where(InvoiceLine.credits_line_id.in_(ids)).group_by(InvoiceLine.credits_line_id)
    owed = select(CreditDue.line_id, func.sum(CreditDue.amount, type_=MoneyColumn()))
    owed = owed.where(CreditDue.line_id.in_(ids), CreditDue.credited_at.is_(None)).group_by(CreditDue.line_id)
    credited, due = _sums(given), _sums(owed)
    left = {line: line.net - credited.get(line.id, NOUGHT) - due.get(line.id, NOUGHT) for line in record.lines}
    return Left(left, {line: due[line.id] for line in record.lines if line.id in due})


def _sums(query: Select[int | None, Money]) -> dict[int, Money]:
    return {line: amount for line, amount in db.session.execute(query) if line is not None}


def check(record: InvoiceRecord, parts: Parts, why: str, *, also_due: bool = False) -> None:
    """Raises Refused for what cannot be credited of an invoice that is held.

    `also_due` says that something is to be credited beside the parts, which then may be nothing.
    """
    if record.is_credit_note:
        raise Refused("En kreditfaktura kan inte krediteras. Gör en ny faktura i stället.")
    if not why.strip():
        raise Refused("Skriv varför det krediteras. Kunden läser det.")
    left, names = left_of(record), values_of(record).lines
    if not any(parts.values()) and not also_due:
        raise Refused(
            f"Det finns inget kvar att kreditera på faktura {record.name}."
            if not left.net
            else "Skriv hur mycket som ska krediteras."
        )
    for line, amount in parts.items():
        most = left.lines[line]
        if not (NOUGHT <= amount <= most or most <= amount <= NOUGHT):
            raise Refused(f"{names[line.place].name}: det går att kreditera högst {left.of(line)} exkl. moms.")
    for line in parts:
        _check_together(line, parts, left, names[line.place].name)


def _check_together(line: InvoiceLine, parts: Parts, left: Left, name: str) -> None:
    """An article gives back no more than was paid for it when what was taken off its price is counted in."""
    together = [one for one in left.lines if _goes_with(one, line)]
    most = Money.total(left.lines[one] for one in together)
    if Money.total(parts.get(one, NOUGHT) for one in together) > most:
        raise Refused(f"{name}: det går att kreditera högst {most} exkl. moms, för priset är nedsatt på fakturan.")


def dues_of(record: InvoiceRecord) -> Sequence[CreditDue]:
    """What is to be credited of an invoice that is held, the oldest first."""
    query = select(CreditDue).where(CreditDue.invoice_id == record.id, CreditDue.credited_at.is_(None))
    return db.session.scalars(query.order_by(CreditDue.id)).all()


def issue(
    record: InvoiceRecord,
    parts: Parts,
    dues: Sequence[CreditDue],
    why: str,
    *,
    charges: Mapping[InvoiceLine, OrderCharge],
    by: Actor | None,
    now: datetime,
) -> InvoiceRecord:
    """The credit note for these parts and dues of an invoice that is held. What may be is the caller's to check.

    `charges` are what the time line gives back of fees and deposits: the note's lines claim them.
    """
    amounts: dict[InvoiceLine, Money] = defaultdict(lambda: NOUGHT, parts)
    for due in dues:
        if due.line is not None:
            amounts[due.line] += due.amount
    taken = [(line, amounts[line]) for line in record.lines if amounts[line]]
    values = replace(_document(record, taken, why, now), deduction=_less_deduction(record, taken, now))
    values = numbered(values, record.seller)
    orders = sorted({line.order for line, _amount in taken}, key=lambda order: order.number)
    note = keep(values, record.customer, orders, record.seller, now=now)
    note.credits = record
    db.session.flush()
    write_lines(note, [_back(line, amount, charges.get(line)) for line, amount in taken])
    for due in dues:
        due.credited_at, due.credit_note = now, note
    db.session.flush()
    audit.record(record, "credited", by=by, now=now, note=note.name, ore=note.net.ore)
    return note


def _back(line: InvoiceLine, amount: Money, charge: OrderCharge | None) -> dict[str, Any]:
    return {
        "order_id": line.order_id,
        "order_line_id": line.order_line_id,
        "net": amount,
        "assignment_line_id": None,
        "complaint_id": None,
        "charge_id": charge.id if charge else None,
        "credits_line_id": line.id,
    }


def _document(record: InvoiceRecord, taken: Sequence[tuple[InvoiceLine, Money]], why: str, now: datetime) -> Invoice:
    """All but its number. The parties are those of the invoice; there is nothing to pay, so nothing to wait for."""
    before, today = values_of(record), clock.local_date(now)
    address = record.customer.electronic_address or before.buyer.electronic_address
    found = left_of(record)
    left = {line.place: amount + found.due.get(line, NOUGHT) for line, amount in found.lines.items()}
    amounts = {line.place: amount for line, amount in taken}
    lines = taken_back(before, left, amounts)
    days = [one.delivered_on for one in lines]
    return replace(
        before,
        number=0,
        kind=DocumentKind.CREDIT_NOTE,
        issued_on=today,
        due_on=today,
        payment_days=0,
        buyer=replace(before.buyer, electronic_address=address),
        lines=lines,
        bundles=(),
        period=Period(min(days), max(days)),
        credits=Credited(before.name, before.issued_on),
        why=why,
        paid=NOUGHT,
        deduction=None,
        attachments=(),
        vat_rests=vat_rests(before, _notes_of(record), left, amounts, lines),
    )


def _notes_of(record: InvoiceRecord) -> list[Invoice]:
    """What has been credited of it already."""
    query = select(InvoiceRecord).where(InvoiceRecord.credits_id == record.id).order_by(InvoiceRecord.id)
    return [values_of(note) for note in db.session.scalars(query)]


def _less_deduction(
    record: InvoiceRecord, taken: Sequence[tuple[InvoiceLine, Money]], now: datetime
) -> Deduction | None:
    """What need not be given back, because it was taken off the invoice and the customer never paid it there."""
    before = values_of(record)
    if before.deduction is None:
        return None
    billed = [
        (line.order_line_id, Worked(amount, before.lines[line.place].parts, WHOLE))
        for line, amount in taken
        if line.order_line_id is not None and line.charge_id is None
    ]
    remains, today = _remains(record, before, dict(taken)), clock.local_date(now)
    found = household.give_back(record.id, billed, remains, invoiced_on=before.issued_on, day=today)
    return Deduction(found.relief.value, found.labour, found.amount, before.deduction.persons) if found else None


def _remains(record: InvoiceRecord, before: Invoice, taken: Mapping[InvoiceLine, Money]) -> dict[int, Decimal]:
    """How much of each order line's quantity is left when so much of its price is credited too."""
    left, found = left_of(record), dict[int, Decimal]()
    for line in record.lines:
        if line.order_line_id is not None and line.assignment_line_id is not None and line.net:
            rest = left.lines[line] + left.due.get(line, NOUGHT) - taken.get(line, NOUGHT)
            quantity = before.lines[line.place].quantity * rest.ore / line.net.ore
            found[line.order_line_id] = found.get(line.order_line_id, Decimal(0)) + quantity
    return found


def reasons(dues: Iterable[CreditDue]) -> str:
    """Why, in the words of those who decided it, each once."""
    return " ".join(dict.fromkeys(due.why.strip() for due in dues if due.why.strip()))[:LONGEST_REASON]


def claims_on(share: AssignmentLine) -> list[InvoiceLine]:
    """The lines by which a delivery was charged, its own first, then those by which its price was raised."""
    own = db.session.scalar(select(InvoiceLine).where(InvoiceLine.assignment_line_id == share.id))
    if own is None:
        return []
    from_nothing = (InvoiceLine.assignment_line_id, InvoiceLine.complaint_id, InvoiceLine.charge_id)
    more = select(InvoiceLine).join(InvoiceLine.invoice).where(*(one.is_(None) for one in from_nothing))
    more = more.where(InvoiceLine.order_line_id == share.order_line_id, InvoiceLine.net > NOUGHT)
    more = more.where(InvoiceRecord.kind == DocumentKind.INVOICE)
    raised = db.session.scalars(more.order_by(InvoiceLine.id)).all()
    return [own, *(one for one in raised if one.invoice.seller_id == own.invoice.seller_id)]


def spread(lines: Sequence[InvoiceLine], amount: Money | None = None) -> list[tuple[InvoiceLine, Money]]:
    """From which lines so much is given back: of each what is left, in their order; of all where no amount is named.

    The invoices are held from then on. It may be less than was asked for.
    """
    found, rests = [], {id_: left_of(hold(id_)) for id_ in sorted({one.invoice_id for one in lines})}
    for line in lines:
        left = rests[line.invoice_id]
        part = left.of(line) if amount is None else min(amount, left.of(line))
        if part > NOUGHT:
            found.append((line, part))
            left.lines[line] -= part
            amount = None if amount is None else amount - part
    return found


def room(lines: Sequence[InvoiceLine]) -> Money:
    """What is left of these lines in all."""
    return Money.total(part for _line, part in spread(lines))
