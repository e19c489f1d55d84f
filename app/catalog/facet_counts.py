"""How many articles each choice would give: the figures beside categories, kinds, municipalities and members."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from app.catalog import hits, queries
from app.catalog.facets import kept
from app.catalog.filters import Filters
from app.catalog.indexing import kind_token
from app.catalog.kinds import ArticleKind
from app.shelf import remember

TOKENS = {"category": "fc", "municipality": "fk", "member": "fm", "kind": "fy"}
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
    more than `queries.MOST` hits within the first `hits.FIRST`: at least so many.
    """
    others = {name: _without(name, filters) for name in queries.FACETS}
    alone = [name for name, left in others.items() if left == Filters(exact=filters.exact)]
    found = {name: _facet(_by_value(name, kept(edition)[TOKENS[name]])) for name in alone}
    if filters.member_id is not None:  # Nobody looks for thousands of others beside one.
        own = queries.listed(filters, edition, filters)
        found["member"] = Facet(((str(filters.member_id), own.total),), own.more)
    for name, left in others.items():
        if name not in found:
            one = queries.listed(left, edition, filters)
            found[name] = _facet(_counted(name, one, left), at_least=one.more)
    return found


def _by_value(name: str, counts: dict[str, int]) -> dict[str, int]:
    """A kind's token has lost its underscores."""
    if name != "kind":
        return counts
    tokens = {kind_token(kind.value).removeprefix(TOKENS[name]): kind.value for kind in ArticleKind}
    return {tokens[token]: articles for token, articles in counts.items()}


def _without(facet: str, filters: Filters) -> Filters:
    """What is asked for besides in one facet."""
    nothing: Any = {queries.FACETS[facet]: None}
    return replace(filters, **nothing)


def _facet(counts: dict[str, int], *, at_least: bool = False) -> Facet:
    most = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:MOST_VALUES]
    return Facet(tuple(most), at_least, cut=len(counts) > MOST_VALUES)


def _counted(name: str, listing: queries.Listing, filters: Filters) -> dict[str, int]:
    """The values of one facet in a list, and how many articles of the list have each."""
    if name not in queries.BY_OFFERING:
        return listing.figures[name]
    within = set(listing.ids[: hits.FIRST] if listing.more else listing.ids)
    counted = Counter(listing.figures[name])
    counted.update(_of_bundles(name, within, filters))
    return counted


def _of_bundles(name: str, ids: set[int], filters: Filters) -> Iterable[str]:
    """The same for bundles, which have no offerings of their own: they fit or they do not."""
    for bundle in queries.fitting(filters):
        if bundle.article_id in ids:
            yield from map(str, bundle.maker_ids) if name == "member" else bundle.municipalities
