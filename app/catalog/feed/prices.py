"""What a unit costs, as the feed tells of it: today's price for everybody, larger quantities, and a campaign."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from app import units, vat
from app.catalog import bundles, facets
from app.catalog.kinds import ArticleKind
from app.catalog.models import Article
from app.catalog.pricing.rules import Campaign, Priced
from app.money import Money
from app.vat import VatClass

Gross = Callable[[Money], Money]
"""From a price without VAT to the same with it."""


def costs(article: Article, priced: Priced, day: date) -> dict[str, Any]:
    """The fields about money of one article, with VAT as of a day of supply."""

    def gross(net: Money) -> Money:
        return bundles.shown(article, net, day)

    return {
        "unit": unit(article.unit, article.unit_text),
        "price": _with_vat(priced.unit_price, gross),
        "price_steps": [
            {"min_quantity": number(step.min_quantity), **_with_vat(step.price, gross)} for step in priced.steps
        ],
        "campaign": _campaign(priced.campaign, gross),
        "comparison_price": _compared(article, priced.unit_price, gross),
        "deposit": _with_vat(article.deposit, lambda net: facets.with_vat(net, VatClass.STANDARD, day))
        if article.deposit
        else None,
        "vat": {
            "class": article.vat_class.value,
            "day": day.isoformat(),
            "parts": _taxed(article, priced.unit_price, day),
        },
    }


def _taxed(article: Article, net: Money, day: date) -> list[dict[str, Any]]:
    """How the price is taxed. A bundle's shares are öre of its price, as its parts are taxed at different rates."""
    rates = facets.vat_parts(day)
    if article.kind != ArticleKind.BUNDLE:
        parts = rates[article.vat_key]
        return [{"share": part.share, "rate": part.rate, "category": part.category} for part in parts]
    sums = vat.sums((share, rates[vat_class]) for vat_class, share in bundles.taxed(article, net))
    return [{"share": one.base.ore, "rate": one.rate, "category": one.category} for one in sums if one.base]


def number(quantity: Decimal | None) -> str | None:
    """A quantity as text."""
    return None if quantity is None else f"{quantity:f}"


def unit(code: str, text: str) -> dict[str, str]:
    """A unit with its code and its Swedish name."""
    return {"code": code, "name": text or units.unit(code).name_sv}


def _campaign(campaign: Campaign | None, gross: Gross) -> dict[str, Any] | None:
    """What must be said where a price is lowered for a time (prisinformationslagen 2004:347, 7 a §)."""
    if campaign is None:
        return None
    return {
        "name": campaign.name,
        "valid_until": campaign.last.isoformat() if campaign.last else None,
        "lowest_price_30_days": _with_vat(campaign.before, gross) if campaign.before else None,
    }


def _compared(article: Article, net: Money, gross: Gross) -> dict[str, Any] | None:
    if not (article.content and article.content_unit):
        return None
    return {
        **_amount(net.divided_by(article.content)),
        "incl_vat": _decimal(gross(net).divided_by(article.content)),
        "unit": unit(article.content_unit, ""),
    }


def _with_vat(net: Money, gross: Gross) -> dict[str, Any]:
    return {**_amount(net), "incl_vat": _decimal(gross(net))}


def _amount(money: Money) -> dict[str, Any]:
    return {"ore": money.ore, "excl_vat": _decimal(money)}


def _decimal(money: Money) -> str:
    return f"{money.in_kronor():.2f}"
