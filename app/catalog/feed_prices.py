"""What a unit costs, as the feed tells of it: today's price for everybody, larger quantities, and a campaign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from app import units, vat
from app.catalog import facets
from app.catalog.models import Article
from app.catalog.pricing import Campaign, Priced
from app.money import Money
from app.vat import VatPart


def costs(article: Article, priced: Priced, day: date) -> dict[str, Any]:
    """The fields about money of one article, with VAT as of a day of supply."""
    parts = facets.vat_parts(day)[article.vat_class]
    return {
        "unit": unit(article.unit, article.unit_text),
        "price": _with_vat(priced.unit_price, parts),
        "price_steps": [
            {"min_quantity": number(step.min_quantity), **_with_vat(step.price, parts)} for step in priced.steps
        ],
        "campaign": _campaign(priced.campaign, parts),
        "comparison_price": _compared(article, priced.unit_price, parts),
        "deposit": _amount(article.deposit) if article.deposit else None,
        "vat": {
            "class": article.vat_class.value,
            "day": day.isoformat(),
            "parts": [{"share": part.share, "rate": part.rate, "category": part.category} for part in parts],
        },
    }


def number(quantity: Decimal | None) -> str | None:
    """A quantity as text."""
    return None if quantity is None else f"{quantity:f}"


def unit(code: str, text: str) -> dict[str, str]:
    """A unit with its code and its Swedish name."""
    return {"code": code, "name": text or units.unit(code).name_sv}


def _campaign(campaign: Campaign | None, parts: Sequence[VatPart]) -> dict[str, Any] | None:
    """What must be said where a price is lowered for a time (prisinformationslagen 2004:347, 7 a §)."""
    if campaign is None:
        return None
    return {
        "name": campaign.name,
        "valid_until": campaign.last.isoformat() if campaign.last else None,
        "lowest_price_30_days": _with_vat(campaign.before, parts) if campaign.before else None,
    }


def _compared(article: Article, net: Money, parts: Sequence[VatPart]) -> dict[str, Any] | None:
    if not (article.content and article.content_unit):
        return None
    return {
        **_amount(net.divided_by(article.content)),
        "incl_vat": _decimal(vat.including(net, parts).divided_by(article.content)),
        "unit": unit(article.content_unit, ""),
    }


def _with_vat(net: Money, parts: Sequence[VatPart]) -> dict[str, Any]:
    return {**_amount(net), "incl_vat": _decimal(vat.including(net, parts))}


def _amount(money: Money) -> dict[str, Any]:
    return {"ore": money.ore, "excl_vat": _decimal(money)}


def _decimal(money: Money) -> str:
    return f"{money.in_kronor():.2f}"
