"""The carrying as an assignment of its own: a member is asked, and says yes or no; who makes the goods hands them over.

The carrier alone reports that the customer has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app import audit
from app.audit import Actor
from app.db import db
from app.errors import Refused
from app.orders.actions import note
from app.orders.deadlines import answer_before
from app.orders.delivery.models import Carriage, Parcel
from app.orders.delivery.queries import parcel_of, parcels_in
from app.orders.delivery.ways import WayKind
from app.orders.models import Assignment, Order
from app.orders.states import TO_COME, AssignmentState, EventKind

MOST_AT_ONCE = 200


def arrange(order: Order, parcels: Sequence[Parcel], *, now: datetime) -> tuple[list[Carriage], list[Carriage]]:
    """Let each parcel that is carried have a carrier that is asked, for its day and its maker, and no other.

    Returns the new carriages, and those that are no longer wanted.
    """
    asked, ended = [], []
    for parcel in parcels:
        wanted, present = _is_carried(order, parcel), parcel.carriage
        if present is not None and not (wanted and _fits(parcel, present)):
            ended.append(_end(present, AssignmentState.CALLED_OFF, "Det ska inte köras så längre.", by=None, now=now))
            present = None
        if wanted and present is None:
            asked.append(_ask(parcel, now=now))
    return asked, ended


def accept(carriage: Carriage, *, by: Actor, now: datetime) -> Carriage:
    """The carrier takes it on. Raises Refused when it is no longer open."""
    _check_open(carriage, now)
    carriage.state, carriage.answered_at = AssignmentState.ACCEPTED, now
    _note(carriage, "kör.", by=by, now=now)
    audit.record(carriage, "accepted", by=by, now=now)
    return carriage


def decline(carriage: Carriage, reason: str, *, by: Actor, now: datetime) -> Carriage:
    """The carrier says no. Raises Refused without a reason."""
    _check_open(carriage, now)
    if not reason.strip():
        raise Refused("Skriv varför du tackar nej. Det räcker med ett par ord.")
    return _end(carriage, AssignmentState.DECLINED, reason, by=by, now=now)


def expire(carriage: Carriage, *, now: datetime) -> Carriage:
    """Nobody answered in time."""
    return _end(carriage, AssignmentState.EXPIRED, "Inget svar i tid.", by=None, now=now)


def withdraw(carriage: Carriage, reason: str, *, by: Actor, now: datetime) -> Carriage:
    """Staff take the carrying back."""
    if not reason.strip():
        raise Refused("Skriv varför uppdraget flyttas.")
    return _end(carriage, AssignmentState.WITHDRAWN, reason, by=by, now=now)


def hand_over(assignment: Assignment, *, by: Actor, now: datetime) -> Carriage:
    """Whoever made the goods says that the carrier has them. Raises Refused when nobody is to carry them."""
    parcel = parcel_of(parcels_in(assignment.order), assignment)
    carriage = parcel.carriage if parcel else None
    if carriage is None or carriage.state != AssignmentState.ACCEPTED:
        raise Refused("Ingen har sagt ja till att köra det. Ring oss.")
    if carriage.handed_over_at is None:
        carriage.handed_over_at = now
        _note(carriage, f"har hämtat hos {assignment.member.name}.", by=by, now=now)
        audit.record(carriage, "handed over", by=by, now=now)
    return carriage


def arrive(carriage: Carriage, *, by: Actor, now: datetime) -> list[Assignment]:
    """The customer has got it: returns the maker's assignments that are delivered by this. Raises Refused."""
    if carriage.state == AssignmentState.OFFERED:
        raise Refused("Svara ja till uppdraget först. Sedan kan du rapportera leveransen.")
    parts = carried(carriage)
    if not parts and carriage.state == AssignmentState.ACCEPTED:
        raise Refused("Ingen har sagt ja till att göra varorna än. Ring oss.")
    carriage.state, carriage.delivered_at = AssignmentState.DELIVERED, now
    audit.record(carriage, "delivered", by=by, now=now)
    return parts


def carried(carriage: Carriage) -> list[Assignment]:
    """The maker's assignments that lie in it, of those that the maker has said yes to."""
    return [
        one
        for one in carriage.parcel.order.assignments
        if one.state == AssignmentState.ACCEPTED and parcel_of([carriage.parcel], one) is not None
    ]


def carried_by(assignment: Assignment) -> Carriage | None:
    """The carriage by which a member's part reaches the customer; none when the member brings it itself."""
    parcel = parcel_of(parcels_in(assignment.order), assignment)
    return parcel.carriage if parcel else None


def check_not_carried(assignment: Assignment) -> None:
    """Raises Refused where another member carries the part: only the carrier knows when it has come."""
    carriage = carried_by(assignment)
    if carriage is not None:
        raise Refused(f"{carriage.carrier.name} kör det och rapporterar leveransen. Rapportera att de har hämtat det.")


def expired(now: datetime) -> Sequence[int]:
    """The ids of carriages that have lain unanswered past their deadline."""
    overdue = (Carriage.state == AssignmentState.OFFERED, Carriage.answer_before < now)
    return db.session.scalars(select(Carriage.id).where(*overdue).limit(MOST_AT_ONCE)).all()


def _is_carried(order: Order, parcel: Parcel) -> bool:
    if parcel.kind != WayKind.CARRIED or parcel.asked_again:
        return False
    return any(one.state in TO_COME and parcel_of([parcel], one) is not None for one in order.assignments)


def _fits(parcel: Parcel, present: Carriage) -> bool:
    """Whether it is the right one. A carrier that has the goods keeps them, also for a second try on another day."""
    if present.handed_over_at is not None:
        return present.carrier_id == parcel.carrier_id
    asked = (present.carrier_id, present.sender_id, present.delivery_day)
    return asked == (parcel.carrier_id, parcel.member_id, parcel.day)


def _ask(parcel: Parcel, *, now: datetime) -> Carriage:
    by_post = parcel.carrier is not None and parcel.carrier.is_on_paper
    made = Carriage(
        parcel=parcel,
        carrier_id=parcel.carrier_id,
        sender_id=parcel.member_id,
        state=AssignmentState.OFFERED,
        delivery_day=parcel.day,
        pay=parcel.fee,
        offered_at=now,
        answer_before=answer_before(now, parcel.day, by_post=by_post),
    )
    db.session.add(made)
    db.session.flush()
    _note(made, "har tillfrågats om att köra.", now=now)
    return made


def _end(carriage: Carriage, state: AssignmentState, reason: str, *, by: Actor | None, now: datetime) -> Carriage:
    carriage.state, carriage.answered_at, carriage.declined_because = state, now, reason.strip()[:500]
    _note(carriage, f"kör inte. {carriage.declined_because}", by=by, now=now)
    audit.record(carriage, state.value, by=by, now=now)
    return carriage


def _note(carriage: Carriage, words: str, *, by: Actor | None = None, now: datetime) -> None:
    name = carriage.carrier.name
    note(carriage.parcel.order, EventKind.CARRIAGE, now=now, by=by, member=name, words=f"{name} {words}")


def _check_open(carriage: Carriage, now: datetime) -> None:
    if carriage.state != AssignmentState.OFFERED:
        raise Refused("Någon har redan svarat på uppdraget, eller så har det gått vidare. Ladda om sidan.")
    if now > carriage.answer_before:
        raise Refused("Svarstiden har gått ut. Ring oss så hjälps vi åt.")
