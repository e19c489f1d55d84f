"""How the day's parcels leave whoever made them: collected, fetched by another member - and what a member carries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from app.db import db
from app.orders.delivery.models import Carriage
from app.orders.delivery.models import Parcel as Promise
from app.orders.delivery.queries import parcel_of
from app.orders.delivery.ways import WayKind
from app.orders.models import Assignment
from app.orders.sheets.parcels import Coming, place_of
from app.orders.sheets.values import How, Parcel
from app.orders.states import AssignmentState

CARRIED = (AssignmentState.ACCEPTED, AssignmentState.DELIVERED)


def coming(assignments: Sequence[Assignment]) -> dict[int, Coming]:
    """How the customer's part of each assignment comes, by its id, where something was said. One question for all."""
    promises = promises_of({one.order_id for one in assignments})
    found = {}
    for one in assignments:
        promise = parcel_of(promises.get(one.order_id, ()), one)
        if promise is not None:
            found[one.id] = _coming(promise, one)
    return found


def promises_of(order_ids: Collection[int]) -> dict[int, list[Promise]]:
    """What was promised of each order's parcels, by the order's id."""
    query = select(Promise).where(Promise.order_id.in_(order_ids)).options(joinedload(Promise.carrier))
    found: dict[int, list[Promise]] = defaultdict(list)
    for promise in db.session.scalars(query.order_by(Promise.id)) if order_ids else ():
        found[promise.order_id].append(promise)
    return found


def where(promise: Promise) -> str:
    """Where and when the customer collects; empty when it is brought, or has to be settled anew."""
    return promise.place if promise.kind == WayKind.COLLECT and not promise.asked_again else ""


def carriages(conditions: Sequence[ColumnElement[bool]], most: int) -> Sequence[Carriage]:
    """What members carry for others, of what they have said yes to."""
    query = select(Carriage).where(Carriage.state.in_(CARRIED), *conditions)
    known = (joinedload(Carriage.parcel), joinedload(Carriage.sender), joinedload(Carriage.carrier))
    return db.session.scalars(query.options(*known).order_by(Carriage.delivery_day, Carriage.id).limit(most)).all()


def loaded(carriage: Carriage, assignments: Sequence[Assignment]) -> list[Assignment]:
    """Those of the assignments that lie in what is carried."""
    there = (one for one in assignments if one.order_id == carriage.parcel.order_id)
    return [one for one in there if parcel_of([carriage.parcel], one) is not None]


def as_carried(parcel: Parcel, carriage: Carriage) -> Parcel:
    """The maker's parcel as it stands on the carrier's papers."""
    how = How(carrier=carriage.carrier.name, pick_up=place_of(carriage.sender), carriage=carriage.id)
    done = carriage.state == AssignmentState.DELIVERED
    return replace(parcel, how=how, day=carriage.delivery_day, done=done, waits_for=())


def _coming(promise: Promise, assignment: Assignment) -> Coming:
    if promise.asked_again:
        return "", How(unsettled=True)
    window = promise.window if promise.day == assignment.delivery_day else ""
    carrier = promise.carrier.name if promise.kind == WayKind.CARRIED and promise.carrier else ""
    return window, How(collect=where(promise), carrier=carrier)
