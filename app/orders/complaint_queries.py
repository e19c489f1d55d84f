"""Reading complaints: what may be complained about and until when, what waits for staff, and how often it happens."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.catalog.kinds import Withdrawal
from app.catalog.models import Article
from app.customers.models import CustomerKind
from app.db import MoneyColumn, db
from app.errors import NotYours
from app.leaves import Leaf, leaf
from app.members.models import Member
from app.money import NOUGHT, Money
from app.orders.complaint_models import Complaint
from app.orders.deadlines import complain_until
from app.orders.delivery.models import OrderCharge
from app.orders.delivery.states import ChargeKind
from app.orders.handing import next_of
from app.orders.models import Assignment, AssignmentLine, Order, OrderEntry, OrderEvent, OrderLine
from app.orders.states import AssignmentState, ComplaintState, EventKind

PAGE = 50


@dataclass(frozen=True, slots=True)
class Delivered:
    """A part that has come: how much of it can still be complained about, and until when."""

    share: AssignmentLine
    left: Decimal
    until: datetime


def delivered_in(order: Order) -> list[Delivered]:
    """What the customer has got, and has not complained about already, in the order in which it came."""
    if not _has_come(order):
        return []
    private = order.customer.kind == CustomerKind.PRIVATE
    fresh = _fresh([line.article_id for line in order.lines])
    complained = _complained(order)
    found = []
    for assignment in order.assignments:
        for share in assignment.lines if assignment.delivered_at else ():
            left = share.quantity - complained.get((assignment.id, share.order_line_id), Decimal(0))
            if left > 0 and assignment.delivered_at and next_of(share.order_line) is None:
                is_fresh = share.order_line.article_id in fresh
                until = complain_until(assignment.delivered_at, fresh=is_fresh, private=private)
                found.append(Delivered(share, left, until))
    return found


def complaints_in(order: Order) -> Sequence[Complaint]:
    """The order's complaints, oldest first."""
    if not _has_come(order):
        return ()
    query = _whole().where(OrderLine.order_id == order.id).order_by(Complaint.id)
    return db.session.scalars(query).all()


def replacing(order: Order) -> dict[int, Complaint]:
    """The lines that are delivered anew at no cost, by id, and the complaints that they answer."""
    if not any(event.kind == EventKind.REPLACED for event in order.events):
        return {}
    query = _whole().where(OrderLine.order_id == order.id, Complaint.new_line_id.is_not(None))
    return {one.new_line_id: one for one in db.session.scalars(query) if one.new_line_id is not None}


def _has_come(order: Order) -> bool:
    """Whether anything of it is delivered; before that there is nothing to complain about, and nothing to look up."""
    return any(assignment.delivered_at for assignment in order.assignments)


def complaint_in(order: Order, complaint_id: int) -> Complaint:
    """One of them. Raises NotYours."""
    found = db.session.scalar(_whole().where(OrderLine.order_id == order.id, Complaint.id == complaint_id))
    if found is None:
        raise NotYours
    return found


def complaint_with(complaint_id: int) -> Complaint:
    """Any complaint, for staff. Raises NotYours."""
    found = db.session.scalar(_whole().where(Complaint.id == complaint_id))
    if found is None:
        raise NotYours
    return found


def earned_of(line_id: int, member: Member) -> Money:
    """What a member earns by an order line now: its work, less what it bears and what came back. Without VAT."""
    mine = (OrderEntry.order_line_id == line_id, OrderEntry.member_id == member.id)
    by_work = db.session.scalar(select(func.sum(OrderEntry.earned, type_=MoneyColumn())).where(*mine)) or NOUGHT
    back = (OrderCharge.order_line_id == line_id, OrderCharge.member_id == member.id)
    returned = select(func.sum(OrderCharge.earned, type_=MoneyColumn())).where(*back)
    return by_work + (db.session.scalar(returned.where(OrderCharge.kind == ChargeKind.RETURNED)) or NOUGHT)


def waiting(number: int) -> Leaf[Complaint]:
    """Complaints that nobody has decided, the oldest first."""
    query = _whole().where(Complaint.state == ComplaintState.OPEN).order_by(Complaint.made_at, Complaint.id)
    return leaf(query, number, PAGE)


def waiting_count() -> int:
    """How many those are."""
    return db.session.scalar(select(func.count(Complaint.id)).where(Complaint.state == ComplaintState.OPEN)) or 0


@dataclass(frozen=True, slots=True)
class Record:
    """How a member has delivered since a day."""

    delivered: int
    late: int
    """Reported on a later day than the one that was agreed."""
    declined: int
    unanswered: int
    sold_out: int
    complaints: int
    justified: int
    """Complaints that led to something new or a lower price."""


def record_of(member: Member, since: date) -> Record:
    """The member's parts of orders that were to be delivered on that day or later."""
    mine = (Assignment.member_id == member.id, Assignment.delivery_day >= since)
    states = dict(
        db.session.execute(select(Assignment.state, func.count()).where(*mine).group_by(Assignment.state)).all()
    )
    late = select(func.count()).where(*mine, func.date(Assignment.delivered_at) > Assignment.delivery_day)
    sold_out = (
        select(func.count(OrderEvent.id))
        .where(OrderEvent.kind == EventKind.SOLD_OUT, OrderEvent.member_name == member.name)
        .where(OrderEvent.order_id.in_(select(Assignment.order_id).where(*mine)))
    )
    judged = select(Complaint.state, func.count()).join(Complaint.assignment).where(*mine).group_by(Complaint.state)
    complaints = dict(db.session.execute(judged).all())
    return Record(
        delivered=states.get(AssignmentState.DELIVERED, 0),
        late=db.session.scalar(late) or 0,
        declined=states.get(AssignmentState.DECLINED, 0),
        unanswered=states.get(AssignmentState.EXPIRED, 0),
        sold_out=db.session.scalar(sold_out) or 0,
        complaints=sum(complaints.values()),
        justified=complaints.get(ComplaintState.REPLACED, 0) + complaints.get(ComplaintState.CHEAPER, 0),
    )


def _whole() -> Select[Complaint]:
    return (
        select(Complaint)
        .join(Complaint.order_line)
        .options(contains_eager(Complaint.order_line).joinedload(OrderLine.order).joinedload(Order.customer))
        .options(joinedload(Complaint.assignment).joinedload(Assignment.member), selectinload(Complaint.pictures))
    )


def _fresh(article_ids: Collection[int]) -> set[int]:
    """The articles that do not keep."""
    query = select(Article.id).where(Article.id.in_(article_ids), Article.withdrawal == Withdrawal.PERISHABLE)
    return set(db.session.scalars(query))


def _complained(order: Order) -> dict[tuple[int, int], Decimal]:
    """How much of each part, by assignment and line, has been complained about, whatever came of it."""
    found: dict[tuple[int, int], Decimal] = {}
    for one in complaints_in(order):
        key = (one.assignment_id, one.order_line_id)
        found[key] = found.get(key, Decimal(0)) + one.quantity
    return found
