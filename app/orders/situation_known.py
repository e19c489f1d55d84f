"""What the routing must know beside of the offerings: one question for all of it, with a row for each thing known.

Each order asks it. To ask a question takes longer than to answer it, so that one of many parts is quicker than many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Null, String, and_, bindparam, case, func, literal, null, or_, select, type_coerce

from app import clock
from app.catalog.models import OfferingArea
from app.db import Question, Questions, rows_of, several
from app.members.models import Workplace
from app.orders import week_queries as weeks
from app.orders.delivery.models import DeliveryWay
from app.orders.models import Assignment, AssignmentLine, Order
from app.orders.routing_models import CustomerWish, RoutingPolicy, Wish
from app.orders.situation_queries import PAY, Days, monday_of
from app.orders.states import LIVE, AssignmentState

Destination = tuple[int, str, date]
"""Customer, place (`place_of`) and day."""
MEMORY = timedelta(days=365)
"""So far back a failed assignment is remembered."""
FAILED = (AssignmentState.DECLINED, AssignmentState.EXPIRED, AssignmentState.WITHDRAWN)
SERVED, WORKS, OFFERED, RECORD, WISHED, VISITED, POLICY, WAY = range(10, 18)
"""The kinds of rows, beside of those that `week_queries` knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known(weeks.Beforehand):
    """All of it, but for what only some orders need to know."""

    taken: dict[tuple[int, date], Decimal]
    """Units that live assignments hold, per offering and week."""
    served: Mapping[int, Collection[str]]
    """The municipalities that each offering serves."""
    works: Mapping[int, Collection[str]]
    """The municipalities in which each member has places of work beside of its own address."""
    offered: dict[int, int]
    """Per member, what it has been asked to do in the year, in thousandths of an öre."""
    record: Mapping[int, tuple[int, int]]
    """Per member, how many of the last year's assignments are done with or overdue, and how many of them failed.

    Failed are those that were declined, lay unanswered, were taken back, came late, or should have come by now.
    """
    wishes: Mapping[tuple[int, int], Wish]
    """What each customer wants of each member."""
    visits: dict[Destination, set[int]]
    """Which members come to each place of the customers on each day."""
    policies: bool
    """Whether there is a policy for one of the price lists, or for the house."""
    ways: bool
    """Whether one of the members has said how it delivers."""


def known(
    days: Days,
    *,
    offerings: Collection[int],
    articles: Collection[int],
    members: Collection[int],
    customers: Collection[int],
    price_lists: Collection[int],
    besides: Collection[int],
    without: Collection[int],
    now: datetime,
) -> Known:
    """All that meets those days and their weeks; one statement. It sees what has been flushed.

    Standing orders `besides` and assignments `without` are left out.
    """
    (first, last), year, today = whole_weeks(*days), days[0].year, clock.local_date(now)
    goods = {"offerings": offerings, "articles": articles, "members": members}
    others = {"customers": customers, "price_lists": price_lists, "besides": besides, "without": without}
    asked: dict[str, Any] = {name: list(some) for name, some in (goods | others).items()}
    asked |= {"first": first, "last": last, "from_day": days[0], "to_day": days[1]}
    asked |= {"new_year": date(year, 1, 1), "new_years_eve": date(year, 12, 31)}
    asked |= {"today": today, "since": today - MEMORY}
    return _told(weeks.by_kind(rows_of(_question(), asked)))


def place_of(order: Order) -> str:
    """Where an order goes, as it stands in a `Destination`."""
    return f"{order.street}\n{order.postcode}"


def whole_weeks(first: date, last: date) -> Days:
    """The same days, from a Monday to a Sunday."""
    return monday_of(first), monday_of(last) + timedelta(days=6)


def _told(rows: Mapping[int, list[Any]]) -> Known:
    taken: dict[tuple[int, date], Decimal] = defaultdict(Decimal)
    for offering, day, _last, quantity, *_nothing in rows[weeks.TAKEN]:
        taken[offering, monday_of(day)] += quantity
    visits: dict[Destination, set[int]] = defaultdict(set)
    for customer, day, _last, _much, member, place in rows[VISITED]:
        visits[customer, place, day].add(member)
    return Known(
        **weeks.beforehand(rows),
        taken=taken,
        served=_places(rows[SERVED]),
        works=_places(rows[WORKS]),
        offered=defaultdict(int, {row[0]: int(row[3].scaleb(3)) for row in rows[OFFERED]}),
        record={row[0]: (row[4], int(row[3].scaleb(3))) for row in rows[RECORD]},
        wishes={(row[0], row[4]): Wish(row[5]) for row in rows[WISHED]},
        visits=visits,
        policies=bool(rows[POLICY]),
        ways=bool(rows[WAY]),
    )


