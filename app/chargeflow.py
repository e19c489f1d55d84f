"""THE STORY of what is seen at Stripe: held or drawn, and the order begins; declined, too late, twice, let go.

Or nothing is seen, and the customer pays by invoice instead. `follow` is the one place where what was seen changes
anything. It may be seen twice, late, or in any order. No function here asks Stripe; what is to be asked is a job in the
same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app import cardflow, jobs, orderflow
from app.accounts.models import User
from app.money import NOUGHT, Money
from app.orders import actions as orders
from app.orders.delivery.parcels import Choice, Choices
from app.orders.models import Order
from app.orders.states import EventKind, OrderState
from app.payments import actions as payments
from app.payments import queries as paid
from app.payments import refunding
from app.payments.holding import intent_faults, session_faults
from app.payments.models import Payment
from app.payments.queries import standing
from app.payments.refund_models import Refund
from app.payments.states import GOOD, MoveKind, PaymentState, RefundSource, RefundState, TaskKind
from app.payments.stripe_values import IntentSeen, PaymentSeen, RefundSeen, SessionSeen


def follow(payment: Payment, seen: PaymentSeen, *, now: datetime) -> Payment:
    """Let a payment be what Stripe says, once it agrees with what we asked for. The caller holds the order.

    What does not agree changes nothing, and finance is told.
    """
    payment.looked_at = now
    faults = _faults(payment, seen)
    if faults:
        payments.not_believed(payment, faults, now=now)
        return payment
    if seen.intent is not None and seen.intent.state == "requires_capture":
        _held(payment, seen.intent, now=now)
    elif seen.intent is not None and seen.intent.state == "succeeded":
        _drawn(payment, seen.intent, now=now)
    elif seen.intent is not None and seen.intent.state == "canceled":
        _let_go(payment, now=now)
    else:
        _waits(payment, seen.session, seen.intent, now=now)
    for one in reversed(seen.refunds):
        refund_seen(payment, one, now=now)
    return payment


def _faults(payment: Payment, seen: PaymentSeen) -> Sequence[str]:
    found: list[str] = []
    if seen.session is not None:
        number = payment.order.number
        found += session_faults(seen.session, payment_id=payment.id, order_number=number, amount=payment.amount)
    if seen.intent is not None:
        found += intent_faults(seen.intent, payment_id=payment.id, amount=payment.amount)
    return list(dict.fromkeys(found))


def _held(payment: Payment, seen: IntentSeen, *, now: datetime) -> None:
    if payment.state not in cardflow.WAITING:
        return
    if not _pays(payment):
        payments.surplus(payment, seen, now=now)
        jobs.enqueue(cardflow.LETTING_GO, payment_id=payment.id)
        return
    payments.held(payment, seen, now=now)
    _begin(payment, f"{seen.held} är reserverade på kortet och dras när allt är levererat.", now=now)


def _drawn(payment: Payment, seen: IntentSeen, *, now: datetime) -> None:
    if payment.state in cardflow.WAITING:
        if not _pays(payment):
            payments.surplus(payment, seen, now=now)
            refund_all(payment, "Betald en gång till, eller för sent", now=now)
            return
        payments.drawn(payment, seen, now=now)
        _begin(payment, f"{seen.drawn} är dragna från kortet.", now=now)
    elif payment.state in {PaymentState.AUTHORISED, PaymentState.CAPTURING}:
        if payment.state == PaymentState.AUTHORISED:
            words = f"{seen.drawn} har dragits på Stripes egna sidor. Se efter att det är vad som ska betalas."
            payments.tell_finance(TaskKind.MISMATCH, f"drawn-{payment.id}", words, payment, now=now)
        payments.drawn(payment, seen, now=now)
        payments.settle_later(payment.order)
    elif payment.state == PaymentState.SURPLUS and not payment.captured:
        payment.captured = seen.drawn
        refund_all(payment, "Betald en gång till, eller för sent", now=now)


def _pays(payment: Payment) -> bool:
    """Whether its order waits for it: nothing else has paid it, and it stands."""
    return payment.order.state == OrderState.UNPAID and paid.paying(payment.order) is None


def _begin(payment: Payment, words: str, *, now: datetime) -> None:
    """It is paid: members are asked, and the customer gets its letter. Pages that are open still are closed."""
    order = payment.order
    for other in paid.payments_of(order, lock=True):
        if other.id != payment.id:
            cardflow.give_up(other, "Beställningen är betald.", now=now)
    order.state = OrderState.PLACED
    orders.note(order, EventKind.PAID, now=now, words=words, for_customer=True)
    orderflow.begin(order, _choices(payment), now=now, asking=False)


def take_invoice(order: Order, *, by: User | None, now: datetime) -> Order:
    """The customer pays by invoice instead: no page to pay on is left, and the order begins. The caller holds it.

    What is paid by card all the same goes back, as what is paid twice does. Raises Refused when nothing is to be paid.
    """
    waiting = cardflow.unpaid(order)
    for one in waiting:
        cardflow.give_up(one, "Kunden valde faktura i stället.", now=now)
    order.state = OrderState.PLACED
    words = "Avbruten. Beställningen betalas mot faktura i stället."
    orders.note(order, EventKind.PAYMENT_ASKED, now=now, by=by, words=words, for_customer=True)
    return orderflow.begin(order, _choices(waiting[-1]), now=now)


def _choices(payment: Payment) -> Choices | None:
    """How the parcels were to come, as the customer chose."""
    if payment.ways is None:
        return None
    return {parcel: Choice(key, Money(fee), window) for parcel, (key, fee, window) in payment.ways.items()}


def _let_go(payment: Payment, *, now: datetime) -> None:
    """Nothing is held any longer. Where something is to be paid still, it is paid by invoice."""
    if payment.state not in {PaymentState.OPENED, PaymentState.SURPLUS, *GOOD} or payment.captured:
        return
    was = payment.state
    payments.move(payment, PaymentState.CANCELLED, MoveKind.CANCELLED, now=now)
    if was == PaymentState.OPENED:
        cardflow.lapse(payment.order, "Betalningen avbröts.", now=now)
    elif was in GOOD and payment.order.state != OrderState.CALLED_OFF:
        payments.tell_finance(
            TaskKind.CAPTURE_FAILED,
            f"released-{payment.id}",
            f"Reservationen på kortet är släppt. Beställning {payment.order.number} är inte betald: kräv fakturan.",
            payment,
            now=now,
        )


def _waits(payment: Payment, session: SessionSeen | None, intent: IntentSeen | None, *, now: datetime) -> None:
    """The customer has not paid, or its bank has said no, or the time is out."""
    if payment.state != PaymentState.OPENED:
        return
    last = payment.moves[-1] if payment.moves else None
    if intent is not None and intent.declined and (last is None or last.kind != MoveKind.DECLINED):
        payments.note(payment, MoveKind.DECLINED, now=now, words=intent.declined)
    if session is not None and session.state == "expired":
        expire(payment, now=now)


def expire(payment: Payment, *, now: datetime) -> None:
    """The time to pay is out."""
    payments.move(payment, PaymentState.EXPIRED, MoveKind.EXPIRED, now=now)
    cardflow.lapse(payment.order, "Beställningen betalades inte i tid.", now=now)


def capture_failed(payment: Payment, why: str, *, now: datetime) -> None:
    """What was held cannot be drawn any more: the invoice is to be paid in another way."""
    if payment.state != PaymentState.CAPTURING:
        return
    payments.move(payment, PaymentState.FAILED, MoveKind.FAILED, now=now, words=why)
    words = f"Det gick inte att dra {payment.to_capture} från kortet: {why} Kräv kunden på fakturan."
    payments.tell_finance(TaskKind.CAPTURE_FAILED, f"capture-{payment.id}", words, payment, now=now)


def refund_all(payment: Payment, reason: str, *, now: datetime) -> Refund | None:
    """All that is left of it goes back; None when nothing is."""
    return refund_by_itself(payment, standing(payment).refundable, reason, f"all-{payment.id}", now=now)


def refund_by_itself(payment: Payment, amount: Money, reason: str, ticket: str, *, now: datetime) -> Refund | None:
    """So much goes back without anybody's asking; None when it is nothing, or has been asked for."""
    if amount <= NOUGHT or paid.refund_by_ticket(ticket) is not None:
        return None
    made = refunding.ask_refund(payment, amount, reason, source=RefundSource.HOUSE, ticket=ticket, by=None, now=now)
    return sent_back(made, now=now)


