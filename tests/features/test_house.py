"""The house of the tests itself: what one test did must not be there for the next."""

from __future__ import annotations

import socket

import pytest
from sqlalchemy import func, select

from app import clock as app_clock
from app.accounts.models import User
from app.catalog.models import Article, VatRate
from app.db import db
from app.members.models import Member
from tests import make
from tests.people import text, together

pytestmark = pytest.mark.both


@pytest.mark.parametrize("time", [1, 2])
def test_each_test_begins_with_the_law_and_nothing_else(app, time):
    assert db.session.scalar(select(func.count(Member.id))) == 0
    assert db.session.scalar(select(func.count(VatRate.id))) > 5
    make.make_offering(make.make_article(), make.make_ljungbacken())
    db.session.commit()
    assert db.session.scalar(select(func.count(Article.id))) == 1


def test_two_people_are_two_people(app, visit):
    kokljus = make.make_kokljus()
    make.make_user("kim@medlem.example", member=kokljus)
    make.make_sam()
    member, staff, stranger = visit("kim@medlem.example"), visit("sam@samklang.example"), visit(None)
    assert [one.get("/min-sida").location for one in (member, staff, stranger)] == ["/medlem/", "/personal/", "/"]


def test_who_has_no_account_cannot_sign_in(app, visit):
    with pytest.raises(LookupError):
        visit("ingen@exempel.example")


def test_the_clock_stands_still_until_it_is_moved(clock):
    before = app_clock.now()
    assert app_clock.now() == before
    clock.move(hours=3)
    assert (app_clock.now() - before).total_seconds() == 3 * 3600


def test_the_net_is_out_of_reach():
    with socket.socket() as line, pytest.raises(RuntimeError, match=r"192\.0\.2\.1"):
        line.connect(("192.0.2.1", 80))


def test_things_done_together_are_done_by_several(app, visit):
    make.make_sam()
    people = [visit("sam@samklang.example") for _ in range(4)]
    answers = together(*[lambda one=one: one.get("/min-sida").status_code for one in people])
    assert answers == [302] * 4


def test_statements_are_counted(app, queries):
    with queries() as seen:
        db.session.scalar(select(func.count(User.id)))
    assert len(seen) == 1


def test_a_page_is_read_as_people_read_it(app, visit):
    assert "Samsälj" in text(visit(None).page("/logga-in"))
