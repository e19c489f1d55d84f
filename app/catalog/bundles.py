"""Bundles as the catalogue sees them: what they hold, who makes each step, and what they come to with VAT."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from app import vat, workdays
from app.catalog import chains, facets
from app.catalog.kinds import ArticleKind
from app.catalog.models import ApprovalState, Article, BundlePart, Offering
from app.catalog.pausing import earliest
from app.db import db
from app.money import Money
from app.shelf import remember
from app.treatments import VatBuyer, is_reversed
from app.vat import VatKey

ANYBODY = VatBuyer()
Taxed = Sequence[tuple[VatKey, Money]]
"""The parts of a price by the VAT class that each of them has."""


@dataclass(frozen=True, slots=True)
class Maker:
    """Who can make a part, how soon, and where it delivers."""

    member_id: int
    lead_days: int
    municipalities: frozenset[str]
    pauses: tuple[tuple[date, date], ...] = ()

    def lead_from(self, today: date) -> int:
        """Working days until it can deliver what is ordered on a day, also when it rests for a while."""
        return workdays.working_days_between(today, earliest(today, self.lead_days, self.pauses))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bundle with those who make it."""

    to_next: bool
    makers: tuple[Maker, ...]

    def within(self, municipality: str) -> Part:
        """The same with those who can bring it there; all of them where it goes to the next step."""
        if self.to_next:
            return self
        return replace(self, makers=tuple(one for one in self.makers if municipality in one.municipalities))


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that can be bought: every part is in the catalogue and has somebody who makes it."""

    article_id: int
    parts: tuple[Part, ...]
    taxed: tuple[tuple[VatKey, Money], ...]

    def earliest(self, today: date) -> date:
        """The first working day by which the quickest can have made it all, if it is ordered on a day."""
        steps = [step(part.to_next, [one.lead_from(today) for one in part.makers]) for part in self.parts]
        return workdays.working_days_after(today, chains.lead_days(steps))

    @property
    def lead_days(self) -> int:
        """Working days from order to delivery of it all, by the quickest makers when nobody rests."""
        return chains.lead_days([step(part.to_next, [one.lead_days for one in part.makers]) for part in self.parts])

    @property
    def maker_ids(self) -> tuple[int, ...]:
        """Who makes it, in the order of the parts."""
        return tuple(dict.fromkeys(one.member_id for part in self.parts for one in part.makers))

    @property
    def municipalities(self) -> frozenset[str]:
        """Where it can be had: where all that goes to the customer can be. What goes to the next step need not."""
        places = [
            frozenset().union(*(one.municipalities for one in part.makers)) for part in self.parts if not part.to_next
        ]
        return frozenset.intersection(*places) if places else frozenset()

    def within(self, municipality: str | None) -> Bundle | None:
        """The same with those makers alone that can bring it to a municipality; None where it cannot be had.

        Who makes something for the next step need not go there. Without a municipality it is as it is, if it can be had
        anywhere at all.
        """
        places = self.municipalities
        if not places or (municipality is not None and municipality not in places):
            return None
        return self if municipality is None else replace(self, parts=tuple(p.within(municipality) for p in self.parts))

    def for_whom(
        self, *, municipality: str | None, member_id: int | None, ordered: date | None = None, by: date | None = None
    ) -> Bundle | None:
        """The same with the makers that can bring it there; None where that member is not one, or none is so quick."""
        there = self.within(municipality)
        if there is None or (member_id is not None and member_id not in there.maker_ids):
            return None
        return None if ordered and by and there.earliest(ordered) > by else there


def step(to_next: bool, leads: Collection[int]) -> chains.Step:
    """A part for the calendar. Nobody who makes it counts as one working day: it is not for sale then."""
    return chains.Step(min(leads, default=1), max(leads, default=1), to_next)


@remember
def for_sale(_edition: int) -> tuple[Bundle, ...]:
    """All bundles that can be bought in this edition of the catalogue; there are never many."""
    return tuple(as_value(article) for article in complete())


def complete(*conditions: ColumnElement[bool]) -> list[Article]:
    """The rows of all bundles that can be bought now and are as asked, with their parts and those who make them."""
    # Asked for by their parts, of which there are few: no index tells the kinds of a million articles apart.
    with_parts = select(BundlePart.bundle_id.label("id")).distinct().subquery()
    found = select(Article).join_from(with_parts, Article, Article.id == with_parts.c.id)
    found = found.where(Article.kind == ArticleKind.BUNDLE, Article.state == ApprovalState.APPROVED, *conditions)
    bundles = db.session.scalars(found.options(whole()).order_by(Article.id)).all()
    return [article for article in bundles if is_complete(article)]


def whole() -> Any:
    """What must be read with an article to know all about the bundle, as an option of the query."""
    offerings = selectinload(Article.parts).joinedload(BundlePart.article).selectinload(Article.offerings)
    return offerings.options(joinedload(Offering.member), selectinload(Offering.pauses))


def read_whole(wanted: Select[Article], values: Mapping[str, Any] | None = None) -> list[Article]:
    """The articles of a query with all that must be known of the bundles among them, which mostly are none."""
    found = list(db.session.scalars(wanted, values))
    bundles = [article.id for article in found if article.kind == ArticleKind.BUNDLE]
    if bundles:
        db.session.scalars(select(Article).where(Article.id.in_(bundles)).options(whole())).all()
    for article in found:
        if article.kind != ArticleKind.BUNDLE:
            set_committed_value(article, "parts", [])
    return found


def as_value(article: Article) -> Bundle:
    """A bundle that can be bought, as a value."""
    parts = (Part(part.to_next, tuple(_maker(one) for one in makers_of(part))) for part in article.parts)
    return Bundle(article.id, tuple(parts), tuple(taxed(article, article.price)))


def _maker(offering: Offering) -> Maker:
    return Maker(offering.member_id, offering.lead_days, offering.municipalities, pauses_of(offering))


def pauses_of(offering: Offering) -> tuple[tuple[date, date], ...]:
    """The first and last day of each time its maker rests."""
    return tuple((one.first_day, one.last_day) for one in offering.pauses)


def makers_of(part: BundlePart) -> list[Offering]:
    """The approved offerings of a part's article, the quickest first."""
    approved = (one for one in part.article.offerings if one.state == ApprovalState.APPROVED)
    return sorted(approved, key=lambda one: (one.lead_days, one.id))


