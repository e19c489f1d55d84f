"""Whether each time of a standing order will have to be approved by another person at the customer's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from app.catalog.models import Article
from app.customers.models import Customer
from app.money import NOUGHT, Money
from app.orders.approvals.queries import limit_for
from app.orders.cart import Cart
from app.orders.pricing import price_cart
from app.orders.standing.models import StandingOrder


def limit_passed(
    cart: Cart, articles: Collection[Article], customer: Customer, day: date, fees: Money = NOUGHT
) -> Money | None:
    """The customer's limit that one time is above at a day's prices; None when nobody else need approve it.

    `fees` is what it costs to bring, without VAT, where that is known.
    """
    if not customer.has_references:
        return None
    priced = price_cart(articles, cart, customer, day)
    goods = Money.total(priced[id_].unit_price.times(quantity) for id_, quantity in cart.items())
    return limit_for(customer, goods + fees)


def limit_now(standing: StandingOrder, today: date) -> Money | None:
    """The same for what holds today, or first."""
    version = standing.holds_on(today)
    cart = {line.article_id: line.quantity for line in version.lines}
    return limit_passed(cart, [line.article for line in version.lines], standing.customer, today)
