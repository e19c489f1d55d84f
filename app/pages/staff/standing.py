"""The customers' standing orders: what could not be ordered, and what staff do for a customer."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.customers.models import Customer
from app.db import db
from app.errors import NotYours
from app.orders import queries as orders
from app.orders.standing import actions, queries
from app.orders.standing.models import StandingOrder
from app.pages import web
from app.pages.buyer.standing import bought_in
from app.pages.standing_desk import Door, open_desk
from app.pages.standing_words import rhythm_said


def _customer() -> Customer:
    """The customer of the order from which it is made."""
    web.sales_only()
    number = web.number_asked_for("bestallning")
    if number is None:
        raise NotYours
    return orders.order_numbered(number).customer


def _cart(customer: Customer) -> Mapping[int, Decimal]:
    return bought_in(orders.order_of(customer, web.number_asked_for("bestallning") or 0))


def _standing(standing_id: int, lock: bool) -> StandingOrder:
    if web.changing():
        web.sales_only()
    return queries.standing_with(standing_id, lock=lock)


def _index() -> ResponseReturnValue:
    """All of them, those that a search finds, or those of which something could not be ordered."""
    text = " ".join(request.args.get("q", "").split())[:100]
    trouble, now = request.args.get("hog") == "fel", clock.now()
    page = queries.all_of_them(text, request.args.get("sida", 1, type=int), trouble=trouble, now=now)
    return render_template(
        "staff/standing.html",
        page=page,
        text=text,
        trouble=trouble,
        count=queries.trouble_count(now),
        days=queries.next_days(page.rows, clock.local_date(now)),
        said=rhythm_said,
        today=clock.local_date(now),
        address=lambda n: url_for(".index", q=text or None, hog="fel" if trouble else None, sida=n),
    )


bp = open_desk(Door(_customer, _cart, _standing, notice=False), _index)


@bp.route("/<int:standing_id>/uppsagning", methods=["POST"])
def notice(standing_id: int) -> ResponseReturnValue:
    """Another notice, as agreed with the customer."""
    standing = _standing(standing_id, lock=True)
    actions.set_notice(standing, request.form.get("days", -1, type=int), by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("Saved."), "success")
    return web.back_to(".show", standing_id=standing_id)
