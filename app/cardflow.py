"""THE STORY of a card payment: asked for at the checkout, held or drawn, and the order begins; drawn when it has come.

Stripe is asked and heard in `app/stripeflow.py`. Whatever it says comes here as `follow`, the one place where what was
seen changes anything: it may be seen twice, late, or in any order. No function here asks Stripe; what is to be asked
is a job in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from app import clock, jobs, orderflow
from app.accounts.models import User
from app.catalog import facets as catalog
from app.customers.models import Customer, InvoiceRhythm
from app.db import db
from app.errors import Refused
from app.money import NOUGHT, Money
from app.orders import actions as orders
from app.orders.approvals import actions as approvals
from app.orders.approvals.queries import rule_of
from app.orders.cart import Cart, Delivery
from app.orders.delivery.parcels import Choice, Choices
from app.orders.delivery.preview import fees_ahead
from app.orders.delivery.queries import FEES
from app.orders.models import Order
from app.orders.prices import shown_prices
from app.orders.pricing import Goods, Seen
from app.orders.states import EventKind, OrderState
from app.payments import actions as payments
from app.payments import emails, refunding, stripe_client
from app.payments import queries as paid
from app.payments.holding import LEAST, held_until_delivery, intent_faults, session_faults
from app.payments.models import Payment
from app.payments.queries import standing
from app.payments.refund_models import Refund
from app.payments.states import GOOD, MoveKind, PaymentState, RefundSource, RefundState, TaskKind
from app.payments.stripe_values import IntentSeen, PaymentSeen, RefundSeen, SessionSeen

OPENING = "app.stripeflow.open_page"
CLOSING = "app.stripeflow.close_page"
CAPTURING = "app.stripeflow.capture"
LETTING_GO = "app.stripeflow.let_go"
REFUNDING = "app.stripeflow.refund"
WAITING = (PaymentState.OPENED, PaymentState.CANCELLED, PaymentState.EXPIRED, PaymentState.FAILED)
"""The states in which no money is known of."""


def is_offered(customer: Customer | None) -> bool:
    """Whether card can be chosen: by guests, and by whoever is invoiced order by order."""
    by_order = customer is None or customer.invoice_rhythm == InvoiceRhythm.ORDER
    return stripe_client.takes_cards() and by_order and (customer is None or customer.member_id is None)


def checkout(
    cart: Cart,
    delivery: Delivery,
    *,
    customer: Customer,
    ticket: str,
    by: User | None,
    now: datetime,
    seen: Seen | None = None,
    consent: str = "",
    choices: Choices | None = None,
    goods: Goods | None = None,
) -> Order:
    """A customer orders and is to pay by card: the order is written, and waits for the payment before anybody is asked.

    Raises Refused as `orderflow.checkout`; where the order needs another person's yes, which is paid by invoice; and
    for sums that are too small for a card.
    """
    db.session.flush()  # A guest has been written down just now, and knows nothing of itself before that.
    if not is_offered(customer):
        raise Refused("Det går inte att betala med kort här. Välj faktura.")
    order = orders.place(
        cart, delivery, customer=customer, ticket=ticket, by=by, now=now, seen=seen, consent=consent, goods=goods
    )
    fees = fees_ahead(order, choices, now=now)
    rule = rule_of(customer) if customer.has_references else None
    if rule is not None and order.net + fees > rule.limit:
        raise Refused("En beställning som någon annan hos er ska godkänna betalas mot faktura. Välj faktura.")
    amount = whole_sum(order, fees)
    if amount < LEAST:
        raise Refused(f"Så lite som {amount} tar vi inte med kort. Välj faktura.")
    order.state = OrderState.UNPAID
    ways = {parcel: [one.key, one.fee.ore, one.window] for parcel, one in choices.items()} if choices else None
    _open(order, amount, ways, by=by, now=now)
    orders.note(order, EventKind.PAYMENT_ASKED, now=now, by=by, words=f"{amount} inkl. moms", for_customer=True)
    return order


def whole_sum(order: Order, fees: Money) -> Money:
    """What an order comes to with VAT, with what it costs to bring."""
    return shown_prices(order, catalog.vat_rules(), with_vat=True, extras=[(fees, FEES)] if fees else ()).total


def _open(order: Order, amount: Money, ways: Mapping[str, Any] | None, *, by: User | None, now: datetime) -> Payment:
    """Held until it has come, where all of it comes in time; else drawn at once."""
    at_delivery = held_until_delivery(_last_day(order), clock.local_date(now))
    payment = payments.open_payment(order, amount, at_delivery=at_delivery, ways=ways, by=by, now=now)
    jobs.enqueue(OPENING, payment_id=payment.id)
    return payment


def _last_day(order: Order) -> date:
    return max([order.delivery_day, *(line.day for line in order.lines)])


def start_over(order: Order, *, by: User | None, now: datetime) -> Payment:
    """The customer wants a new page to pay on; the old one is closed. Raises Refused when there is nothing to pay."""
    waiting = _unpaid(order)
    last = waiting[-1]
    for one in waiting:
        _give_up(one, "Kunden ville börja om.", now=now)
    return _open(order, last.amount, last.ways, by=by, now=now)


def call_off(order: Order, *, by: User | None, now: datetime) -> Order:
    """The customer thinks better of it before it has paid: nothing comes, and nothing is drawn. Raises Refused."""
    for one in _unpaid(order):
        _give_up(one, "Kunden avbröt beställningen.", now=now)
    who = by.name if by else order.customer.name
    approvals.strike(order, EventKind.NOT_PAID, f"Avbruten av {who} före betalningen.", by=by, now=now)
    return order


def _unpaid(order: Order) -> list[Payment]:
    found = paid.payments_of(order, lock=True)
    if order.state != OrderState.UNPAID or not found:
        raise Refused("Beställningen väntar inte på betalning med kort.")
    return list(found)


def _give_up(payment: Payment, words: str, *, now: datetime) -> None:
    if payment.state == PaymentState.OPENED:
        payments.move(payment, PaymentState.CANCELLED, MoveKind.CANCELLED, now=now, words=words)
        jobs.enqueue(CLOSING, payment_id=payment.id)


def page_failed(payment: Payment, why: str, *, now: datetime) -> None:
    """Stripe will not open a page for it: the order lapses, and finance is told."""
    if payment.state != PaymentState.OPENED:
        return
    payments.move(payment, PaymentState.FAILED, MoveKind.FAILED, now=now, words=why)
    words = f"Stripe öppnade ingen betalsida: {why}"
    payments.tell_finance(TaskKind.MISMATCH, f"page-{payment.id}", words, payment, now=now)
    lapse(payment.order, "Kortbetalningen gick inte att öppna.", now=now)


def lapse(order: Order, why: str, *, now: datetime) -> None:
    """Nobody has paid, and nobody can any more: the order is struck, and the customer told. Nothing was drawn."""
    db.session.flush()
    open_still = [one for one in paid.payments_of(order) if one.state in {PaymentState.OPENED, *GOOD}]
    if order.state != OrderState.UNPAID or open_still:
        return
    words = f"{why} Ingenting levereras, och ingenting är draget."
    approvals.strike(order, EventKind.NOT_PAID, words, by=None, now=now)
    emails.tell_lapsed(order, why, now=now)


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
    if payment.state not in WAITING:
        return
    if not _pays(payment):
        payments.surplus(payment, seen, now=now)
        jobs.enqueue(LETTING_GO, payment_id=payment.id)
        return
    payments.held(payment, seen, now=now)
    _begin(payment, f"{seen.held} är reserverade på kortet och dras när allt är levererat.", now=now)


def _drawn(payment: Payment, seen: IntentSeen, *, now: datetime) -> None:
    if payment.state in WAITING:
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
            _give_up(other, "Beställningen är betald.", now=now)
    order.state = OrderState.PLACED
    orders.note(order, EventKind.PAID, now=now, words=words, for_customer=True)
    orderflow.begin(order, _choices(payment), now=now, asking=False)


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
        lapse(payment.order, "Betalningen avbröts.", now=now)
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
    lapse(payment.order, "Beställningen betalades inte i tid.", now=now)


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
    jobs.enqueue(REFUNDING, refund_id=made.id)
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
