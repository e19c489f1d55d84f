"""Baskets that an organisation has saved: listed, opened, thrown away."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app import clock
from app.customers.models import Customer
from app.db import db
from app.errors import NotYours
from app.orders.drafts import actions, queries
from app.pages import web
from app.pages.buyer import baskets
from app.pages.buyer.refilling import refill

bp = Blueprint("drafts", __name__, url_prefix="/varukorg")


@bp.route("/sparade")
def index() -> ResponseReturnValue:
    """All of the organisation's."""
    return render_template("buyer/drafts.html", drafts=queries.drafts_of(_customer()))


@bp.route("/spara", methods=["POST"])
def save() -> ResponseReturnValue:
    """Save what lies in the basket under a name; it stays in the basket too."""
    customer = _customer()
    if FlaskForm().validate_on_submit():
        cart, name = baskets.read().cart, request.form.get("name", "")
        draft = actions.save(cart, name, customer=customer, by=web.user(), now=clock.now())
        db.session.commit()
        flash(_("The basket is saved as %(name)s.", name=draft.name), "success")
    return web.back_to("buyer.basket.show")


@bp.route("/sparade/<int:draft_id>/<any(oppna,radera):act>", methods=["POST"])
def act(draft_id: int, act: str) -> ResponseReturnValue:
    """Put what it holds into the basket, or throw it away."""
    draft = queries.draft_of(_customer(), draft_id, lock=True)
    if not FlaskForm().validate_on_submit():
        return web.back_to(".index")
    if act == "oppna":
        refill(actions.cart_of(draft))
        return web.back_to("buyer.basket.show")
    actions.throw_away(draft, by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("%(name)s is thrown away.", name=draft.name), "success")
    return web.back_to(".index")


def _customer() -> Customer:
    """The organisation for which the viewer buys. Private people have no use for drafts. Raises NotYours."""
    customer = web.viewer().customer
    if customer is None or not customer.has_references:
        raise NotYours
    return customer
