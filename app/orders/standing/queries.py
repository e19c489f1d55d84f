"""Reading standing orders: one, lists of them, and what is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from app import clock
from app.catalog.models import Article, BundlePart
from app.customers.models import Customer
from app.db import db, holds
from app.errors import NotYours
from app.leaves import Leaf, leaf
from app.orders.models import Order
from app.orders.standing.models import (
    TO_ORDER,
    OccurrenceState,
    StandingLine,
    StandingOccurrence,
    StandingOrder,
    StandingVersion,
)
from app.orders.standing.planning import HORIZON

PAGE = 50
SHOWN = 12
"""So many times are shown, past and to come each."""
AT_ONCE = 500
AGAIN_AFTER = timedelta(minutes=30)
"""What a worker was told to order and did not is told again."""
REFRESH = timedelta(days=7)
"""How often times are written further ahead, and seen against the lead times of today."""
RECENT = timedelta(days=14)
"""So long staff see what could not be ordered."""
TROUBLE = (OccurrenceState.FAILED, OccurrenceState.MISSED)


def standing_of(customer: Customer, standing_id: int, *, lock: bool = False) -> StandingOrder:
    """The customer's own standing order. Raises NotYours."""
    return _one(_whole().where(StandingOrder.id == standing_id, StandingOrder.customer_id == customer.id), lock=lock)


def standing_with(standing_id: int, *, lock: bool = False) -> StandingOrder:
    """Any standing order, for staff. Raises NotYours. Locked, nothing of it is ordered or changed meanwhile."""
    return _one(_whole().where(StandingOrder.id == standing_id), lock=lock)


def by_ticket(ticket: str) -> StandingOrder | None:
    """The standing order that a page has already made."""
    return db.session.scalar(select(StandingOrder).where(StandingOrder.ticket == ticket))


def of_customer(customer: Customer, number: int) -> Leaf[StandingOrder]:
    """The customer's standing orders: those that go on first, the newest first."""
    query = _whole().where(StandingOrder.customer_id == customer.id)
    return leaf(query.order_by(StandingOrder.last_day.is_not(None), StandingOrder.id.desc()), number, PAGE)


def all_of_them(text: str, number: int, *, trouble: bool, now: datetime) -> Leaf[StandingOrder]:
    """The standing orders for staff, the newest first: all, or those of which something could not be ordered."""
    query = _whole().join(StandingOrder.customer).order_by(StandingOrder.id.desc())
    if text:
        query = query.where(or_(holds(Customer.name, text), holds(StandingOrder.name, text)))
    if trouble:
        query = query.where(StandingOrder.id.in_(_troubled(now)))
    return leaf(query, number, PAGE)


def trouble_count(now: datetime) -> int:
    """How many standing orders have something that could lately not be ordered; counted as far as anybody reads."""
    query = _troubled(now).distinct().limit(1000)
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def coming(standing: StandingOrder, today: date, most: int = SHOWN) -> Sequence[StandingOccurrence]:
    """The next times: to be ordered, ordered already, or left out."""
    query = _times_of(standing).where(StandingOccurrence.day >= today)
    return db.session.scalars(query.order_by(StandingOccurrence.day, StandingOccurrence.nominal).limit(most)).all()


def past(standing: StandingOrder, today: date) -> Sequence[StandingOccurrence]:
    """The last times, the newest first."""
    query = _times_of(standing).where(StandingOccurrence.day < today)
    return db.session.scalars(query.order_by(StandingOccurrence.day.desc()).limit(SHOWN)).all()


def next_days(standing: Sequence[StandingOrder], today: date) -> dict[int, date]:
    """When each of them comes next, by id."""
    query = (
        select(StandingOccurrence.standing_order_id, func.min(StandingOccurrence.day))
        .where(StandingOccurrence.standing_order_id.in_([one.id for one in standing]), StandingOccurrence.day > today)
        .where(StandingOccurrence.state.in_((*TO_ORDER, OccurrenceState.ORDERED)))
        .group_by(StandingOccurrence.standing_order_id)
    )
    return {one: day for one, day in db.session.execute(query)}  # noqa: C416  rows, not pairs


