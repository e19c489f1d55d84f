"""Reading what a change to an order turns on: how far it has come, until when it may be changed, and its entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.catalog.kinds import ArticleKind
from app.catalog.models import ApprovalState, Article, Offering
from app.db import QuantityColumn, db
from app.errors import NotYours
from app.orders.deadlines import change_until, change_until_taken
from app.orders.models import Assignment, AssignmentLine, Order, OrderEntry, OrderEvent, OrderLine
from app.orders.queries import lead_times
from app.orders.question_models import OrderQuestion
from app.orders.states import HELD, TO_COME, AssignmentState, EventKind, QuestionState

MOST_CHOICES = 200
WORK = {ArticleKind.TIMED_SERVICE, ArticleKind.MEASURED_SERVICE, ArticleKind.PLACEMENT}
"""What nobody can have instead of things, nor things instead of it."""
TAKEN = (AssignmentState.ACCEPTED, AssignmentState.DELIVERED)
"""The states in which a member has said yes."""


def entries_of(order: Order) -> Sequence[OrderEntry]:
    """What all events of the order did to its lines, oldest first."""
    query = select(OrderEntry).join(OrderEntry.event).where(OrderEvent.order_id == order.id)
    return db.session.scalars(query.order_by(OrderEntry.id)).all()


def bought(order: Order) -> dict[int, Decimal]:
    """What the customer wanted in the end, as a basket: article id -> quantity, a bundle as one.

    That is what was ordered with what it changed itself; what nobody could deliver was wanted all the same. Where it
    took everything back, what was ordered.
    """
    placed: dict[OrderLine, Decimal] = {}
    for one in entries_of(order):
        if one.event.kind == EventKind.PLACED and one.ordered:
            placed[one.order_line] = one.ordered
    taken = taken_back(order)
    wanted = {line: quantity + taken[line.id].more - taken[line.id].less for line, quantity in placed.items()}
    kept = {line: quantity for line, quantity in wanted.items() if quantity} or placed
    return {
        line.bundle.article_id if line.bundle else line.article_id: quantity / (line.priced_per if line.bundle else 1)
        for line, quantity in kept.items()
    }


@dataclass(frozen=True, slots=True)
class Changed:
    """By how much the customer has changed a line, up and down."""

    more: Decimal = Decimal(0)
    less: Decimal = Decimal(0)

    @property
    def back(self) -> Decimal:
        """What it took back in the end."""
        return max(Decimal(0), self.less - self.more)


def taken_back(order: Order) -> Mapping[int, Changed]:
    """What the customer changed of each line, by its id. The order's events tell whether there is anything."""
    found: dict[int, Changed] = defaultdict(Changed)
    if not any(event.kind == EventKind.CHANGED for event in order.events):
        return found
    sums = (
        func.sum(OrderEntry.ordered, type_=QuantityColumn()),
        func.sum(OrderEntry.called_off, type_=QuantityColumn()),
    )
    mine = (OrderEvent.order_id == order.id, OrderEvent.kind == EventKind.CHANGED)
    query = select(OrderEntry.order_line_id, *sums).join(OrderEntry.event).where(*mine)
    for line_id, more, less in db.session.execute(query.group_by(OrderEntry.order_line_id)):
        found[line_id] = Changed(more, less)
    return found


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


def weighed_before(share: AssignmentLine) -> Decimal:
    """By how much earlier weighings have changed what the member delivers of the line."""
    moves = func.coalesce(func.sum(OrderEntry.ordered - OrderEntry.called_off), 0, type_=QuantityColumn())
    query = (
        select(moves)
        .join(OrderEntry.event)
        .where(OrderEvent.order_id == share.assignment.order_id, OrderEvent.kind == EventKind.WEIGHED)
        .where(OrderEntry.order_line_id == share.order_line_id, OrderEntry.member_id == share.assignment.member_id)
    )
    return db.session.scalar(query) or Decimal(0)


def open_question_about(share: AssignmentLine) -> OrderQuestion | None:
    """What the member has asked about its part and has had no answer to."""
    query = select(OrderQuestion).where(
        OrderQuestion.assignment_id == share.assignment_id,
        OrderQuestion.order_line_id == share.order_line_id,
        OrderQuestion.state == QuestionState.OPEN,
    )
    return db.session.scalar(query.limit(1))


def questions_in(order: Order) -> Sequence[OrderQuestion]:
    """What members have asked the customer about an order, oldest first. The time line knows whether anybody has."""
    if not any(event.kind == EventKind.ASKED for event in order.events):
        return []
    query = select(OrderQuestion).join(OrderQuestion.assignment).where(Assignment.order_id == order.id)
    whole = (joinedload(OrderQuestion.offering).joinedload(Offering.article), joinedload(OrderQuestion.order_line))
    return db.session.scalars(query.options(*whole).order_by(OrderQuestion.id)).all()


def unanswered(assignment: Assignment) -> list[str]:
    """What the customer has been asked about in the member's part, and has not answered."""
    asked = (one for one in questions_in(assignment.order) if one.assignment_id == assignment.id)
    return [one.order_line.name for one in asked if one.is_open]


def question_in(order: Order, question_id: int) -> OrderQuestion:
    """One of them. Raises NotYours."""
    found = next((one for one in questions_in(order) if one.id == question_id), None)
    if found is None:
        raise NotYours
    return found


def offered_instead(assignment: Assignment) -> Sequence[Offering]:
    """What the member could deliver instead of what is out: something else it has for sale, work only for work."""
    missing = [share.order_line.article for share in assignment.lines if share.quantity]
    alone = {one.id for one in missing} if len(missing) == 1 else set()
    as_work = {one.kind in WORK for one in missing}
    kinds = [kind for kind in ArticleKind if kind != ArticleKind.BUNDLE and (kind in WORK) in as_work]
    query = (
        select(Offering)
        .join(Offering.article)
        .where(Offering.member_id == assignment.member_id, Offering.state == ApprovalState.APPROVED)
        .where(Article.state == ApprovalState.APPROVED, Article.kind.in_(kinds), Article.id.not_in(alone))
        .options(contains_eager(Offering.article))
        .order_by(Article.name, Offering.id)
    )
    return db.session.scalars(query.limit(MOST_CHOICES)).all()


def may_change_until(order: Order) -> datetime | None:
    """Until when the customer may change the order by itself; None when nothing is to come, or it is held.

    Each line wants the lead time of those who have it; one that nobody has, that of the quickest who could make it.
    As long as no member has said yes to anything, nobody has begun: then it may be changed until its day. What is made
    in batches may be changed until its batch closes. It is never earlier than when the order was placed.
    """
    if order.state in HELD:
        return None
    closing = [one.closes_at for one in order.waiting_windows]
    waiting = [line for line in order.lines if to_come(line) and not line.waits_for_window]
    if not waiting:
        return min(closing, default=None)
    if not any(one.state in TAKEN for one in order.assignments):
        until = change_until_taken(line.day for line in waiting)
        return min((one for one in (until, *closing) if one is not None), default=None)
    held = _lead_times_held(order)
    free = lead_times([line.article_id for line in waiting if line.id not in held])
    until = change_until((line.day, held.get(line.id) or free.get(line.article_id, (0, 0))[0]) for line in waiting)
    found = min((one for one in (until, *closing) if one is not None), default=None)
    return max(found, order.placed_at) if found else None


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
