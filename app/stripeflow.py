"""THE STORY of what we ask of Stripe and what it tells us: an event leads to a look, and a look to `chargeflow.follow`.

Each job reads what it is to ask, lets go of the database, asks, and only then holds the order and writes. A worker
that dies in between leaves the job to another, which asks the same with the same key - after it has looked whether it
was done, for Stripe remembers a key for a day, and answers a breakdown with the same breakdown.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import TypeVar

from app import bankflow, cardflow, chargeflow, clock, jobs
from app.db import db
from app.money import Money
from app.orders import queries
from app.orders.emails import link_to
from app.payments import actions as payments
from app.payments import payouts, refunding
from app.payments import queries as paid
from app.payments import stripe_client as stripe
from app.payments.models import Payment, StripeEvent
from app.payments.refund_models import Refund
from app.payments.states import EventOutcome, PaymentState, RefundState
from app.payments.stripe_values import Declined, IntentSeen, OursToMend, PaymentSeen, ToPay

LOOK_AGAIN = timedelta(minutes=15)
"""So long after we last asked, we ask of ourselves about what should have moved."""
GRACE = timedelta(minutes=10)
"""So long after its time a page may be closed without Stripe's having said so."""
TRANSFERRING, REVERSING = "app.payoutflow.transfer", "app.payoutflow.reverse"
Read = TypeVar("Read")
ABOUT_DISPUTES = "charge.dispute."
HEARD = ("checkout.session.", "payment_intent.", "charge.", "refund.")
"""What we listen to. Everything else that Stripe tells is kept, and nothing comes of it."""


def _before(read: Callable[[], Read]) -> Read:
    """What a job is to ask, as values: the database is let go of before it asks."""
    with jobs.looking():
        return read()


def _held(payment_id: int) -> Payment:
    """The payment, with its order held."""
    queries.hold(paid.order_of_payment(payment_id))
    return db.session.get_one(Payment, payment_id, populate_existing=True, with_for_update=True)


def receive(body: bytes, signature: str, *, now: datetime) -> StripeEvent | None:
    """Stripe knocks: what it has signed is kept once, and dealt with later. None for a repeat. Raises NotGenuine."""
    told = stripe.read_event(body, signature, now=now)
    event = payments.store_event(told, now=now)
    if event is not None:
        if told.kind.startswith(HEARD):
            jobs.enqueue(deal, event_id=event.id)
        else:
            payments.deal(event, EventOutcome.IGNORED, now=now)
    return event


@jobs.job
def deal(event_id: int) -> None:
    """An event only says where to look: whatever order they come in, what is true now is asked for."""
    event = db.session.get_one(StripeEvent, event_id)
    payment = paid.payment_told_of(event)
    if event.outcome != EventOutcome.WAITING:
        return
    if payment is None:
        payments.deal(event, EventOutcome.IGNORED, now=clock.now())
        return
    payment_id, about = payment.id, event.object_id
    if event.kind.startswith(ABOUT_DISPUTES):
        _look_at_dispute(payment_id, about)
    else:
        look(payment_id)
    payments.deal(db.session.get_one(StripeEvent, event_id), EventOutcome.DEALT, now=clock.now())


def _look_at_dispute(payment_id: int, dispute_id: str) -> None:
    jobs.checkpoint()
    seen = stripe.dispute(dispute_id)
    payment = _held(payment_id)
    if seen.intent_id != payment.intent_id or seen.currency != stripe.CURRENCY:
        payments.not_believed(payment, [f"bestridandet {seen.id} gäller något annat"], now=clock.now())
    else:
        refunding.dispute_seen(payment, seen, now=clock.now())
        bankflow.card_lost(payment, now=clock.now())


@jobs.job
def look(payment_id: int) -> None:
    """Ask how a payment stands, and let it be so."""
    seen = _seen(payment_id)
    if seen is not None:
        chargeflow.follow(_held(payment_id), seen, now=clock.now())


def _seen(payment_id: int) -> PaymentSeen | None:
    """All that Stripe says of a payment; None while it knows nothing of it."""

    def read() -> tuple[str | None, str | None, bool]:
        one = db.session.get_one(Payment, payment_id)
        return one.session_id, one.intent_id, one.state in cardflow.WAITING

    session_id, intent_id, waits = _before(read)
    session = stripe.session(session_id) if session_id and (waits or intent_id is None) else None
    intent_id = intent_id or (session.intent_id if session else None)
    if session is None and intent_id is None:
        return None
    intent = stripe.intent(intent_id) if intent_id else None
    refunds = stripe.refunds_of(intent.id) if intent and intent.drawn else ()
    return PaymentSeen(session, intent, refunds)


@jobs.job
def open_page(payment_id: int) -> None:
    """Have Stripe open the page on which the customer pays."""

    def read() -> tuple[ToPay, str] | None:
        one = db.session.get_one(Payment, payment_id)
        if one.state != PaymentState.OPENED or one.session_id:
            return None
        return _to_pay(one), one.key("page")

    asked = _before(read)
    if asked is None:
        return
    why = ""
    try:
        seen = stripe.open_session(asked[0], key=asked[1])
    except (OursToMend, Declined) as no:
        why = str(no)
    payment = _held(payment_id)
    if why:
        cardflow.page_failed(payment, why, now=clock.now())
    elif payment.session_id is None:
        payments.page_opened(payment, seen, now=clock.now())
        if payment.state != PaymentState.OPENED:
            jobs.enqueue(close_page, payment_id=payment_id)


def _to_pay(payment: Payment) -> ToPay:
    order = payment.order
    page = link_to(f"bestallningar/{order.number}/kort")
    return ToPay(
        payment_id=payment.id,
        order_number=order.number,
        name=f"Beställning {order.number}",
        amount=payment.amount,
        email=order.customer.email,
        at_delivery=payment.at_delivery,
        open_until=payment.open_until,
        back=f"{page}?klart=1",
        gave_up=f"{page}?avbrot=1",
    )


