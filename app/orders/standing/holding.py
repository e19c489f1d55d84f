"""What standing orders will take of the coming weeks, so that no other order takes it before them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, func, literal, or_, select, type_coerce, union_all

from app.catalog.models import Article, BundlePart
from app.catalog.pricing.models import PriceList, PriceListCustomer, PriceRow
from app.catalog.pricing.rules import ListKind, ListState
from app.db import QuantityColumn, Question, db, rows_of, several
from app.orders.holds import Hold, kept_back
from app.orders.standing.models import TO_ORDER, StandingLine, StandingOccurrence, StandingOrder, StandingVersion

NONE = Decimal(0)
MOST_READ = 2000
MOST_KEPT = 60
Wanted = Mapping[tuple[int, date], Mapping[int | None, Mapping[str, Decimal]]]
"""By article and Monday of the week, and by agreement: how much comes to each municipality."""
ByWeek = dict[tuple[int, date], dict[int | None, dict[str, Decimal]]]


@dataclass(frozen=True, slots=True)
class Room:
    """What an offering has left of a week, and where it delivers."""

    offering: int
    free: Decimal
    municipalities: Collection[str]


@dataclass(frozen=True, slots=True)
class Kept:
    """So much of an article will be wanted in a week, at so many times."""

    monday: date
    name: str
    unit: str
    unit_text: str
    quantity: Decimal
    times: int


@dataclass(frozen=True, slots=True)
class Week:
    """An offering's week as it stands before anything is kept for what comes again."""

    offering: int
    capacity: Decimal
    taken: Decimal
    municipalities: Collection[str]
    holds: Sequence[Hold] = ()
    used: Mapping[int, Decimal] = field(default_factory=dict)
    """Of what is taken, by agreement."""


def plan(
    monday: date, wanted: Mapping[int | None, Mapping[str, Decimal]], weeks: Sequence[Week]
) -> dict[int, dict[int | None, Decimal]]:
    """What to keep of each offering's week, and under which agreement. Pure.

    What is wanted under an agreement has room in the agreement's own hold, and counts as used of it: the same goods are
    not kept back twice. All take no more than what is free.
    """
    planned: dict[int, dict[int | None, Decimal]] = {}
    for agreement in sorted(wanted, key=lambda one: (one is None, one or 0)):
        rooms = [
            Room(one.offering, _free(one, monday, agreement, planned.get(one.offering, {})), one.municipalities)
            for one in weeks
        ]
        for offering, quantity in spread(wanted[agreement], rooms).items():
            planned.setdefault(offering, {})[agreement] = quantity
    return planned


def with_planned(used: Mapping[int, Decimal] | None, planned: Mapping[int | None, Decimal]) -> dict[int, Decimal]:
    """What is used of each agreement's hold when what is planned under it has been ordered."""
    found = dict(used or {})
    for agreement, quantity in planned.items():
        if agreement is not None:
            found[agreement] = found.get(agreement, NONE) + quantity
    return found


def _free(one: Week, monday: date, agreement: int | None, planned: Mapping[int | None, Decimal]) -> Decimal:
    kept = kept_back(one.holds, monday, agreement, with_planned(one.used, planned))
    return one.capacity - one.taken - sum(planned.values(), NONE) - kept


def spread(wanted: Mapping[str, Decimal], rooms: Sequence[Room]) -> dict[int, Decimal]:
    """How much of each offering's week to keep for what will be wanted in each municipality. Pure.

    Offerings that deliver in few places first: those that deliver in many can still be of use to others. Together no
    more is kept than is wanted or free.
    """
    left = {one.offering: max(one.free, NONE) for one in rooms}
    kept: dict[int, Decimal] = defaultdict(Decimal)
    ordered = sorted(rooms, key=lambda one: (len(one.municipalities), one.offering))
    for place, quantity in sorted(wanted.items()):
        rest = quantity
        for one in ordered:
            if place in one.municipalities:
                part = min(rest, left[one.offering])
                kept[one.offering] += part
                left[one.offering] -= part
                rest -= part
    return {offering: quantity for offering, quantity in kept.items() if quantity}


def tell_apart(
    found: ByWeek,
    articles: Collection[int],
    weeks: tuple[date, date],
    *,
    besides: Collection[int],
    agreements: Collection[int],
) -> Wanted:
    """The same, with what is wanted under each of the agreements told apart; no question where nothing is wanted."""
    if not agreements or not found:
        return found
    asked = {"articles": list(articles), "besides": list(besides), "first": weeks[0], "last": weeks[1]}
    for article_id, day, place, agreement, much in rows_of(_UNDER, {**asked, "held": list(agreements)}):
        _add(found, (article_id, monday_of(day)), agreement, place, much)
        _add(found, (article_id, monday_of(day)), None, place, -much)
    return found


def by_week(rows: Iterable[Sequence[Any]]) -> ByWeek:
    """What `WANTED` answers: what standing orders will want, with nothing told of agreements. Pure.

    Only times that are not ordered yet: what is ordered holds by its assignments. The standing orders `besides` are
    left out: their own orders may use what is kept for them.
    """
    found: ByWeek = {}
    for article_id, day, place, much in rows:
        _add(found, (article_id, monday_of(day)), None, place, much)
    return found


