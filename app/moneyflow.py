"""THE STORY of money: what was delivered is charged in the customer's rhythm, and what was wrong is credited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from app import clock, jobs, restflow
from app.accounts.models import User
from app.audit import Actor
from app.catalog import facets as catalog
from app.customers.models import Customer, InvoiceRhythm
from app.db import db
from app.errors import Refused
from app.invoicing import actions as invoicing
from app.invoicing import billing, collecting, crediting, giving_back
from app.invoicing import queries as invoices
from app.invoicing.billing import Draft, Item, Owed
from app.invoicing.crediting import Parts
from app.invoicing.models import InvoiceLine, InvoiceRecord, RoundKind
from app.invoicing.sending import actions as sending
from app.money import NOUGHT, Money
from app.orders import actions as orders
from app.orders import queries
from app.orders.complaint_models import Complaint
from app.orders.delivery.event_models import GoodsReturn
from app.orders.delivery.models import OrderCharge
from app.orders.delivery.states import ChargeKind
from app.orders.models import Assignment, AssignmentLine, Order, OrderEvent
from app.orders.states import EventKind, OrderState
from app.payments import actions as payment
from app.payments import queries as payments

OVERPAID = "app.bankflow.look_for_overpaid"


def charge(order: Order, *, now: datetime) -> list[InvoiceRecord]:
    """Something of an order has come, or nothing more will: charge what the customer's rhythm lets be charged now.

    What a card pays is charged order by order, whatever the rhythm has become since: it is tied to the order's invoice.
    """
    rhythm = InvoiceRhythm.ORDER if payment.is_paid(order) else order.customer.invoice_rhythm
    if rhythm == InvoiceRhythm.MONTH:
        return []
    if order.state in {OrderState.DELIVERED, OrderState.CALLED_OFF}:
        return invoice(order, now=now)
    return _charge_delivered(order, now=now) if rhythm == InvoiceRhythm.DELIVERY else []


def invoice(order: Order, *, now: datetime) -> list[InvoiceRecord]:
    """Charge the customer for all that has come of the order and is not charged; done twice it finds nothing left.

    It makes an invoice for each seller. What is delivered anew at no cost makes none. Raises ValueError when the sums
    are not what the order's events add up to: then no invoice is better than a wrong one.
    """
    return _issue(billing.per_seller(_settled([order], now=now)), now=now)


def collect(customer: Customer, *, until: date, now: datetime) -> list[InvoiceRecord]:
    """Charge together what came before a day and is not charged, of all the customer's orders (ML 17 kap. 19 §)."""
    waiting = queries.held(collecting.waiting_of(customer))
    items = _settled(waiting, now=now)
    return _issue(billing.collected(one for one in items if one.is_whole and one.day < until), now=now)


def _charge_delivered(order: Order, *, now: datetime) -> list[InvoiceRecord]:
    """What is sold as one is charged when all of it has come; fees and deposits with the last part."""
    come = (one for one in _settled([order], now=now) if one.is_whole and not one.with_last)
    return _issue(billing.per_seller(come), now=now)


def _settled(some: Sequence[Order], *, now: datetime) -> list[Item]:
    """What is to be charged of orders, when what was charged too dearly has been written down to be credited."""
    found = billing.unbilled(some, catalog.vat_rules())
    for one in found.owed:
        _owe_less(one, now=now)
    return found.items


def _owe_less(one: Owed, *, now: datetime) -> None:
    why = "Retur." if one.charge else f"Nytt pris på {one.share.order_line.name}."
    _owe(one.share, one.amount, why, by=None, now=now, charge=one.charge)


def _issue(drafts: Iterable[Draft], *, now: datetime) -> list[InvoiceRecord]:
    return [_tell(invoicing.issue(one, paid=_by_card(one), now=now), one.orders, now=now) for one in drafts]


def _by_card(draft: Draft) -> Money:
    """What the order's card still pays when its earlier invoices and credit notes have had theirs. With VAT."""
    if len(draft.orders) != 1:
        return NOUGHT
    on_card = payments.pledged(draft.orders[0])
    return max(on_card - invoices.owed(draft.orders[0]), NOUGHT) if on_card else NOUGHT


def _tell(record: InvoiceRecord, about: Iterable[Order], *, now: datetime) -> InvoiceRecord:
    """The letter waits for the PDF; the orders' time lines know at once."""
    sending.queue(record, now=now)
    words = f"Faktura {record.name}" + (f" från {record.seller.name}" if record.seller else "")
    for order in about:
        orders.note(order, EventKind.INVOICED, now=now, words=words, for_customer=True)
    return record


def credit(
    record: InvoiceRecord,
    parts: Parts,
    why: str,
    *,
    by: User,
    now: datetime,
    borne: Mapping[InvoiceLine, Money] | None = None,
) -> InvoiceRecord:
    """Credit so much of some lines of an invoice. `borne` is what of it the members earn less. All without VAT.

    The orders' time lines say so, and what is charged and earned follows from that. Raises Refused for more than is
    left of a line, for what a member has not earned, and without a reason.
    """
    return _credit(_held(record), parts, why, by=by, now=now, borne=borne or {})


def credit_whole(
    record: InvoiceRecord, why: str, *, by: User, now: datetime, borne: Mapping[InvoiceLine, Money] | None = None
) -> InvoiceRecord:
    """Credit all that is left of an invoice, with what was to be credited of it already."""
    record = _held(record)
    left = crediting.left_of(record).lines
    return _credit(record, left, why, by=by, now=now, borne=borne or {}, with_dues=True)


