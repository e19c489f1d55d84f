"""THE STORY of how goods come: who carries them, what was handed over, nobody at home, and what comes back."""

from __future__ import annotations

from datetime import datetime

from app import jobs, orderflow
from app.accounts.models import User
from app.db import db
from app.orders import answers
from app.orders import emails as order_letters
from app.orders.delivery import carriages, parcels
from app.orders.delivery import emails as letters
from app.orders.delivery.models import Carriage, Parcel
from app.orders.delivery.parcels import Choice
from app.orders.models import Order
from app.orders.queries import hold
from app.orders.states import AssignmentState


def choose_way(parcel: Parcel, choice: Choice, *, by: User | None, now: datetime) -> Parcel:
    """A parcel that could not come as it was said comes otherwise; a new carrier is asked."""
    parcels.choose(parcel, choice, by=by, now=now)
    orderflow.see_to_parcels(parcel.order, now=now)
    return parcel


def decline_carriage(carriage: Carriage, reason: str, *, by: User, now: datetime) -> Carriage:
    """The carrier says no: the customer is asked for another way, and staff see it."""
    carriages.decline(carriage, reason, by=by, now=now)
    return _without_carrier(carriage, now=now)


def expire_carriage(carriage: Carriage, *, now: datetime) -> Carriage:
    """The carrier did not answer in time."""
    carriages.expire(carriage, now=now)
    letters.tell_carrier_off(carriage, now=now)
    return _without_carrier(carriage, now=now)


def withdraw_carriage(carriage: Carriage, reason: str, *, by: User, now: datetime) -> Carriage:
    """Staff take the carrying back; the way is chosen anew."""
    carriages.withdraw(carriage, reason, by=by, now=now)
    letters.tell_carrier_off(carriage, now=now)
    return _without_carrier(carriage, now=now)


def arrive(carriage: Carriage, *, by: User, now: datetime) -> Order:
    """The carrier has given the customer the goods: what their maker took on is delivered by that."""
    order = carriage.parcel.order
    for assignment in carriages.arrive(carriage, by=by, now=now):
        words = f"{carriage.carrier.name} körde."
        answers.deliver(assignment, by=by, now=now, words=words, by_carrier=True)
        order_letters.tell_delivered(assignment, now=now)
    return orderflow.finish(order, now=now)


@jobs.every_minute
def expire_carriages(now: datetime) -> None:
    """Look for carryings that nobody has answered in time; each is a job of its own."""
    for carriage_id in carriages.expired(now):
        jobs.enqueue(expire_one_carriage, carriage_id=carriage_id, moment=int(now.timestamp()))


@jobs.job
def expire_one_carriage(carriage_id: int, moment: int) -> None:
    """Run twice, it finds nothing left to do."""
    carriage = db.session.get_one(Carriage, carriage_id)
    hold(carriage.parcel.order_id)
    db.session.refresh(carriage)
    now = datetime.fromtimestamp(moment, tz=carriage.offered_at.tzinfo)
    if carriage.state == AssignmentState.OFFERED and carriage.answer_before < now:
        expire_carriage(carriage, now=now)


def _without_carrier(carriage: Carriage, *, now: datetime) -> Carriage:
    why = "Den som skulle köra det kan inte. Välj ett annat sätt, så ordnar vi det. Hör du inget av dig ringer vi."
    parcels.ask_again(carriage.parcel, why, now=now)
    letters.ask_for_way(carriage.parcel, now=now)
    return carriage
