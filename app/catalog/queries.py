"""What customers see: a page of the catalogue, and one article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, exists, or_, select

from app import shelf
from app.catalog import bundles, facets, hits, leads, quickness, search
from app.catalog.filters import Due, Filters, offering_conditions
from app.catalog.kinds import ArticleKind
from app.catalog.matching import Understood
from app.catalog.models import ApprovalState, Article, Offering, OfferingPause
from app.catalog.pausing import earliest
from app.catalog.reading import MOST_HITS, among
from app.db import db
from app.leaves import Leaf, nearest
from app.money import Money
from app.shelf import remember
from app.vat import VatClass, VatKey

PAGE = 24
FACETS = {"category": "category_id", "municipality": "municipality", "member": "member_id", "kind": "kind"}
"""The field of what is asked for that chooses a value of each facet."""
BY_OFFERING = {"municipality", "member"}
"""The facets that are told by who makes an article."""
MOST = MOST_HITS
"""So many hits are counted and can be leafed through; whoever has more is asked to narrow the search."""
_remembered = {"edition": 0}
"""To which edition belongs what this process has on its shelf."""
_EDITION = "SELECT number FROM catalog_edition WHERE id = 1"
"""Each page of the catalogue asks this first, so it goes the short way."""
FURTHEST = timedelta(days=365)
"""How far ahead a delivery day may be asked for."""


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
    earliest: date
    """The first day on which any of them can deliver."""
    kind: ArticleKind = ArticleKind.GOODS
    content: Decimal | None = None
    content_unit: str | None = None
    taxed: tuple[tuple[VatKey, Money], ...] = ()
    """A bundle's price by VAT class; empty for all else."""


Page = Leaf[Card]
"""One page of a list that is counted no further than `MOST`."""


def edition() -> int:
    """The number of the present edition. What this process remembers of another one is forgotten here."""
    asked = db.session.connection().exec_driver_sql(_EDITION)
    number = int(asked.scalar() or 0)
    if number != _remembered["edition"]:
        shelf.clear()
        _remembered["edition"] = number
    return number


