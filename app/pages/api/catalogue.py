"""What is sold, and what it costs whoever asks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import current_app
from sqlalchemy import select

from app import clock, units
from app.catalog.feed import queries as feed
from app.catalog.feed.prices import number, unit
from app.catalog.models import ApprovalState, Article
from app.catalog.pricing import prices
from app.catalog.pricing.rules import Campaign, Priced
from app.catalog.quantities import first_amount
from app.db import db
from app.errors import NotYours
from app.money import Money
from app.orders.cart import MOST_LINES
from app.orders.checks import needing_consent
from app.pages import consent, web
from app.pages.api.forms import QUANTITY, fields
from app.pages.api.operations import offered
from app.pages.api.pages import following, limit_of, paged, place_of
from app.pages.problems import Problem

MOST_PRICES = 50
ARTICLES = {
    "type": "array",
    "items": {"type": "string", "minLength": 1, "maxLength": 40},
    "minItems": 1,
    "maxItems": MOST_LINES,
    "uniqueItems": True,
    "description": "Article number; may stand several times",
}
ASKED_PRICES = fields(
    ["article"],
    article={**ARTICLES, "maxItems": MOST_PRICES},
    quantity={**QUANTITY, "description": "Of each; the least that can be ordered when left out"},
)
ASKED_CONSENT = fields(["article"], article=ARTICLES)


@offered("GET", "/catalogue/articles", answer="ArticlePage", query=paged())
def list_articles(asked: dict[str, Any]) -> dict[str, Any]:
    """All articles that are sold, with the prices that everybody pays."""
    limit = limit_of(asked)
    sold = select(Article.id).where(Article.id > (place_of(asked) or 0), Article.state == ApprovalState.APPROVED)
    ids = db.session.scalars(sold.order_by(Article.id).limit(limit + 1)).all()
    found = _described(ids[:limit])
    last = ids[limit - 1] if len(ids) > limit else None
    return {"data": [found[id_] for id_ in ids[:limit] if id_ in found], "next": following(last)}


@offered("GET", "/catalogue/articles/<number>", answer="Article")
def show_article(_asked: dict[str, Any], number: str) -> dict[str, Any]:
    """One article by its number."""
    (article,) = _numbered([number])
    found = _described([article.id]).get(article.id)
    if found is None:
        raise NotYours
    return found


@offered("GET", "/prices", answer="Prices", query=ASKED_PRICES)
def show_prices(asked: dict[str, Any]) -> dict[str, Any]:
    """What a unit costs the customer today, without VAT, and why."""
    today, customer = clock.local_date(clock.now()), web.viewer().customer
    articles = _numbered(asked["article"])
    quantities = {one.id: _quantity(one, asked.get("quantity")) for one in articles}
    terms = prices.terms_for(customer.id if customer else None, today)
    priced = prices.for_page({one.id: one.price for one in articles}, terms, quantities)
    told = [_price(one, quantities[one.id], priced[one.id]) for one in articles]
    return {"day": today.isoformat(), "data": told}


@offered("GET", "/consent", answer="Consent", query=ASKED_CONSENT)
def show_consent(asked: dict[str, Any]) -> dict[str, Any]:
    """What a private person must agree to before these articles can be ordered; an order takes the words."""
    services = needing_consent(_numbered(asked["article"]), web.viewer().customer)
    words = consent.words(services) if services else ""
    return {"needed": bool(services), "articles": [one.number for one in services], "words": words}


def amount(money: Money) -> str:
    """Kronor with two decimals."""
    return f"{money.in_kronor():.2f}"


def _described(ids: Any) -> dict[int, dict[str, Any]]:
    base = str(current_app.config["BASE_URL"]).rstrip("/")
    return feed.described(ids, clock.local_date(clock.now()), base)


def _numbered(numbers: list[str]) -> list[Article]:
    """Articles that are sold, in the order of their numbers. Raises NotYours when one is not."""
    sold = select(Article).where(Article.number.in_(numbers), Article.state == ApprovalState.APPROVED)
    found = {article.number: article for article in db.session.scalars(sold)}
    if any(number not in found for number in numbers):
        raise NotYours
    return [found[number] for number in numbers]


def _quantity(article: Article, wanted: str | None) -> Decimal:
    if wanted is None:
        return first_amount(article)
    try:
        return units.check_quantity(article.unit, Decimal(wanted))
    except ValueError as wrong:
        raise Problem("invalid", errors=[("/quantity", f"{article.number}: {wrong}")]) from wrong


def _price(article: Article, quantity: Decimal, priced: Priced) -> dict[str, Any]:
    return {
        "article": article.number,
        "quantity": number(quantity),
        "unit": unit(article.unit, article.unit_text),
        "currency": "SEK",
        "unit_price": amount(priced.unit_price),
        "sum": amount(priced.unit_price.times(quantity)),
        "standard_price": amount(priced.standard),
        "because": priced.because,
        "from_list": priced.kind.value if priced.kind else None,
        "agreement": priced.agreement,
        "steps": [
            {"min_quantity": number(step.min_quantity), "unit_price": amount(step.price)} for step in priced.steps
        ],
        "campaign": _campaign(priced.campaign),
    }


def _campaign(campaign: Campaign | None) -> dict[str, Any] | None:
    if campaign is None:
        return None
    return {
        "name": campaign.name,
        "valid_until": campaign.last.isoformat() if campaign.last else None,
        "lowest_price_30_days": amount(campaign.before) if campaign.before else None,
    }
