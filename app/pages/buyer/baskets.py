"""The basket as the session keeps it, and as the pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import session
from flask_babel import gettext as _
from sqlalchemy import func, select

from app import clock, units, workdays
from app.catalog import facets as catalog
from app.catalog.models import ApprovalState, Article, Offering
from app.catalog.pricing import Priced
from app.db import db
from app.errors import Refused
from app.money import Money
from app.orders.cart import MOST_LINES, read_quantity
from app.orders.pricing import price_cart
from app.pages import web
from app.pages.price_words import PriceWords, price_words
from app.vat import including, rule_on


@dataclass(frozen=True, slots=True)
class Row:
    """One article in the basket, priced as it is today; the unit price is shown as the viewer sees prices."""

    article: Article
    quantity: Decimal
    unit_price: Money
    net: Money
    gross: Money
    priced: Priced
    """The price without VAT, and why."""
    words: PriceWords
    """The same as the viewer sees it."""


@dataclass(frozen=True, slots=True)
class Basket:
    """All of it. `gone` counts what is no longer sold, and was left out."""

    rows: tuple[Row, ...]
    gone: int

    @property
    def net(self) -> Money:
        """Without VAT."""
        return Money.total(row.net for row in self.rows)

    @property
    def gross(self) -> Money:
        """With VAT."""
        return Money.total(row.gross for row in self.rows)

    @property
    def prices(self) -> dict[int, Money]:
        """What a unit of each article costs without VAT, as the order compares it with what was seen."""
        return {row.article.id: row.priced.unit_price for row in self.rows}

    @property
    def cart(self) -> dict[int, Decimal]:
        """As the order takes it."""
        return {row.article.id: row.quantity for row in self.rows}


def kept() -> dict[str, str]:
    """What the session holds: article id -> quantity, both as text."""
    found: dict[str, str] = session.get("basket", {})
    return found


def keep(basket: Mapping[str, str]) -> None:
    """Replace what the session holds."""
    session["basket"] = dict(basket)


def empty() -> None:
    """After the order is placed."""
    session.pop("basket", None)
    session.pop("seen", None)


def changes(basket: Basket) -> list[tuple[str, Money, Money]]:
    """(article, price before, price now) where the viewer was shown another price; from now on they have seen it.

    Another quantity may have another price, and prices with VAT are others than those without: that is no change.
    """
    before: dict[str, list[str]] = session.get("seen", {})
    shown = {
        str(row.article.id): [str(row.quantity), str(int(web.viewer().sees_vat)), str(row.unit_price.ore)]
        for row in basket.rows
    }
    if shown != before:
        session["seen"] = shown
    found = []
    for row in basket.rows:
        old, new = before.get(str(row.article.id)), shown[str(row.article.id)]
        if old and old[:2] == new[:2] and old != new:
            found.append((row.article.name, Money(int(old[2])), row.unit_price))
    return found


def read() -> Basket:
    """The basket with today's names and prices."""
    wanted = {int(article_id): Decimal(quantity) for article_id, quantity in kept().items()}
    if not wanted:
        return Basket((), 0)
    approved = select(Article).where(Article.id.in_(wanted), Article.state == ApprovalState.APPROVED)
    found = {article.id: article for article in db.session.scalars(approved)}
    today = clock.local_date(clock.now())
    priced = price_cart(found.values(), wanted, web.viewer().customer, today)
    rows = tuple(_row(found[id_], quantity, priced[id_], today) for id_, quantity in wanted.items() if id_ in found)
    return Basket(rows, len(wanted) - len(rows))


def add(article_id: str, typed: str) -> Article:
    """Put so much more of an article in. Raises Refused for what is not sold, or not in such quantities."""
    article = _for_sale(article_id)
    basket = kept()
    if str(article.id) not in basket and len(basket) >= MOST_LINES:
        full = _("The basket can hold %(count)s articles. Place the order, and then a new one.", count=MOST_LINES)
        raise Refused(full)
    before = Decimal(basket.get(str(article.id), "0"))
    try:
        total = units.check_quantity(article.unit, before + read_quantity(typed, article.unit))
    except ValueError as wrong:
        raise Refused(str(wrong)) from wrong
    keep({**basket, str(article.id): str(total)})
    return article


def earliest_day(basket: Basket) -> str:
    """The first day on which the slowest article can come from its fastest maker, in ISO form."""
    fastest = (
        select(func.min(Offering.lead_days))
        .where(Offering.article_id.in_(basket.cart), Offering.state == ApprovalState.APPROVED)
        .group_by(Offering.article_id)
    )
    days = max(db.session.scalars(fastest), default=1)
    return workdays.working_days_after(clock.local_date(clock.now()), max(1, days)).isoformat()


def _for_sale(article_id: str) -> Article:
    wanted = int(article_id) if article_id.isdecimal() and len(article_id) < 12 else 0
    approved = select(Article).where(Article.id == wanted, Article.state == ApprovalState.APPROVED)
    article = db.session.scalar(approved)
    if article is None:
        raise Refused(_("The article is no longer sold. Look for another in the catalogue."))
    return article


def _row(article: Article, quantity: Decimal, priced: Priced, today: date) -> Row:
    net = priced.unit_price.times(quantity)
    parts = rule_on(catalog.vat_rules(), article.vat_class, today).parts
    words = price_words(priced, article.vat_class, today, including_vat=web.viewer().sees_vat)
    return Row(article, quantity, words.price, net, including(net, parts), priced, words)
