"""What customers see: a page of the catalogue, and one article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import joinedload

from app import shelf, workdays
from app.catalog import bundles, search
from app.catalog.kinds import ArticleKind
from app.catalog.models import ApprovalState, Article, CpvCode, Offering, OfferingArea
from app.db import db
from app.errors import NotYours
from app.money import Money
from app.shelf import remember
from app.vat import VatClass

PAGE = 24
MOST = search.MOST_HITS
"""So many hits are counted and can be leafed through; whoever has more is asked to narrow the search."""
_SLUG = re.compile("[a-z0-9-]{1,100}")
_remembered = {"edition": 0}
"""To which edition belongs what this process has on its shelf."""
_EDITION = "SELECT number FROM catalog_edition WHERE id = 1"
"""Each page of the catalogue asks this first, so it goes the short way."""
FURTHEST = timedelta(days=365)
"""How far ahead a delivery day may be asked for."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person asks the catalogue for. One and the same offering must serve place, member and lead time."""

    words: tuple[str, ...] = ()
    category_id: int | None = None
    municipality: str | None = None
    member_id: int | None = None
    lead_days: int | None = None
    """At most so many working days ahead."""


@dataclass(frozen=True, slots=True)
class Card:
    """An article on a page of the catalogue; who makes it and how soon follow from the offerings that fit."""

    id: int
    slug: str
    name: str
    category_id: int
    unit: str
    unit_text: str
    vat_class: VatClass
    price: Money
    """The article's own, which a price list may lower."""
    maker_ids: tuple[int, ...]
    lead_days: int
    kind: ArticleKind = ArticleKind.GOODS
    content: Decimal | None = None
    content_unit: str | None = None
    taxed: tuple[tuple[VatClass, Money], ...] = ()
    """A bundle's price by VAT class; empty for all else."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list that is counted no further than `MOST`."""

    items: Sequence[Card]
    number: int
    total: int
    more: bool
    """Whether there are more hits than are counted."""

    @property
    def last(self) -> int:
        """The number of the last page, at least 1."""
        return last_page(self.total)

    @property
    def has_previous(self) -> bool:
        """Whether there is a page before."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether there is a page after."""
        return self.number < self.last


