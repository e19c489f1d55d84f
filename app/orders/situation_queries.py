"""What the routing must know, each by one question for many offerings or members at once.

Putting a question together takes longer than asking it, so that is done once. What each order asks in one go beside of
its offerings is in `situation_known.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from sqlalchemy import Select, bindparam, func, or_, select, type_coerce
from sqlalchemy.orm import joinedload, lazyload, selectinload
from sqlalchemy.types import BigInteger

from app.catalog.models import ON_SALE, ApprovalState, Article, Offering
from app.catalog.pricing.models import PriceList, PriceRow
from app.catalog.pricing.rules import ListKind
from app.customers.models import Customer
from app.db import Question, db, rows_of, several
from app.orders.agreements.models import AgreementList
from app.orders.models import Assignment, AssignmentLine, Order, OrderLine
from app.orders.routing_models import RoutingPolicy
from app.orders.states import LIVE

Days = tuple[date, date]
"""First and last."""
PAY = type_coerce(AssignmentLine.offered, BigInteger) * type_coerce(AssignmentLine.member_price, BigInteger)
"""What was offered with a line, in thousandths of an öre."""


def offerings(article_ids: Collection[int], *, lock: bool) -> Sequence[Offering]:
    """Every approved offering of the articles. Locked, they stay so until the transaction ends.

    Where they and their members are is not read with them, but by `situation_known.py`.
    """
    return db.session.scalars(_offerings(lock=lock), {"articles": list(article_ids)}).all()


@cache
def _offerings(*, lock: bool) -> Question:
    query = (
        select(Offering)
        .join(Offering.article)
        .where(Offering.article_id.in_(several("articles")), Offering.state == ApprovalState.APPROVED)
        .where(Article.state.in_((*ON_SALE, ApprovalState.SOLD)))
        .options(joinedload(Offering.member), lazyload(Offering.areas))
        .order_by(Offering.id)
    )
    return query.with_for_update(of=Offering) if lock else query


def taken_by_agreement(
    offering_ids: Collection[int], weeks: Days, without: Collection[int]
) -> dict[tuple[int, date], dict[int, Decimal]]:
    """Of the units that live assignments hold, per offering and week, what orders at each price list's prices hold."""
    found: dict[tuple[int, date], dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    asked = {"offerings": list(offering_ids), "without": list(without), "first": weeks[0], "last": weeks[1]}
    for offering, day, quantity, price_list in rows_of(_taken_by_agreement(), asked):
        found[offering, monday_of(day)][price_list] += quantity
    return found


@cache
def _taken_by_agreement() -> Question:
    whose = (AssignmentLine.offering_id, Assignment.delivery_day, PriceRow.price_list_id)
    return (
        select(*whose[:2], func.sum(AssignmentLine.quantity), whose[2])
        .join(AssignmentLine.assignment)
        .join(AssignmentLine.order_line)
        .join(OrderLine.price_row)
        .where(AssignmentLine.offering_id.in_(several("offerings")), Assignment.state.in_(LIVE))
        .where(Assignment.delivery_day.between(bindparam("first"), bindparam("last")))
        .where(Assignment.id.not_in(several("without")))
        .group_by(*whose)
    )


def offered(members: Collection[int], year: int, *, agreement: int | None) -> dict[int, int]:
    """Per member, what it has been asked to do in the year, in thousandths of an öre; in all, or under an agreement."""
    query = (
        select(Assignment.member_id, func.sum(PAY))
        .join(Assignment.lines)
        .where(Assignment.member_id.in_(members))
        .where(Assignment.delivery_day.between(date(year, 1, 1), date(year, 12, 31)))
        .group_by(Assignment.member_id)
    )
    if agreement is not None:
        query = query.join(AssignmentLine.order_line).join(OrderLine.price_row)
        query = query.where(or_(PriceRow.price_list_id == agreement, PriceRow.price_list_id.in_(_versions(agreement))))
    return {member: int(total) for member, total in db.session.execute(query)}


def _versions(price_list: int) -> Select[int]:
    """The earlier and later price lists of the agreement that a list belongs to: a share is of them all."""
    own = select(AgreementList.agreement_id).where(AgreementList.price_list_id == price_list)
    return select(AgreementList.price_list_id).where(AgreementList.agreement_id.in_(own))


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


def member_who_buys(order: Order) -> int | None:
    """The member that orders, if one does: it is never asked to make what it buys. The order need not be saved."""
    return db.session.get_one(Customer, order.customer_id).member_id
