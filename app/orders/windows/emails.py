"""The letter about a batch that nothing comes of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app import mail
from app.orders.emails import order_link
from app.orders.models import Order, OrderLine
from app.orders.windows.models import OrderWindow


def tell_called_off(order: Order, lines: Sequence[OrderLine], window: OrderWindow, *, now: datetime) -> None:
    """To the customer: this is not made after all, why, and that it costs nothing."""
    body = mail.words("window_called_off", order=order, lines=lines, window=window, link=order_link(order))
    to = (order.customer.name, order.customer.email)
    subject = f"Omgången blir inte av, beställning {order.number}"
    mail.write(kind="window_called_off", to=to, subject=subject, body=body, now=now)
