"""The basket: one for all members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, places
from app.catalog.quantities import allowed
from app.errors import Refused
from app.orders.cart import read_quantity
from app.orders.windows import joining
from app.pages import web
from app.pages.buyer import baskets, coming
from app.pages.public import catalog

bp = Blueprint("basket", __name__, url_prefix="/varukorg")


@bp.route("", methods=["GET"])
def show() -> ResponseReturnValue:
    """What lies in it, and what it comes to."""
    return _page(baskets.read(), {}, {})


@bp.route("/lagg-i", methods=["POST"])
def add() -> ResponseReturnValue:
    """Put an article in. A quantity in which it is not sold is told beside the field in which it was typed."""
    typed = request.form.get("quantity", "1")
    try:
        article = baskets.add(request.form.get("article", ""), typed)
    except baskets.WrongQuantityError as wrong:
        return catalog.article_page(wrong.slug, typed=typed, wrong=str(wrong)), 422
    flash(_("%(article)s is in the basket.", article=article.name), "success")
    return web.back_to("buyer.basket.show")


@bp.route("/lagg-i", methods=["GET"])
def reload() -> ResponseReturnValue:
    """Whoever asks anew for the address of a quantity that was refused, as when choosing a language, is not stopped."""
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
            kept[key] = str(allowed(read_quantity(typed[key], row.article.unit), row.article))
        except ValueError as wrong:
            errors[key] = str(wrong)
    if errors:
        return _page(basket, typed, errors), 422
    baskets.keep(kept)
    if request.form.get("then") == "checkout":
        if not kept:
            raise Refused(_("The basket is empty. Put something in it first."))
        return web.back_to("buyer.checkout.show")
    return web.back_to("buyer.basket.show")


@dataclass(frozen=True, slots=True)
class Asked:
    """For which place and day the viewer wants to see how it comes; the first place of its own when it has not said."""

    municipality: str
    day: str
    tried: bool


def _page(basket: baskets.Basket, typed: dict[str, str], errors: dict[str, str]) -> str:
    """The basket, and how it comes: when that is asked for, and where somebody has said how it delivers."""
    customer, tried = web.viewer().customer, "kommun" in request.args
    batches = joining.batches(basket.cart, clock.now())
    asked, whither = Asked("", "", tried), None
    if basket.rows:
        own = customer.sites[0].municipality if customer and customer.sites else ""
        day = request.args.get("dag", "", type=str) if tried else baskets.earliest_day(basket)
        asked = Asked(request.args.get("kommun", "") if tried else own, day, tried)
        if tried or (own and coming.is_said(basket)):
            whither = coming.whither(_day(day), asked.municipality, customer)
    return render_template(
        "buyer/basket.html",
        basket=basket,
        changes=baskets.changes(basket),
        typed=typed,
        errors=errors,
        asked=asked,
        coming=coming.look(basket, whither, batches),
        municipalities=places.all_municipalities(),
        batches=batches,
    )


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
