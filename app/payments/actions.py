"""What can be done to a payment's rows; the order of the steps is told in `app/cardflow.py`. Stripe is asked there."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.exc import IntegrityError

from app import audit, jobs
from app.audit import Actor
from app.db import db
from app.errors import Refused
from app.money import NOUGHT, Money
from app.orders.models import Order
from app.orders.states import EventKind
from app.payments.holding import HOLDS
from app.payments.models import MoneyTask, Payment, PaymentAllocation, PaymentEvent, StripeEvent
from app.payments.refund_models import Refund
from app.payments.states import EventOutcome, MoveKind, PaymentState, TaskKind
from app.payments.stripe_values import IntentSeen, SessionSeen, Told

SETTLING = "app.settleflow.settle"
"""The job that draws what a card holds, ties it to invoices, and gives back what was too much."""
PAY_WITHIN = timedelta(hours=2)
"""So long Stripe's page waits for the customer. Stripe allows half an hour to a day."""


def open_payment(
    order: Order, amount: Money, *, at_delivery: bool, ways: Mapping[str, Any] | None, by: Actor | None, now: datetime
) -> Payment:
    """Ask for so much, with VAT. The page at Stripe is opened by a job."""
    payment = Payment(
        order=order,
        state=PaymentState.OPENED,
        amount=amount,
        at_delivery=at_delivery,
        ways=dict(ways) if ways is not None else None,
        mark=secrets.token_hex(8),
        opened_at=now,
        open_until=now + PAY_WITHIN,
        looked_at=now,
    )
    db.session.add(payment)
    db.session.flush()
    how = "Dras när allt är levererat." if at_delivery else "Dras när kunden betalar."
    note(payment, MoveKind.OPENED, now=now, amount=amount, words=how, by=by)
    return payment


def is_paid(order: Order) -> bool:
    """Whether a card has paid the order, or is held for it: its events tell, without a search."""
    return any(event.kind == EventKind.PAID for event in order.events)


def settle_later(order: Order) -> None:
    """Where the order is paid by card, the payment is looked at again once this is saved."""
    if is_paid(order):
        jobs.enqueue(SETTLING, order_id=order.id)


def note(
    payment: Payment,
    kind: MoveKind,
    *,
    now: datetime,
    amount: Money | None = None,
    words: str = "",
    by: Actor | None = None,
) -> PaymentEvent:
    """One more line in the payment's time line, and in the book of who did what."""
    event = PaymentEvent(at=now, kind=kind, amount=amount, words=words[:500], by_name=by.name if by else "")
    payment.moves.append(event)
    audit.record(payment, kind.value, by=by, now=now, ore=amount.ore if amount else None)
    return event


def move(
    payment: Payment, to: PaymentState, kind: MoveKind, *, now: datetime, amount: Money | None = None, words: str = ""
) -> Payment:
    """Into another state, with its line in the time line. Raises Refused for a move that cannot be."""
    payment.state = to
    note(payment, kind, now=now, amount=amount, words=words)
    return payment


def is_told(mark: str) -> bool:
    """Whether finance has been told something by this mark, answered or not."""
    return db.session.scalar(select(MoneyTask.id).where(MoneyTask.mark == mark)) is not None


def tell_finance(
    kind: TaskKind, mark: str, words: str, payment: Payment | None, *, now: datetime, invoice_id: int | None = None
) -> MoneyTask | None:
    """Something for finance to look at; None when it has been told already, by this mark."""
    if is_told(mark):
        return None
    task = MoneyTask(kind=kind, mark=mark, words=words[:1000], payment=payment, made_at=now)
    task.invoice_id = invoice_id
    db.session.add(task)
    return task


def finish_task(task: MoneyTask, said: str, *, by: Actor, now: datetime) -> MoneyTask:
    """Finance has seen to it. Raises Refused when somebody has already, and without a word on what was done."""
    if task.done_at is not None:
        raise Refused(f"{task.done_by} har redan markerat den som klar.")
    if not said.strip():
        raise Refused("Skriv vad som är gjort.")
    task.done_at, task.done_by, task.note = now, by.name, said.strip()[:1000]
    audit.record(task, "done", by=by, now=now)
    return task


def close_task(mark: str, why: str, *, now: datetime) -> None:
    """What was to be looked at has been answered by what has happened since; nobody has to mark it as done."""
    _answer(MoneyTask.mark == mark, why, now=now)


def close_tasks_of(invoice_id: int, kind: TaskKind, why: str, *, now: datetime) -> None:
    """The same of all of a kind that are about an invoice."""
    _answer(and_(MoneyTask.invoice_id == invoice_id, MoneyTask.kind == kind), why, now=now)


