"""What members are paid for what a quote holds, so that nobody sells below it without knowing."""

from __future__ import annotations

from collections.abc import Mapping

from app.catalog.pricing import inside
from app.money import Money
from app.orders.quotes.models import QuoteLine, QuoteVersion

NOBODY = 0
SMALLEST = Money(1)


def member_prices(version: QuoteVersion) -> dict[int, Money]:
    """By article id the most that a member is paid for one. Whoever is asked gets its own, so it may come to that."""
    return inside.member_prices((line.article_id for line in version.lines), NOBODY)


def below_cost(version: QuoteVersion, costs: Mapping[int, Money]) -> list[QuoteLine]:
    """The lines that are sold for less than a member may be paid for them, and those that are given away."""
    return [line for line in version.lines if line.unit_price < costs.get(line.article_id, SMALLEST)]
