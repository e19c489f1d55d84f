"""Many people order at the same time: nobody waits longer than the work that must be done one after another."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import select, text

from app import numbering
from app.catalog.models import Article
from app.db import db
from app.orders.models import Order
from tests import make
from tests.furnished import furnished
from tests.people import together

pytestmark = pytest.mark.both

FRIDAY = date(2026, 11, 27)


@furnished
def town(app):
    """Nordbyn orders fruit from Ljungbacken."""
    fruit = make.make_article("Fruktkorg 5 kg")
    make.make_offering(fruit, make.make_ljungbacken())
    nordbyn = make.make_nordbyn()
    make.make_user("kontor@nordbyn.example", customer=nordbyn)
    db.session.commit()
    return {"fruit": fruit.id, "site": nordbyn.sites[0].id}


@pytest.fixture
def nordbyn(town, visit):
    browser = visit("kontor@nordbyn.example")
    browser.post("/varukorg/lagg-i", data={"article": town["fruit"], "quantity": "2"})
    return browser


def form(town, **changed: str) -> dict[str, str]:
    return {"site": str(town["site"]), "day": FRIDAY.isoformat(), "order_reference": "PO-77", **changed}


def test_a_form_that_is_filled_in_wrongly_is_answered_while_somebody_else_writes(app, town, nordbyn):
    with db.engine.connect() as somebody:
        somebody.execute(text("UPDATE number_series SET last = last"))
        answered = threading.Event()

        def ask() -> None:
            assert nordbyn.fill("/kassa", form(town, day="")).status_code == 422
            answered.set()

        asking = threading.Thread(target=ask)
        asking.start()
        assert answered.wait(10), "it waits for somebody who only thinks"
        somebody.rollback()
        asking.join()


def test_a_price_that_changes_between_page_and_order_is_asked_about_with_many_at_once(town, visit, nordbyn):
    others = [visit("kontor@nordbyn.example") for _ in range(3)]
    for browser in others:
        browser.post("/varukorg/lagg-i", data={"article": town["fruit"], "quantity": "1"})
    pages = [browser.page("/kassa").cssselect("main form[method=post]")[0] for browser in others]
    db.session.get_one(Article, town["fruit"]).price = make.Money(99900)
    db.session.commit()
    sent = [{**dict(page.form_values()), **form(town)} for page in pages]
    answers = together(*(lambda b=b, s=s: b.post("/kassa", data=s) for b, s in zip(others, sent, strict=True)))
    assert [answer.status_code for answer in answers] == [422] * 3
    assert "har ändrats" in answers[0].text
    assert db.session.scalars(select(Order)).all() == []


def test_numbers_of_orders_differ_and_nobody_waits_for_one_that_is_undone(app):
    first = numbering.take("order")
    db.session.rollback()
    numbers = together(*(lambda: _taken(app) for _ in range(8)))
    assert len({first, *numbers}) >= 8
    assert min(first, *numbers) == numbering.FIRST["order"]


def _taken(app) -> int:
    with app.app_context():
        number = numbering.take("order")
        db.session.commit()
        return number
