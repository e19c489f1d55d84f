"""How many articles each choice would give: the figures beside categories, kinds, municipalities and members."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, literal, select, union_all

from app.catalog import queries
from app.catalog.facets import kept
from app.catalog.filters import Filters, offering_conditions
from app.catalog.indexing import kind_token
from app.catalog.kinds import ArticleKind
from app.catalog.models import Article, Offering, OfferingArea
from app.db import db
from app.shelf import remember

TOKENS = {"category": "fc", "municipality": "fk", "member": "fm", "kind": "fy"}
FILTERS = {"category": "category_id", "municipality": "municipality", "member": "member_id", "kind": "kind"}
BY_OFFERING = {"municipality", "member"}
"""What is told by who makes an article."""
MOST_VALUES = 30
"""So many choices of a facet are shown: those that have most."""


@dataclass(frozen=True, slots=True)
class Facet:
    """The choices of one facet by their id, code or value, those with most articles first."""

    values: tuple[tuple[str, int], ...]
    at_least: bool = False
    """Whether there are more hits than were counted."""
    cut: bool = False
    """Whether there are more choices than these."""


@remember
def facets(filters: Filters, edition: int) -> dict[str, Facet]:
    """What each choice of each facet would give, with all that is asked for in the others.

    Exact where nothing else is asked for, from the counts that are kept with the index; else within the hits, and of
    more than `queries.MOST` hits within the first `queries.FIRST`: at least so many.
    """
    others = {name: _without(name, filters) for name in FILTERS}
    alone = [name for name, left in others.items() if left == Filters(exact=filters.exact)]
    found = {name: _facet(_by_value(name, kept(edition)[TOKENS[name]])) for name in alone}
    if filters.member_id is not None:  # Nobody looks for thousands of others beside one.
        own = queries.listed(filters, edition, filters)
        found["member"] = Facet(((str(filters.member_id), own.total),), own.more)
    lists = {name: queries.listed(left, edition, filters) for name, left in others.items() if name not in found}
    within = {name: one.ids[: queries.FIRST] if one.more else one.ids for name, one in lists.items()}
    counted = _count(within, filters) if any(within.values()) else {}
    for name, one in lists.items():
        found[name] = _facet(counted.get(name, {}), at_least=one.more)
    return found


def _by_value(name: str, counts: dict[str, int]) -> dict[str, int]:
    """A kind's token has lost its underscores."""
    if name != "kind":
        return counts
    tokens = {kind_token(kind.value).removeprefix(TOKENS[name]): kind.value for kind in ArticleKind}
    return {tokens[token]: articles for token, articles in counts.items()}


def _without(facet: str, filters: Filters) -> Filters:
    """What is asked for besides in one facet."""
    nothing: Any = {FILTERS[facet]: None}
    return replace(filters, **nothing)


def _facet(counts: dict[str, int], *, at_least: bool = False) -> Facet:
    most = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:MOST_VALUES]
    return Facet(tuple(most), at_least, cut=len(counts) > MOST_VALUES)


def _count(within: dict[str, tuple[int, ...]], filters: Filters) -> dict[str, Counter[str]]:
    parts = [_part(name, ids, filters) for name, ids in within.items() if ids]
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for name, value, articles in db.session.execute(union_all(*parts)):
        found[name][value] = articles
    for name in BY_OFFERING & set(within):
        found[name].update(_of_bundles(name, set(within[name]), filters))
    return found


def _of_bundles(name: str, ids: set[int], filters: Filters) -> Iterable[str]:
    """The same for bundles, which have no offerings of their own: they fit or they do not."""
    for bundle in queries.fitting(_without(name, filters)):
        if bundle.article_id in ids:
            yield from map(str, bundle.maker_ids) if name == "member" else bundle.municipalities


def _part(name: str, ids: Sequence[int], filters: Filters) -> Select[str, str, int]:
    """The values of one facet among some articles, and how many of them have each."""
    if name in {"category", "kind"}:
        column = Article.category_id if name == "category" else Article.kind
        return _counted(name, column, func.count()).where(Article.id.in_(ids)).group_by(column)
    fits = offering_conditions(_without(name, filters))
    if name == "member":
        counted = _counted(name, Offering.member_id, func.count())
        return counted.where(Offering.article_id.in_(ids), *fits).group_by(Offering.member_id)
    place = OfferingArea.municipality
    counted = _counted(name, place, func.count(Offering.article_id.distinct())).join_from(
        Offering, OfferingArea, OfferingArea.offering_id == Offering.id
    )
    return counted.where(Offering.article_id.in_(ids), *fits).group_by(place)


def _counted(name: str, column: Any, articles: ColumnElement[int]) -> Select[str, str, int]:
    return select(literal(name, literal_execute=True), cast(column, String), articles)
