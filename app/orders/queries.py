"""Reading orders and assignments; a row that is not the asker's is as good as not there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from app import clock
from app.catalog.models import ApprovalState, Offering
from app.customers.models import Customer
from app.db import db
from app.errors import NotYours
from app.members.models import Member
from app.orders import desk_search
from app.orders.models import Assignment, AssignmentLine, Order, OrderLine
from app.orders.states import HELD, AssignmentState, OrderState
from app.orders.windows.models import OrderWindow, WindowState

PAGE = 50
GOING_ON = ("open", "unanswered", "late")
"""The heaps of orders that are not delivered; there are never many, however many there have been."""
NEVER_MANY = (*GOING_ON, "accepted", "awaiting", "unpaid")
"""These and the other heaps that an order soon leaves; of the confirmed ones an index has the newest first."""
Row = TypeVar("Row")


def order_of(customer: Customer, number: int, *, lock: bool = False) -> Order:
    """The customer's own order. Raises NotYours."""
    query = _whole_order().where(Order.number == number, Order.customer == customer)
    return _found(db.session.scalar(_locked(query) if lock else query))


def order_numbered(number: int, *, lock: bool = False) -> Order:
    """Any order, for staff and for a guest with the order's own key. Raises NotYours."""
    query = _whole_order().where(Order.number == number)
    return _found(db.session.scalar(_locked(query) if lock else query))


def order_by_ticket(ticket: str) -> Order | None:
    """The order that a checkout page has already made."""
    return db.session.scalar(_BY_TICKET, {"ticket": ticket})


_BY_TICKET = select(Order).where(Order.ticket == bindparam("ticket"))
"""Put together once: each order asks it."""


def assignment_of(member: Member, assignment_id: int, *, lock: bool = False) -> Assignment:
    """The member's own assignment. Raises NotYours.

    With `lock` the whole order is held first: two members who deliver the last parts at the same moment must see
    each other, or nobody would send the invoice.
    """
    mine = select(Assignment).where(Assignment.id == assignment_id, Assignment.member == member)
    with_lines = selectinload(Assignment.lines).joinedload(AssignmentLine.order_line)
    found = _found(db.session.scalar(mine.options(with_lines)))
    if lock:
        hold(found.order_id)
        db.session.refresh(found)
    return found


def assignment_of_order(order: Order, assignment_id: int) -> Assignment:
    """One of the order's assignments, for staff. Raises NotYours."""
    return _found(next((one for one in order.assignments if one.id == assignment_id), None))


def hold(order_id: int) -> Order:
    """Lock an order, so that whoever else changes it or its parts waits."""
    return _found(db.session.scalar(_locked(select(Order).where(Order.id == order_id))))


def held(order_ids: Collection[int]) -> Sequence[Order]:
    """Lock several orders, always in the same turn, so that nobody who does the same waits for us while we wait."""
    if not order_ids:
        return []
    query = _whole_order().where(Order.id.in_(order_ids)).order_by(Order.id)
    return db.session.scalars(_locked(query)).all()


def orders_of(customer: Customer, *, limit: int = PAGE) -> Sequence[Order]:
    """The customer's orders, newest first."""
    query = select(Order).where(Order.customer == customer).order_by(Order.placed_at.desc())
    return db.session.scalars(query.options(selectinload(Order.lines), selectinload(Order.bundles)).limit(limit)).all()


def guest_orders(numbers: Collection[int]) -> Sequence[Order]:
    """The orders whose keys a guest has shown in this session, newest first."""
    if not numbers:
        return []
    query = select(Order).where(Order.number.in_(numbers)).order_by(Order.placed_at.desc())
    return db.session.scalars(query.options(selectinload(Order.lines), selectinload(Order.bundles)).limit(PAGE)).all()


def assignments_of(
    member: Member, states: Collection[AssignmentState], *, limit: int = PAGE, newest: bool = False
) -> Sequence[Assignment]:
    """The member's assignments in these states, the most urgent first, or the newest."""
    # Not by the bare day: an index would offer its order, and all that was ever delivered would be walked.
    order_by = Assignment.id.desc() if newest else func.coalesce(Assignment.delivery_day, Assignment.delivery_day)
    query = (
        select(Assignment)
        .where(Assignment.member == member, Assignment.state.in_(states))
        .options(joinedload(Assignment.order).joinedload(Order.customer))
        .options(selectinload(Assignment.lines).joinedload(AssignmentLine.order_line))
        .order_by(order_by, Assignment.id)
    )
    return db.session.scalars(query.limit(limit)).all()


