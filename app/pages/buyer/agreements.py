"""A buyer's framework agreements: what is left of the ceiling, the prices, and to order from them."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.catalog.pricing.queries import row_page
from app.customers.models import Customer
from app.errors import NotYours
from app.orders.agreements import queries
from app.pages import web

bp = Blueprint("agreements", __name__, url_prefix="/bestallningar/ramavtal")


@bp.before_request
def _signed_in() -> ResponseReturnValue | None:
    if web.viewer().user is None:
        return redirect(url_for("security.login", next=request.path))
    return None


def _customer() -> Customer:
    customer = web.viewer().customer
    if customer is None:
        raise NotYours
    return customer


@bp.get("")
def index() -> ResponseReturnValue:
    """From which agreements we may call off."""
    today = clock.local_date(clock.now())
    return render_template("buyer/agreements.html", agreements=queries.agreements_of(_customer(), today), today=today)


@bp.get("/<int:agreement_id>")
def show(agreement_id: int) -> ResponseReturnValue:
    """One of them, with its prices; each can be put into the basket."""
    today, text = clock.local_date(clock.now()), " ".join(request.args.get("q", "").split())[:100]
    agreement = queries.agreement_of(_customer(), agreement_id, today)
    price_list = queries.list_on(agreement, today)
    page = row_page(price_list, text, web.number_asked_for("sida") or 1) if price_list else None
    return render_template(
        "buyer/agreement.html",
        agreement=agreement,
        price_list=price_list,
        page=page,
        text=text,
        today=today,
        may_order=price_list is not None and price_list.valid_from <= today and bool(agreement.left),
        address=lambda number: url_for(".show", agreement_id=agreement_id, q=text or None, sida=number),
    )
