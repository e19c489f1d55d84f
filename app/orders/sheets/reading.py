"""Reading a day: the assignments that its papers show, the sums by article. Bounded, whatever there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, distinct, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from app import units
from app.customers.models import Site
from app.db import db
from app.errors import NotYours
from app.leaves import Leaf, leaf
from app.members.queries import sales_company
from app.money import NOUGHT
from app.orders.complaint_models import Complaint
from app.orders.delivery.models import Carriage
from app.orders.models import Assignment, AssignmentLine, Order, OrderLine
from app.orders.sheets import ways
from app.orders.sheets.parcels import Door, door, parcels_of
from app.orders.sheets.values import Parcel, Sum
from app.orders.states import AssignmentState
from app.papers import Party, party

ROWS = 50
"""Assignments on a page."""
MOST = 2000
"""Assignments on one paper."""
MOST_SUMS = 300
"""Articles on one list."""
ON_PAPER = (AssignmentState.ACCEPTED, AssignmentState.DELIVERED)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose day, and which. What should have been handed over before lies on today's list until it has been."""

    day: date
    today: date
    member_id: int | None = None
    """None for all members'."""

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """What an assignment must be to stand on the day's papers."""
        if self.day != self.today:
            return [*self._whose, Assignment.state.in_(ON_PAPER), Assignment.delivery_day == self.day]
        # Each side has a state of its own, so that an index leads to the few rows that are meant.
        to_do = and_(Assignment.state == AssignmentState.ACCEPTED, Assignment.delivery_day <= self.day)
        done = and_(Assignment.state == AssignmentState.DELIVERED, Assignment.delivery_day == self.day)
        return [*self._whose, or_(to_do, done)]

    @property
    def to_come(self) -> list[ColumnElement[bool]]:
        """The same for what is still to be handed over."""
        due = Assignment.delivery_day <= self.day if self.day == self.today else Assignment.delivery_day == self.day
        return [*self._whose, Assignment.state == AssignmentState.ACCEPTED, due]

    @property
    def carried(self) -> list[ColumnElement[bool]]:
        """What a carriage must be to stand on the day's papers."""
        whose = [] if self.member_id is None else [Carriage.carrier_id == self.member_id]
        if self.day != self.today:
            return [*whose, Carriage.delivery_day == self.day]
        to_do = and_(Carriage.state == AssignmentState.ACCEPTED, Carriage.delivery_day <= self.day)
        done = and_(Carriage.state == AssignmentState.DELIVERED, Carriage.delivery_day == self.day)
        return [*whose, or_(to_do, done)]

    @property
    def unanswered(self) -> list[ColumnElement[bool]]:
        """What an assignment must be to wait for an answer for that day."""
        return [*self._whose, Assignment.delivery_day == self.day, Assignment.state == AssignmentState.OFFERED]

    @property
    def _whose(self) -> list[ColumnElement[bool]]:
        return [] if self.member_id is None else [Assignment.member_id == self.member_id]


def page_of(asked: Asked, number: int) -> Leaf[Assignment]:
    """One page of the day's assignments, neighbours beside each other."""
    return leaf(_on(asked), number, ROWS)


def assignments_on(asked: Asked) -> Sequence[Assignment]:
    """All of the day's assignments, at most `MOST`."""
    return db.session.scalars(_on(asked).limit(MOST)).all()


def unanswered(asked: Asked) -> int:
    """How many offers for that day wait for an answer; counted no further than anybody reads."""
    some = select(Assignment.id).where(*asked.unanswered).limit(100).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def assignment_on_paper(assignment_id: int, member_id: int | None) -> Assignment:
    """One assignment with all that its papers need: the member's own, or any for staff. Raises NotYours.

    What is not taken on, or was taken back, has no papers.
    """
    wanted = [Assignment.id == assignment_id, Assignment.state.in_(ON_PAPER)]
    if member_id is not None:
        wanted.append(Assignment.member_id == member_id)
    found = db.session.scalar(select(Assignment).where(*wanted).options(*with_all_parts()))
    if found is None:
        raise NotYours
    return found


def parcels(assignments: Sequence[Assignment]) -> list[Parcel]:
    """What goes from each to each place, with what is known of the door. Few questions, however many there are."""
    notes, returned, known = _door_notes(assignments), _returned(assignments), ways.coming(assignments)
    return [parcel for one in assignments for parcel in parcels_of(one, notes, returned, known.get(one.id))]


