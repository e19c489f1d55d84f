"""The checkout: where, when, which references - and the order is placed."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import date

from flask import Blueprint, abort, render_template, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from app import cardflow, clock, orderflow
from app.catalog.changing.queries import day_for_all
from app.customers.models import Customer
from app.db import db, take_writers_place
from app.errors import Refused
from app.household import actions as household
from app.money import Money
from app.orders import actions as orders
from app.orders import queries
from app.orders.approvals.queries import limit_for
from app.orders.checks import lacking_vat_number, needing_consent, vat_number_wanted
from app.orders.delivery.parcels import Choices
from app.orders.delivery.preview import Whither
from app.orders.models import Order
from app.orders.pricing import Goods
from app.orders.states import OrderState
from app.orders.windows import joining
from app.pages import lapsed, web
from app.pages.buyer import baskets, coming, said_first
from app.pages.buyer.checkout_form import CARD, CheckoutForm, GuestForm, delivery_in, guest_in
from app.pages.buyer.places_known import known_places
from app.pages.line_marks import marks_in, typed_mark

bp = Blueprint("checkout", __name__, url_prefix="/kassa")


@bp.route("", methods=["GET", "POST"])
@web.writes_late
def show() -> ResponseReturnValue:
    """Fill in, and order."""
    viewer = web.viewer()
    if viewer.user and not viewer.customer:
        abort(403)
    form = CheckoutForm(viewer.customer) if viewer.customer else GuestForm(None)
    if form.is_submitted() and (made := queries.order_by_ticket(form.ticket.data or "")):
        return arrive(made)
    basket = baskets.read()
    if not basket.rows:
        return baskets.nothing_left()
    form.ask_consent(needing_consent((row.article for row in basket.rows), viewer.customer))
    form.ask_deduction([row.article for row in basket.rows], viewer.customer)
    looking = request.form.get("then") == "coming" or said_first.take_other_day(form.day)
    if not looking and form.validate_on_submit():
        with web.refusals(form):
            return _ordered(form, basket, viewer.customer)
    form.seen.data = _written(basket.prices)
    if not form.is_submitted():
        form.ticket.data = secrets.token_urlsafe(24)
        form.day.data = form.day.data or day_for_all(basket.cart, date.fromisoformat(baskets.earliest_day(basket)))
    customer = web.viewer().customer
    values = {"basket": basket, "changes": baskets.changes(basket), "customer": customer, "typed_mark": typed_mark}
    values["goods"] = lapsed.written(basket.cart)
    values["batches"] = joining.batches(basket.cart, clock.now())
    values["coming"] = found = _coming(form, basket, customer)
    values["no_card"] = cardflow.is_hindered_by_rhythm(customer)
    values["limit"] = limit_for(customer, found.net)
    values["no_number"] = _no_number(form, basket, customer)
    return render_template("buyer/checkout.html", form=form, **values), web.status(form)


def _no_number(form: CheckoutForm, basket: baskets.Basket, customer: Customer | None) -> str:
    """Why it cannot be ordered, before anybody has filled in the form; empty where the customer's number is known."""
    articles = [row.article for row in basket.rows]
    day = form.day.data or clock.local_date(clock.now())
    theirs = lacking_vat_number(articles, customer, day) if customer else []
    return vat_number_wanted(theirs) if theirs else ""


def _ordered(form: CheckoutForm, basket: baskets.Basket, customer: Customer | None) -> ResponseReturnValue:
    ticket, choices = own_ticket(form.ticket.data or ""), coming.read_choices()
    try:
        take_writers_place()
        order = _place(form, basket, customer, ticket, choices, goods=basket.goods)
        if order.has_open_part or order.waiting_windows:
            db.session.rollback()  # only then is it asked how the page should have told of it, as things stood before
            _check_said(form, basket, customer)
            order = _place(form, basket, customer, ticket, choices)
        coming.check_fees(order, choices, lambda: _coming(form, basket, customer))
        answer = arrive(order)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        made = queries.order_by_ticket(ticket)
        if made is None:
            raise
        return arrive(made)
    baskets.empty()
    return answer


def _place(
    form: CheckoutForm,
    basket: baskets.Basket,
    customer: Customer | None,
    ticket: str,
    choices: Choices,
    *,
    goods: Goods | None = None,
) -> Order:
    own_marks = customer is not None and customer.has_references
    delivery = delivery_in(form, customer, marks_in(row.article for row in basket.rows) if own_marks else None)
    wish, by_card = form.wish(), "pay" in form and form.pay.data == CARD
    if wish is not None and by_card:
        raise Refused("Skatteavdraget dras av på fakturan. Välj faktura, eller ta bort avdraget och betala med kort.")
    checkout = cardflow.checkout if by_card else orderflow.checkout
    order = checkout(
        basket.cart,
        delivery,
        customer=customer or orders.register_guest(guest_in(form), delivery),
        ticket=ticket,
        by=web.viewer().user,
        now=clock.now(),
        seen=_read_prices(form.seen.data or ""),
        consent=str(form.consent.label.text) if form.consent and form.consent.data else "",
        choices=choices,
        goods=goods,
    )
    if wish is not None:
        household.ask(order, wish, now=clock.now())
    return order


def _check_said(form: CheckoutForm, basket: baskets.Basket, customer: Customer | None) -> None:
    wanted = coming.wanted_of(basket, joining.batches(basket.cart, clock.now()))
    by_member = customer is not None and customer.member_id is not None
    said_first.check(wanted, _whither(form, customer), by_member=by_member)


def _coming(form: CheckoutForm, basket: baskets.Basket, customer: Customer | None) -> coming.Coming:
    """How the basket comes to what is filled in."""
    return coming.look(basket, _whither(form, customer), joining.batches(basket.cart, clock.now()))


def _whither(form: CheckoutForm, customer: Customer | None) -> Whither | None:
    """Where and when it is to come, as far as it is filled in."""
    site = next((site for site in known_places(customer) if site.key == form.site.data), None)
    if site is None:
        return coming.whither(form.day.data, form.municipality.data or "", customer)
    return coming.whither(form.day.data, site.municipality, customer, street=site.street, postcode=site.postcode)


def arrive(order: Order) -> ResponseReturnValue:
    """The order's page, or on to the card payment. A guest's browser keeps the right to see it."""
    if order.placed_by_id is None:
        session["orders"] = [*session.get("orders", []), order.number][-20:]
    to = "buyer.card.show" if order.state == OrderState.UNPAID else "buyer.orders.show"
    return web.back_to(to, number=order.number)


def _written(prices: Mapping[int, Money]) -> str:
    """Prices as a form carries them: ``12:21200 15:6200``. They only tell what was seen; we work out what is paid."""
    return " ".join(f"{article_id}:{price.ore}" for article_id, price in prices.items())


def _read_prices(written: str) -> dict[int, Money]:
    pairs = re.findall(r"\b([0-9]{1,10}):([0-9]{1,15})\b", written, re.ASCII)
    return {int(article_id): Money(int(ore)) for article_id, ore in pairs}


def own_ticket(ticket: str) -> str:
    """A page's ticket makes one order, however often its form is sent. A form without one gets a new one."""
    return ticket if 20 <= len(ticket) <= 64 else secrets.token_urlsafe(24)
