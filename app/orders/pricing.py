"""What a basket costs whoever orders it, and whether that is what they saw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.catalog import facets
from app.catalog.models import ApprovalState, Article
from app.catalog.pricing import prices
from app.catalog.pricing.rules import Priced
from app.customers.models import Customer
from app.errors import Refused
from app.money import Money
from app.orders.cart import Cart

Seen = Mapping[int, Money]
"""Article id -> the price per unit without VAT that the customer was shown."""


@dataclass(frozen=True, slots=True)
class Goods:
    """What a page has read of a basket, by article id: to order it in the same transaction, nobody reads it again."""

    articles: Mapping[int, Article]
    priced: Mapping[int, Priced]


def price_cart(articles: Iterable[Article], cart: Cart, customer: Customer | None, day: date) -> dict[int, Priced]:
    """The price of each article in a basket on the customer's terms, each at the quantity that lies there."""
    terms = (
        prices.terms_for(customer.id, day, member_id=customer.member_id) if customer else prices.terms_for(None, day)
    )
    return prices.for_page({article.id: article.price for article in articles}, terms, cart)


def check_others_make(articles: Mapping[int, Article], priced: Mapping[int, Priced], customer: Customer) -> None:
    """Raises Refused where a member orders what no other member makes: then there is no member price either."""
    alone = next((article for id_, article in articles.items() if not priced[id_].is_members), None)
    if customer.member_id is not None and alone is not None:
        raise Refused(f"Ingen annan medlem gör {alone.name}, så ni kan inte köpa den av någon. Ta bort den.")


def check_agreed(articles: Mapping[int, Article], priced: Mapping[int, Priced]) -> None:
    """Raises Refused for what stands in a framework agreement alone, where that did not give the price."""
    for id_, article in articles.items():
        if article.state == ApprovalState.AGREED and not priced[id_].agreement:
            raise Refused(f"{article.name} säljs bara till den som får avropa på avtalet. Ta bort den ur varukorgen.")


def check_seen(
    seen: Seen | None, articles: Mapping[int, Article], priced: Mapping[int, Priced], customer: Customer, day: date
) -> None:
    """Raises Refused, naming the articles, when a price is another than the customer saw, or was not seen at all.

    Who says nothing of what was seen is not asked.
    """
    if not seen:
        return
    new = [f"{article.name} har kommit till i varukorgen." for id_, article in articles.items() if id_ not in seen]
    changed = [
        _told(articles[id_], before, priced[id_].unit_price, day, with_vat=customer.sees_vat)
        for id_, before in seen.items()
        if id_ in articles and before != priced[id_].unit_price
    ]
    if changed or new:
        raise Refused(
            f"{' '.join([*changed, *new])} Inget är beställt än. Se summan här nedanför, och beställ om den passar."
        )


def _told(article: Article, before: Money, now: Money, day: date, *, with_vat: bool) -> str:
    if with_vat:
        before, now = (facets.with_vat(amount, article.vat_key, day) for amount in (before, now))
    note = "inkl. moms" if with_vat else "exkl. moms"
    return f"Priset på {article.name} har ändrats från {before} till {now} {note}."
