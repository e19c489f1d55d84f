"""THE STORY of paying by card: asked for at the checkout, begun anew, called off, and lapsed when nobody has paid.

What is seen of it at Stripe is told in `app/chargeflow.py`, what is asked there in `app/stripeflow.py`. No function
here asks Stripe; what is to be asked is a job in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from app import clock, jobs
from app.accounts.models import User
from app.catalog import facets as catalog
from app.customers.models import Customer, InvoiceRhythm
from app.db import db
from app.errors import Refused
from app.money import Money
from app.orders import actions as orders
from app.orders.approvals import actions as approvals
from app.orders.approvals.queries import rule_of
from app.orders.cart import Cart, Delivery
from app.orders.delivery.parcels import Choices
from app.orders.delivery.preview import fees_ahead
from app.orders.delivery.queries import FEES
from app.orders.models import Order
from app.orders.prices import shown_prices
from app.orders.pricing import Goods, Seen
from app.orders.states import EventKind, OrderState
from app.payments import actions as payments
from app.payments import emails, stripe_client
from app.payments import queries as paid
from app.payments.holding import LEAST, held_until_delivery
from app.payments.models import Payment
from app.payments.states import GOOD, MoveKind, PaymentState, TaskKind

OPENING = "app.stripeflow.open_page"
CLOSING = "app.stripeflow.close_page"
LOOKING = "app.stripeflow.look"
CAPTURING = "app.stripeflow.capture"
LETTING_GO = "app.stripeflow.let_go"
REFUNDING = "app.stripeflow.refund"
WAITING = (PaymentState.OPENED, PaymentState.CANCELLED, PaymentState.EXPIRED, PaymentState.FAILED)
"""The states in which no money is known of."""
PATIENCE = timedelta(seconds=10)
"""So long after Stripe was last asked of a payment it is asked again for whoever waits on the page."""


def is_offered(customer: Customer | None) -> bool:
    """Whether card can be chosen: by guests, and by whoever is invoiced order by order."""
    is_outside = customer is None or customer.member_id is None
    return stripe_client.takes_cards() and is_outside and not _has_another_rhythm(customer)


def is_hindered_by_rhythm(customer: Customer | None) -> bool:
    """Whether card cannot be chosen only because the customer is not invoiced order by order."""
    is_outside = customer is not None and customer.member_id is None
    return stripe_client.takes_cards() and is_outside and _has_another_rhythm(customer)


def _has_another_rhythm(customer: Customer | None) -> bool:
    return customer is not None and customer.invoice_rhythm != InvoiceRhythm.ORDER


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
    waiting = unpaid(order)
    last = waiting[-1]
    for one in waiting:
        give_up(one, "Kunden ville börja om.", now=now)
    return _open(order, last.amount, last.ways, by=by, now=now)


def call_off(order: Order, *, by: User | None, now: datetime) -> Order:
    """The customer thinks better of it before it has paid: nothing comes, and nothing is drawn. Raises Refused."""
    for one in unpaid(order):
        give_up(one, "Kunden avbröt beställningen.", now=now)
    who = by.name if by else order.customer.name
    approvals.strike(order, EventKind.NOT_PAID, f"Avbruten av {who} före betalningen.", by=by, now=now)
    return order


def unpaid(order: Order) -> list[Payment]:
    """The payments of an order that waits to be paid by card, held. Raises Refused when it does not."""
    found = paid.payments_of(order, lock=True)
    if order.state != OrderState.UNPAID or not found:
        raise Refused("Beställningen väntar inte på betalning med kort.")
    return list(found)


def give_up(payment: Payment, words: str, *, now: datetime) -> None:
    """Wait for it no longer: its page at Stripe is closed."""
    if payment.state == PaymentState.OPENED:
        payments.move(payment, PaymentState.CANCELLED, MoveKind.CANCELLED, now=now, words=words)
        jobs.enqueue(CLOSING, payment_id=payment.id)


def ask_soon(payment: Payment, *, now: datetime) -> bool:
    """Whoever waits says that it has paid: a job asks Stripe, unless it was asked just now. Says whether it will.

    What Stripe tells of itself may be lost, and what looks for that comes by only each quarter of an hour.
    """
    may = payment.state == PaymentState.OPENED and payment.session_id is not None
    if not may or payment.looked_at + PATIENCE > now:
        return False
    payment.looked_at = now
    jobs.enqueue(LOOKING, payment_id=payment.id)
    return True


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
