"""Nobody took the goods: it is written down and told, and the customer chooses a new day or to collect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app import audit, clock, pictures
from app.audit import Actor
from app.db import db
from app.errors import NotYours, Refused
from app.formats import swedish_day
from app.members.models import Member
from app.orders.actions import note
from app.orders.checks import check_day
from app.orders.delivery.carriages import carried_by
from app.orders.delivery.counted import count_fees
from app.orders.delivery.event_models import MissedVisit
from app.orders.delivery.fees import said
from app.orders.delivery.models import OrderCharge
from app.orders.delivery.parcels import let_collect
from app.orders.delivery.queries import FEES, MOST_COUNTED
from app.orders.delivery.rules import again_fee
from app.orders.delivery.states import AfterMissed, ChargeKind
from app.orders.delivery.ways import WayKind
from app.orders.delivery.ways_of import ways_of
from app.orders.models import Assignment, Order
from app.orders.queries import PAGE
from app.orders.states import AssignmentState, EventKind
from app.pictures import Developed, Picture


def report(
    assignment: Assignment, driver: Member, words: str, photograph: Developed | None, *, by: Actor, now: datetime
) -> MissedVisit:
    """Whoever drove found nobody. Raises Refused before the day, twice without an answer, and without words."""
    if assignment.state != AssignmentState.ACCEPTED:
        raise Refused("Det går bara att rapportera det som ni har sagt ja till och inte har levererat.")
    if assignment.delivery_day > clock.local_date(now):
        raise Refused("Dagen är inte här än.")
    if not words.strip():
        raise Refused("Skriv vad som hände. Kunden läser det.")
    if open_of(assignment) is not None:
        raise Refused("Kunden har redan fått frågan. Vänta på svaret, eller ring oss.")
    carriage = carried_by(assignment)
    if carriage is not None and carriage.handed_over_at is None:
        carriage.handed_over_at = now
    made = MissedVisit(
        assignment=assignment,
        member=driver,
        words=words.strip()[:500],
        photograph=pictures.take_in(photograph, now=now) if photograph else None,
        at=now,
        by_name=by.name,
        fee=again_fee(),
    )
    db.session.add(made)
    note(
        assignment.order,
        EventKind.NOT_HOME,
        now=now,
        by=by,
        member=driver.name,
        words=made.words,
        for_customer=True,
    )
    audit.record(made, "reported", by=by, now=now, assignment=assignment.id)
    return made


def come_again(visit: MissedVisit, day: date, *, by: Actor | None, now: datetime) -> MissedVisit:
    """Another day is tried; what that costs was said, and is charged now. Raises Refused."""
    check_day(day, now)
    _check_open(visit)
    assignment, order = visit.assignment, visit.assignment.order
    visit.choice, visit.new_day = AfterMissed.AGAIN, day
    visit.chosen_at, visit.chosen_by = now, by.name if by else order.customer.name
    assignment.delivery_day = day
    carriage = carried_by(assignment)
    if carriage is not None:
        carriage.delivery_day = day
    fee = f" Det kostar {said(visit.fee, order)}." if visit.fee else ""
    words = f"Ett nytt försök {swedish_day(day, clock.local_date(now))}.{fee}"
    event = note(order, EventKind.WAY, now=now, by=by, member=visit.member.name, words=words, for_customer=True)
    if visit.fee:
        db.session.add(
            OrderCharge(
                event=event,
                kind=ChargeKind.AGAIN,
                name=f"Nytt leveransförsök {swedish_day(day, clock.local_date(now))}",
                member=visit.member,
                vat_class=FEES,
                charged=visit.fee,
                earned=visit.fee,
            )
        )
        db.session.flush()
        count_fees(order, now=now)
    audit.record(visit, "come again", by=by, now=now, day=day.isoformat())
    return visit


def collect(visit: MissedVisit, *, by: Actor | None, now: datetime) -> MissedVisit:
    """The customer fetches it itself, at whoever made it."""
    _check_open(visit)
    assignment, order = visit.assignment, visit.assignment.order
    visit.choice, visit.chosen_at = AfterMissed.COLLECT, now
    visit.chosen_by = by.name if by else order.customer.name
    place = where_to_collect(assignment)
    let_collect(assignment, place)
    words = f"Kunden hämtar det: {place}"
    note(order, EventKind.WAY, now=now, by=by, member=visit.member.name, words=words, for_customer=True)
    audit.record(visit, "collect", by=by, now=now)
    return visit


def where_to_collect(assignment: Assignment) -> str:
    """Where the member lets customers collect, or its own address."""
    member = assignment.member
    said = next((way for way in ways_of([member.id], ()).get(member.id, ()) if way.kind == WayKind.COLLECT), None)
    return said.place if said else f"{member.name}, {member.street}, {member.postcode} {member.city}"


def open_of(assignment: Assignment) -> MissedVisit | None:
    """The visit of which the customer has not said what now."""
    mine = (MissedVisit.assignment_id == assignment.id, MissedVisit.choice.is_(None))
    return db.session.scalar(select(MissedVisit).where(*mine).limit(1))


def visits_in(order: Order) -> Sequence[MissedVisit]:
    """The order's missed visits, oldest first. Its events tell whether there are any."""
    if not any(event.kind == EventKind.NOT_HOME for event in order.events):
        return ()
    query = select(MissedVisit).join(MissedVisit.assignment).where(Assignment.order_id == order.id)
    return db.session.scalars(query.order_by(MissedVisit.id)).all()