def credit_dues(record: InvoiceRecord, *, by: User | None, now: datetime) -> InvoiceRecord | None:
    """Make a credit note of what is to be credited of an invoice; None when nothing is.

    What is charged and earned was lowered when it was decided; the time lines only tell of the note.
    """
    record = _held(record)
    dues = crediting.dues_of(record)
    if not dues:
        return None
    why = crediting.reasons(dues)
    events = {line.order: giving_back.note(line.order, by=by, now=now) for line in {d.line for d in dues} if line}
    note = crediting.issue(record, {}, dues, why, charges={}, by=by, now=now)
    return _tell_credited(note, events, by=by, now=now)


def _held(record: InvoiceRecord) -> InvoiceRecord:
    """The invoice, when its orders are held too: whoever acts on an order and then credits takes them in this turn."""
    queries.held({line.order_id for line in record.lines})
    return crediting.hold(record.id)


def _credit(
    record: InvoiceRecord,
    parts: Parts,
    why: str,
    *,
    by: User,
    now: datetime,
    borne: Mapping[InvoiceLine, Money],
    with_dues: bool = False,
) -> InvoiceRecord:
    dues = crediting.dues_of(record) if with_dues else []
    crediting.check(record, parts, why, also_due=bool(dues))
    events, charges = giving_back.write(parts, borne, by=by, now=now)
    for order in {due.line.order for due in dues if due.line} - set(events):
        events[order] = giving_back.note(order, by=by, now=now)
    note = crediting.issue(record, parts, dues, why.strip(), charges=charges, by=by, now=now)
    return _tell_credited(note, events, by=by, now=now)


def _tell_credited(
    note: InvoiceRecord, events: Mapping[Order, OrderEvent], *, by: User | None, now: datetime
) -> InvoiceRecord:
    values = invoicing.values_of(note)
    sending.queue(note, now=now)
    for order, event in events.items():
        amount = Money.total(line.net for line in note.lines if line.order is order)
        event.words = f"Kreditfaktura {note.name} på {amount} exkl. moms. {values.why}".strip()[:1000]
        payment.settle_later(order)
    if note.credits is not None:
        restflow.follow_credit(note.credits, values.why, by=by, now=now)
        jobs.enqueue(OVERPAID, invoice_id=note.credits.id)
    return note


def owe_credit(complaint: Complaint, amount: Money, *, by: User, now: datetime) -> None:
    """A price is lowered by so much: when the part was charged it is to be credited, else its invoice will say so.

    Raises Refused for more than is left of it to credit.
    """
    share, room = _share(complaint.assignment, complaint.order_line_id), room_of(complaint)
    if room is not None and amount > room:
        raise Refused(f"Av {complaint.order_line.name} är en del redan krediterad. Avdraget kan bli högst {room}.")
    if room is not None and amount:
        _owe(share, amount, complaint.answer, by=by, now=now)


def owe_for_return(one: GoodsReturn, charge: OrderCharge, *, by: Actor, now: datetime) -> None:
    """Goods are back: when they were charged they are to be credited, else their invoice will say so."""
    if charge.kind == ChargeKind.RETURNED and room_for(one) is not None:
        why = f"Retur. {one.words} {one.answer}".strip()
        _owe(_share(one.assignment, one.order_line_id), -charge.charged, why, by=by, now=now, charge=charge)


def room_of(complaint: Complaint) -> Money | None:
    """What is left to credit of the part that is complained about; None while it is not charged."""
    return _room(_share(complaint.assignment, complaint.order_line_id))


def room_for(one: GoodsReturn) -> Money | None:
    """The same of what comes back."""
    return _room(_share(one.assignment, one.order_line_id))


def _share(assignment: Assignment, order_line_id: int) -> AssignmentLine:
    return next(one for one in assignment.lines if one.order_line_id == order_line_id)


def _room(share: AssignmentLine) -> Money | None:
    claims = crediting.claims_on(share)
    return crediting.room(claims) if claims else None


def _owe(
    share: AssignmentLine,
    amount: Money,
    why: str,
    *,
    by: Actor | None,
    now: datetime,
    charge: OrderCharge | None = None,
) -> None:
    for line, part in crediting.spread(crediting.claims_on(share), amount):
        invoicing.owe_credit(line, part, why, by=by, now=now, charge=charge)


@jobs.every_minute
def collect_months(now: datetime) -> None:
    """In the first minute of a month, or when a worker is there again: a job for each customer that has something."""
    until = clock.local_date(now).replace(day=1)
    if collecting.begin(RoundKind.MONTHS, until, now=now):
        for customer_id in collecting.customers_waiting(until):
            jobs.enqueue(charge_customer, customer_id=customer_id, until=until.toordinal())


@jobs.job
def charge_customer(customer_id: int, until: int) -> None:
    """Charge what came before a day, in the customer's rhythm. Run twice, it finds nothing left.

    It also finds what another rhythm, which the customer had before, has left.
    """
    customer, now = db.session.get_one(Customer, customer_id), clock.now()
    if customer.invoice_rhythm == InvoiceRhythm.MONTH:
        collect(customer, until=date.fromordinal(until), now=now)
    else:
        for order in queries.held(collecting.waiting_of(customer)):
            charge(order, now=now)


@jobs.every_minute
def credit_all_due(now: datetime) -> None:
    """What was decided before today is credited, one note for each invoice: a day's decisions make no more than one."""
    today = clock.local_date(now)
    if collecting.begin(RoundKind.DUES, today, now=now):
        for invoice_id in collecting.invoices_with_dues(today):
            jobs.enqueue(credit_one, invoice_id=invoice_id)


@jobs.job
def credit_one(invoice_id: int) -> None:
    """Run twice, it finds nothing left."""
    credit_dues(db.session.get_one(InvoiceRecord, invoice_id), by=None, now=clock.now())
