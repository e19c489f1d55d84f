"""Long lists of orders and assignments for other systems: from one row on, however many lie behind it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.customers.models import Customer
from app.db import db
from app.errors import NotYours
from app.members.models import Member
from app.orders.models import Assignment, AssignmentLine, Order
from app.orders.states import AssignmentState, OrderState


def orders_after(
    customer: Customer, number: int | None, *, state: OrderState | None = None, limit: int
) -> Sequence[Order]:
    """The customer's orders, newest first, from after the one with that number on. Raises NotYours for another's."""
    newest = (Order.placed_at.desc(), Order.id.desc())
    query = select(Order).where(Order.customer_id == customer.id).order_by(*newest).limit(limit)
    if number is not None:
        last = select(Order.placed_at, Order.id).where(Order.number == number, Order.customer_id == customer.id)
        found = db.session.execute(last).first()
        if found is None:
            raise NotYours
        # The first condition says the same less sharply: by it the database goes straight to its place in the index.
        query = query.where(Order.placed_at <= found[0], or_(Order.placed_at < found[0], Order.id < found[1]))
    if state is not None:
        query = query.where(Order.state == state)
    return db.session.scalars(query.options(selectinload(Order.lines), selectinload(Order.bundles))).all()


def assignments_after(
    member: Member, last: int | None, *, state: AssignmentState | None = None, limit: int
) -> Sequence[Assignment]:
    """The member's assignments, newest first, from after the one with that id on."""
    query = select(Assignment).where(Assignment.member_id == member.id)
    if last is not None:
        query = query.where(Assignment.id < last)
    if state is not None:
        query = query.where(Assignment.state == state)
    order = joinedload(Assignment.order)
    whole = (
        order.joinedload(Order.customer),
        order.selectinload(Order.lines),
        order.selectinload(Order.assignments).joinedload(Assignment.member),
        order.selectinload(Order.assignments).selectinload(Assignment.lines),
        selectinload(Assignment.lines).joinedload(AssignmentLine.order_line),
    )
    return db.session.scalars(query.options(*whole).order_by(Assignment.id.desc()).limit(limit)).all()