def catalog_page(filters: Filters, number: int, edition: int, today: date) -> Page:
    """One page, in the order of the best hit, or of the name when nothing is searched for.

    A number beyond the last page gives the last. However many articles there are, no more than `MOST` are ranked.
    """
    found = listed(filters, edition, filters)
    number = nearest(number, found.total, PAGE)
    first = (number - 1) * PAGE
    after = min(first + PAGE, found.total)
    ids = found.ids[first:after] if after <= len(found.ids) else _by_name(filters, first, after)
    return Leaf(_cards(ids, filters, today), number, found.total, PAGE, found.more)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list holds."""

    ids: tuple[int, ...]
    """In the order of the list; of a long list of everything or of a category the first `hits.FIRST`."""
    total: int
    """At most `MOST`."""
    more: bool
    figures: Mapping[str, Counter[str]]
    """How many of them have each value of the facets that are open; of a long list, of the first `hits.FIRST`."""


@remember
def listed(filters: Filters, edition: int, read_as: Filters) -> Listing:
    """What a list holds. The words are understood as in `read_as`: the same search, perhaps with more filters."""
    asked = understood(read_as, edition)
    at_hand = not filters.words and filters == Filters(category_id=filters.category_id, exact=filters.exact)
    if at_hand and min(asked.counts.get(one, 0) for one in filters.tokens) > MOST:
        ids = _by_name(filters, 0, hits.FIRST)
        return Listing(tuple(ids), MOST, more=True, figures=_figures(hits.rows_of(ids), filters, read_as))
    found = search.find(asked, filters.tokens, *_beyond_tokens(filters), soon=_soon(filters, edition))
    return Listing(found.ids, len(found.ids), found.more, _figures(found.rows, filters, read_as))


def _figures(found: Sequence[hits.Hit], filters: Filters, read_as: Filters) -> dict[str, Counter[str]]:
    """Counted is what is not chosen; where a choice of the search was left out, that alone: who asks wants no more."""
    left_out = {facet for facet, field in FACETS.items() if getattr(filters, field) != getattr(read_as, field)}
    open_ = {facet for facet, field in FACETS.items() if getattr(filters, field) is None}
    counted = left_out or open_
    if filters.due and found and counted & BY_OFFERING:
        found = _with_the_quick(found, filters, filters.due)
    return hits.figures(found, counted, municipality=filters.municipality, member_id=filters.member_id)


def _with_the_quick(found: Sequence[hits.Hit], filters: Filters, due: Due) -> Sequence[hits.Hit]:
    """The hits with those makers alone that can deliver in time: the hits say so, but for those who may rest."""
    resting = quickness.resting(due)
    doubtful = {hit.article_id for hit in found if resting is None or hit.article_id in resting}
    fit = _makers_in_time(doubtful, filters)

    def in_time(hit: hits.Hit) -> set[int]:
        return fit[hit.article_id] if hit.article_id in doubtful else leads.within(hit.leads, due.lead_days)

    return [hit._replace(made=hits.made_by_those(hit.made, in_time(hit))) for hit in found]


def _makers_in_time(article_ids: Collection[int], filters: Filters) -> dict[int, set[int]]:
    """Who can make each of some articles in time, by their offerings and pauses; where they deliver the hits say."""
    fit: dict[int, set[int]] = {id_: set() for id_ in article_ids}
    if fit:
        in_time = offering_conditions(replace(filters, municipality=None))
        query = select(Offering.article_id, Offering.member_id)
        for article_id, member_id in db.session.execute(query.where(among(Offering.article_id, list(fit)), *in_time)):
            fit[article_id].add(member_id)
    return fit


def _by_name(filters: Filters, first: int, after: int) -> Sequence[int]:
    """A part of a long list of everything or of a category, in the order in which the articles lie in their index."""
    query = select(Article.id).where(*_conditions(filters)).order_by(Article.sort_name, Article.id)
    return db.session.scalars(query.offset(first).limit(after - first)).all()


@remember
def understood(filters: Filters, edition: int) -> Understood:
    """What the words of a search mean."""
    if not filters.words:
        known = facets.kept(edition)
        counts = {token: known[token[:2]].get(token[2:]) for token in filters.tokens}
        if None not in counts.values():
            return Understood(counts={token: count or 0 for token, count in counts.items()})
    return search.understand(filters.words, exact=filters.exact, filters=filters.tokens)


def _beyond_tokens(filters: Filters) -> list[ColumnElement[bool]]:
    """What the index cannot say by itself: that one and the same offering fits all that was asked."""
    asked = (filters.municipality, filters.member_id, filters.due)
    if filters.due is None and sum(one is not None for one in asked) < 2:
        return []
    return [_made(filters)]


def _soon(filters: Filters, edition: int) -> quickness.Soon | None:
    """What the postings say of the day; with a member's name beside it they cannot."""
    if filters.due is None or filters.member_id is not None:
        return None
    fit = [bundle.article_id for bundle in fitting(filters)]
    return quickness.soon(filters.due, filters.municipality, fit, edition)


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
    Article.state,
)


def _cards(ids: Sequence[int], filters: Filters, today: date) -> list[Card]:
    """Those of the hits that are still sold, in the order of the hits."""
    there = {bundle.article_id: bundle for bundle in fitting(filters)}
    found = {id_: (row, makers) for id_, (row, makers) in _rows(ids, filters, today).items() if makers or id_ in there}
    return [_card(*found[id_], there.get(id_), today) for id_ in ids if id_ in found]


_Makers = list[tuple[date, int]]
"""The first day and the id of each member that makes an article."""


