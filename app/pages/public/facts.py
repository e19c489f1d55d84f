"""What an article's page says about its kind: quantities, food, deposit, deduction, and what a bundle holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.catalog import bundles, facets
from app.catalog.food import emphasised
from app.catalog.kinds import ALLERGENS, ArticleKind
from app.catalog.models import ApprovalState, Article, BundlePart
from app.catalog.quantities import Amounts, amounts_of, comparison_price, first_amount
from app.catalog.sold import Sold
from app.customers.models import CustomerKind
from app.members.models import Member
from app.money import Money
from app.pages import web
from app.vat import VatClass

FOOD = frozenset({VatClass.FOOD, VatClass.RESTAURANT, VatClass.CONFERENCE})


@dataclass(frozen=True, slots=True)
class PartFact:
    """One part of a bundle, who makes it, and whether it is handed on."""

    part: BundlePart
    makers: tuple[Member, ...]

    @property
    def names(self) -> list[str]:
        """The makers as people say them."""
        return [facets.short_name(member.name) for member in self.makers]


@dataclass(frozen=True, slots=True)
class Deposit:
    """What is charged per unit for what must come back and does not, as the viewer sees prices."""

    name: str
    """Which part of a bundle it is for; empty for the article itself."""
    amount: Money
    unit: str
    unit_text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """An article's facts as this viewer sees them; amounts of money with or without VAT, as the viewer wants."""

    rates: list[int]
    """VAT rates in whole per cent."""
    compared: tuple[Money, str] | None
    """Comparison price, and its unit's Rec 20 code."""
    amounts: Amounts
    suggested: Decimal
    deposits: tuple[Deposit, ...]
    ingredients: list[tuple[str, bool]]
    allergens: list[str]
    parts: list[PartFact]
    food_businesses: list[Member]
    """Who answers for the food: their contact data must stand here (Livsmedelsverket, food sold at a distance)."""
    may_buy: bool


def facts_of(sold: Sold, net: Money, today: date, *, with_vat: bool) -> Facts:
    """All of it, for one article at this viewer's price without VAT."""
    article = sold.article
    taxed = bundles.taxed(article, net)
    price = bundles.gross(taxed, today) if with_vat else net
    is_bundle = article.kind == ArticleKind.BUNDLE
    parts = [PartFact(part, _makers(part)) for part in article.parts] if is_bundle else []
    return Facts(
        rates=bundles.rates_of(taxed, today),
        compared=comparison_price(price, article),
        amounts=amounts_of(article),
        suggested=first_amount(article),
        deposits=deposits_of(article, today, with_vat=with_vat),
        ingredients=emphasised(article.ingredients, article.allergens),
        allergens=[_name(code) for code in article.allergens],
        parts=parts,
        food_businesses=_food_businesses(sold, parts),
        may_buy=may_buy(article),
    )


def deposits_of(article: Article, day: date, *, with_vat: bool) -> tuple[Deposit, ...]:
    """The article's own deposit, or those of a bundle's parts. All goods have it at the standard rate."""
    is_bundle = article.kind == ArticleKind.BUNDLE
    found = [(part.article.name, part.article) for part in article.parts] if is_bundle else [("", article)]
    return tuple(
        Deposit(name, _taxed(one.deposit, day) if with_vat else one.deposit, one.unit, one.unit_text)
        for name, one in found
        if one.deposit
    )


def _taxed(amount: Money, day: date) -> Money:
    return facets.with_vat(amount, VatClass.STANDARD, day)


def is_inside() -> bool:
    """Whether this viewer sees what members offer to each other."""
    viewer = web.viewer()
    buys = viewer.customer is not None and viewer.customer.member_id is not None
    return viewer.is_staff or viewer.member is not None or buys


def may_buy(article: Article) -> bool:
    """Whether this viewer may: work training places are for public bodies only, shared services for members only."""
    customer = web.viewer().customer
    if article.state == ApprovalState.MEMBERS:
        return customer is not None and customer.member_id is not None
    return article.kind != ArticleKind.PLACEMENT or (customer is not None and customer.kind == CustomerKind.PUBLIC)


def _makers(part: BundlePart) -> tuple[Member, ...]:
    return tuple(offering.member for offering in bundles.makers_of(part))


def _food_businesses(sold: Sold, parts: list[PartFact]) -> list[Member]:
    own = [offering.member for offering in sold.offerings if sold.article.vat_class in FOOD]
    of_parts = [member for fact in parts if fact.part.article.vat_class in FOOD for member in fact.makers]
    return list(dict.fromkeys([*own, *of_parts]))


def _name(code: str) -> str:
    return ALLERGENS[code].name_en if web.language() == "en" else ALLERGENS[code].name_sv
