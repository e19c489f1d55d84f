"""Until a member has said yes nobody has begun: the customer may change or call off what it has just ordered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as house_clock
from app import orderflow
from app.db import db
from app.orders.change_queries import may_change_until
from app.orders.models import Order
from app.orders.states import OrderState
from tests import make
from tests.order_case import BUYER, DELIVERY, furnish
from tests.people import text

TOMORROW = date(2026, 11, 24)


def ordered(lead_days: int) -> Order:
    """Six fruit baskets for tomorrow."""
    fruit = furnish()
    for offering in fruit.offerings:
        offering.lead_days = lead_days
    db.session.commit()
    user = db.session.scalars(select(make.User).where(make.User.email == BUYER)).one()
    customer = db.session.scalars(select(make.Customer)).one()
    made = orderflow.checkout(
        {fruit.id: Decimal(6)},
        replace(DELIVERY, day=TOMORROW),
        customer=customer,
        ticket="near",
        by=user,
        now=house_clock.now(),
    )
    db.session.commit()
    return made


@pytest.fixture
def with_nobody(app) -> Order:
    """Nobody makes them so soon."""
    return ordered(3)


def test_what_nobody_has_is_called_off_by_its_customer(with_nobody, visit):
    nordbyn = visit(BUYER)
    page = nordbyn.page(f"/bestallningar/{with_nobody.number}")
    assert "Du kan ändra till tis 24 nov 00:00" in text(page).replace("\xa0", " ")
    answer = nordbyn.fill(f"/bestallningar/{with_nobody.number}", {}, form="form[action$='/avbestall']")
    assert answer.status_code == 303
    db.session.expire_all()
    assert with_nobody.state == OrderState.CALLED_OFF


def test_it_moves_to_a_day_on_which_somebody_can(with_nobody, visit):
    path = f"/bestallningar/{with_nobody.number}/andra"
    assert visit(BUYER).fill(path, {"day": "2026-11-27"}).status_code == 303
    db.session.expire_all()
    assert [one.delivery_day for one in with_nobody.assignments] == [date(2026, 11, 27)]


def test_the_deadline_is_never_before_the_order_and_comes_with_the_yes(app, visit, clock):
    clock.move(hours=8)
    made = ordered(1)
    assert may_change_until(made) > made.placed_at, "a member is asked and has not answered"
    visit("ljungbacken@medlem.example").post(f"/medlem/uppdrag/{made.assignments[0].id}/ja")
    db.session.expire_all()
    assert may_change_until(made) == made.placed_at, "it must begin at once, and noon was before the order"
    clock.move(minutes=1)
    assert visit(BUYER).post(f"/bestallningar/{made.number}/avbestall").status_code == 409


def test_nobody_changes_it_on_the_day_itself(with_nobody, visit, clock):
    clock.move(days=1)
    assert visit(BUYER).post(f"/bestallningar/{with_nobody.number}/avbestall").status_code == 409
