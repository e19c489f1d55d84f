"""The customer's standing orders: made of the basket or of an earlier order, changed, paused and ended."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.customers.models import Customer
from app.errors import NotYours
from app.orders import queries as orders
from app.orders.handing import groups
from app.orders.models import Order
from app.orders.standing import queries
from app.orders.standing.models import StandingOrder
from app.pages import web
from app.pages.buyer import baskets
from app.pages.standing_desk import Door, open_desk, refuse_empty
from app.pages.standing_words import rhythm_said


def _customer() -> Customer:
    """Whoever has no account has nothing that comes again."""
    customer = web.viewer().customer
    if customer is None:
        raise NotYours
    return customer


def _cart(customer: Customer) -> Mapping[int, Decimal]:
    """What was in an earlier order, or what lies in the basket."""
    number = web.number_asked_for("bestallning")
    if number is not None:
        return bought_in(orders.order_of(customer, number))
    return baskets.read().cart if request.method == "POST" else refuse_empty(baskets.read().cart)


def bought_in(order: Order) -> dict[int, Decimal]:
    """What was bought in an order, by article."""
    sold = [group.bundle or group.lines[0] for group in groups(order)]
    return {one.article_id: one.quantity for one in sold}


def _standing(standing_id: int, lock: bool) -> StandingOrder:
    return queries.standing_of(_customer(), standing_id, lock=lock)


def _index() -> ResponseReturnValue:
    """All of the customer's."""
    today = clock.local_date(clock.now())
    page = queries.of_customer(_customer(), request.args.get("sida", 1, type=int))
    values = {"days": queries.next_days(page.rows, today), "said": rhythm_said, "today": today}
    return render_template("buyer/standing.html", page=page, **values)


bp = open_desk(Door(_customer, _cart, _standing, notice=True), _index)
