"""Buying from the other members: what they offer each other, and the way into the catalogue."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.catalog import facets, queries, shared
from app.pages import price_words, web
from app.pages.public import cards

bp = Blueprint("buying", __name__, url_prefix="/kop")


@bp.route("")
def index() -> ResponseReturnValue:
    """Shared services at the member price, and where all else is."""
    edition, today = queries.edition(), clock.local_date(clock.now())
    page = shared.shared_page(web.number_asked_for("sida") or 1, today)
    makers = facets.makers(id_ for card in page.rows for id_ in card.maker_ids)
    items = cards.cards(page, makers, price_words.terms(today, edition), including=web.viewer().sees_vat)
    for item in items:
        item["category_name"] = ""  # the shelves are the catalogue's, where these do not stand
    return render_template(
        "member/buying.html",
        page=page,
        items=items,
        may_buy=web.viewer().customer is not None,
        address=lambda number: url_for(".index", sida=number if number > 1 else None),
    )
