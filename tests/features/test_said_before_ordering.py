"""What nobody can bring on the chosen day is said before the order is placed, with the nearest day that works."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app import clock
from app.customers.models import Customer
from app.db import db
from app.orders.models import Order
from app.orders.routing_models import CustomerWish, Wish
from tests import make, quote_case
from tests.order_case import BUYER, furnish
from tests.people import document, text
from tests.quote_case import SAM, ask, orders, send

TUESDAY = date(2026, 11, 24)
"""Tomorrow: Ljungbacken wants two working days, Rullande one."""
NEAREST = "tors 26 nov"


@pytest.fixture
def fruit(app) -> int:
    """Fruit baskets that nobody makes by tomorrow."""
    found = furnish()
    for offering in found.offerings:
        offering.lead_days = 3
    db.session.commit()
    return found.id


def placed() -> int:
    db.session.expire_all()
    return len(db.session.scalars(select(Order.id)).all())


def again(browser, answer, action: str, **more: object):
    """Send the form as it came back."""
    form = next(
        one for one in document(answer).cssselect("main form[method=post]") if action in (one.get("action") or action)
    )
    return browser.post(action, data={**dict(form.form_values()), **more})


def test_the_day_is_said_before_anything_is_ordered_and_then_it_is_ordered_all_the_same(fruit, visit):
    nordbyn = visit(BUYER)
    nordbyn.post("/varukorg/lagg-i", data={"article": fruit, "quantity": "6"})
    answer = nordbyn.fill("/kassa", {"day": TUESDAY.isoformat()})
    said = text(document(answer))
    assert (answer.status_code, placed()) == (422, 0)
    assert "Ingen kan leverera Fruktkorg 5 kg" in said
    assert f"Närmaste dag som går är {NEAREST}" in said.replace("\xa0", " ")
    assert again(nordbyn, answer, "/kassa").status_code == 303
    assert placed() == 1


def test_the_nearest_day_is_one_press_away(fruit, visit):
    nordbyn = visit(BUYER)
    nordbyn.post("/varukorg/lagg-i", data={"article": fruit, "quantity": "6"})
    answer = nordbyn.fill("/kassa", {"day": TUESDAY.isoformat()})
    button = document(answer).cssselect("button[name=then][value^='day:']")[0]
    taken = again(nordbyn, answer, "/kassa", then=button.get("value"))
    assert placed() == 0
    assert document(taken).cssselect("#day")[0].get("value") == "2026-11-26"
    assert again(nordbyn, taken, "/kassa").status_code == 303
    assert orders()[0].assignments[0].delivery_day == date(2026, 11, 26)


def test_another_day_than_the_one_that_was_said_is_said_too(fruit, visit):
    nordbyn = visit(BUYER)
    nordbyn.post("/varukorg/lagg-i", data={"article": fruit, "quantity": "6"})
    answer = nordbyn.fill("/kassa", {"day": TUESDAY.isoformat()})
    assert again(nordbyn, answer, "/kassa", day="2026-11-25").status_code == 422
    assert placed() == 0


def test_more_than_there_is_room_for_is_said_too(fruit, visit):
    nordbyn = visit(BUYER)
    nordbyn.post("/varukorg/lagg-i", data={"article": fruit, "quantity": "260"})
    answer = nordbyn.fill("/kassa", {"day": "2026-12-04"})
    assert answer.status_code == 422
    assert again(nordbyn, answer, "/kassa").status_code == 303


def test_a_script_that_was_shown_no_page_is_not_asked(fruit, visit):
    nordbyn = visit(BUYER)
    nordbyn.post("/varukorg/lagg-i", data={"article": fruit, "quantity": "6"})
    form = nordbyn.page("/kassa").cssselect("main form[method=post]")[0]
    sent = {name: value for name, value in form.form_values() if name != "told"}
    assert nordbyn.post("/kassa", data={**sent, "day": TUESDAY.isoformat()}).status_code == 303


@pytest.mark.parametrize("then", ["day:", "day:2026-13-01", "day:x", "day:" + "9" * 400])
def test_a_day_that_cannot_be_taken_changes_nothing(fruit, visit, then):
    nordbyn = visit(BUYER)
    nordbyn.post("/varukorg/lagg-i", data={"article": fruit, "quantity": "6"})
    assert nordbyn.fill("/kassa", {"day": TUESDAY.isoformat(), "then": then}).status_code == 422
    assert placed() == 0


def test_a_quote_is_not_accepted_for_a_day_on_which_nobody_can(fruit, visit):
    quote = send(visit(SAM), ask(visit(BUYER), fruit))
    nordbyn, path = visit(BUYER), f"/offerter/{quote.number}"
    values = {"name": "Nora Nordbyn", "day": TUESDAY.isoformat()}
    answer = nordbyn.fill(path, values, form="form[action$='/anta']")
    said = text(document(answer)).replace("\xa0", " ")
    assert (answer.status_code, placed()) == (422, 0)
    assert f"Närmaste dag som går är {NEAREST}" in said
    button = document(answer).cssselect("button[name=then][value^='day:']")[0]
    taken = again(nordbyn, answer, f"{path}/anta", then=button.get("value"))
    assert document(taken).cssselect("#day")[0].get("value") == "2026-11-26"
    assert again(nordbyn, answer, f"{path}/anta").status_code == 303
    assert quote_case.the_quote().order is not None


def test_a_member_that_the_customer_will_not_have_is_not_counted(fruit, visit):
    near = next(one for one in db.session.get_one(make.Article, fruit).offerings if one.member.slug == "ljungbacken")
    near.lead_days = 1  # by tomorrow; Rullande wants three days
    customer = db.session.scalars(select(Customer)).one()
    values = {"reason": "Bråk", "since": clock.now()}
    db.session.add(CustomerWish(customer_id=customer.id, member_id=near.member_id, wish=Wish.BARRED, **values))
    db.session.commit()
    nordbyn = visit(BUYER)
    nordbyn.post("/varukorg/lagg-i", data={"article": fruit, "quantity": "6"})
    said = text(nordbyn.page("/kassa")).replace("\xa0", " ")
    assert f"Tidigast går det {NEAREST}" in said
    assert "fullbokade" not in said