def coming_again(visits: Iterable[MissedVisit]) -> list[MissedVisit]:
    """Of some visits those after which another day was chosen that has not come to anything yet: the last of each part.

    Where the day has been changed since, it is no longer theirs.
    """
    last = {one.assignment_id: one for one in visits}
    return [
        one
        for one in last.values()
        if one.new_day is not None
        and one.assignment.state == AssignmentState.ACCEPTED
        and one.assignment.delivery_day == one.new_day
    ]


def is_all(order: Order, again: Iterable[MissedVisit]) -> bool:
    """Whether nothing else is still to come."""
    tried = {one.assignment_id for one in again}
    rest = [one for one in order.assignments if one.is_live and one.state != AssignmentState.DELIVERED]
    return {one.id for one in rest} <= tried and not any(line.unassigned for line in order.lines)


def visit_in(order: Order, visit_id: int) -> MissedVisit:
    """One of them. Raises NotYours."""
    found = next((one for one in visits_in(order) if one.id == visit_id), None)
    if found is None:
        raise NotYours
    return found


def picture_in(order: Order, visit_id: int) -> Picture:
    """What the driver photographed. Raises NotYours."""
    found = visit_in(order, visit_id).photograph
    if found is None:
        raise NotYours
    return found


def waiting() -> Sequence[MissedVisit]:
    """Those that wait for the customer, the oldest first."""
    assignment = joinedload(MissedVisit.assignment)
    query = select(MissedVisit).where(MissedVisit.choice.is_(None))
    going_on = query.join(MissedVisit.assignment).where(Assignment.state == AssignmentState.ACCEPTED)
    return db.session.scalars(
        going_on.options(assignment.joinedload(Assignment.order).joinedload(Order.customer))
        .order_by(MissedVisit.id)
        .limit(PAGE)
    ).all()


def waiting_count() -> int:
    """How many wait; counted only as far as a person would read."""
    query = select(MissedVisit.id).join(MissedVisit.assignment).where(MissedVisit.choice.is_(None))
    some = query.where(Assignment.state == AssignmentState.ACCEPTED).limit(MOST_COUNTED).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _check_open(visit: MissedVisit) -> None:
    if visit.choice is not None:
        raise Refused("Det är redan valt. Ladda om sidan.")
    if visit.assignment.state != AssignmentState.ACCEPTED:
        raise Refused("Det är redan levererat, eller har gått vidare. Ladda om sidan.")