@jobs.job
def close_page(payment_id: int) -> None:
    """Have Stripe wait no longer. Whoever has paid meanwhile has paid: that is what the look then sees."""

    def read() -> tuple[str, str] | None:
        one = db.session.get_one(Payment, payment_id)
        return (one.session_id, one.key("close")) if one.session_id and one.state in cardflow.WAITING else None

    asked = _before(read)
    if asked is None:
        return
    try:
        stripe.expire_session(asked[0], key=asked[1])
    except OursToMend:
        look(payment_id)


@jobs.job
def capture(payment_id: int) -> None:
    """Draw what has been decided, unless it has been."""

    def read() -> tuple[str, Money, str] | None:
        one = db.session.get_one(Payment, payment_id)
        if one.state != PaymentState.CAPTURING or one.intent_id is None or one.to_capture is None:
            return None
        return one.intent_id, one.to_capture, one.key("capture")

    asked = _before(read)
    if asked is None:
        return
    intent_id, amount, key = asked
    seen, why = stripe.intent(intent_id), ""
    if seen.state == "requires_capture":
        try:
            seen = stripe.capture(intent_id, amount, key=key)
        except (Declined, OursToMend) as no:
            seen, why = stripe.intent(intent_id), str(no)
    _after(payment_id, seen, why)


def _after(payment_id: int, seen: IntentSeen, why: str) -> None:
    payment = _held(payment_id)
    if why and seen.state == "requires_capture":
        chargeflow.capture_failed(payment, why, now=clock.now())
    else:
        chargeflow.follow(payment, PaymentSeen(None, seen), now=clock.now())


@jobs.job
def let_go(payment_id: int) -> None:
    """Let go of what is held. Where it has been drawn after all, that is what is seen."""

    def read() -> tuple[str, str] | None:
        one = db.session.get_one(Payment, payment_id)
        held = one.state in {PaymentState.AUTHORISED, PaymentState.SURPLUS} and not one.captured
        return (one.intent_id, one.key("cancel")) if held and one.intent_id else None

    asked = _before(read)
    if asked is None:
        return
    seen = stripe.intent(asked[0])
    if seen.state == "requires_capture":
        try:
            seen = stripe.cancel(asked[0], key=asked[1])
        except OursToMend:
            seen = stripe.intent(asked[0])
    chargeflow.follow(_held(payment_id), PaymentSeen(None, seen), now=clock.now())


@jobs.job
def refund(refund_id: int) -> None:
    """Give back what has been decided, unless it has been: a refund of ours is known again by its id."""

    def read() -> tuple[int, str, Money, str] | None:
        one = db.session.get_one(Refund, refund_id)
        if one.state != RefundState.CREATED or one.payment.intent_id is None:
            return None
        return one.payment_id, one.payment.intent_id, one.amount, one.key

    asked = _before(read)
    if asked is None:
        return
    payment_id, intent_id, amount, key = asked
    why = ""
    try:
        made = next((one for one in stripe.refunds_of(intent_id) if one.refund == str(refund_id)), None)
        made = made or stripe.refund(intent_id, amount, ours=refund_id, key=key)
    except (OursToMend, Declined) as no:
        why = str(no)
    payment = _held(payment_id)
    row = db.session.get_one(Refund, refund_id, populate_existing=True)
    if why and row.state == RefundState.CREATED:
        refunding.refund_refused(row, why, now=clock.now())
    elif made is not None and not why:
        chargeflow.refund_seen(payment, made, now=clock.now())


@jobs.every_minute
def sweep(now: datetime) -> None:
    """Whatever was lost between us and Stripe is looked for: pages, captures, refunds, events, holds about to lapse."""
    if not stripe.takes_cards():
        return
    for payment in paid.to_settle(now, now - LOOK_AGAIN):
        payment.looked_at = now
        jobs.enqueue(payments.SETTLING, order_id=payment.order_id)
    for event_id in paid.undealt(now - LOOK_AGAIN):
        jobs.enqueue(deal, event_id=event_id)
    for one in paid.stuck_refunds(now - LOOK_AGAIN):
        one.payment.looked_at = now
        if one.state == RefundState.CREATED:
            jobs.enqueue(refund, refund_id=one.id)
        else:
            jobs.enqueue(look, payment_id=one.payment_id)
    for payout_id, reversal_id in zip_longest(*payouts.stuck(now - LOOK_AGAIN)):
        if payout_id:
            jobs.enqueue(TRANSFERRING, payout_id=payout_id)
        if reversal_id:
            jobs.enqueue(REVERSING, reversal_id=reversal_id)
    for payment in paid.stuck(now - LOOK_AGAIN):
        payment.looked_at = now
        _sweep_payment(payment, now=now)


def _sweep_payment(payment: Payment, *, now: datetime) -> None:
    if payment.state == PaymentState.CAPTURING:
        jobs.enqueue(capture, payment_id=payment.id)
    elif payment.state == PaymentState.SURPLUS and not payment.captured:
        jobs.enqueue(let_go, payment_id=payment.id)
    elif payment.session_id is not None:
        jobs.enqueue(look, payment_id=payment.id)
    elif payment.open_until + GRACE < now:
        jobs.enqueue(give_up, payment_id=payment.id)
    else:
        jobs.enqueue(open_page, payment_id=payment.id)


@jobs.job
def give_up(payment_id: int) -> None:
    """No page could be opened in all that time: the order lapses."""
    payment = _held(payment_id)
    if payment.state == PaymentState.OPENED and payment.session_id is None:
        chargeflow.expire(payment, now=clock.now())
