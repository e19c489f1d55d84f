"""What the routing must know, each by one question for many offerings or members at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.types import BigInteger

from app import clock
from app.catalog.models import ON_SALE, ApprovalState, Article, Offering, OfferingPause
from app.catalog.pricing.models import PriceList, PriceRow
from app.catalog.pricing.rules import ListKind
from app.customers.models import Customer
from app.db import db
from app.members.models import Absence, Member, Workplace
from app.orders.holds import Hold
from app.orders.models import Assignment, AssignmentLine, Order, OrderLine
from app.orders.routing_models import CapacityHold, CustomerWish, RoutingPolicy, Wish
from app.orders.states import LIVE, AssignmentState

Days = tuple[date, date]
"""First and last."""
Destination = tuple[int, str, str, date]
"""Customer, street, postcode and day."""
MEMORY = timedelta(days=365)
"""So far back a failed assignment is remembered."""
FAILED = (AssignmentState.DECLINED, AssignmentState.EXPIRED, AssignmentState.WITHDRAWN)


def offerings(article_ids: Collection[int], *, lock: bool) -> Sequence[Offering]:
    """Every approved offering of the articles. Locked, they stay so until the transaction ends."""
    query = (
        select(Offering)
        .join(Offering.article)
        .where(Offering.article_id.in_(article_ids), Offering.state == ApprovalState.APPROVED)
        .where(Article.state.in_((*ON_SALE, ApprovalState.SOLD)))
        .options(joinedload(Offering.member).selectinload(Member.workplaces).load_only(Workplace.municipality))
        .order_by(Offering.id)
    )
    return db.session.scalars(query.with_for_update(of=Offering) if lock else query).all()


def taken(offering_ids: Collection[int], days: Days, without: Collection[int]) -> dict[tuple[int, date], Decimal]:
    """Units that live assignments hold, per offering and week. Assignments `without` are left out."""
    query = (
        select(AssignmentLine.offering_id, Assignment.delivery_day, func.sum(AssignmentLine.quantity))
        .join(AssignmentLine.assignment)
        .where(AssignmentLine.offering_id.in_(offering_ids), *_live(days, without))
        .group_by(AssignmentLine.offering_id, Assignment.delivery_day)
    )
    found: dict[tuple[int, date], Decimal] = defaultdict(Decimal)
    for offering, day, quantity in db.session.execute(query):
        found[offering, monday_of(day)] += quantity
    return found


def taken_by_agreement(
    offering_ids: Collection[int], days: Days, without: Collection[int]
) -> dict[tuple[int, date], dict[int, Decimal]]:
    """Of that, what orders at each price list's prices hold."""
    query = (
        select(
            AssignmentLine.offering_id,
            Assignment.delivery_day,
            PriceRow.price_list_id,
            func.sum(AssignmentLine.quantity),
        )
        .join(AssignmentLine.assignment)
        .join(AssignmentLine.order_line)
        .join(OrderLine.price_row)
        .where(AssignmentLine.offering_id.in_(offering_ids), *_live(days, without))
        .group_by(AssignmentLine.offering_id, Assignment.delivery_day, PriceRow.price_list_id)
    )
    found: dict[tuple[int, date], dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for offering, day, price_list, quantity in db.session.execute(query):
        found[offering, monday_of(day)][price_list] += quantity
    return found


def holds(offering_ids: Collection[int], days: Days) -> dict[int, list[Hold]]:
    """What is kept back of each offering in those weeks."""
    query = select(CapacityHold).where(
        CapacityHold.offering_id.in_(offering_ids),
        CapacityHold.first_day <= days[1] + timedelta(days=6),
        CapacityHold.last_day >= days[0] - timedelta(days=6),
    )
    found: dict[int, list[Hold]] = defaultdict(list)
    for one in db.session.scalars(query.order_by(CapacityHold.id)):
        found[one.offering_id].append(Hold(one.first_day, one.last_day, one.per_week, one.price_list_id, one.why))
    return found


def absences(members: Collection[int], days: Days) -> dict[int, list[Days]]:
    """When each member is away."""
    query = select(Absence.member_id, Absence.first_day, Absence.last_day).where(
        Absence.member_id.in_(members), Absence.first_day <= days[1], Absence.last_day >= days[0]
    )
    return _spans(db.session.execute(query))


def pauses(offering_ids: Collection[int], days: Days) -> dict[int, list[Days]]:
    """When each offering rests."""
    query = select(OfferingPause.offering_id, OfferingPause.first_day, OfferingPause.last_day).where(
        OfferingPause.offering_id.in_(offering_ids),
        OfferingPause.first_day <= days[1],
        OfferingPause.last_day >= days[0],
    )
    return _spans(db.session.execute(query))


def offered(members: Collection[int], year: int, *, agreement: int | None = None) -> dict[int, int]:
    """Per member, what it has been asked to do in the year, in thousandths of an öre; in all, or under an agreement."""
    pay = type_coerce(AssignmentLine.offered, BigInteger) * type_coerce(AssignmentLine.member_price, BigInteger)
    query = (
        select(Assignment.member_id, func.sum(pay))
        .join(Assignment.lines)
        .where(Assignment.member_id.in_(members))
        .where(Assignment.delivery_day.between(date(year, 1, 1), date(year, 12, 31)))
        .group_by(Assignment.member_id)
    )
    if agreement is not None:
        query = query.join(AssignmentLine.order_line).join(OrderLine.price_row)
        query = query.where(PriceRow.price_list_id == agreement)
    return {member: int(total) for member, total in db.session.execute(query)}


def record(members: Collection[int], now: datetime) -> dict[int, tuple[int, int]]:
    """Per member, how many of the last year's assignments are done with or overdue, and how many of them failed.

    Failed are those that were declined, lay unanswered, were taken back, came late, or should have come by now.
    """
    today = clock.local_date(now)
    overdue = and_(Assignment.state == AssignmentState.ACCEPTED, Assignment.delivery_day < today)
    came = Assignment.state == AssignmentState.DELIVERED
    late = and_(came, func.date(Assignment.delivered_at) > Assignment.delivery_day)
    failed = or_(Assignment.state.in_(FAILED), overdue, late)
    query = (
        select(Assignment.member_id, func.count(), func.sum(case((failed, 1), else_=0)))
        .where(Assignment.member_id.in_(members), Assignment.delivery_day >= today - MEMORY)
        .where(or_(Assignment.state.in_(FAILED), overdue, came))
        .group_by(Assignment.member_id)
    )
    return {member: (asked, int(bad)) for member, asked, bad in db.session.execute(query)}


def asked_before(line_ids: Collection[int]) -> set[tuple[int, int]]:
    """(line, member) where the member said no to all or a part, let it lie, or had it taken back."""
    said_no = or_(Assignment.state.not_in(LIVE), AssignmentLine.quantity < AssignmentLine.offered)
    query = (
        select(AssignmentLine.order_line_id, Assignment.member_id)
        .join(AssignmentLine.assignment)
        .where(AssignmentLine.order_line_id.in_(line_ids), said_no)
    )
    return {(line, member) for line, member in db.session.execute(query)}


def wishes(customers: Collection[int]) -> dict[tuple[int, int], Wish]:
    """What each customer wants of each member."""
    query = select(CustomerWish.customer_id, CustomerWish.member_id, CustomerWish.wish)
    found = db.session.execute(query.where(CustomerWish.customer_id.in_(customers)))
    return {(customer, member): wish for customer, member, wish in found}


def visits(customers: Collection[int], days: Days, without: Collection[int]) -> dict[Destination, set[int]]:
    """Which members come to each place of the customers on each day."""
    query = (
        select(Order.customer_id, Order.street, Order.postcode, Assignment.delivery_day, Assignment.member_id)
        .join(Assignment.order)
        .where(Order.customer_id.in_(customers), *_live(days, without))
    )
    found: dict[Destination, set[int]] = defaultdict(set)
    for customer, street, postcode, day, member in db.session.execute(query):
        found[customer, street, postcode, day].add(member)
    return found


def agreements(price_row_ids: Collection[int]) -> dict[int, PriceList]:
    """The framework agreement that gave each price row, where one did."""
    if not price_row_ids:
        return {}
    query = select(PriceRow.id, PriceList).join(PriceRow.price_list)
    query = query.where(PriceRow.id.in_(price_row_ids), PriceList.kind == ListKind.FRAMEWORK)
    return {row: price_list for row, price_list in db.session.execute(query)}  # noqa: C416  rows, not pairs


def policies(price_list_ids: Collection[int]) -> dict[int | None, RoutingPolicy]:
    """The policies of the agreements by price list, and the house's own under None, where they are written."""
    wanted = or_(RoutingPolicy.house.is_(True), RoutingPolicy.price_list_id.in_(price_list_ids))
    query = select(RoutingPolicy).where(wanted).options(selectinload(RoutingPolicy.places))
    return {one.price_list_id: one for one in db.session.scalars(query)}


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def whole_weeks(first: date, last: date) -> Days:
    """The same days, from a Monday to a Sunday."""
    return monday_of(first), monday_of(last) + timedelta(days=6)


def _live(days: Days, without: Collection[int]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Assignment.state.in_(LIVE), Assignment.delivery_day.between(*days)]
    return [*found, Assignment.id.not_in(without)] if without else found


def _spans(rows: Iterable[Any]) -> dict[int, list[Days]]:
    found: dict[int, list[Days]] = defaultdict(list)
    for owner, first, last in rows:
        found[owner].append((first, last))
    return found


def member_who_buys(order: Order) -> int | None:
    """The member that orders, if one does: it is never asked to make what it buys. The order need not be saved."""
    return db.session.get_one(Customer, order.customer_id).member_id
