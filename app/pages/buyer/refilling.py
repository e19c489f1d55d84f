"""Putting many articles into the basket at once, and saying which could not be put."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from flask import flash
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from app.catalog import bundles
from app.catalog.models import ApprovalState, Article
from app.catalog.quantities import allowed
from app.db import db
from app.orders.cart import MOST_LINES
from app.pages.buyer import baskets
from app.pages.public.facts import may_buy

MOST_NAMES = 10
"""So many are named: the words travel in a cookie."""


def refill(wanted: Mapping[int, Decimal]) -> None:
    """Let the basket hold so much of each, besides what else lies there, and tell the viewer what came of it.

    What lies there of the same article is replaced, so that a second press of the button changes nothing.
    """
    articles = select(Article).where(Article.id.in_(wanted)).options(bundles.whole())
    found = {article.id: article for article in db.session.scalars(articles)}
    basket, left_out = baskets.kept(), []
    for article_id, quantity in wanted.items():
        article, key = found[article_id], str(article_id)
        fits = key in basket or len(basket) < MOST_LINES
        if fits and _can_be_bought(article, quantity):
            basket = {**basket, key: str(quantity)}
        else:
            left_out.append(article.name)
    baskets.keep(basket)
    _tell(len(wanted) - len(left_out), left_out)


def _can_be_bought(article: Article, quantity: Decimal) -> bool:
    if article.state != ApprovalState.APPROVED or not baskets.is_sold(article) or not may_buy(article):
        return False
    try:
        allowed(quantity, article)
    except ValueError:
        return False
    return True


def _tell(put: int, left_out: list[str]) -> None:
    if put:
        said = ngettext(
            "%(num)d article lies in the basket, at today's price.",
            "%(num)d articles lie in the basket, at today's prices.",
            put,
        )
        flash(said, "success")
    if left_out:
        names = ", ".join(left_out[:MOST_NAMES])
        more = len(left_out) - MOST_NAMES
        if more > 0:
            names = _("%(names)s and %(count)s more", names=names, count=more)
        said = _("Could not be put in: %(names)s. It is not sold now, or not in that quantity.", names=names)
        flash(said, "warning")
