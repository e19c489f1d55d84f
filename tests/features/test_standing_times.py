"""Each time of a standing order becomes one ordinary order, in time, and never for a day that has passed."""

from __future__ import annotations

from contextvars import Context
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app import clock as app_clock
from app import standingflow
from app.audit import AuditEvent
from app.catalog.models import ApprovalState
from app.catalog.pricing.rules import ListKind
from app.db import db
from app.money import Money
from app.orders.models import Order
from app.orders.standing import actions
from app.orders.standing.models import StandingOccurrence, StandingOrder
from app.orders.states import OrderState
from tests.furnished import furnished
from tests.order_case import BUYER, furnish, in_balance
from tests.people import together
from tests.price_lists import make_list, publish
from tests.standing_case import FIRST, minute, start, times, wish

pytestmark = pytest.mark.both

DUE = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
"""Five working days before the first time: two to make it, and three to find somebody."""


@furnished
def fruit(app):
    """Two members make fruit baskets, at two days' notice at most."""
    return furnish()


@furnished
def weekly(fruit):
    """Nordbyn has two baskets each Thursday from 3 December."""
    return start({fruit.id: Decimal(2)})


def orders() -> list[Order]:
    return list(db.session.scalars(select(Order).order_by(Order.id)).all())


def test_the_first_time_is_ordered_five_working_days_before_and_becomes_an_ordinary_order(app, weekly, clock, outbox):
    minute(app)
    assert orders() == [], "two days to make it, and three to find somebody"
    clock.set(DUE)
    minute(app)
    (order,) = orders()
    assert (order.delivery_day, order.customer_id, order.lines[0].quantity) == (FIRST, weekly.customer_id, 2)
    assert order.state == OrderState.PLACED
    assert [one.member.slug for one in order.assignments] == ["ljungbacken"]
    assert times(weekly)[:2] == [("2026-12-03", "ordered"), ("2026-12-10", "coming")]
    assert "Fruktkorgar" in order.events[0].words
    assert in_balance(order).to_come == 2
    assert f"Tack för beställning {order.number}" in outbox.subjects_to(BUYER)
    minute(app, rounds=3)
    assert len(orders()) == 1


def test_a_year_is_written_down_and_holidays_are_moved(weekly):
    planned = dict(times(weekly))
    assert "2026-12-24" not in planned
    assert "2026-12-28" in planned, "Christmas Eve is a Thursday"
    assert 50 <= len(planned) <= 53


def test_two_workers_make_one_order(app, weekly, clock):
    clock.set(DUE)
    due = db.session.scalars(select(StandingOccurrence.id).order_by(StandingOccurrence.nominal)).first()

    def work() -> None:
        with app.app_context():
            standingflow.order_due(due)
            db.session.commit()

    together(lambda: Context().run(work), lambda: Context().run(work), lambda: Context().run(work))
    assert len(orders()) == 1


def test_after_a_week_of_standstill_what_can_still_come_is_ordered_and_what_cannot_is_told(app, weekly, clock, outbox):
    clock.set(datetime(2026, 12, 9, 7, 0, tzinfo=UTC))
    minute(app, rounds=2)
    (order,) = orders()
    assert order.delivery_day == date(2026, 12, 10)
    assert times(weekly)[:3] == [("2026-12-03", "missed"), ("2026-12-10", "ordered"), ("2026-12-17", "coming")]
    assert "Inte beställt: Fruktkorgar" in outbox.subjects_to(BUYER)
    assert "Inte beställt: Fruktkorgar" in outbox.subjects_to("post@samklang.example")
    letters = len(list(outbox))
    minute(app, rounds=2)
    assert len(list(outbox)) == letters, "once is enough"


