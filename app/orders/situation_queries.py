"""What the routing must know, each by one question for many offerings or members at once.

Each order asks all of it. Putting a question together takes longer than asking it, so that is done once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, or_, select, type_coerce
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.types import BigInteger

from app import clock
from app.catalog.models import ON_SALE, ApprovalState, Article, Offering
from app.catalog.pricing.models import PriceList, PriceRow
from app.catalog.pricing.rules import ListKind
from app.customers.models import Customer
from app.db import Question, db, rows_of, several
from app.members.models import Member, Workplace
from app.orders.agreements.models import AgreementList
from app.orders.models import Assignment, AssignmentLine, Order, OrderLine
from app.orders.routing_models import CustomerWish, RoutingPolicy, Wish
from app.orders.states import LIVE, AssignmentState

Days = tuple[date, date]
"""First and last."""
Destination = tuple[int, str, str, date]
"""Customer, street, postcode and day."""
MEMORY = timedelta(days=365)
"""So far back a failed assignment is remembered."""
FAILED = (AssignmentState.DECLINED, AssignmentState.EXPIRED, AssignmentState.WITHDRAWN)


_IS_LIVE = (
    Assignment.state.in_(LIVE),
    Assignment.delivery_day.between(bindparam("first"), bindparam("last")),
    Assignment.id.not_in(several("without")),
)


def offerings(article_ids: Collection[int], *, lock: bool) -> Sequence[Offering]:
    """Every approved offering of the articles. Locked, they stay so until the transaction ends."""
    return db.session.scalars(_offerings(lock=lock), {"articles": list(article_ids)}).all()


@cache
def _offerings(*, lock: bool) -> Question:
    query = (
        select(Offering)
        .join(Offering.article)
        .where(Offering.article_id.in_(several("articles")), Offering.state == ApprovalState.APPROVED)
        .where(Article.state.in_((*ON_SALE, ApprovalState.SOLD)))
        .options(joinedload(Offering.member).selectinload(Member.workplaces).load_only(Workplace.municipality))
        .order_by(Offering.id)
    )
    return query.with_for_update(of=Offering) if lock else query


def taken(offering_ids: Collection[int], days: Days, without: Collection[int]) -> dict[tuple[int, date], Decimal]:
    """Units that live assignments hold, per offering and week. Assignments `without` are left out."""
    found: dict[tuple[int, date], Decimal] = defaultdict(Decimal)
    for offering, day, quantity in rows_of(_taken(), _live(days, without, offerings=offering_ids)):
        found[offering, monday_of(day)] += quantity
    return found


@cache
def _taken() -> Question:
    return (
        select(AssignmentLine.offering_id, Assignment.delivery_day, func.sum(AssignmentLine.quantity))
        .join(AssignmentLine.assignment)
        .where(AssignmentLine.offering_id.in_(several("offerings")), *_IS_LIVE)
        .group_by(AssignmentLine.offering_id, Assignment.delivery_day)
    )


def taken_by_agreement(
    offering_ids: Collection[int], days: Days, without: Collection[int]
) -> dict[tuple[int, date], dict[int, Decimal]]:
    """Of that, what orders at each price list's prices hold."""
    query = (
        _taken()
        .add_columns(PriceRow.price_list_id)
        .join(AssignmentLine.order_line)
        .join(OrderLine.price_row)
        .group_by(PriceRow.price_list_id)
    )
    found: dict[tuple[int, date], dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for offering, day, quantity, price_list in rows_of(query, _live(days, without, offerings=offering_ids)):
        found[offering, monday_of(day)][price_list] += quantity
    return found


def offered(members: Collection[int], year: int, *, agreement: int | None = None) -> dict[int, int]:
    """Per member, what it has been asked to do in the year, in thousandths of an öre; in all, or under an agreement."""
    query = _offered()
    if agreement is not None:
        query = query.join(AssignmentLine.order_line).join(OrderLine.price_row)
        query = query.where(or_(PriceRow.price_list_id == agreement, PriceRow.price_list_id.in_(_versions(agreement))))
    asked = {"members": list(members), "first": date(year, 1, 1), "last": date(year, 12, 31)}
    return {member: int(total) for member, total in rows_of(query, asked)}


def _versions(price_list: int) -> Select[int]:
    """The earlier and later price lists of the agreement that a list belongs to: a share is of them all."""
    own = select(AgreementList.agreement_id).where(AgreementList.price_list_id == price_list)
    return select(AgreementList.price_list_id).where(AgreementList.agreement_id.in_(own))


@cache
def _offered() -> Question:
    pay = type_coerce(AssignmentLine.offered, BigInteger) * type_coerce(AssignmentLine.member_price, BigInteger)
    return (
        select(Assignment.member_id, func.sum(pay))
        .join(Assignment.lines)
        .where(Assignment.member_id.in_(several("members")))
        .where(Assignment.delivery_day.between(bindparam("first"), bindparam("last")))
        .group_by(Assignment.member_id)
    )


def record(members: Collection[int], now: datetime) -> dict[int, tuple[int, int]]:
    """Per member, how many of the last year's assignments are done with or overdue, and how many of them failed.

    Failed are those that were declined, lay unanswered, were taken back, came late, or should have come by now.
    """
    today = clock.local_date(now)
    wanted = {"members": list(members), "today": today, "since": today - MEMORY}
    return {member: (asked, int(bad)) for member, asked, bad in rows_of(_record(), wanted)}


@cache
def _record() -> Question:
    overdue = and_(Assignment.state == AssignmentState.ACCEPTED, Assignment.delivery_day < bindparam("today"))
    came = Assignment.state == AssignmentState.DELIVERED
    late = and_(came, func.date(Assignment.delivered_at) > Assignment.delivery_day)
    failed = or_(Assignment.state.in_(FAILED), overdue, late)
    return (
        select(Assignment.member_id, func.count(), func.sum(case((failed, 1), else_=0)))
        .where(Assignment.member_id.in_(several("members")), Assignment.delivery_day >= bindparam("since"))
        .where(or_(Assignment.state.in_(FAILED), overdue, came))
        .group_by(Assignment.member_id)
    )


def asked_before(line_ids: Collection[int]) -> set[tuple[int, int]]:
    """(line, member) where the member said no to all or a part, let it lie, or had it taken back."""
    return {(line, member) for line, member in rows_of(_asked_before(), {"lines": list(line_ids)})}


@cache
def _asked_before() -> Question:
    said_no = or_(Assignment.state.not_in(LIVE), AssignmentLine.quantity < AssignmentLine.offered)
    return (
        select(AssignmentLine.order_line_id, Assignment.member_id)
        .join(AssignmentLine.assignment)
        .where(AssignmentLine.order_line_id.in_(several("lines")), said_no)
    )


def wishes(customers: Collection[int]) -> dict[tuple[int, int], Wish]:
    """What each customer wants of each member."""
    found = rows_of(_WISHES, {"customers": list(customers)})
    return {(customer, member): wish for customer, member, wish in found}


_WISHES = select(CustomerWish.customer_id, CustomerWish.member_id, CustomerWish.wish).where(
    CustomerWish.customer_id.in_(several("customers"))
)


def visits(customers: Collection[int], days: Days, without: Collection[int]) -> dict[Destination, set[int]]:
    """Which members come to each place of the customers on each day."""
    found: dict[Destination, set[int]] = defaultdict(set)
    asked = _live(days, without, customers=customers)
    for customer, street, postcode, day, member in rows_of(_visits(), asked):
        found[customer, street, postcode, day].add(member)
    return found


@cache
def _visits() -> Question:
    return (
        select(Order.customer_id, Order.street, Order.postcode, Assignment.delivery_day, Assignment.member_id)
        .join(Assignment.order)
        .where(Order.customer_id.in_(several("customers")), *_IS_LIVE)
        .distinct()
    )


def agreements(price_row_ids: Collection[int]) -> dict[int, PriceList]:
    """The framework agreement that gave each price row, where one did."""
    if not price_row_ids:
        return {}
    query = select(PriceRow.id, PriceList).join(PriceRow.price_list)
    query = query.where(PriceRow.id.in_(price_row_ids), PriceList.kind == ListKind.FRAMEWORK)
    return {row: price_list for row, price_list in db.session.execute(query)}  # noqa: C416  rows, not pairs


def policies(price_list_ids: Collection[int]) -> dict[int | None, RoutingPolicy]:
    """The policies of the agreements by price list, and the house's own under None, where they are written."""
    found = db.session.scalars(_policies(), {"lists": list(price_list_ids)})
    return {one.price_list_id: one for one in found}


@cache
def _policies() -> Question:
    wanted = or_(RoutingPolicy.house.is_(True), RoutingPolicy.price_list_id.in_(several("lists")))
    return select(RoutingPolicy).where(wanted).options(selectinload(RoutingPolicy.places))


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def whole_weeks(first: date, last: date) -> Days:
    """The same days, from a Monday to a Sunday."""
    return monday_of(first), monday_of(last) + timedelta(days=6)


def _live(days: Days, without: Collection[int], **ids: Collection[int]) -> dict[str, Any]:
    """What is asked for of those that are live."""
    return {**{name: list(some) for name, some in ids.items()}, **_within(days), "without": list(without)}


def _within(days: Days) -> dict[str, date]:
    return {"first": days[0], "last": days[1]}


def member_who_buys(order: Order) -> int | None:
    """The member that orders, if one does: it is never asked to make what it buys. The order need not be saved."""
    return db.session.get_one(Customer, order.customer_id).member_id