def is_complete(article: Article) -> bool:
    """Whether all parts are in the catalogue and somebody makes each of them."""
    parts = article.parts
    return bool(parts) and all(part.article.state == ApprovalState.APPROVED and makers_of(part) for part in parts)


def lead_days_of(article: Article) -> int:
    """Working days until the quickest makers can have made the whole bundle."""
    return chains.lead_days([step(part.to_next, [one.lead_days for one in makers_of(part)]) for part in article.parts])


def taxed(article: Article, price: Money) -> list[tuple[VatKey, Money]]:
    """A unit's price by VAT class: a bundle's is shared over its parts, each taxed as what it is."""
    if article.kind != ArticleKind.BUNDLE or not article.parts:
        return [(article.vat_key, price)]
    shares = chains.price_shares(price, [(part.article.price, part.quantity) for part in article.parts])
    return [(part.article.vat_key, share) for part, share in zip(article.parts, shares, strict=True)]


def gross(parts: Taxed, day: date, quantity: Decimal = Decimal(1), buyer: VatBuyer = ANYBODY) -> Money:
    """What so many units cost with VAT on a day of supply, counted per rate on the sum, as this buyer is charged."""
    rates = facets.vat_parts_for(buyer, day)
    lines = [(share.times(quantity), rates[vat_class]) for vat_class, share in parts]
    return Money.total(net for net, _parts in lines) + Money.total(one.vat for one in vat.sums(lines))


def shown(article: Article, price: Money, day: date) -> Money:
    """A price of one unit with VAT on a day of supply."""
    return gross(taxed(article, price), day)


def retaxed(parts: Taxed, price: Money) -> list[tuple[VatKey, Money]]:
    """The same parts when the whole costs something else, as on a customer's own terms."""
    shares = chains.price_shares(price, [(share, Decimal(1)) for _class, share in parts])
    return [(vat_class, share) for (vat_class, _share), share in zip(parts, shares, strict=True)]


def reversed_of(parts: Taxed, day: date, quantity: Decimal, buyer: VatBuyer) -> Money:
    """What of so many units a buyer reckons the VAT on itself (ML 16:13), without VAT."""
    rates = facets.vat_parts_for(buyer, day)
    return Money.total(share.times(quantity) for vat_class, share in parts if is_reversed(rates[vat_class]))


def is_reversed_for(article: Article, day: date, buyer: VatBuyer) -> bool:
    """Whether a buyer reckons the VAT on some of it itself (ML 16:13)."""
    rates = facets.vat_parts_for(buyer, day)
    return any(is_reversed(rates[vat_class]) for vat_class, _share in taxed(article, article.price))


def rates_of(parts: Taxed, day: date, buyer: VatBuyer = ANYBODY) -> list[int]:
    """The VAT rates in whole per cent that this buyer is charged, highest first, without those of nought."""
    known = facets.vat_parts_for(buyer, day)
    return facets.rates(part for vat_class, _share in parts for part in known[vat_class])