def test_a_withdrawn_article_is_told_and_tried_again_until_it_can_be_ordered(app, fruit, weekly, clock, outbox):
    fruit.state = ApprovalState.WITHDRAWN
    clock.set(DUE)
    minute(app, rounds=2)
    assert orders() == []
    assert times(weekly)[0] == ("2026-12-03", "failed")
    assert outbox.subjects_to(BUYER).count("Inte beställt: Fruktkorgar") == 1
    assert "säljs inte längre" in outbox.to("post@samklang.example")[-1].body
    fruit.state = ApprovalState.APPROVED
    clock.move(days=1)
    minute(app)
    assert times(weekly)[0] == ("2026-12-03", "ordered")


def test_what_fails_until_its_day_is_told_as_missed(app, fruit, weekly, clock, outbox):
    fruit.state = ApprovalState.WITHDRAWN
    for day in range(26, 31):
        clock.set(datetime(2026, 11, day, 7, 0, tzinfo=UTC))
        minute(app)
    clock.set(datetime(2026, 12, 3, 7, 0, tzinfo=UTC))
    minute(app)
    assert times(weekly)[0] == ("2026-12-03", "missed")
    bodies = [letter.body for letter in outbox.to(BUYER) if "Inte beställt" in letter.subject and "3" in letter.body]
    assert any("beställer ingenting i efterhand" in body for body in bodies)


def test_prices_are_those_of_the_day_of_delivery(app, fruit, weekly, clock):
    publish(fruit)
    make_list(ListKind.CUSTOMER, {fruit: 19900}, customers=[weekly.customer], valid_from=FIRST)
    clock.set(DUE)
    minute(app)
    assert orders()[0].lines[0].unit_price == Money(19900), "the list does not hold yet on the day of ordering"


def test_a_change_from_a_day_leaves_what_came_before(app, fruit, weekly, clock):
    weekly_id = weekly.id
    actions.change(weekly, wish({fruit.id: Decimal(5)}, date(2026, 12, 10)), by=None, now=app_clock.now())
    db.session.commit()
    clock.set(datetime(2026, 12, 3, 7, 0, tzinfo=UTC))
    minute(app)
    assert [order.lines[0].quantity for order in orders()] == [5], "the first day has come before anybody worked"
    assert db.session.get_one(StandingOrder, weekly_id).version_on(FIRST).lines[0].quantity == 2


def test_every_other_week_keeps_its_weeks_when_only_the_quantity_changes(fruit):
    standing = start({}, wish=wish({fruit.id: Decimal(2)}, step=2))
    before = [day for day, _state in times(standing)]
    actions.change(standing, wish({fruit.id: Decimal(3)}, date(2026, 12, 10), step=2), by=None, now=app_clock.now())
    assert [day for day, _state in times(standing)] == before


def test_times_are_written_ever_further_ahead_and_lead_times_are_looked_at_again(app, fruit, weekly, clock):
    last = times(weekly)[-1][0]
    fruit.offerings[0].lead_days = 10
    clock.move(days=8)
    minute(app)
    assert times(weekly)[-1][0] > last
    one = db.session.scalars(select(StandingOccurrence).where(StandingOccurrence.nominal == date(2027, 1, 28))).one()
    assert one.place_on == date(2027, 1, 11), "thirteen working days"


def test_what_is_done_is_in_the_audit_log(app, weekly, clock):
    clock.set(DUE)
    minute(app)
    mine = AuditEvent.subject_kind == "StandingOrder"
    assert list(db.session.scalars(select(AuditEvent.what).where(mine).order_by(AuditEvent.id))) == ["made", "ordered"]


def test_a_week_of_many_standing_orders_is_ordered_in_one_round(app, fruit, clock):
    for number in range(12):
        start({fruit.id: Decimal(2)}, name=f"Nummer {number}")
    clock.set(DUE)
    minute(app)
    assert len(orders()) == 12
    state = StandingOccurrence.state
    counted = select(state, func.count()).where(StandingOccurrence.day == FIRST).group_by(state)
    counts = dict(db.session.execute(counted).all())
    assert counts == {"ordered": 12}