def expired(now: datetime) -> Sequence[int]:
    """The ids of orders in which an offer has lain unanswered past its deadline."""
    overdue = and_(Assignment.state == AssignmentState.OFFERED, Assignment.answer_before < now)
    return db.session.scalars(select(Assignment.order_id).where(overdue).distinct().limit(200)).all()


def desk(filter_by: str, now: datetime, *, before: int | None = None, text: str = "") -> Sequence[Order]:
    """Orders for the staff's desk, newest first; `before` is the number from which to go on."""
    wanted = [_desk_filter(filter_by, now)] + ([Order.number < before] if before is not None else [])
    few = filter_by in (NEVER_MANY if text else GOING_ON)
    if text and few:
        wanted.append(desk_search.meant(text))
    elif text:
        wanted = [Order.id.in_(desk_search.found(text, wanted, PAGE + 1))]
    # Of a few among a million by a figure that no index has, or all orders would be walked to find the newest.
    query = select(Order).where(*wanted).order_by((Order.number + 0 if few else Order.number).desc())
    with_parts = query.options(
        joinedload(Order.customer),
        selectinload(Order.lines),
        selectinload(Order.assignments).joinedload(Assignment.member),
    )
    return db.session.scalars(with_parts.limit(PAGE + 1)).all()


def open_orders_of(article_id: int) -> int:
    """How many orders of an article are not delivered yet; counted only as far as a person would read."""
    going_on = Order.state.in_((*HELD, OrderState.PLACED, OrderState.CONFIRMED))
    ordered = select(Order.id).where(going_on, Order.lines.any(OrderLine.article_id == article_id))
    return _bounded(ordered.limit(1000))


def desk_counts(now: datetime) -> dict[str, int]:
    """How many orders each of the desk's heaps holds; counted only as far as a person would read."""
    heaps = ("open", "unanswered", "late", "accepted", "awaiting")
    return {heap: _bounded(select(Order.id).where(_desk_filter(heap, now)).limit(1000)) for heap in heaps}


def lead_times(article_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """The shortest and the longest lead time in working days of those who make each article."""
    if not article_ids:
        return {}
    columns = (Offering.article_id, func.min(Offering.lead_days), func.max(Offering.lead_days))
    query = select(*columns).where(Offering.article_id.in_(article_ids), Offering.state == ApprovalState.APPROVED)
    return {article: (least, longest) for article, least, longest in db.session.execute(query.group_by(columns[0]))}


def chain_leads(order: Order) -> dict[int, tuple[int, int]]:
    """Those of what is made step by step in the order, a bundle's parts; of other lines none is needed."""
    return lead_times([line.article_id for line in order.lines if line.bundle is not None])


def _desk_filter(heap: str, now: datetime) -> ColumnElement[bool]:
    """Which orders lie on one of the desk's heaps."""
    going_on = Order.state.in_((OrderState.PLACED, OrderState.CONFIRMED))
    offered = Order.assignments.any(Assignment.state == AssignmentState.OFFERED)
    filters = {
        "open": and_(going_on, Order.lines.any(and_(OrderLine.unassigned > 0, _has_been_sent()))),
        "unanswered": and_(going_on, offered),
        "late": and_(going_on, Order.delivery_day < clock.local_date(now)),
        "accepted": Order.state == OrderState.CONFIRMED,
        "delivered": Order.state == OrderState.DELIVERED,
        "awaiting": Order.state == OrderState.AWAITING,
        "unpaid": Order.state == OrderState.UNPAID,
    }
    return filters.get(heap, true())


def _has_been_sent() -> ColumnElement[bool]:
    """Whether members may be asked for a line: not while its batch gathers orders."""
    return or_(OrderLine.window_id.is_(None), ~OrderLine.window.has(OrderWindow.state == WindowState.OPEN))


def _bounded(query: Select[int]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _whole_order() -> Select[Order]:
    return select(Order).options(
        joinedload(Order.customer),
        selectinload(Order.lines),
        selectinload(Order.bundles),
        selectinload(Order.events),
        selectinload(Order.assignments).joinedload(Assignment.member),
        selectinload(Order.assignments).selectinload(Assignment.lines),
    )


def _locked(query: Select[Order]) -> Select[Order]:
    return query.with_for_update(of=Order).execution_options(populate_existing=True)


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotYours
    return row