def _rows(ids: Sequence[int], filters: Filters, today: date) -> dict[int, tuple[Any, _Makers]]:
    """The articles with the offerings that fit, the quickest first; all in one question, as the page is short of them.

    There is a row for each offering, and for each of its pauses.
    """
    if not ids:
        return {}
    values = {"ids": list(ids), "today": today, "member_id": filters.member_id, "municipality": filters.municipality}
    query = _card_rows(offering_conditions(filters)) if filters.due else _usual_rows(*_asked_of_offerings(filters))
    articles: dict[int, Any] = {}
    made: dict[int, dict[int, Any]] = {}
    pauses: dict[int, list[tuple[date, date]]] = {}
    for row in db.session.execute(query, values):
        if row.state != ApprovalState.APPROVED:
            continue
        articles[row.id] = row
        offered = made.setdefault(row.id, {})
        if row.offering_id is not None:
            offered[row.offering_id] = row
        if row.first_day is not None:
            pauses.setdefault(row.offering_id, []).append((row.first_day, row.last_day))
    return {
        id_: (
            articles[id_],
            sorted(
                (earliest(today, one.lead_days, pauses.get(one.offering_id, ())), one.member_id)
                for one in offered.values()
            ),
        )
        for id_, offered in made.items()
    }


def _asked_of_offerings(filters: Filters) -> tuple[bool, bool]:
    return filters.member_id is not None, filters.municipality is not None


@lru_cache(maxsize=4)
def _usual_rows(by_member: bool, by_place: bool) -> Select[Any]:
    """To put a statement together takes longer than to run it, so that each shape of it is made once."""
    values: dict[str, Any] = {"member_id": bindparam("member_id")} if by_member else {}
    if by_place:
        values["municipality"] = bindparam("municipality")
    return _card_rows(offering_conditions(Filters(**values)))


def _card_rows(fits: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Articles with the offerings that fit; which articles, and from which day pauses count, is said when it is run."""
    resting = and_(OfferingPause.offering_id == Offering.id, OfferingPause.last_day >= bindparam("today", type_=Date))
    return (
        select(*_COLUMNS, Offering.id.label("offering_id"), Offering.member_id, Offering.lead_days)
        .add_columns(OfferingPause.first_day, OfferingPause.last_day)
        .select_from(Article)
        .outerjoin(Offering, and_(Offering.article_id == Article.id, *fits))
        .outerjoin(OfferingPause, resting)
        # The state is looked at by who asks: SQLite would walk its index for it.
        .where(Article.id.in_(bindparam("ids", expanding=True)))
    )


def fitting(filters: Filters) -> list[bundles.Bundle]:
    """The bundles that fit what is asked for about place, member and time."""
    wanted: dict[str, Any] = {name: getattr(filters, name) for name in ("municipality", "member_id")}
    if filters.due:
        wanted |= {"ordered": filters.due.ordered, "by": filters.due.by}
    fit = (bundle.for_whom(**wanted) for bundle in bundles.for_sale(_remembered["edition"]))
    return [bundle for bundle in fit if bundle]


def _card(row: Any, makers: _Makers, bundle: bundles.Bundle | None, today: date) -> Card:
    return Card(
        id=row.id,
        slug=row.slug,
        name=row.name,
        category_id=row.category_id,
        unit=row.unit,
        unit_text=row.unit_text,
        vat_class=row.vat_class,
        price=row.price,
        maker_ids=bundle.maker_ids if bundle else tuple(member_id for _day, member_id in makers),
        earliest=bundle.earliest(today) if bundle else makers[0][0],
        kind=row.kind,
        content=row.content,
        content_unit=row.content_unit,
        taxed=bundle.taxed if bundle else (),
    )


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """What an article must be to be listed."""
    wanted: list[ColumnElement[bool]] = [Article.state == ApprovalState.APPROVED]
    if filters.category_id is not None:
        wanted.append(Article.category_id == filters.category_id)
    wanted.append(_made(filters))
    return wanted
