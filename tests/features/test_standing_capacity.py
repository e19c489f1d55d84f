"""What comes again holds its part of the week: other orders cannot take it, and its own may use it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app import orderflow
from app.catalog.pricing.rules import ListKind
from app.customers.models import Customer
from app.db import db
from app.orders import routing_actions
from app.orders.models import Order
from tests import make
from tests.furnished import furnished
from tests.order_case import DELIVERY, furnish, parts
from tests.price_lists import make_list
from tests.standing_case import minute, start, wish

pytestmark = pytest.mark.both

WEDNESDAY = date(2026, 12, 9)
DUE = datetime(2026, 12, 3, 7, 0, tzinfo=UTC)


@furnished
def fruit(app):
    """Ljungbacken alone makes fruit baskets, ten a week."""
    article = furnish()
    db.session.delete(article.offerings[1])
    article.offerings[0].capacity_per_week = Decimal(10)
    return article


def order(article, quantity: int, day: date = WEDNESDAY, **where: str) -> Order:
    customer = db.session.scalars(select(Customer).order_by(Customer.id)).first()
    delivery = replace(DELIVERY, day=day, **where)
    ticket = f"ticket-{article.id}-{quantity}-{day}"
    made = orderflow.checkout(
        {article.id: Decimal(quantity)}, delivery, customer=customer, ticket=ticket, by=None, now=app_clock.now()
    )
    db.session.commit()
    return made


def test_what_comes_later_that_week_is_kept(fruit):
    start({fruit.id: Decimal(6)})
    assert order(fruit, 5).lines[0].unassigned == 1, "6 of 10 are kept for Thursday"
    assert order(fruit, 2).lines[0].unassigned == 2
    assert order(fruit, 10, date(2026, 11, 27)).lines[0].unassigned == 0, "nothing comes that week yet"


def test_two_times_a_week_are_both_kept_and_each_uses_its_own(app, fruit, clock):
    start({}, wish=wish({fruit.id: Decimal(5)}, date(2026, 12, 7), weekdays=frozenset({1, 3})))
    assert order(fruit, 1).lines[0].unassigned == 1
    clock.set(DUE)
    minute(app)
    times = db.session.scalars(select(Order).where(Order.standing_order_id.is_not(None))).all()
    assert [(one.delivery_day.isoformat(), one.lines[0].unassigned) for one in times] == [
        ("2026-12-08", 0),
        ("2026-12-10", 0),
    ]


def test_what_is_ordered_is_not_kept_twice(app, fruit, clock):
    start({fruit.id: Decimal(6)})
    clock.set(DUE)
    minute(app)
    assert order(fruit, 4).lines[0].unassigned == 0


def test_a_declined_time_is_asked_anew_without_its_own_hold_in_the_way(app, fruit, clock, visit):
    other = make.make_offering(fruit, make.make_kokljus(), capacity_per_week=Decimal(10))
    start({}, wish=wish({fruit.id: Decimal(5)}, date(2026, 12, 7), weekdays=frozenset({1, 4})))
    clock.set(datetime(2026, 12, 1, 7, 0, tzinfo=UTC))
    minute(app)
    first = db.session.scalars(select(Order).where(Order.standing_order_id.is_not(None))).one()
    asked = first.assignments[0]
    make.make_user(other.member.email, member=other.member)
    visit(asked.member.email).post(f"/medlem/uppdrag/{asked.id}/nej", data={"reason": "Semester"})
    assert [state for _member, state, _quantity in parts(first)] == ["declined", "offered"]


def test_a_bundles_parts_are_kept(fruit):
    rolls = make.make_article("Bullar")
    make.make_offering(rolls, fruit.offerings[0].member, capacity_per_week=Decimal(100))
    bundle = make.make_bundle("Fika", (fruit, "2", False), (rolls, "10", False))
    start({bundle.id: Decimal(3)})
    assert order(fruit, 5).lines[0].unassigned == 1, "three bundles hold six baskets"
    assert order(rolls, 70).lines[0].unassigned == 0
    assert order(rolls, 1).lines[0].unassigned == 1


def test_what_is_paused_or_ended_is_kept_no_longer(fruit, visit):
    standing = start({fruit.id: Decimal(6)})
    visit("kontor@nordbyn.example").post(
        f"/staende/{standing.id}/uppehall", data={"uppehall-first": "2026-12-07", "uppehall-last": "2026-12-11"}
    )
    assert order(fruit, 10).lines[0].unassigned == 0


@pytest.fixture
def agreement(fruit):
    """Nordbyn calls off from an agreement, for whose orders six baskets a week are kept."""
    customer = db.session.scalars(select(Customer).order_by(Customer.id)).first()
    made = make_list(ListKind.FRAMEWORK, {fruit: 19800}, customers=[customer])
    days = date(2026, 12, 1), date(2027, 6, 30)
    routing_actions.hold(fruit.offerings[0], made, days, Decimal(6), "avtalet", by=None, now=app_clock.now())
    db.session.commit()
    return made


def stranger(article, quantity: int) -> Decimal:
    """How much of it nobody has room for, of an order of somebody's without an agreement."""
    made = orderflow.checkout(
        {article.id: Decimal(quantity)},
        replace(DELIVERY, day=WEDNESDAY),
        customer=db.session.scalars(select(Customer).where(Customer.email == "annan@kund.example")).one(),
        ticket=f"annan-{quantity}",
        by=None,
        now=app_clock.now(),
    )
    db.session.commit()
    return made.lines[0].unassigned


def test_under_an_agreement_the_same_baskets_are_kept_once(fruit, agreement):
    make.make_customer(email="annan@kund.example")
    start({fruit.id: Decimal(5)})
    assert stranger(fruit, 4) == 0, "six of ten are kept, five of them for Thursday"
    assert stranger(fruit, 1) == 1
    assert order(fruit, 2).lines[0].unassigned == 1, "the agreement's other orders leave Thursday's five"


def test_what_the_agreement_does_not_price_is_kept_beside_its_hold(fruit, agreement):
    make.make_customer(email="annan@kund.example")
    other = db.session.scalars(select(Customer).where(Customer.email == "annan@kund.example")).one()
    start({fruit.id: Decimal(3)}, customer=other)
    assert stranger(fruit, 2) == 1


def test_an_agreements_standing_order_finds_room_in_its_own_hold(app, fruit, agreement, clock):
    fruit.offerings[0].capacity_per_week = Decimal(6)
    start({fruit.id: Decimal(6)})
    clock.set(DUE)
    minute(app)
    placed = db.session.scalars(select(Order).where(Order.standing_order_id.is_not(None))).one()
    assert placed.lines[0].unassigned == 0
