"""Reading what a change to an order turns on: how far it has come, until when it may be changed, and its entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from app.catalog.models import Offering
from app.db import db
from app.orders.deadlines import change_until
from app.orders.models import Assignment, AssignmentLine, Order, OrderEntry, OrderEvent, OrderLine
from app.orders.queries import lead_times
from app.orders.states import TO_COME


def entries_of(order: Order) -> Sequence[OrderEntry]:
    """What all events of the order did to its lines, oldest first."""
    query = select(OrderEntry).join(OrderEntry.event).where(OrderEvent.order_id == order.id)
    return db.session.scalars(query.order_by(OrderEntry.id)).all()


def shares_to_come(line: OrderLine) -> list[AssignmentLine]:
    """What members are to deliver of a line: unanswered offers first, then the last that was given out."""
    found = [
        share
        for assignment in line.order.assignments
        if assignment.state in TO_COME
        for share in assignment.lines
        if share.order_line is line and share.quantity
    ]
    return sorted(found, key=lambda share: (TO_COME.index(share.assignment.state), -share.id))


def to_come(line: OrderLine) -> Decimal:
    """What is neither delivered nor called off."""
    return line.unassigned + sum((share.quantity for share in shares_to_come(line)), Decimal(0))


def may_change_until(order: Order) -> datetime | None:
    """Until when the customer may change the order by itself; None when nothing is to come.

    Each line wants the lead time of those who have it; one that nobody has, that of the quickest who could make it.
    """
    waiting = [line for line in order.lines if to_come(line)]
    if not waiting:
        return None
    held = _lead_times_held(order)
    free = lead_times([line.article_id for line in waiting if line.id not in held])
    return change_until((line.day, held.get(line.id) or free.get(line.article_id, (0, 0))[0]) for line in waiting)


def _lead_times_held(order: Order) -> dict[int, int]:
    """The longest lead time of those who are to deliver each line, by line id."""
    query = (
        select(AssignmentLine.order_line_id, func.max(Offering.lead_days))
        .join(AssignmentLine.assignment)
        .join(AssignmentLine.offering)
        .where(Assignment.order_id == order.id, Assignment.state.in_(TO_COME))
        .group_by(AssignmentLine.order_line_id)
    )
    return {line: lead for line, lead in db.session.execute(query)}  # noqa: C416  rows, not pairs
