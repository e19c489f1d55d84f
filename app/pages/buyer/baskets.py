"""The basket as the session keeps it, and as the pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from app import clock, formats, workdays
from app.catalog import bundles
from app.catalog.kinds import ArticleKind
from app.catalog.models import ON_SALE, ApprovalState, Article, Offering
from app.catalog.pricing.rules import Priced
from app.catalog.quantities import allowed
from app.db import db, several
from app.errors import Refused
from app.money import Money
from app.orders.agreements import queries as agreements
from app.orders.cart import MOST_LINES, read_quantity
from app.orders.pricing import Goods, check_others_make, price_cart
from app.pages import web
from app.pages.price_words import PriceWords, price_words
from app.pages.public.facts import Deposit, deposits_of, may_buy


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
    deposits: tuple[Deposit, ...]
    reversed: Money
    """On so much, without VAT, the customer reckons the VAT itself."""


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
    def reversed(self) -> Money:
        """On so much of it the customer reckons the VAT itself."""
        return Money.total(row.reversed for row in self.rows)

    @property
    def prices(self) -> dict[int, Money]:
        """What a unit of each article costs without VAT, as the order compares it with what was seen."""
        return {row.article.id: row.priced.unit_price for row in self.rows}

    @property
    def goods(self) -> Goods:
        """What has been read, for the order that is placed in the same transaction."""
        return Goods(
            {row.article.id: row.article for row in self.rows}, {row.article.id: row.priced for row in self.rows}
        )

    @property
    def dated(self) -> list[Article]:
        """The services that are carried out on the day of delivery."""
        return [row.article for row in self.rows if row.article.kind == ArticleKind.DATED_SERVICE]

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


def nothing_left() -> ResponseReturnValue:
    """To the empty basket. Whoever sends a page that was filled in before it was emptied is told why nothing came."""
    if web.changing():
        words = _("Nothing was sent: the basket is empty. What you sent in another window is under My orders.")
        flash(words, "warning")
    return redirect(url_for("buyer.basket.show"))


def leave(_app: object, **_who: object) -> None:
    """Whoever signs out leaves neither basket nor choices to the next person at the computer; a guest has no such."""
    empty()
    for name in ("typed", "with_vat"):
        session.pop(name, None)


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
    approved = bundles.read_whole(_APPROVED, {"articles": list(wanted)})
    found = {article.id: article for article in approved if is_sold(article)}
    today = clock.local_date(clock.now())
    priced = price_cart(found.values(), wanted, web.viewer().customer, today)
    rows = tuple(_row(found[id_], quantity, priced[id_], today) for id_, quantity in wanted.items() if id_ in found)
    return Basket(rows, len(wanted) - len(rows))


_APPROVED = select(Article).where(Article.id.in_(several("articles")), Article.state.in_(ON_SALE))
"""Put together once: each page with a basket asks it."""


class WrongQuantityError(Refused):
    """The article is sold, but not in the quantity that was typed. The sentence says in which it is."""

    def __init__(self, sentence: str, article: Article) -> None:
        super().__init__(sentence)
        self.slug = article.slug


def add(article_id: str, typed: str) -> Article:
    """Put so much more of an article in. Raises Refused for what is not sold, WrongQuantityError for the rest."""
    article = _for_sale(article_id)
    if not may_buy(article):
        raise Refused(_("Only municipalities, regions and authorities can order it. Sign in as one of them first."))
    _others_make(article)
    basket = kept()
    if str(article.id) not in basket and len(basket) >= MOST_LINES:
        full = _("The basket can hold %(count)s articles. Place the order, and then a new one.", count=MOST_LINES)
        raise Refused(full)
    before = Decimal(basket.get(str(article.id), "0"))
    try:
        total = allowed(before + read_quantity(typed, article.unit), article)
    except ValueError as wrong:
        raise WrongQuantityError(_and_kept(str(wrong), article, before), article) from wrong
    keep({**basket, str(article.id): str(total)})
    return article


def _others_make(article: Article) -> None:
    """Raises Refused for a member that would order from itself."""
    customer = web.viewer().customer
    if customer is not None and customer.member_id is not None:
        articles = {article.id: article}
        priced = price_cart([article], {article.id: Decimal(1)}, customer, clock.local_date(clock.now()))
        check_others_make(articles, priced, customer)


def _and_kept(sentence: str, article: Article, before: Decimal) -> str:
    """What lies in the basket counts: without a word about it nobody would see why the quantity will not do."""
    if not before:
        return sentence
    lies = {"quantity": formats.quantity(before), "unit": formats.unit(article.unit, article.unit_text)}
    return f"{sentence} {_('%(quantity)s %(unit)s of it are in the basket already.', **lies)}"


def earliest_day(basket: Basket) -> str:
    """The first day on which the slowest article can come from its fastest maker, in ISO form.

    What is made step by step takes as long as its steps together.
    """
    fastest = (
        select(func.min(Offering.lead_days))
        .where(Offering.article_id.in_(basket.cart), Offering.state == ApprovalState.APPROVED)
        .group_by(Offering.article_id)
    )
    whole = [bundles.lead_days_of(row.article) for row in basket.rows if row.article.kind == ArticleKind.BUNDLE]
    days = max([*db.session.scalars(fastest), *whole], default=1)
    return workdays.working_days_after(clock.local_date(clock.now()), max(1, days)).isoformat()


def _for_sale(article_id: str) -> Article:
    wanted = int(article_id) if article_id.isdecimal() and len(article_id) < 12 else 0
    approved = select(Article).where(Article.id == wanted, Article.state.in_(ON_SALE))
    article = db.session.scalar(approved.options(bundles.whole()))
    if article is None or not is_sold(article):
        raise Refused(_("The article is no longer sold. Look for another in the catalogue."))
    return article


def _row(article: Article, quantity: Decimal, priced: Priced, today: date) -> Row:
    with_vat, net, customer = web.viewer().sees_vat, priced.unit_price.times(quantity), web.viewer().customer
    buyer = customer.vat_buyer if customer else bundles.ANYBODY
    taxed = bundles.taxed(article, priced.unit_price)
    gross = bundles.gross(taxed, today, quantity, buyer)
    theirs = bundles.reversed_of(taxed, today, quantity, buyer)
    words = price_words(priced, lambda amount: bundles.shown(article, amount, today) if with_vat else amount)
    deposits = deposits_of(article, today, with_vat=with_vat)
    return Row(article, quantity, words.price, net, gross, priced, words, deposits, theirs)


def is_sold(article: Article) -> bool:
    """Whether there is anything to be had, for this viewer: what is for members only is not there for others.

    Nor is what stands in an agreement alone there for those who may not call off from it.

    A bundle is sold while all its parts are.
    """
    if article.state == ApprovalState.MEMBERS and not may_buy(article):
        return False
    if article.state == ApprovalState.AGREED and not _is_agreed(article):
        return False
    return article.kind != ArticleKind.BUNDLE or bundles.is_complete(article)


def _is_agreed(article: Article) -> bool:
    customer = web.viewer().customer
    return customer is not None and agreements.may_call_off(customer, article, clock.local_date(clock.now()))