def _places(rows: Iterable[Sequence[Any]]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        found[row[0]].add(row[5])
    return found


@cache
def _question() -> Questions:
    """A row has whose it is, its days, how much, whom it concerns, and words, as `week_queries` lays them out."""
    return weeks.question(weeks.kept_back(), _taken(), *_where(), _offered(), _record(), *_of_customers(), *_said())


def _taken() -> Question:
    day = Assignment.delivery_day
    return (
        select(literal(weeks.TAKEN), null(), AssignmentLine.offering_id, day, day)
        .add_columns(func.sum(AssignmentLine.quantity), null(), null())
        .join(AssignmentLine.assignment)
        .where(AssignmentLine.offering_id.in_(several("offerings")), *_live("first", "last"))
        .group_by(AssignmentLine.offering_id, day)
    )


def _where() -> tuple[Question, Question]:
    served = select(literal(SERVED), null(), OfferingArea.offering_id, *_nulls(4), OfferingArea.municipality)
    works = select(literal(WORKS), null(), Workplace.member_id, *_nulls(4), Workplace.municipality)
    return (
        served.where(OfferingArea.offering_id.in_(several("offerings"))),
        works.where(Workplace.member_id.in_(several("members"))),
    )


def _offered() -> Question:
    return (
        select(literal(OFFERED), null(), Assignment.member_id, *_nulls(2), func.sum(PAY), *_nulls(2))
        .join(Assignment.lines)
        .where(Assignment.member_id.in_(several("members")))
        .where(Assignment.delivery_day.between(bindparam("new_year"), bindparam("new_years_eve")))
        .group_by(Assignment.member_id)
    )


def _record() -> Question:
    overdue = and_(Assignment.state == AssignmentState.ACCEPTED, Assignment.delivery_day < bindparam("today"))
    came = Assignment.state == AssignmentState.DELIVERED
    late = and_(came, func.date(Assignment.delivered_at) > Assignment.delivery_day)
    failed = func.sum(case((or_(Assignment.state.in_(FAILED), overdue, late), 1), else_=0))
    return (
        select(literal(RECORD), null(), Assignment.member_id, *_nulls(2), failed, func.count(), null())
        .where(Assignment.member_id.in_(several("members")), Assignment.delivery_day >= bindparam("since"))
        .where(or_(Assignment.state.in_(FAILED), overdue, came))
        .group_by(Assignment.member_id)
    )


def _of_customers() -> tuple[Question, Question]:
    day, place = Assignment.delivery_day, Order.street.concat("\n").concat(Order.postcode)
    wished = select(literal(WISHED), null(), CustomerWish.customer_id, *_nulls(3), CustomerWish.member_id)
    wished = wished.add_columns(type_coerce(CustomerWish.wish, String))
    visited = select(literal(VISITED), null(), Order.customer_id, day, day, null(), Assignment.member_id, place)
    return (
        wished.where(CustomerWish.customer_id.in_(several("customers"))),
        visited.join(Assignment.order)
        .where(Order.customer_id.in_(several("customers")), *_live("from_day", "to_day"))
        .group_by(Order.customer_id, day, Assignment.member_id, Order.street, Order.postcode),
    )


def _said() -> tuple[Question, Question]:
    policies = select(literal(POLICY), null(), RoutingPolicy.id, *_nulls(5))
    ways = select(literal(WAY), null(), DeliveryWay.member_id, *_nulls(5))
    concerned = or_(RoutingPolicy.house.is_(True), RoutingPolicy.price_list_id.in_(several("price_lists")))
    return policies.where(concerned), ways.where(DeliveryWay.member_id.in_(several("members"))).group_by(
        DeliveryWay.member_id
    )


def _live(first: str, last: str) -> tuple[ColumnElement[bool], ...]:
    days = Assignment.delivery_day.between(bindparam(first), bindparam(last))
    return Assignment.state.in_(LIVE), days, Assignment.id.not_in(several("without"))


def _nulls(many: int) -> list[Null]:
    return [null()] * many