def ordered_from(standing: StandingOrder, first: date, last: date | None = None) -> Sequence[StandingOccurrence]:
    """The times on those named days that are ordered already."""
    query = _times_of(standing).where(
        StandingOccurrence.state == OccurrenceState.ORDERED, StandingOccurrence.nominal >= first
    )
    if last is not None:
        query = query.where(StandingOccurrence.nominal <= last)
    return db.session.scalars(query.order_by(StandingOccurrence.nominal)).all()


def occurrences_from(standing: StandingOrder, first: date) -> Sequence[StandingOccurrence]:
    """All its times from a named day on, as they are written down."""
    query = select(StandingOccurrence).where(
        StandingOccurrence.standing_order_id == standing.id, StandingOccurrence.nominal >= first
    )
    return db.session.scalars(query).all()


def occurrence_of(standing: StandingOrder, occurrence_id: int) -> StandingOccurrence:
    """One of its times. Raises NotYours."""
    found = db.session.scalar(_times_of(standing).where(StandingOccurrence.id == occurrence_id))
    if found is None:
        raise NotYours
    return found


def hold(occurrence_id: int) -> StandingOccurrence | None:
    """One time to be ordered, with its standing order locked; None when there is no such time any longer."""
    whose = select(StandingOccurrence.standing_order_id).where(StandingOccurrence.id == occurrence_id)
    locked = select(StandingOrder).where(StandingOrder.id.in_(whose.scalar_subquery())).with_for_update()
    standing = db.session.scalar(locked.execution_options(populate_existing=True))
    if standing is None:
        return None
    query = select(StandingOccurrence).where(StandingOccurrence.id == occurrence_id)
    whole = joinedload(StandingOccurrence.version).selectinload(StandingVersion.lines)
    found = db.session.scalar(query.options(whole).execution_options(populate_existing=True))
    if found is not None:
        set_committed_value(found, "standing_order", standing)  # Else nobody holds on to it, and it is read again.
    return found


def due(now: datetime) -> Sequence[StandingOccurrence]:
    """What is to be ordered by now and no worker has been told of lately, the most urgent first."""
    not_told = or_(StandingOccurrence.handed_over_at.is_(None), StandingOccurrence.handed_over_at < now - AGAIN_AFTER)
    query = (
        select(StandingOccurrence)
        .where(StandingOccurrence.state.in_(TO_ORDER), StandingOccurrence.place_on <= clock.local_date(now), not_told)
        .order_by(StandingOccurrence.place_on, StandingOccurrence.id)
    )
    return db.session.scalars(query.limit(AT_ONCE)).all()


def to_tend(today: date) -> Sequence[int]:
    """The ids of those whose times are to be written further ahead."""
    going_on = or_(StandingOrder.last_day.is_(None), StandingOrder.last_day > today)
    query = select(StandingOrder.id).where(going_on, StandingOrder.planned_to < today + HORIZON - REFRESH)
    return db.session.scalars(query.order_by(StandingOrder.planned_to).limit(AT_ONCE)).all()


def behind(order: Order) -> StandingOrder | None:
    """The standing order that an order is one time of."""
    return db.session.get(StandingOrder, order.standing_order_id) if order.standing_order_id else None


def _troubled(now: datetime) -> Select[int]:
    since = clock.local_date(now) - RECENT
    return select(StandingOccurrence.standing_order_id).where(
        StandingOccurrence.state.in_(TROUBLE), StandingOccurrence.day >= since
    )


def _times_of(standing: StandingOrder) -> Select[StandingOccurrence]:
    query = select(StandingOccurrence).where(StandingOccurrence.standing_order_id == standing.id)
    return query.options(joinedload(StandingOccurrence.order))


def _one(query: Select[StandingOrder], *, lock: bool) -> StandingOrder:
    if lock:
        query = query.with_for_update(of=StandingOrder).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotYours
    return found


def _whole() -> Select[StandingOrder]:
    lines = selectinload(StandingOrder.versions).selectinload(StandingVersion.lines)
    parts = lines.joinedload(StandingLine.article).selectinload(Article.parts).joinedload(BundlePart.article)
    return select(StandingOrder).options(joinedload(StandingOrder.customer), parts, selectinload(StandingOrder.pauses))
