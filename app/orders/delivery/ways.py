"""In which ways a parcel can come to a place on a day, at what fee, and why not in the others. Pure.

Fees are without VAT. A kilogram is what the catalogue says of the goods; what says no weight counts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.money import NOUGHT, Money

WORKING_WEEK = (0, 1, 2, 3, 4)
"""Monday is 0."""


class WayKind(StrEnum):
    """How goods come from whoever makes them."""

    OWN = "own"
    """The member that makes them delivers them."""
    CARRIED = "carried"
    """Another member carries them, by its own terms."""
    COLLECT = "collect"
    """The customer collects them."""


class Obstacle(StrEnum):
    """Why a way will not do."""

    PLACE = "place"
    DAY = "day"
    WEIGHT = "weight"
    ARTICLE = "article"
    """Something in the parcel never comes so."""


@dataclass(frozen=True, slots=True)
class Window:
    """From one time of day to another, as ``08:00``."""

    start: str
    end: str

    def __str__(self) -> str:
        return f"{self.start}–{self.end}"


@dataclass(frozen=True, slots=True)
class WeightStep:
    """Up to so many kilograms cost so much, beside what the stop costs."""

    up_to: Decimal
    fee: Money


@dataclass(frozen=True, slots=True)
class Terms:
    """When, where and for how much; a collecting customer minds the weekdays and the hours only."""

    weekdays: tuple[int, ...] = WORKING_WEEK
    windows: tuple[Window, ...] = ()
    municipalities: tuple[str, ...] = ()
    """SCB's codes."""
    everywhere: bool = False
    """Wherever the catalogue says that the member works."""
    per_stop: Money = NOUGHT
    steps: tuple[WeightStep, ...] = ()
    """The lightest first; what is heavier than the last is not taken. Without steps the weight costs nothing."""
    free_from: Money | None = None
    """Goods for so much without VAT come for nothing."""
    carries: bool = False
    """Whether the member carries for others too, by the same terms."""
    hours: str = ""
    """When a customer can collect, in the member's words."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a member's goods can come. `key` is unique among the ways of all members."""

    key: str
    kind: WayKind
    terms: Terms
    carrier: int | None = None
    """The member that carries, where another does."""
    place: str = ""
    """Where it is collected, in words."""
    municipality: str = ""
    """Where it is collected, as SCB's code."""
    closed: frozenset[int] = frozenset()
    """The articles that never come so, by id."""

    @property
    def brings(self) -> bool:
        """Whether the customer can stay where it is."""
        return self.kind != WayKind.COLLECT


FREELY = Way("0", WayKind.OWN, Terms(everywhere=True))
"""How a member delivers that has not said how: wherever it works, on all working days, within the price."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is to come where, and when."""

    municipality: str
    day: date
    weight: Decimal = Decimal(0)
    """Kilograms."""
    value: Money = NOUGHT
    """What the goods cost without VAT."""
    articles: frozenset[int] = frozenset()
    """What it is, by id."""


@dataclass(frozen=True, slots=True)
class Possible:
    """A way that will do, and what it costs."""

    way: Way
    fee: Money


@dataclass(frozen=True, slots=True)
class Impossible:
    """A way that will not do, and why."""

    way: Way
    why: Obstacle


@dataclass(frozen=True, slots=True)
class Answer:
    """All ways of a parcel: those that will do, the best first, and those that will not."""

    possible: tuple[Possible, ...]
    impossible: tuple[Impossible, ...]

    @property
    def best(self) -> Possible | None:
        """What is proposed: delivered as cheaply as can be, else collected."""
        return self.possible[0] if self.possible else None

    def preferring(self, brings: bool | None) -> Possible | None:
        """The best way of those that bring it, or of those by which it is collected; else the best of all."""
        return next((one for one in self.possible if one.way.brings == brings), self.best)

    def proposed(self, brings: bool | None, municipality: str) -> Possible | None:
        """What a page marks before anybody has chosen: as the customer chose last where that can be, else the cheapest.

        Nobody who has not done so before is sent further than its own municipality to collect. Of ways that cost the
        same one that brings it comes first. Where it can only be collected nothing is marked, so that nobody has to
        fetch what it believed to be brought.
        """
        if not self.comes:
            return None
        as_before = [one for one in self.possible if one.way.brings == brings]
        near = [one for one in self.possible if one.way.brings or one.way.municipality == municipality]
        return min(as_before or near, key=lambda one: one.fee)

    @property
    def comes(self) -> bool:
        """Whether anybody can bring it."""
        return any(one.way.brings for one in self.possible)

    @property
    def only_collected(self) -> bool:
        """Whether it is what it is that keeps anybody from bringing it, and it can be collected."""
        closed = any(one.why == Obstacle.ARTICLE and one.way.brings for one in self.impossible)
        return closed and bool(self.possible) and not self.comes

    def by_key(self, key: str) -> Possible | None:
        """The possible way with this key."""
        return next((one for one in self.possible if one.way.key == key), None)


def answer(ways: Iterable[Way], load: Load) -> Answer:
    """Weigh each way. Whoever has said nothing of how it delivers has one way: freely."""
    judged = [judge(way, load) for way in ways]
    possible = sorted((one for one in judged if isinstance(one, Possible)), key=_order)
    return Answer(tuple(possible), tuple(one for one in judged if isinstance(one, Impossible)))


def judge(way: Way, load: Load) -> Possible | Impossible:
    """Whether the way will do for the load, and what it costs; else the first thing that stops it."""
    terms = way.terms
    if way.closed & load.articles:
        return Impossible(way, Obstacle.ARTICLE)
    if way.brings and not (terms.everywhere or load.municipality in terms.municipalities):
        return Impossible(way, Obstacle.PLACE)
    if load.day.weekday() not in terms.weekdays:
        return Impossible(way, Obstacle.DAY)
    if not way.brings:
        return Possible(way, NOUGHT)
    step = _step(terms, load.weight)
    if step is None:
        return Impossible(way, Obstacle.WEIGHT)
    free = terms.free_from is not None and load.value >= terms.free_from
    return Possible(way, NOUGHT if free else terms.per_stop + step)


def closed_to(ways: Iterable[Way], only: Mapping[int, WayKind]) -> tuple[Way, ...]:
    """A member's ways, each closed to those of its articles that come in ways of another kind only."""
    return tuple(
        replace(way, closed=frozenset(article for article, kind in only.items() if kind != way.kind)) for way in ways
    )


def can_bring(ways: Iterable[Way], municipality: str, day: date, article: int) -> bool:
    """Whether any of the ways brings something light of an article to the place on the day."""
    return answer(ways, Load(municipality, day, articles=frozenset({article}))).comes


def next_day(ways: Sequence[Way], load: Load, days: Iterable[date]) -> date | None:
    """The first of the days on which somebody brings it."""
    return next((day for day in days if answer(ways, replace(load, day=day)).comes), None)


def _step(terms: Terms, weight: Decimal) -> Money | None:
    """What the weight costs; None when it is too heavy."""
    if not terms.steps:
        return NOUGHT
    return next((step.fee for step in terms.steps if weight <= step.up_to), None)


def _order(one: Possible) -> tuple[bool, Money, bool, str]:
    """Brought before collected, the cheapest first, by the maker itself before another."""
    return not one.way.brings, one.fee, one.way.kind == WayKind.CARRIED, one.way.key
