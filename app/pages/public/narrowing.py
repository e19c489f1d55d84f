"""The choices beside the catalogue's list: links with the number of articles that each would give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from app import places
from app.catalog import facets
from app.catalog.facet_counts import Facet
from app.pages.kind_fields import NAMES as KIND_NAMES

SHOWN = 8
"""So many choices stand open; the others come with *Show more*."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One link: what it says, how many articles it gives, and where it leads."""

    name: str
    articles: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The choices of one facet."""

    field: str
    title: str
    choices: tuple[Choice, ...]
    at_least: bool
    cut: bool
    """Whether there are more choices than can be shown here."""

    @property
    def first(self) -> tuple[Choice, ...]:
        """What stands open: the chosen one, and those with most articles."""
        chosen = tuple(one for one in self.choices if one.chosen)
        return chosen + tuple(one for one in self.choices if not one.chosen)[: SHOWN - len(chosen)]

    @property
    def others(self) -> tuple[Choice, ...]:
        """What *Show more* shows, as in an index: nobody knows by heart which has how many."""
        shown = set(self.first)
        left = (one for one in self.choices if one not in shown)
        return tuple(sorted(left, key=lambda one: places.swedish_order(one.name)))


def groups(
    counted: dict[str, Facet],
    chosen: dict[str, str],
    members: dict[int, facets.Maker],
    language: str,
    address: Callable[..., str],
) -> list[Group]:
    """The facets in the order of the page. `address(field=value)` gives the list with another choice."""
    shelves = {str(shelf.id): (shelf.slug, shelf.name(language)) for shelf in facets.shelves()}
    towns = {place.code: (place.code, place.name) for place in places.all_municipalities()}
    makers = {str(id_): (maker.slug, maker.short_name) for id_, maker in members.items()}
    kinds = {kind.value: (kind.value, str(name)) for kind, (name, _about) in KIND_NAMES.items()}
    known = {
        ("category", "kategori", _("Category")): shelves,
        ("municipality", "kommun", _("Delivered in")): towns,
        ("member", "medlem", _("Made by")): makers,
        ("kind", "slag", _("Kind")): kinds,
    }
    return [
        Group(field, title, _choices(one, names, field, chosen, address), one.at_least, one.cut)
        for (facet, field, title), names in known.items()
        for one in (counted[facet],)
    ]


def _choices(
    facet: Facet, names: dict[str, tuple[str, str]], field: str, chosen: dict[str, str], address: Callable[..., str]
) -> tuple[Choice, ...]:
    """A choice that is made leads back to the list without it."""
    there = [(*names[value], articles) for value, articles in facet.values if value in names]
    without = address(**{field: ""})
    joined = f"{without}{'&' if '?' in without else '?'}{field}="  # Slugs and codes need no escaping in an address.
    return tuple(
        Choice(name, articles, without if slug == chosen[field] else joined + slug, slug == chosen[field])
        for slug, name, articles in there
    )
