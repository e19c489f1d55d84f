"""A price row that no article answers to is tied to one that is suggested by its text."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app import clock
from app.db import db
from tests.features.bid_case import gaps
from tests.features.joint_case import JointCase
from tests.furnished import furnished
from tests.make import make_article, make_offering
from tests.people import document, text

pytestmark = pytest.mark.both


@furnished
def case(app) -> JointCase:
    made = JointCase(clock.now())
    made.coffee = make_article("Kaffe, bryggt", unit="H87")
    made.hourly = make_article("Kaffeservering", unit="HUR")
    make_article("Fönsterputs", unit="HUR")
    made.offering = make_offering(made.coffee, made.van, capacity_per_week=Decimal(5))
    made.second.text = "Kaffe till möten"
    return made


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def offered(page) -> list[str]:
    return [text(button) for button in page.cssselect("#artikel button")]


def test_what_is_like_the_row_is_suggested_and_one_press_ties_it(case, sales):
    where = f"{case.where}/rader/{case.second.id}"
    page = sales.page(where)
    assert offered(page)[0] == f"Koppla till {case.coffee.number} Kaffe, bryggt, st"
    assert "Fönsterputs" not in text(page.cssselect("#artikel")[0])
    answer = sales.post(f"{where}/koppla", data={"article": case.coffee.number})
    assert answer.location.endswith(f"/rader/{case.row.id}#artikel")
    db.session.expire_all()
    assert (case.second.article_id, case.second.article_version) == (case.coffee.id, case.coffee.version)
    assert "Prisrad 2.1" not in gaps(sales, case.where)
    assert "Prisrad 1.1 Fruktkorg hör inte till någon artikel" in gaps(sales, case.where)
    assert not sales.page(where).cssselect("#artikel")


def test_an_article_that_is_not_there_changes_nothing(case, sales):
    answer = sales.post(
        f"{case.where}/rader/{case.second.id}/koppla", data={"article": "FINNS-EJ"}, follow_redirects=True
    )
    assert "Det finns ingen artikel FINNS-EJ" in text(document(answer))
    db.session.expire_all()
    assert case.second.article_id is None