def close_tasks_marked(beginning: str, why: str, *, now: datetime) -> None:
    """The same of all whose mark begins so."""
    _answer(MoneyTask.mark.startswith(beginning, autoescape=True), why, now=now)


def _answer(which: ColumnElement[bool], why: str, *, now: datetime) -> None:
    for task in db.session.scalars(select(MoneyTask).where(which, MoneyTask.done_at.is_(None))):
        task.done_at, task.note = now, why[:1000]
        audit.record(task, "answered by itself", by=None, now=now)


def page_opened(payment: Payment, seen: SessionSeen, *, now: datetime) -> Payment:
    """Stripe's page is there."""
    payment.session_id, payment.session_url, payment.looked_at = seen.id, seen.url, now
    note(payment, MoveKind.SENT_ON, now=now)
    return payment


def held(payment: Payment, seen: IntentSeen, *, now: datetime) -> Payment:
    """The bank holds the amount."""
    payment.intent_id, payment.charge_id, payment.session_url = seen.id, seen.charge_id, None
    payment.held_until = seen.held_until or now + HOLDS
    return move(payment, PaymentState.AUTHORISED, MoveKind.AUTHORISED, now=now, amount=seen.held)


def drawn(payment: Payment, seen: IntentSeen, *, now: datetime) -> Payment:
    """The amount, or a part of it, is ours; of the rest the bank has let go."""
    payment.intent_id, payment.charge_id, payment.session_url = seen.id, seen.charge_id, None
    payment.captured, payment.held_until = seen.drawn, None
    return move(payment, PaymentState.CAPTURED, MoveKind.CAPTURED, now=now, amount=seen.drawn)


def surplus(payment: Payment, seen: IntentSeen, *, now: datetime) -> Payment:
    """Money for an order that is paid already, or no longer stands: it goes back."""
    payment.intent_id, payment.charge_id, payment.session_url = seen.id, seen.charge_id, None
    payment.captured = seen.drawn
    move(payment, PaymentState.SURPLUS, MoveKind.SURPLUS, now=now, amount=max(seen.drawn, seen.held))
    words = f"Beställning {payment.order.number} är betald en gång till, eller för sent. Pengarna går tillbaka."
    tell_finance(TaskKind.PAID_TWICE, f"surplus-{payment.id}", words, payment, now=now)
    return payment


def ask_capture(payment: Payment, amount: Money, *, now: datetime) -> Payment:
    """Decide how much is drawn. It is decided once: what is held can be drawn once."""
    payment.to_capture = amount
    return move(payment, PaymentState.CAPTURING, MoveKind.CAPTURE_ASKED, now=now, amount=amount)


def not_believed(payment: Payment, faults: Sequence[str], *, now: datetime) -> None:
    """Stripe says something that does not agree with what was asked: nothing is changed, and finance is told."""
    words = f"Stripe svarar något som inte stämmer: {'; '.join(faults)}. Ingenting är ändrat."
    if tell_finance(TaskKind.MISMATCH, f"mismatch-{payment.id}-{faults[0][:60]}", words, payment, now=now):
        note(payment, MoveKind.NOT_BELIEVED, now=now, words=words)


def allocate(
    invoice_id: int, amount: Money, *, payment: Payment | None = None, refund: Refund | None = None, now: datetime
) -> PaymentAllocation:
    """So much of a payment pays an invoice, or so much of a refund is what a credit note gives back."""
    mine = (PaymentAllocation.payment_id == payment.id) if payment else (PaymentAllocation.refund_id == _id(refund))
    row = db.session.scalar(select(PaymentAllocation).where(mine, PaymentAllocation.invoice_id == invoice_id))
    if row is None:
        whose = {"payment_id": payment.id if payment else None, "refund_id": refund.id if refund else None}
        row = PaymentAllocation(invoice_id=invoice_id, amount=NOUGHT, at=now, **whose)
        db.session.add(row)
    row.amount += amount
    db.session.flush()
    return row


def _id(refund: Refund | None) -> int:
    if refund is None:
        raise ValueError("an allocation is of a payment or of a refund")
    return refund.id


def store_event(told: Told, *, now: datetime) -> StripeEvent | None:
    """Keep what Stripe tells; None when it has told it before."""
    values = {"stripe_id": told.id, "kind": told.kind, "object_id": told.object_id, "intent_id": told.intent_id}
    row = StripeEvent(**values, payment_id=told.payment_id, created_at=told.created, received_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return None
    return row


def deal(event: StripeEvent, outcome: EventOutcome, *, now: datetime) -> StripeEvent:
    """What came of it."""
    event.outcome, event.dealt_at = outcome, now
    return event
