"""The letters about payments. Their words are in templates/emails."""

from __future__ import annotations

from datetime import datetime

from app import mail
from app.money import Money
from app.orders.emails import order_link, orderer_of
from app.orders.models import Order


def tell_lapsed(order: Order, why: str, *, now: datetime) -> None:
    """To the customer: the order was not paid, and nothing comes of it."""
    _write("payment_lapsed", f"Beställning {order.number} blev inte betald", order, now=now, why=why)


def tell_refunded(order: Order, amount: Money, reason: str, *, now: datetime) -> None:
    """To the customer: so much goes back to its card."""
    subject = f"Pengar tillbaka för beställning {order.number}"
    _write("payment_refunded", subject, order, now=now, amount=amount, reason=reason)


def _write(kind: str, subject: str, order: Order, *, now: datetime, **values: object) -> None:
    body = mail.words(kind, order=order, link=order_link(order), **values)
    orderer = orderer_of(order)
    to = (orderer.name, orderer.email) if orderer else (order.customer.name, order.customer.email)
    mail.write(kind=kind, to=to, subject=subject, body=body, now=now)
