"""THE STORY of how goods come: who carries them, what was handed over, nobody at home, and what comes back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from app import jobs, moneyflow, orderflow
from app.accounts.models import User
from app.audit import Actor
from app.db import db
from app.members.models import Member
from app.orders import answers, handing, questions
from app.orders import emails as order_letters
from app.orders.delivery import carriages, missed, parcels, proofs, returns
from app.orders.delivery import emails as letters
from app.orders.delivery.event_models import GoodsReturn, MissedVisit
from app.orders.delivery.models import Carriage, Parcel
from app.orders.delivery.parcels import Choice
from app.orders.delivery.proofs import Shown
from app.orders.delivery.returns import Returnable
from app.orders.delivery.rules import needs_of
from app.orders.models import Assignment, Order
from app.orders.queries import hold
from app.orders.states import AssignmentState
from app.pictures import Developed


def choose_way(parcel: Parcel, choice: Choice, *, by: User | None, now: datetime) -> Parcel:
    """A parcel that could not come as it was said comes otherwise; a new carrier is asked."""
    parcels.choose(parcel, choice, by=by, now=now)
    orderflow.see_to_parcels(parcel.order, now=now)
    return parcel


def decline_carriage(carriage: Carriage, reason: str, *, by: Actor, now: datetime) -> Carriage:
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


def deliver(assignment: Assignment, shown: Shown, *, by: Actor, now: datetime) -> Order:
    """A member has given the customer its part, and shows what the customer wants to be shown. Raises Refused."""
    if handing.reaches_customer(assignment):
        proofs.check(needs_of(assignment.order.customer_id), shown)
        proofs.keep(assignment, shown, by=by, now=now)
    return orderflow.deliver(assignment, by=by, now=now)


def arrive(carriage: Carriage, shown: Shown, *, by: Actor, now: datetime) -> Order:
    """The carrier has given the customer the goods: what their maker took on is delivered by that. Raises Refused."""
    order = carriage.parcel.order
    proofs.check(needs_of(order.customer_id), shown)
    for assignment in carriages.arrive(carriage, by=by, now=now):
        proofs.keep(assignment, shown, by=by, now=now)
        words = f"{carriage.carrier.name} körde."
        answers.deliver(assignment, by=by, now=now, words=words, by_carrier=True)
        ended = questions.end(assignment, by=by, now=now)
        order_letters.tell_delivered(assignment, ended=ended, now=now)
    return orderflow.finish(order, now=now)


def nobody_home(
    assignment: Assignment, driver: Member, words: str, photograph: Developed | None, *, by: Actor, now: datetime
) -> MissedVisit:
    """Whoever drove found nobody: the customer is asked what now."""
    visit = missed.report(assignment, driver, words, photograph, by=by, now=now)
    letters.ask_after_missed(visit, now=now)
    return visit


def come_again(visit: MissedVisit, day: date, *, by: Actor | None, now: datetime) -> MissedVisit:
    """The customer wants it on another day; whoever drives is told."""
    missed.come_again(visit, day, by=by, now=now)
    letters.tell_after_missed(visit, now=now)
    return visit


def collect(visit: MissedVisit, *, by: Actor | None, now: datetime) -> MissedVisit:
    """The customer fetches it; a carrier need not come again."""
    missed.collect(visit, by=by, now=now)
    orderflow.see_to_parcels(visit.assignment.order, now=now)
    letters.tell_after_missed(visit, now=now)
    return visit


def send_back(one: Returnable, quantity: Decimal, words: str, *, by: Actor | None, now: datetime) -> GoodsReturn:
    """Something comes back; whoever made it is told."""
    made = returns.register(one, quantity, words, by=by, now=now)
    letters.tell_return(made, now=now)
    return made


def receive(one: GoodsReturn, in_order: Decimal, answer: str, *, by: Actor, now: datetime) -> GoodsReturn:
    """The member has got it back: the customer is told, and what is given back after the invoice is to be credited.

    A deposit that is lost is charged.
    """
    order = hold(one.order_line.order_id)
    charge = returns.receive(one, in_order, answer, most=moneyflow.room_for(one), by=by, now=now)
    if charge is not None:
        moneyflow.owe_for_return(one, charge, by=by, now=now)
    letters.tell_received(one, now=now)
    orderflow.finish(order, now=now)
    return one


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
    why = "Den som skulle köra det kan inte. Välj ett annat sätt, så ordnar vi det. Hör du inte av dig ringer vi."
    parcels.ask_again(carriage.parcel, why, now=now)
    letters.ask_for_way(carriage.parcel, now=now)
    return carriage