def carried(asked: Asked) -> list[Parcel]:
    """What is carried for others on the day, as it stands on the carrier's papers."""
    return carried_by(ways.carriages(asked.carried, MOST))


def carried_by(carriages: Sequence[Carriage]) -> list[Parcel]:
    """What lies in each carriage, of what its maker has said yes to."""
    if not carriages:
        return []
    made = and_(
        Assignment.order_id.in_({one.parcel.order_id for one in carriages}),
        Assignment.member_id.in_({one.sender_id for one in carriages}),
        Assignment.state.in_(ON_PAPER),
    )
    rows = db.session.scalars(select(Assignment).where(made).options(*with_all_parts())).all()
    found = defaultdict(list)
    for parcel in parcels(rows):
        if not parcel.to_member:
            found[parcel.assignment].append(parcel)
    loads = ((one, row) for one in carriages for row in ways.loaded(one, rows))
    return [ways.as_carried(parcel, one) for one, row in loads for parcel in found[row.id]]


def sums(asked: Asked) -> list[Sum]:
    """How much of each article is still to be handed over, by name; at most `MOST_SUMS` articles."""
    columns = (OrderLine.number, OrderLine.name, OrderLine.unit, OrderLine.unit_text)
    query = (
        select(*columns, func.sum(AssignmentLine.quantity), func.count(distinct(Assignment.id)))
        .select_from(Assignment)
        .join(AssignmentLine, AssignmentLine.assignment_id == Assignment.id)
        .join(OrderLine, AssignmentLine.order_line_id == OrderLine.id)
        .where(*asked.to_come, AssignmentLine.quantity > 0)
        .group_by(*columns)
        .order_by(OrderLine.name, OrderLine.number, OrderLine.unit, OrderLine.unit_text)
        .limit(MOST_SUMS)
    )
    return [
        Sum(number, name, text or units.UNITS[unit].symbol_sv, quantity, count)
        for number, name, unit, text, quantity, count in db.session.execute(query)
    ]


def seller() -> Party:
    """The sales company as papers name it. Raises NoResultFound when it is not entered."""
    return party(sales_company())


def _on(asked: Asked) -> Select[Assignment]:
    by_way = (Order.municipality, Order.postcode, Order.street, Assignment.id)
    return (
        select(Assignment).join(Assignment.order).where(*asked.conditions).order_by(*by_way).options(*with_all_parts())
    )


def with_all_parts() -> tuple[ExecutableOption, ...]:
    """With the order's other parts: who makes the next step, and what has been delivered before."""
    order = selectinload(Assignment.order)
    return (
        joinedload(Assignment.member),
        selectinload(Assignment.lines).joinedload(AssignmentLine.order_line),
        order.joinedload(Order.customer),
        order.selectinload(Order.lines).joinedload(OrderLine.article),
        order.selectinload(Order.assignments).joinedload(Assignment.member),
        order.selectinload(Order.assignments).selectinload(Assignment.lines),
    )


def _door_notes(assignments: Sequence[Assignment]) -> dict[Door, str]:
    """What customers have said of their places, for whoever comes there."""
    customers = {one.order.customer_id for one in assignments}
    known = select(Site.customer_id, Site.street, Site.postcode, Site.note)
    wanted = {door(one.order) for one in assignments}
    found = db.session.execute(known.where(Site.customer_id.in_(customers), Site.note != "")) if customers else ()
    return {(who, street, code): note for who, street, code, note in found if (who, street, code) in wanted}


def _returned(assignments: Sequence[Assignment]) -> dict[int, list[str]]:
    """By the line that is delivered anew, which costs nothing: what of the old one is taken along."""
    shares = [share for one in assignments for share in one.lines]
    anew = [share.order_line for share in shares if share.order_line.unit_price == NOUGHT]
    found: dict[int, list[str]] = defaultdict(list)
    if anew:
        old = {line.id for new in anew for line in new.order.lines}
        instead = select(Complaint.new_line_id, OrderLine.name).join(OrderLine, Complaint.order_line_id == OrderLine.id)
        wanted = (Complaint.order_line_id.in_(old), Complaint.new_line_id.in_({line.id for line in anew}))
        for line_id, name in db.session.execute(instead.where(*wanted)):
            found[line_id or 0].append(name)
    return dict(found)