def weeks_wanted(first: date, last: date) -> Sequence[Kept]:
    """What standing orders will take a week, by article, of what is not ordered yet; at most `MOST_KEPT` rows."""
    query = (
        select(Article.name, Article.unit, Article.unit_text, StandingOccurrence.day, StandingLine.quantity)
        .join(StandingLine, StandingLine.article_id == Article.id)
        .join(StandingOccurrence, StandingOccurrence.version_id == StandingLine.version_id)
        .where(StandingOccurrence.state.in_(TO_ORDER), StandingOccurrence.day.between(first, last))
        .order_by(StandingOccurrence.day, Article.name)
    )
    found: dict[tuple[date, str, str, str], list[Decimal]] = defaultdict(list)
    for name, unit, unit_text, day, quantity in db.session.execute(query.limit(MOST_READ)):
        found[monday_of(day), name, unit, unit_text].append(quantity)
    rows = [Kept(*key, sum(some, NONE), len(some)) for key, some in found.items()]
    return rows[:MOST_KEPT]


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def _add(found: ByWeek, week: tuple[int, date], agreement: int | None, place: str, much: Decimal) -> None:
    places = found.setdefault(week, {}).setdefault(agreement, {})
    places[place] = places.get(place, NONE) + much


def _written() -> Question:
    """Put together once: each order asks it."""
    of_these = several("articles")
    thousandths, per = type_coerce(StandingLine.quantity, BigInteger), type_coerce(BundlePart.quantity, BigInteger)
    alone = select(StandingLine.version_id, StandingLine.article_id, thousandths, literal(1000, BigInteger))
    parts = select(StandingLine.version_id, BundlePart.article_id, thousandths, per)
    parts = parts.join(BundlePart, BundlePart.bundle_id == StandingLine.article_id)
    both = union_all(
        alone.where(StandingLine.article_id.in_(of_these)), parts.where(BundlePart.article_id.in_(of_these))
    )
    version, article, quantity, per_one = both.subquery().c
    return (
        select(article, StandingOccurrence.day, StandingVersion.municipality)
        .add_columns(func.sum(quantity * per_one // 1000, type_=QuantityColumn()))
        .join(StandingOccurrence, StandingOccurrence.version_id == version)
        .join(StandingVersion, StandingVersion.id == version)
        .where(*_to_order())
        .group_by(article, StandingOccurrence.day, StandingVersion.municipality)
    )


def _told_apart() -> Question:
    """Of that, what is wanted under an agreement that keeps something back. What lies in a bundle is not told apart.

    An agreement's price goes before all others, so a customer that may call off from one agreement with a price for the
    article will have ordered under it. Where two could give the price nothing is said.
    """
    line, occurrence, one = StandingLine, StandingOccurrence, PriceList
    valid = (one.state == ListState.ACTIVE, one.valid_from <= occurrence.day)
    priced = (
        PriceRow.article_id == line.article_id,
        PriceRow.gone_at.is_(None),
        PriceRow.min_quantity <= line.quantity,
    )
    named = (
        select(line.article_id, occurrence.day, StandingVersion.municipality, line.quantity)
        .add_columns(func.min(one.id).label("agreement"))
        .join(StandingVersion, StandingVersion.id == line.version_id)
        .join(occurrence, occurrence.version_id == StandingVersion.id)
        .join(StandingOrder, StandingOrder.id == occurrence.standing_order_id)
        .join(PriceListCustomer, PriceListCustomer.customer_id == StandingOrder.customer_id)
        .join(one, one.id == PriceListCustomer.price_list_id)
        .join(PriceRow, PriceRow.price_list_id == one.id)
        .where(one.kind == ListKind.FRAMEWORK, *valid, or_(one.valid_to.is_(None), one.valid_to >= occurrence.day))
        .where(*priced, line.article_id.in_(several("articles")), *_to_order())
        .group_by(line.id, line.article_id, line.quantity, occurrence.id, occurrence.day, StandingVersion.municipality)
        .having(func.count(one.id.distinct()) == 1)
        .subquery()
    )
    whose = (named.c.article_id, named.c.day, named.c.municipality, named.c.agreement)
    thousandths = type_coerce(named.c.quantity, BigInteger)
    return (
        select(*whose, func.sum(thousandths, type_=QuantityColumn()))
        .where(named.c.agreement.in_(several("held")))
        .group_by(*whose)
    )


def _to_order() -> tuple[ColumnElement[bool], ...]:
    return (
        StandingOccurrence.state.in_(TO_ORDER),
        StandingOccurrence.day.between(bindparam("first"), bindparam("last")),
        StandingOccurrence.standing_order_id.not_in(several("besides")),
    )


WANTED = _written()
"""By article, day and municipality what is wanted of `articles` between `first` and `last`, but not by `besides`."""
_UNDER = _told_apart()
