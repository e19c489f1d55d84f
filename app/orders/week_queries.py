"""What is counted on of offerings' weeks, and when their makers rest: one question for all of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, null, select, union_all

from app.catalog.models import OfferingPause
from app.catalog.pricing.models import PriceRow
from app.db import Question, Questions, db, several
from app.members.models import Absence
from app.orders.holds import Hold
from app.orders.models import Assignment, AssignmentLine, OrderLine
from app.orders.routing_models import CapacityHold
from app.orders.situation_queries import Days, monday_of
from app.orders.standing import holding
from app.orders.states import LIVE

Weeks = dict[int, dict[date, Decimal]]
"""By offering and Monday."""
Used = dict[tuple[int, date], dict[int, Decimal]]
HELD, TAKEN, WANTED, PAUSED, AWAY = range(5)
"""The kinds of rows that the question answers with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beforehand:
    """What stands in the way of some offerings' weeks before anything is ordered."""

    holds: Mapping[int, Sequence[Hold]]
    """What is kept back, by offering."""
    wanted: holding.ByWeek
    """What standing orders will want of the articles."""
    paused: Mapping[int, Sequence[Days]]
    """When offerings rest, by offering."""
    away: Mapping[int, Sequence[Days]]
    """When members are away, by member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedOn(Beforehand):
    """All that is known of some offerings' weeks."""

    taken: Weeks
    """What live assignments hold."""
    used: Used
    """Of that, what orders at each price list's prices hold."""


def counted_on(
    days: Days,
    *,
    offerings: Collection[int],
    articles: Collection[int],
    members: Collection[int],
    besides: Select[int],
) -> CountedOn:
    """All that meets those days, except the holds `besides`; one statement."""
    asked = {"offerings": list(offerings), "articles": list(articles), "members": list(members)}
    values = {**asked, "first": days[0], "last": days[1], "besides": []}
    rows = by_kind(db.session.execute(question(kept_back().where(CapacityHold.id.not_in(besides)), _ordered()), values))
    taken, used = _taken_and_used(rows[TAKEN])
    return CountedOn(taken=taken, used=used, **beforehand(rows))


def by_kind(answer: Iterable[Sequence[Any]]) -> Mapping[int, list[Any]]:
    """What the question answers: of each row what comes after its kind and number."""
    rows: dict[int, list[Any]] = defaultdict(list)
    for kind, _number, *row in answer:
        rows[kind].append(row)
    return rows


def beforehand(rows: Mapping[int, list[Any]]) -> dict[str, Any]:
    """What the rows say beside of orders, as `Beforehand` has it."""
    wanted = ((article, day, place, much) for article, day, _last, much, _, place in rows[WANTED])
    return {
        "holds": _holds(rows[HELD]),
        "wanted": holding.by_week(wanted),
        "paused": _spans(rows[PAUSED]),
        "away": _spans(rows[AWAY]),
    }


def question(kept_back: Question, *more: Question) -> Questions:
    """A row for each: its kind and number, whose it is, its days, how much, under which price list, and words.

    The holds come first: by their columns the database knows of what kind those are that the others leave empty.
    """
    return union_all(kept_back, *more, _standing(), *_resting()).order_by("kind", "number")


def kept_back() -> Question:
    """What is kept back of the offerings."""
    return (
        select(literal(HELD).label("kind"), CapacityHold.id.label("number"), CapacityHold.offering_id)
        .add_columns(CapacityHold.first_day, CapacityHold.last_day, CapacityHold.per_week)
        .add_columns(CapacityHold.price_list_id, CapacityHold.why)
        .where(CapacityHold.offering_id.in_(several("offerings")), *_meets(CapacityHold))
    )


def _ordered() -> Question:
    day = Assignment.delivery_day
    return (
        select(literal(TAKEN), null(), AssignmentLine.offering_id, day, day)
        .add_columns(func.sum(AssignmentLine.quantity), PriceRow.price_list_id, null())
        .join(AssignmentLine.assignment)
        .join(AssignmentLine.order_line)
        .outerjoin(OrderLine.price_row)
        .where(AssignmentLine.offering_id.in_(several("offerings")), Assignment.state.in_(LIVE))
        .where(day.between(bindparam("first"), bindparam("last")))
        .group_by(AssignmentLine.offering_id, day, PriceRow.price_list_id)
    )


def _standing() -> Question:
    article, day, municipality, quantity = holding.WANTED.subquery().c
    return select(literal(WANTED), null(), article, day, day, quantity, null(), municipality)


def _resting() -> tuple[Question, Question]:
    nothing = null(), null(), null()
    paused = select(literal(PAUSED), null(), OfferingPause.offering_id, OfferingPause.first_day, OfferingPause.last_day)
    away = select(literal(AWAY), null(), Absence.member_id, Absence.first_day, Absence.last_day)
    return (
        paused.add_columns(*nothing).where(OfferingPause.offering_id.in_(several("offerings")), *_meets(OfferingPause)),
        away.add_columns(*nothing).where(Absence.member_id.in_(several("members")), *_meets(Absence)),
    )


def _meets(span: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether a row's days and those that are asked for have one in common."""
    return span.first_day <= bindparam("last"), span.last_day >= bindparam("first")


def _holds(rows: Iterable[Sequence[Any]]) -> dict[int, list[Hold]]:
    found: dict[int, list[Hold]] = defaultdict(list)
    for offering, *hold in rows:
        found[offering].append(Hold(*hold))
    return found


def _taken_and_used(rows: Iterable[Sequence[Any]]) -> tuple[Weeks, Used]:
    taken: Weeks = defaultdict(dict)
    used: Used = defaultdict(lambda: defaultdict(Decimal))
    for offering, day, _last, quantity, price_list, _words in rows:
        monday = monday_of(day)
        taken[offering][monday] = taken[offering].get(monday, Decimal(0)) + quantity
        if price_list is not None:
            used[offering, monday][price_list] += quantity
    return taken, used


def _spans(rows: Iterable[Sequence[Any]]) -> dict[int, list[Days]]:
    found: dict[int, list[Days]] = defaultdict(list)
    for owner, first, last, *_nothing in rows:
        found[owner].append((first, last))
    return found
