"""Staff see what standing orders will want: where work is shared out, and when they ask what if somebody is closed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app.db import db
from app.orders.models import Order
from app.orders.what_if import what_if
from tests.order_case import furnish, member, order
from tests.people import text
from tests.standing_case import start

SAM = "sam@samklang.example"
DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))


@pytest.fixture
def fruit(app):
    """Nordbyn has two fruit baskets each Thursday; Ljungbacken would be asked first."""
    article = furnish()
    start({article.id: Decimal(2)})
    return article


def test_what_is_kept_for_them_stands_where_work_is_shared_out(fruit, visit):
    page = text(visit(SAM).page("/personal/fordelning"))
    assert "alla beställningar får ta" not in page
    assert "Hålls för stående beställningar" in page
    assert "mån 30 nov" in page


def test_weeks_in_which_they_want_something_are_not_without_work(fruit, visit):
    who = member("ljungbacken").id
    path = f"/personal/fordelning/tank-om?member={who}&second=&third=&year=2026&first=50&last=51"
    page = text(visit(SAM).page(path))
    assert "Fruktkorgar" in page
    assert "Kommer igen, inte beställt än" in page
    assert "till Rullande Hjälpen ek. för." in page


def test_weeks_over_new_year_can_be_asked(fruit, visit):
    who = member("ljungbacken").id
    path = f"/personal/fordelning/tank-om?member={who}&second=&third=&year=2026&first=52&last=2"
    assert "Fruktkorgar" in text(visit(SAM).page(path))


def test_nobody_could_when_all_are_closed_and_nothing_is_saved(fruit):
    closed = [member("ljungbacken").id, member("rullande").id]
    outcome = what_if(closed, *DECEMBER, now=app_clock.now())
    assert outcome.moved
    assert all(one.left == 2 and one.standing is not None for one in outcome.moved)
    db.session.commit()
    assert db.session.scalars(select(Order)).all() == []


def test_it_sees_what_orders_have_taken_meanwhile(fruit):
    rullande = next(one for one in fruit.offerings if one.member.slug == "rullande")
    rullande.capacity_per_week = Decimal(3)
    db.session.commit()
    order({fruit.id: Decimal(2)})
    moved = what_if([member("ljungbacken").id], date(2026, 11, 30), date(2026, 12, 6), now=app_clock.now()).moved
    got = sum(move.quantity for one in moved for move in one.moves)
    assert got == 3
    assert sum(one.left for one in moved) == 1


def test_as_few_questions_for_many_times_as_for_one(fruit, queries):
    who = [member("ljungbacken").id]
    with queries() as few:
        what_if(who, date(2026, 12, 7), date(2026, 12, 13), now=app_clock.now())
    db.session.expire_all()
    with queries() as many:
        what_if(who, *DECEMBER, now=app_clock.now())
    assert len(many) <= len(few) + 2 <= 40
