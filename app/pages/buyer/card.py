"""On the way to the card payment at Stripe, and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import cardflow, chargeflow, clock
from app.db import db
from app.orders.models import Order
from app.orders.states import OrderState
from app.pages import web
from app.pages.buyer.orders import own
from app.payments import queries as paid
from app.payments.models import Payment
from app.payments.states import PaymentState

A_WHILE = timedelta(seconds=30)
"""After that it is no longer a matter of seconds, and the page says what is true."""

bp = Blueprint("card", __name__, url_prefix="/bestallningar/<int:number>/kort")


@bp.route("")
def show(number: int) -> ResponseReturnValue:
    """Whoever comes from the checkout goes on to Stripe's page once it is there; whoever comes back sees how it went.

    `klart` says that the customer has paid, as Stripe's page believes: what is true comes from Stripe itself,
    which is asked whenever this page is waited on.
    """
    order = own(number)
    payment = _last(order)
    if payment is None or order.state != OrderState.UNPAID:
        return web.back_to("buyer.orders.show", number=number)
    done, back = "klart" in request.args, "avbrot" in request.args
    if payment.session_url and not (done or back):
        return redirect(payment.session_url, code=303)
    if done and cardflow.ask_soon(payment, now=clock.now()):
        db.session.commit()
    since = _back_since(payment) if done else payment.opened_at
    return render_template(
        "buyer/card.html",
        order=order,
        payment=payment,
        done=done,
        waits=done or payment.session_url is None,
        is_long=clock.now() - since > A_WHILE,
    )


def _back_since(payment: Payment) -> datetime:
    """When this browser first came back from the payment; it keeps that itself."""
    key, now = str(payment.id), clock.now()
    kept: dict[str, float] = session.get("card_back", {})
    if key not in kept:
        session["card_back"] = {key: now.timestamp()}
        return now
    return datetime.fromtimestamp(kept[key], UTC)


@bp.route("/igen", methods=["POST"])
def start_over(number: int) -> ResponseReturnValue:
    """A new page to pay on."""
    order = own(number, lock=True)
    cardflow.start_over(order, by=web.viewer().user, now=clock.now())
    db.session.commit()
    return web.back_to(".show", number=number)


@bp.route("/faktura", methods=["POST"])
def take_invoice(number: int) -> ResponseReturnValue:
    """By invoice instead."""
    said = _("The order has begun. You pay by invoice, and nothing is drawn from your card.")
    return _without_card(number, chargeflow.take_invoice, said)


@bp.route("/avbryt", methods=["POST"])
def call_off(number: int) -> ResponseReturnValue:
    """No order after all."""
    said = _("The order is called off. Nothing was drawn from your card.")
    return _without_card(number, cardflow.call_off, said)


def _without_card(number: int, act: Callable[..., object], said: str) -> ResponseReturnValue:
    order = own(number, lock=True)
    act(order, by=web.viewer().user, now=clock.now())
    db.session.commit()
    flash(said, "success")
    return web.back_to("buyer.orders.show", number=number)


def _last(order: Order) -> Payment | None:
    """The newest page to pay on."""
    found = paid.payments_of(order)
    open_now = [one for one in found if one.state == PaymentState.OPENED]
    return next(reversed(open_now or list(found)), None)
