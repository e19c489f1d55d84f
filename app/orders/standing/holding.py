"""What standing orders will take of the coming weeks, so that no other order takes it before them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, BindParameter, Select, bindparam, func, literal, select, type_coerce, union_all

from app.catalog.models import Article, BundlePart
from app.db import QuantityColumn, db
from app.orders.standing.models import TO_ORDER, StandingLine, StandingOccurrence, StandingVersion

NONE = Decimal(0)
MOST_READ = 2000
MOST_KEPT = 60
Wanted = Mapping[tuple[int, date], Mapping[str, Decimal]]
"""By article and Monday of the week: how much comes to each municipality."""


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


def wanted(articles: Collection[int], weeks: tuple[date, date], besides: Collection[int]) -> Wanted:
    """What standing orders will want of the articles in those weeks, from a Monday to a Sunday.

    Only times that are not ordered yet: what is ordered holds by its assignments. The standing orders `besides` are
    left out: their own orders may use what is kept for them.
    """
    found: dict[tuple[int, date], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    asked = {"articles": list(articles), "besides": list(besides), "first": weeks[0], "last": weeks[1]}
    for article_id, day, place, much in db.session.execute(_WANTED, asked):
        found[article_id, day - timedelta(days=day.weekday())][place] += much
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
        found[day - timedelta(days=day.weekday()), name, unit, unit_text].append(quantity)
    rows = [Kept(*key, sum(some, NONE), len(some)) for key, some in found.items()]
    return rows[:MOST_KEPT]


def _written() -> Select[Any]:
    """The question of `wanted`, put together once: each order asks it."""
    of_these: BindParameter[Any] = bindparam("articles", expanding=True)
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
        .where(StandingOccurrence.state.in_(TO_ORDER))
        .where(StandingOccurrence.day.between(bindparam("first"), bindparam("last")))
        .where(StandingOccurrence.standing_order_id.not_in(bindparam("besides", expanding=True)))
        .group_by(article, StandingOccurrence.day, StandingVersion.municipality)
    )


_WANTED = _written()