def last_page(total: int) -> int:
    """How many pages so many hits fill; an empty list is one page too."""
    return max(1, -(-total // PAGE))


def lead_that_fits(today: date, by: date) -> int:
    """The longest lead time in working days with which something ordered today comes by that day; -1 when none does."""
    if workdays.working_days_after(today, 0) > by:
        return -1
    return workdays.working_days_between(today, by)


@dataclass(frozen=True, slots=True)
class Sold:
    """An article as its own page shows it, with the approved offerings behind it, the quickest first."""

    article: Article
    cpv: CpvCode | None
    offerings: Sequence[Offering]
    """Empty for a bundle: its parts are made by those who make them."""

    @property
    def lead_days(self) -> int:
        """Working days until the quickest member can deliver, or the quickest of each step."""
        return self.offerings[0].lead_days if self.offerings else bundles.lead_days_of(self.article)

    @property
    def is_gone(self) -> bool:
        """Whether it is a single piece that somebody has ordered."""
        return self.article.state == ApprovalState.SOLD


def sold_article(slug: str) -> Sold:
    """The approved article with this address that at least one member makes, or NotYours (shown as 404).

    A single piece keeps its page when it is sold; a bundle is there while each of its parts is.
    """
    if not _SLUG.fullmatch(slug):  # PostgreSQL would break on some of what an address can hold.
        raise NotYours
    article = db.session.execute(
        select(Article, CpvCode)
        .outerjoin(CpvCode, CpvCode.code == Article.cpv)
        .where(Article.slug == slug, Article.state.in_((ApprovalState.APPROVED, ApprovalState.SOLD)))
    ).first()
    offerings = _approved_offerings(article[0].id) if article else []
    if article is None or not (offerings or bundles.is_complete(article[0])):
        raise NotYours
    return Sold(article[0], article[1], offerings)


def _approved_offerings(article_id: int) -> Sequence[Offering]:
    query = select(Offering).options(joinedload(Offering.member))
    approved = (Offering.article_id == article_id, Offering.state == ApprovalState.APPROVED)
    return db.session.scalars(query.where(*approved).order_by(Offering.lead_days, Offering.id)).all()


def edition() -> int:
    """The number of the present edition. What this process remembers of another one is forgotten here."""
    asked = db.session.connection().exec_driver_sql(_EDITION)
    number = int(asked.scalar() or 0)
    if number != _remembered["edition"]:
        shelf.clear()
        _remembered["edition"] = number
    return number


def catalog_page(filters: Filters, number: int, now: int) -> Page:
    """One page in the edition of that number, by the best hit, or by name when nothing is searched for.

    A number beyond the last page gives the last. At most four statements, however many articles there are, and
    one to three more the first time in an edition, for the bundles.
    """
    found = _hits(filters, now) if filters.words else None
    counted = _count(filters, now) if found is None else len(found)
    number = min(number, last_page(min(counted, MOST)))
    first = (number - 1) * PAGE
    rows: Sequence[Any] = _listed(filters, first) if found is None else _by_ids(found[first : min(first + PAGE, MOST)])
    return Page(_cards(rows, filters), number, min(counted, MOST), counted > MOST)


@remember
def _hits(filters: Filters, _edition: int) -> tuple[int, ...]:
    return tuple(search.hits(filters.words, *_conditions(filters)))


@remember
def _count(filters: Filters, _edition: int) -> int:
    """How many articles there are, counted no further than one more than `MOST`."""
    some = select(Article.id).where(*_conditions(filters)).limit(MOST + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


_COLUMNS = (
    Article.id,
    Article.slug,
    Article.name,
    Article.category_id,
    Article.unit,
    Article.unit_text,
    Article.vat_class,
    Article.price,
    Article.kind,
    Article.content,
    Article.content_unit,
)


def _listed(filters: Filters, first: int) -> Sequence[Any]:
    query = select(*_COLUMNS).where(*_conditions(filters)).order_by(Article.sort_name, Article.id)
    return db.session.execute(query.offset(first).limit(min(PAGE, MOST - first))).all()


def _by_ids(ids: Sequence[int]) -> Sequence[Any]:
    """Those of the hits that are still sold, in the order of the hits."""
    if not ids:
        return []
    sold = (Article.id.in_(ids), Article.state == ApprovalState.APPROVED)
    rows = db.session.execute(select(*_COLUMNS).where(*sold)).all()
    return sorted(rows, key=lambda row: ids.index(row.id))


def _cards(rows: Sequence[Any], filters: Filters) -> list[Card]:
    offered = _offered([row.id for row in rows], filters)
    there = {bundle.article_id: bundle for bundle in _fitting(filters)}
    return [
        _card(row, offered.get(row.id, ()), there.get(row.id)) for row in rows if row.id in offered or row.id in there
    ]


def _fitting(filters: Filters) -> list[bundles.Bundle]:
    """The bundles that fit what is asked for about place, member and time."""
    wanted = {name: getattr(filters, name) for name in ("municipality", "member_id", "lead_days")}
    return [bundle for bundle in bundles.for_sale(_remembered["edition"]) if bundle.fits(**wanted)]


def _card(row: Any, offerings: Sequence[tuple[int, int]], bundle: bundles.Bundle | None) -> Card:
    return Card(
        id=row.id,
        slug=row.slug,
        name=row.name,
        category_id=row.category_id,
        unit=row.unit,
        unit_text=row.unit_text,
        vat_class=row.vat_class,
        price=row.price,
        maker_ids=bundle.maker_ids if bundle else tuple(member_id for _lead_days, member_id in offerings),
        lead_days=bundle.lead_days if bundle else offerings[0][0],
        kind=row.kind,
        content=row.content,
        content_unit=row.content_unit,
        taxed=bundle.taxed if bundle else (),
    )


def _offered(ids: Sequence[int], filters: Filters) -> dict[int, list[tuple[int, int]]]:
    """Lead time and member of every offering that fits, by article, the quickest first."""
    if not ids:
        return {}
    fits = (Offering.article_id.in_(ids), *_offering_conditions(filters))
    columns = (Offering.article_id, Offering.lead_days, Offering.member_id)
    found: dict[int, list[tuple[int, int]]] = {}
    for article_id, lead_days, member_id in db.session.execute(select(*columns).where(*fits)):
        found.setdefault(article_id, []).append((lead_days, member_id))
    return {article_id: sorted(offerings) for article_id, offerings in found.items()}


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """What an article must be to be listed."""
    wanted: list[ColumnElement[bool]] = [Article.state == ApprovalState.APPROVED]
    if filters.category_id is not None:
        wanted.append(Article.category_id == filters.category_id)
    fits = _offering_conditions(filters)
    if filters.municipality is None and filters.member_id is None:
        made: ColumnElement[bool] = exists().where(Offering.article_id == Article.id, *fits)
    else:
        made = Article.id.in_(select(Offering.article_id).where(*fits))
    ids = [bundle.article_id for bundle in _fitting(filters)]
    wanted.append(or_(made, Article.id.in_(ids)) if ids else made)
    return wanted


def _offering_conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """What one and the same offering must be."""
    wanted: list[ColumnElement[bool]] = [Offering.state == ApprovalState.APPROVED]
    if filters.member_id is not None:
        wanted.append(Offering.member_id == filters.member_id)
    if filters.lead_days is not None:
        wanted.append(Offering.lead_days <= filters.lead_days)
    if filters.municipality is not None:
        there = select(OfferingArea.offering_id).where(OfferingArea.municipality == filters.municipality)
        wanted.append(Offering.id.in_(there))
    return wanted
