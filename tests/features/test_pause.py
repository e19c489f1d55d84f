"""A member rests for a while: it holds at once, for orders and on the page."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app import orderflow
from app.audit import AuditEvent
from app.catalog.changing import actions as change_actions
from app.catalog.models import OfferingPause
from app.db import db
from app.orders.routing import route
from app.orders.routing_values import Demand
from app.orders.situation import candidates_for
from tests import make
from tests.features.change_case import (
    make_case,
)
from tests.furnished import furnished
from tests.people import text


@furnished
def case(app):
    return make_case()


@pytest.fixture
def lena(case, visit):
    return visit(case.user.email)


def test_a_pause_holds_at_once_for_orders_and_on_the_page(case, lena, visit):
    page = f"/medlem/erbjudanden/{case.offering.id}"
    sent = lena.post(f"{page}/paus", data={"first_day": "2026-11-25", "last_day": "2026-11-27"})
    assert sent.status_code == 303
    assert "ons 25 nov" in text(lena.page(page)).replace("\xa0", " ")
    shop = text(visit().page("/katalog/fruktkorg")).replace("\xa0", " ")
    assert "Gör uppehåll ons 25 nov till fre 27 nov" in shop
    assert "Tidigast leverans mån 30 nov" in shop or "mån 30 nov" in shop
    assert "Tidigast mån 30 nov" in text(visit().page("/katalog")).replace("\xa0", " ")
    for last, found in (("2026-11-25", 0), ("2026-11-27", 0), ("2026-11-29", 0), ("2026-11-30", 1)):
        assert len(visit().page(f"/katalog?senast={last}").cssselect("li.article")) == found, last
    buyer = visit()
    buyer.post("/varukorg/lagg-i", data={"article": case.article.id, "quantity": "1"})
    assert buyer.page("/kassa").cssselect("input[name=day]")[0].get("value") == "2026-11-30", "as soon as it can"
    line = make_line(case)
    for day, obstacle in ((date(2026, 11, 26), "gör uppehåll med artikeln den dagen"), (date(2026, 11, 30), None)):
        (one,) = candidates_for([line], day=day, municipality=make.GOTHENBURG, now=app_clock.now())
        assert one.obstacle == obstacle
        taken = route([Demand(line.id, make.Decimal(1))], [one])
        assert bool(taken.shares) == (obstacle is None)
    pause_id = db.session.scalars(select(OfferingPause.id)).one()
    assert lena.post(f"{page}/paus/{pause_id}/ta-bort").status_code == 303
    assert lena.post(f"{page}/paus/{pause_id}/ta-bort").status_code == 409
    assert db.session.scalars(select(OfferingPause)).all() == []
    assert {"paused", "pause struck"} <= set(db.session.scalars(select(AuditEvent.what)))


def make_line(case):
    """An order line that nobody has yet."""
    line = orderflow.OrderLine()
    line.id, line.article_id = 1, case.article.id
    return line


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-11-27", "2026-11-25"),
        ("2026-11-01", "2026-11-20"),
        ("2026-11-25", "2099-01-01"),
        ("", "2026-11-25"),
        ("i morgon", "2026-11-25"),
        ("0001-01-01", "9999-12-31"),
    ],
)
def test_a_pause_that_cannot_be(case, lena, first, last):
    page = f"/medlem/erbjudanden/{case.offering.id}/paus"
    assert lena.post(page, data={"first_day": first, "last_day": last}).status_code == 422
    assert db.session.scalars(select(OfferingPause)).all() == []


def test_pauses_that_overlap_become_one_and_the_page_says_so(case, lena):
    page = f"/medlem/erbjudanden/{case.offering.id}"
    for first, last in (("2026-12-24", "2026-12-27"), ("2027-01-04", "2027-01-05"), ("2026-12-26", "2026-12-30")):
        answer = lena.post(f"{page}/paus", data={"first_day": first, "last_day": last})
        assert answer.status_code == 303
    told = text(lena.page(answer.headers["Location"])).replace("\xa0", " ")
    assert "De är nu en: tors 24 dec till ons 30 dec." in told
    held = select(OfferingPause.first_day, OfferingPause.last_day).order_by(OfferingPause.first_day)
    assert [tuple(row) for row in db.session.execute(held)] == [
        (date(2026, 12, 24), date(2026, 12, 30)),
        (date(2027, 1, 4), date(2027, 1, 5)),
    ]
    inside = lena.post(f"{page}/paus", data={"first_day": "2026-12-25", "last_day": "2026-12-25"})
    assert inside.status_code == 422
    assert "ingår redan i pausen tors 24 dec till ons 30 dec" in inside.text.replace("\xa0", " ")


def test_another_members_pause_is_out_of_reach(case, visit, lena):
    other = make.make_kokljus()
    make.make_user(other.email, member=other)
    change_actions.pause(case.offering, date(2026, 12, 1), date(2026, 12, 2), by=case.user, now=app_clock.now())
    pause = db.session.scalars(select(OfferingPause)).one()
    theirs = make.make_offering(make.make_article("Kaffe"), other)
    stranger = visit(other.email)
    assert stranger.post(f"/medlem/erbjudanden/{case.offering.id}/paus/{pause.id}/ta-bort").status_code == 404
    assert stranger.post(f"/medlem/erbjudanden/{theirs.id}/paus/{pause.id}/ta-bort").status_code == 409
    assert db.session.scalars(select(OfferingPause)).all() == [pause]
