"""What if some members were closed some weeks? Their work of those weeks is shared out anew, and nothing is saved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from app import clock
from app.db import db
from app.orders import handing
from app.orders.handing import Stage
from app.orders.models import Assignment, AssignmentLine, Order, OrderLine
from app.orders.routing import route
from app.orders.routing_values import Routing
from app.orders.situation import Situation, read_situation
from app.orders.states import AssignmentState
from app.orders.what_if_standing import Given, as_closed, standing_moves
from app.orders.what_if_values import Move, Moved, Outcome

MOST_ASSIGNMENTS = 200
"""So many are shared out anew, the first to be delivered; a page that shows more is read by nobody."""
STILL_TO_COME = (AssignmentState.OFFERED, AssignmentState.ACCEPTED)


def what_if(members: Collection[int], first: date, last: date, *, now: datetime) -> Outcome:
    """Share out anew what the members have to deliver from the first day to the last, as if they were closed.

    With it goes what standing orders will want of them then, though it is not ordered yet. Nothing is written and
    nothing is locked. Each part sees what the parts before it have taken.
    """
    found = _assignments(members, first, last)
    looked_at = found[:MOST_ASSIGNMENTS]
    given: list[Given] = []
    moved = _of_orders(looked_at, frozenset(members), given, now)
    without = [one.id for one in looked_at]
    coming, more = standing_moves(members, (first, last), given, without, most=MOST_ASSIGNMENTS, now=now)
    both = sorted([*moved, *coming], key=lambda one: one.day)
    return Outcome(tuple(both), more=more or len(found) > len(looked_at))


def elsewhere(assignment_ids: Collection[int], closed: Collection[int], *, now: datetime) -> list[Moved]:
    """To whom some assignments would go if the members that are closed could do nothing; nothing is saved."""
    if not assignment_ids:
        return []
    query = _with_orders().where(Assignment.id.in_(assignment_ids))
    return _of_orders(db.session.scalars(query).all(), closed, [], now)


def _of_orders(
    looked_at: Sequence[Assignment], closed: Collection[int], given: list[Given], now: datetime
) -> list[Moved]:
    if not looked_at:
        return []
    scene = read_situation(
        [share.order_line for one in looked_at for share in one.lines],
        days=(looked_at[0].delivery_day, looked_at[-1].delivery_day),
        now=now,
        customers={one.order.customer_id for one in looked_at},
        without=[one.id for one in looked_at],
        lock=False,
    )
    today = clock.local_date(now)
    return [row for one in looked_at for row in _again(one, scene, closed, given, today)]


def _assignments(members: Collection[int], first: date, last: date) -> Sequence[Assignment]:
    query = (
        _with_orders()
        .where(Assignment.member_id.in_(members), Assignment.state.in_(STILL_TO_COME))
        .where(Assignment.delivery_day.between(first, last))
    )
    return db.session.scalars(query.limit(MOST_ASSIGNMENTS + 1)).all()


def _with_orders() -> Select[Assignment]:
    """The first to be delivered first."""
    order = joinedload(Assignment.order)
    return (
        select(Assignment)
        .options(joinedload(Assignment.member), selectinload(Assignment.lines).joinedload(AssignmentLine.order_line))
        .options(order.joinedload(Order.customer), order.selectinload(Order.lines))
        .options(order.selectinload(Order.assignments).joinedload(Assignment.member))
        .options(order.selectinload(Order.assignments).selectinload(Assignment.lines))
        .order_by(Assignment.delivery_day, Assignment.id)
    )


def _again(
    assignment: Assignment, scene: Situation, closed: Collection[int], given: list[Given], today: date
) -> Iterator[Moved]:
    order, day = assignment.order, assignment.delivery_day
    parts = {share.order_line: share.quantity for share in assignment.lines if share.quantity}
    candidates = [one for stage in _stages(order, parts, day, today) for one in scene.candidates(stage, order)]
    open_still = [as_closed(one, closed, assignment.member_id) for one in candidates]
    answer = route([scene.demand(line, quantity) for line, quantity in parts.items()], open_still)
    scene.give(answer.shares, candidates, order, day)
    given.append(Given(answer.shares, candidates, order, day))
    names = {one.member: one.name for one in candidates}
    for line, quantity in parts.items():
        moves = tuple(Move(names[one.member], one.quantity, one.reason) for one in answer.shares if one.line == line.id)
        yield Moved(
            order, line, day, assignment.member.name, quantity, moves, answer.unplaced[line.id], _why(answer, line)
        )


def _stages(order: Order, lines: Iterable[OrderLine], day: date, today: date) -> Iterator[Stage]:
    """Each line with the place to which it goes: the customer's, or the next member's."""
    for line in lines:
        onward = handing.handover(line)
        receivers = onward.receivers if onward else ()
        place = receivers[0].member.municipality if receivers else order.municipality
        before = handing.previous_of(line)
        yield Stage((line,), day, max(today, before.day) if before else today, place)


def _why(answer: Routing, line: OrderLine) -> tuple[str, ...]:
    return answer.obstacles[line.id] if answer.unplaced[line.id] else ()
