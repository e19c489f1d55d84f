"""THE STORY of a standing order: agreed, changed, paused, ended - and each of its times ordered, in time."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from app import audit, clock, jobs, orderflow
from app.accounts.models import User
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.formats import swedish_day
from app.orders.cart import Again, Delivery
from app.orders.models import Order
from app.orders.standing import actions as standing_orders
from app.orders.standing import emails, queries, timetable
from app.orders.standing.actions import Wish
from app.orders.standing.models import TO_ORDER, OccurrenceState, StandingOccurrence, StandingOrder, StandingVersion

TOO_LATE = "Leveransdagen hade kommit innan vi hann beställa."


def start(wish: Wish, name: str, *, customer: Customer, ticket: str, by: User | None, now: datetime) -> StandingOrder:
    """A customer wants something again and again; what is due at once is ordered at once."""
    made = standing_orders.make(wish, name, customer=customer, ticket=ticket, by=by, now=now)
    emails.tell_made(made, now=now)
    return made


def change(standing: StandingOrder, wish: Wish, *, by: User, now: datetime, notice: bool = True) -> StandingOrder:
    """Something else holds from a day on. What is ordered already stays as it was ordered."""
    staying = queries.ordered_from(standing, wish.first)
    standing_orders.change(standing, wish, by=by, now=now, notice=notice)
    emails.tell_changed(standing, f"Ändringen gäller från {_day(wish.first, now)}.", now=now, staying=staying)
    return standing


def pause(
    standing: StandingOrder, first: date, last: date | None, *, by: User, now: datetime, notice: bool = True
) -> StandingOrder:
    """Nothing comes for a while, or until it is resumed. What is ordered already comes."""
    staying = queries.ordered_from(standing, first, last)
    standing_orders.pause(standing, first, last, by=by, now=now, notice=notice)
    until = f"till och med {_day(last, now)}" if last else "tills vidare"
    emails.tell_changed(standing, f"Uppehåll från {_day(first, now)} {until}.", now=now, staying=staying)
    return standing


def resume(standing: StandingOrder, first: date, *, by: User, now: datetime) -> StandingOrder:
    """It goes on."""
    standing_orders.resume(standing, first, by=by, now=now)
    emails.tell_changed(standing, f"Leveranserna fortsätter från {_day(first, now)}.", now=now)
    return standing


def end(standing: StandingOrder, last: date, *, by: User, now: datetime, notice: bool = True) -> StandingOrder:
    """It ends. What is ordered already comes."""
    standing_orders.end(standing, last, by=by, now=now, notice=notice)
    staying = queries.ordered_from(standing, last + timedelta(days=1))
    emails.tell_changed(standing, f"Den sista dagen är {_day(last, now)}.", now=now, staying=staying)
    return standing


@jobs.every_minute
def order_all_due(now: datetime) -> None:
    """Look for times that are to be ordered by now; each is a job of its own."""
    for occurrence in queries.due(now):
        occurrence.handed_over_at = now
        jobs.enqueue(order_due, occurrence_id=occurrence.id)


@jobs.job
def order_due(occurrence_id: int) -> None:
    """Run twice, it finds the time ordered."""
    occurrence = queries.hold(occurrence_id)
    if occurrence is not None:
        order_time(occurrence, now=clock.now())


@jobs.every_minute
def tend_all(now: datetime) -> None:
    """Look for standing orders whose times are to be written further ahead; each is a job of its own."""
    for standing_id in queries.to_tend(clock.local_date(now)):
        jobs.enqueue(tend_one, standing_id=standing_id)


@jobs.job
def tend_one(standing_id: int) -> None:
    """Run twice, it writes nothing new."""
    timetable.tend(queries.standing_with(standing_id, lock=True), now=clock.now())


def order_time(occurrence: StandingOccurrence, *, now: datetime) -> Order | None:
    """Make one time an ordinary order, at the prices of its day; the caller holds its standing order.

    Where that cannot be, customer and staff are told, and it is tried again the next day as long as there is one. A
    day that has come is never ordered for: customer and staff decide what to do instead.
    """
    today = clock.local_date(now)
    if occurrence.state not in TO_ORDER or occurrence.place_on > today:
        return None
    if occurrence.day <= today:
        _not_ordered(occurrence, OccurrenceState.MISSED, occurrence.why or TOO_LATE, now=now)
        return None
    try:
        with db.session.begin_nested():
            order = _checkout(occurrence, now=now)
    except Refused as no:
        _not_ordered(occurrence, OccurrenceState.FAILED, str(no), now=now)
        return None
    occurrence.state, occurrence.order, occurrence.why = OccurrenceState.ORDERED, order, ""
    audit.record(occurrence.standing_order, "ordered", by=None, now=now, order=order.number, day=str(occurrence.day))
    return order


def _checkout(occurrence: StandingOccurrence, *, now: datetime) -> Order:
    standing, version = occurrence.standing_order, occurrence.version
    return orderflow.checkout(
        {line.article_id: line.quantity for line in version.lines},
        _delivery(version, occurrence.day),
        customer=standing.customer,
        ticket=secrets.token_urlsafe(24),
        by=standing.placed_by,
        now=now,
        consent=version.consent,
        again=Again(standing.id, version.made_at),
        words=f"En gång av den stående beställningen {standing.name}.",
    )


def _delivery(version: StandingVersion, day: date) -> Delivery:
    return Delivery(
        day=day,
        name=version.delivery_name,
        street=version.street,
        postcode=version.postcode,
        city=version.city,
        municipality=version.municipality,
        buyer_reference=version.buyer_reference,
        order_reference=version.order_reference,
        cost_centre=version.cost_centre,
        note=version.note,
        wished_way=version.wished_way,
    )


def _not_ordered(occurrence: StandingOccurrence, state: OccurrenceState, why: str, *, now: datetime) -> None:
    """Keep why, look again tomorrow, and write when there is news."""
    news = (occurrence.state, occurrence.why) != (state, why)
    occurrence.state, occurrence.why = state, why[:1000]
    occurrence.place_on, occurrence.handed_over_at = clock.local_date(now) + timedelta(days=1), None
    if news:
        audit.record(occurrence.standing_order, state.value, by=None, now=now, day=str(occurrence.day), why=why[:1000])
        emails.tell_not_ordered(occurrence, now=now)


def _day(day: date, now: datetime) -> str:
    return swedish_day(day, clock.local_date(now))
