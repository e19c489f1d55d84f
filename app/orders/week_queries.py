"""What orders take of offerings' weeks and when their makers rest, a question for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, literal, select, union_all

from app.catalog.models import OfferingPause
from app.catalog.pricing.models import PriceRow
from app.db import db
from app.members.models import Absence
from app.orders.models import Assignment, AssignmentLine, OrderLine
from app.orders.situation_queries import Days, monday_of
from app.orders.states import LIVE

Weeks = dict[tuple[int, date], Decimal]
Used = dict[tuple[int, date], dict[int, Decimal]]
ABSENT, PAUSED = 0, 1


def taken_and_for(offering_ids: Collection[int], days: Days) -> tuple[Weeks, Used]:
    """What live assignments hold by offering and week; and of that what each price list's orders hold."""
    query = (
        select(
            AssignmentLine.offering_id,
            Assignment.delivery_day,
            PriceRow.price_list_id,
            func.sum(AssignmentLine.quantity),
        )
        .join(AssignmentLine.assignment)
        .join(AssignmentLine.order_line)
        .outerjoin(OrderLine.price_row)
        .where(AssignmentLine.offering_id.in_(offering_ids), Assignment.state.in_(LIVE))
        .where(Assignment.delivery_day.between(*days))
        .group_by(AssignmentLine.offering_id, Assignment.delivery_day, PriceRow.price_list_id)
    )
    taken: Weeks = defaultdict(Decimal)
    used: Used = defaultdict(lambda: defaultdict(Decimal))
    for offering, day, price_list, quantity in db.session.execute(query):
        week = offering, monday_of(day)
        taken[week] += quantity
        if price_list is not None:
            used[week][price_list] += quantity
    return taken, used


def rests(
    members: Collection[int], offering_ids: Collection[int], days: Days
) -> tuple[dict[int, list[Days]], dict[int, list[Days]]]:
    """When members are away, by member, and when offerings rest, by offering."""
    first, last = days[0], days[1] + timedelta(days=1)
    away = select(literal(ABSENT), Absence.member_id, Absence.first_day, Absence.last_day).where(
        Absence.member_id.in_(members), Absence.first_day < last, Absence.last_day >= first
    )
    paused = select(literal(PAUSED), OfferingPause.offering_id, OfferingPause.first_day, OfferingPause.last_day).where(
        OfferingPause.offering_id.in_(offering_ids), OfferingPause.first_day < last, OfferingPause.last_day >= first
    )
    found: tuple[dict[int, list[Days]], dict[int, list[Days]]] = defaultdict(list), defaultdict(list)
    for kind, owner, start, end in db.session.execute(union_all(away, paused)):
        found[kind][owner].append((start, end))
    return found
