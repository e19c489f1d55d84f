"""What is made in batches waits until its window closes; then members are asked, or it is called off and told."""

from __future__ import annotations

from contextvars import Context
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app import clock as app_clock
from app import windowflow
from app.db import db
from app.errors import Refused
from app.orders import queries
from app.orders.change_queries import may_change_until
from app.orders.states import EventKind, OrderState
from app.orders.windows.models import WindowState
from tests import make
from tests.furnished import furnished
from tests.order_case import BUYER, DELIVERY, NEXT_FRIDAY, furnish, in_balance, parts
from tests.order_case import order as make_order
from tests.people import text, together
from tests.window_case import BATCH_DAY, CLOSES, gather, minute

pytestmark = pytest.mark.both

AFTER = CLOSES + timedelta(minutes=1)


@furnished
def fruit(app):
    """Two members make fruit baskets, 100 a week each."""
    return furnish()


@furnished
def batch(fruit):
    """Fruit baskets are made in a batch of at least ten."""
    return gather(fruit)


def test_what_is_ordered_waits_and_nobody_is_asked_or_told_to_worry(app, fruit, batch, visit, outbox):
    order = make_order({fruit.id: Decimal(6)})
    assert order.state == OrderState.PLACED
    assert parts(order) == []
    assert order.delivery_day == BATCH_DAY, "the batch has its day"
    assert not order.has_open_part
    assert queries.desk_counts(app_clock.now())["open"] == 0
    letter = outbox.to(BUYER)[-1].body
    assert "görs i omgångar" in letter
    assert "Allt är inte på plats" not in letter
    page = text(visit(BUYER).page(f"/bestallningar/{order.number}"))
    assert "väntar" in page
    assert may_change_until(order) == CLOSES


def test_when_it_closes_all_orders_go_to_members_in_one_run(app, fruit, batch, clock):
    orders = [make_order({fruit.id: Decimal(number)}) for number in (6, 5, 3)]
    clock.set(CLOSES - timedelta(minutes=1))
    minute(app)
    assert batch.state == WindowState.OPEN
    clock.set(AFTER)
    minute(app)
    assert batch.state == WindowState.SENT
    assert [sum(quantity for _member, _state, quantity in parts(order)) for order in orders] == [6, 5, 3]
    assert {one.delivery_day for order in orders for one in order.assignments} == {BATCH_DAY}
    assert all(in_balance(order).to_come for order in orders)
    asked = sum(len(order.assignments) for order in orders)
    minute(app, rounds=3)
    assert sum(len(order.assignments) for order in orders) == asked


def test_the_run_sees_what_it_has_given_away_itself(app, fruit, batch, clock):
    for offering in fruit.offerings:
        offering.capacity_per_week = Decimal(8)
    orders = [make_order({fruit.id: Decimal(6)}) for _number in range(3)]
    clock.set(AFTER)
    minute(app)
    given = [quantity for order in orders for _member, _state, quantity in parts(order)]
    assert sum(given) == 16
    assert orders[2].lines[0].unassigned == 2
    assert orders[2].has_open_part, "now it lies with us"


def test_with_too_little_it_is_called_off_and_everybody_is_told(app, fruit, batch, clock, outbox):
    orders = [make_order({fruit.id: Decimal(number)}) for number in (6, 3)]
    clock.set(AFTER)
    minute(app, rounds=2)
    assert batch.state == WindowState.CALLED_OFF
    assert [order.state for order in orders] == [OrderState.CALLED_OFF] * 2
    subjects = [one for one in outbox.subjects_to(BUYER) if one.startswith("Omgången blir inte av")]
    assert len(subjects) == 2
    assert "minst 10" in outbox.to(BUYER)[-1].body
    assert [event.kind for event in orders[0].events if event.for_customer][-1] == EventKind.CALLED_OFF
    assert in_balance(orders[0]).to_come == 0


def test_nothing_is_lost_when_the_worker_was_down_at_closing_time(app, fruit, batch, clock):
    order = make_order({fruit.id: Decimal(12)})
    clock.set(CLOSES + timedelta(hours=9))
    with pytest.raises(Refused, match="Ingen ny omgång"):
        make_order({fruit.id: Decimal(1)})
    db.session.rollback()
    minute(app)
    assert batch.state == WindowState.SENT
    assert sum(quantity for _member, _state, quantity in parts(order)) == 12


def test_two_workers_close_it_once(app, fruit, batch, clock):
    order = make_order({fruit.id: Decimal(12)})
    clock.set(AFTER)
    window = batch.id

    def work() -> None:
        with app.app_context():
            windowflow.close_window(window)
            db.session.commit()

    together(*(lambda: Context().run(work) for _worker in range(3)))
    assert sum(quantity for _member, _state, quantity in parts(order)) == 12


def test_before_it_opens_it_says_when(fruit):
    gather(fruit, opens_at=datetime(2026, 12, 1, 7, 0, tzinfo=UTC))
    with pytest.raises(Refused, match=r"Nästa omgång öppnar tis.1.dec.08:00"):
        make_order({fruit.id: Decimal(6)})


def test_a_mixed_order_comes_on_two_days(app, fruit, batch, clock):
    rolls = make.make_article("Bullar")
    make.make_offering(rolls, fruit.offerings[0].member)
    order = make_order({fruit.id: Decimal(12), rolls.id: Decimal(4)})
    assert order.delivery_day == NEXT_FRIDAY == DELIVERY.day
    assert [(line.name, line.day) for line in order.lines] == [("Fruktkorg 5 kg", BATCH_DAY), ("Bullar", NEXT_FRIDAY)]
    assert parts(order) == [("ljungbacken", "offered", 4)]
    clock.set(AFTER)
    minute(app)
    assert sum(quantity for _member, _state, quantity in parts(order)) == 16


def test_the_customer_takes_more_until_it_closes_and_it_counts(app, fruit, batch, clock, visit):
    order = make_order({fruit.id: Decimal(6)})
    line = order.lines[0].id
    answer = visit(BUYER).fill(f"/bestallningar/{order.number}/andra", {f"quantity-{line}": "11"})
    assert answer.status_code == 303
    assert parts(order) == [], "still nobody is asked"
    refused = visit(BUYER).fill(f"/bestallningar/{order.number}/andra", {"day": "2026-12-14"})
    assert refused.status_code == 422
    assert "hela omgången levereras samma dag" in refused.text
    clock.set(AFTER)
    minute(app)
    assert sum(quantity for _member, _state, quantity in parts(order)) == 11


def test_who_calls_off_in_time_counts_no_more(app, fruit, batch, clock, visit):
    order, other = make_order({fruit.id: Decimal(6)}), make_order({fruit.id: Decimal(6)})
    visit(BUYER).post(f"/bestallningar/{order.number}/avbestall")
    clock.set(AFTER)
    minute(app)
    db.session.expire_all()
    assert batch.state == WindowState.CALLED_OFF
    assert other.state == order.state == OrderState.CALLED_OFF
