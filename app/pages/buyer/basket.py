"""The basket: one for all members."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.errors import Refused
from app.orders.cart import read_quantity
from app.pages import web
from app.pages.buyer import baskets

bp = Blueprint("basket", __name__, url_prefix="/varukorg")


@bp.route("", methods=["GET"])
def show() -> ResponseReturnValue:
    """What lies in it, and what it comes to."""
    basket = baskets.read()
    changes = baskets.changes(basket)
    return render_template("buyer/basket.html", basket=basket, changes=changes, typed={}, errors={})


@bp.route("/lagg-i", methods=["POST"])
def add() -> ResponseReturnValue:
    """Put an article in."""
    article = baskets.add(request.form.get("article", ""), request.form.get("quantity", "1"))
    flash(_("%(article)s is in the basket.", article=article.name), "success")
    return web.back_to("buyer.basket.show")


@bp.route("", methods=["POST"])
def change() -> ResponseReturnValue:
    """Change quantities, or take one article out."""
    gone = request.form.get("remove", "")
    if gone:
        baskets.keep({key: quantity for key, quantity in baskets.kept().items() if key != gone})
        return web.back_to("buyer.basket.show")
    typed = {key: request.form.get(f"quantity-{key}", quantity) for key, quantity in baskets.kept().items()}
    return _keep(typed)


def _keep(typed: dict[str, str]) -> ResponseReturnValue:
    """Either every quantity will do, or none is changed."""
    basket, errors, kept = baskets.read(), {}, {}
    for row in basket.rows:
        key = str(row.article.id)
        try:
            kept[key] = str(read_quantity(typed[key], row.article.unit))
        except ValueError as wrong:
            errors[key] = str(wrong)
    if errors:
        changes = baskets.changes(basket)
        return render_template("buyer/basket.html", basket=basket, changes=changes, typed=typed, errors=errors), 422
    baskets.keep(kept)
    if request.form.get("then") == "checkout":
        if not kept:
            raise Refused(_("The basket is empty. Put something in it first."))
        return web.back_to("buyer.checkout.show")
    return web.back_to("buyer.basket.show")