def sent_back(made: Refund, *, now: datetime) -> Refund:
    """The order's time line says it, and a job asks Stripe."""
    words = f"{made.amount} inkl. moms. {made.reason}"
    orders.note(made.payment.order, EventKind.REFUNDED, now=now, words=words, for_customer=True)
    jobs.enqueue(cardflow.REFUNDING, refund_id=made.id)
    return made


def refund_seen(payment: Payment, seen: RefundSeen, *, now: datetime) -> None:
    """Money that goes back: asked for here, or made past us, which is booked and told."""
    refunds = paid.refunds_of(payment)
    ours = next((one for one in refunds if one.stripe_id == seen.id or str(one.id) == seen.refund), None)
    if ours is None:
        if seen.state in {"failed", "canceled"}:
            return
        ours = refunding.dashboard_refund(payment, seen, now=now)
    if (ours.amount, "sek") != (seen.amount, seen.currency):
        payments.not_believed(payment, [f"återbetalning {ours.id} är på {seen.amount}, inte {ours.amount}"], now=now)
        return
    before = ours.state
    refunding.refund_moved(ours, seen, now=now)
    if ours.state != before and ours.state in {RefundState.IN_TRANSIT, RefundState.DONE}:
        jobs.enqueue("app.payoutflow.take_back_of_refund", refund_id=ours.id)
