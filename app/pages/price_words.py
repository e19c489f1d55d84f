"""How a price and its reason are said to the customer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from app import formats
from app.catalog.pricing import prices
from app.catalog.pricing.prices import PriceTerms
from app.catalog.pricing.rules import Priced
from app.money import Money
from app.pages import web
from app.shelf import remember


@dataclass(frozen=True, slots=True)
class PriceWords:
    """A price as one viewer sees it; texts are empty where there is nothing to say."""

    price: Money
    label: str
    """Whose price it is."""
    before: Money | None
    """The lowest price of the 30 days before the campaign."""
    campaign: str
    steps: tuple[tuple[Decimal, Money], ...]
    """(from how many, price per unit)"""


def price_words(priced: Priced, shown: Callable[[Money], Money]) -> PriceWords:
    """The price, and what must be said beside it. `shown` makes of an amount without VAT what this viewer sees."""
    campaign = priced.campaign
    return PriceWords(
        price=shown(priced.unit_price),
        label=own_label(priced),
        before=shown(campaign.before) if campaign and campaign.before else None,
        campaign=_campaign_words(campaign.name, campaign.last) if campaign else "",
        steps=tuple((step.min_quantity, shown(step.price)) for step in priced.steps),
    )


def own_label(priced: Priced) -> str:
    """``Ert pris enligt avtal INK 2026/114``, ``Ert pris``, ``Medlemspris``, or nothing where all pay the same."""
    if priced.is_members:
        return str(_("Member price"))
    if priced.agreement:
        return str(_("Your price under agreement %(number)s", number=priced.agreement))
    return str(_("Your price")) if priced.is_own else ""


def _campaign_words(name: str, last: date | None) -> str:
    if last is None:
        return name
    return str(_("%(campaign)s, until %(day)s", campaign=name, day=formats.day(last)))


def terms(today: date, edition: int) -> PriceTerms:
    """The terms of whoever looks at the page. What anybody pays is asked for once per edition and day."""
    customer = web.viewer().customer
    if customer is None:
        return _anybodys(today, edition)
    return prices.terms_for(customer.id, today, member_id=customer.member_id)


@remember
def _anybodys(today: date, _edition: int) -> PriceTerms:
    return prices.terms_for(None, today)
