"""What if some members were closed some weeks? Their work of those weeks is shared out anew, and nothing is saved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app import clock
from app.db import db
from app.orders import handing
from app.orders.handing import Stage
from app.orders.models import Assignment, AssignmentLine, Order, OrderLine
from app.orders.routing import route
from app.orders.routing_values import Candidate, Routing
from app.orders.situation import Situation, read_situation
from app.orders.states import AssignmentState

MOST_ASSIGNMENTS = 200
"""So many are shared out anew, the first to be delivered; a page that shows more is read by nobody."""
STILL_TO_COME = (AssignmentState.OFFERED, AssignmentState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Move:
    """So much of a line would go to another member."""

    to: str
    quantity: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A part of an order that a closed member has now, and where it would go."""

    order: Order
    line: OrderLine
    day: date
    origin: str
    quantity: Decimal
    moves: tuple[Move, ...]
    left: Decimal
    """What nobody could take."""
    obstacles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would become of it all, in order of delivery."""

    moved: tuple[Moved, ...]
    more: bool
    """Whether there was more than is looked at."""

    @property
    def unplaced(self) -> tuple[Moved, ...]:
        """Those of which nobody could take all."""
        return tuple(one for one in self.moved if one.left)

    @property
    def placed(self) -> int:
        """How many would go on without a gap."""
        return len(self.moved) - len(self.unplaced)


def what_if(members: Collection[int], first: date, last: date, *, now: datetime) -> Outcome:
    """Share out anew what the members have to deliver from the first day to the last, as if they were closed.

    Nothing is written and nothing is locked. Each part sees what the parts before it have taken.
    """
    found = _assignments(members, first, last)
    looked_at = found[:MOST_ASSIGNMENTS]
    if not looked_at:
        return Outcome((), more=False)
    scene = read_situation(
        [share.order_line for one in looked_at for share in one.lines],
        days=(looked_at[0].delivery_day, looked_at[-1].delivery_day),
        now=now,
        customers={one.order.customer_id for one in looked_at},
        without=[one.id for one in looked_at],
        lock=False,
    )
    today = clock.local_date(now)
    moved = [row for one in looked_at for row in _again(one, scene, frozenset(members), today)]
    return Outcome(tuple(moved), more=len(found) > len(looked_at))


def _assignments(members: Collection[int], first: date, last: date) -> Sequence[Assignment]:
    order = joinedload(Assignment.order)
    query = (
        select(Assignment)
        .where(Assignment.member_id.in_(members), Assignment.state.in_(STILL_TO_COME))
        .where(Assignment.delivery_day.between(first, last))
        .options(joinedload(Assignment.member), selectinload(Assignment.lines).joinedload(AssignmentLine.order_line))
        .options(order.joinedload(Order.customer), order.selectinload(Order.lines))
        .options(order.selectinload(Order.assignments).joinedload(Assignment.member))
        .options(order.selectinload(Order.assignments).selectinload(Assignment.lines))
        .order_by(Assignment.delivery_day, Assignment.id)
    )
    return db.session.scalars(query.limit(MOST_ASSIGNMENTS + 1)).all()


def _again(assignment: Assignment, scene: Situation, closed: Collection[int], today: date) -> Iterator[Moved]:
    order, day = assignment.order, assignment.delivery_day
    parts = {share.order_line: share.quantity for share in assignment.lines if share.quantity}
    candidates = [one for stage in _stages(order, parts, day, today) for one in scene.candidates(stage, order)]
    open_still = [_closed(one, closed, assignment.member_id) for one in candidates]
    answer = route([scene.demand(line, quantity) for line, quantity in parts.items()], open_still)
    scene.give(answer.shares, candidates, order, day)
    names = {one.member: one.name for one in candidates}
    for line, quantity in parts.items():
        moves = tuple(Move(names[one.member], one.quantity, one.reason) for one in answer.shares if one.line == line.id)
        yield Moved(
            order, line, day, assignment.member.name, quantity, moves, answer.unplaced[line.id], _why(answer, line)
        )


def _closed(one: Candidate, closed: Collection[int], holder: int) -> Candidate:
    """The closed are away; that the holder has been asked for the line already is no news."""
    if one.member not in closed:
        return one
    return replace(one, absent=True, refused=one.refused and one.member != holder)


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
