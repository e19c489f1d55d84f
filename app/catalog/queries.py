"""What customers see: a page of the catalogue, and one article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from app import shelf, workdays
from app.catalog import bundles, search
from app.catalog.indexing import SOLD, kind_token
from app.catalog.kinds import ArticleKind
from app.catalog.matching import Understood
from app.catalog.models import ApprovalState, Article, Offering, OfferingArea
from app.db import db
from app.money import Money
from app.shelf import remember
from app.vat import VatClass

PAGE = 24
FIRST = 120
"""So many of a long list are looked at when its facets are counted."""
MOST = search.MOST_HITS
"""So many hits are counted and can be leafed through; whoever has more is asked to narrow the search."""
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
    kind: str | None = None
    exact: bool = False
    """Whether the words are to be read as they are spelt."""

    @property
    def tokens(self) -> tuple[str, ...]:
        """What the index must say of an article, beside its words."""
        asked = {"fc": self.category_id, "fk": self.municipality, "fm": self.member_id}
        beside = (kind_token(self.kind),) if self.kind else ()
        return (SOLD, *(f"{kind}{value}" for kind, value in asked.items() if value is not None), *beside)


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


def edition() -> int:
    """The number of the present edition. What this process remembers of another one is forgotten here."""
    asked = db.session.connection().exec_driver_sql(_EDITION)
    number = int(asked.scalar() or 0)
    if number != _remembered["edition"]:
        shelf.clear()
        _remembered["edition"] = number
    return number


def catalog_page(filters: Filters, number: int, edition: int) -> Page:
    """One page, in the order of the best hit, or of the name when nothing is searched for.

    A number beyond the last page gives the last. However many articles there are, no more than `MOST` are ranked.
    """
    found = listed(filters, edition, filters)
    number = min(number, last_page(found.total))
    first = (number - 1) * PAGE
    after = min(first + PAGE, found.total)
    ids = found.ids[first:after] if after <= len(found.ids) else _by_name(filters, first, after)
    return Page(_cards(_by_ids(ids), filters), number, found.total, found.more)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list holds."""

    ids: tuple[int, ...]
    """In the order of the list; of a long list of everything or of a category the first `FIRST`."""
    total: int
    """At most `MOST`."""
    more: bool


@remember
def listed(filters: Filters, edition: int, read_as: Filters) -> Listing:
    """What a list holds. The words are understood as in `read_as`: the same search, perhaps with more filters."""
    asked = understood(read_as, edition)
    if filters.words:
        ids = search.hits(asked, *_beyond_tokens(filters), filters=filters.tokens)
        return Listing(tuple(ids), min(len(ids), MOST), len(ids) > MOST)
    at_hand = filters == Filters(category_id=filters.category_id, exact=filters.exact)
    if at_hand and min(asked.counts.get(one, 0) for one in filters.tokens) > MOST:
        return Listing(tuple(_by_name(filters, 0, FIRST)), MOST, more=True)
    ids = search.having(filters.tokens, asked.counts, *_beyond_tokens(filters))
    return Listing(tuple(ids), min(len(ids), MOST), len(ids) > MOST)


def _by_name(filters: Filters, first: int, after: int) -> Sequence[int]:
    """A part of a long list of everything or of a category, in the order in which the articles lie in their index."""
    query = select(Article.id).where(*_conditions(filters)).order_by(Article.sort_name, Article.id)
    return db.session.scalars(query.offset(first).limit(after - first)).all()


@remember
def understood(filters: Filters, _edition: int) -> Understood:
    """What the words of a search mean."""
    return search.understand(filters.words, exact=filters.exact, filters=filters.tokens)


def _beyond_tokens(filters: Filters) -> list[ColumnElement[bool]]:
    """What the index cannot say by itself: that one and the same offering fits all that was asked."""
    asked = (filters.municipality, filters.member_id, filters.lead_days)
    if filters.lead_days is None and sum(one is not None for one in asked) < 2:
        return []
    return [_made(filters)]


def _made(filters: Filters) -> ColumnElement[bool]:
    """Whether an article has an offering that fits all that was asked, or is a bundle that does."""
    made = exists().where(Offering.article_id == Article.id, *offering_conditions(filters))
    ids = [bundle.article_id for bundle in fitting(filters)]
    return or_(made, Article.id.in_(ids)) if ids else made


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


def _by_ids(ids: Sequence[int]) -> Sequence[Any]:
    """Those of the hits that are still sold, in the order of the hits."""
    if not ids:
        return []
    sold = (Article.id.in_(ids), Article.state == ApprovalState.APPROVED)
    rows = db.session.execute(select(*_COLUMNS).where(*sold)).all()
    return sorted(rows, key=lambda row: ids.index(row.id))


def _cards(rows: Sequence[Any], filters: Filters) -> list[Card]:
    offered = _offered([row.id for row in rows], filters)
    there = {bundle.article_id: bundle for bundle in fitting(filters)}
    return [
        _card(row, offered.get(row.id, ()), there.get(row.id)) for row in rows if row.id in offered or row.id in there
    ]


def fitting(filters: Filters) -> list[bundles.Bundle]:
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
    fits = (Offering.article_id.in_(ids), *offering_conditions(filters))
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
    wanted.append(_made(filters))
    return wanted


def offering_conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """What one and the same offering must be."""
    wanted: list[ColumnElement[bool]] = [Offering.state == ApprovalState.APPROVED]
    if filters.member_id is not None:
        wanted.append(Offering.member_id == filters.member_id)
    if filters.lead_days is not None:
        wanted.append(Offering.lead_days <= filters.lead_days)
    if filters.municipality is not None:
        there = (OfferingArea.offering_id == Offering.id, OfferingArea.municipality == filters.municipality)
        wanted.append(exists().where(*there))
    return wanted
