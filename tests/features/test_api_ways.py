"""A customer's system is told how its order comes and what that costs, and orders for no other sum than it expects."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import clock as house_clock
from app.customers.models import Customer
from app.db import db
from app.money import Money
from app.orders.approvals.models import ApprovalRule
from app.orders.delivery.terms import set_way
from app.orders.delivery.ways import Terms, WayKind
from tests import make
from tests.features.api_case import system
from tests.features.test_api_orders import PLACE, count
from tests.furnished import furnished
from tests.order_case import BUYER, furnish, member
from tests.quote_case import SAM, ask, send


@furnished
def fruit(app):
    """Ljungbacken drives for 120 kronor; who collects pays nothing."""
    fruit = furnish()
    for kind, terms in (
        (WayKind.OWN, Terms(everywhere=True, per_stop=Money.kronor(120))),
        (WayKind.COLLECT, Terms(hours="8-16")),
    ):
        set_way(member("ljungbacken"), None, kind, terms, by=None, now=house_clock.now())
    db.session.commit()
    return fruit


@pytest.fixture
def nora(app, fruit):
    """Nordbyn's purchasing system."""
    return system(app, BUYER)


def wish(fruit, way: str = "", **more):
    delivery = {"day": "2026-12-04", "place": PLACE, **({"way": way} if way else {})}
    return {"lines": [{"article": fruit.number, "quantity": "2"}], "delivery": delivery, **more}


def test_the_fee_stands_in_the_answer_and_in_the_sums(nora, fruit):
    told = nora.post("/orders", wish(fruit), key="a", status=201)
    assert told["sums"] == {"currency": "SEK", "beside_lines": "120.00", "excl_vat": "544.00", "incl_vat": "599.44"}
    (parcel,) = told["parcels"]
    assert (parcel["way"], parcel["fee"], parcel["day"]) == ("delivered", "120.00", "2026-12-04")
    assert parcel["lines"] == [told["lines"][0]["id"]]
    assert nora.get(f"/orders/{told['number']}") == told
    (listed,) = nora.get("/orders")["data"]
    assert listed["sums"] == told["sums"]
    nora.post(f"/orders/{told['number']}/cancel")
    assert nora.get("/orders")["data"][0]["sums"]["excl_vat"] == "0.00"


def test_a_wish_to_collect_is_followed_and_costs_nothing(nora, fruit):
    told = nora.post("/orders", wish(fruit, "collect", expected_total="424.00"), key="a", status=201)
    (parcel,) = told["parcels"]
    assert (parcel["way"], parcel["fee"], told["delivery"]["way"]) == ("collect", "0.00", "collect")
    assert "8-16" in parcel["place"]
    assert told["sums"]["beside_lines"] == "0.00"


def test_another_sum_than_expected_is_told_and_nothing_ordered(nora, fruit):
    no = nora.post("/orders", wish(fruit, expected_total="424.00"), key="a", status=409)
    assert no["type"].endswith("/refused")
    assert "544,00" in no["detail"]
    assert count() == 0
    assert nora.post("/orders", wish(fruit, expected_total="544.00"), key="a", status=201)["state"] == "placed"


def test_what_waits_to_be_approved_is_held_to_its_sum_too(nora, fruit):
    customer = db.session.scalars(select(Customer)).one()
    make.make_user("bo@nordbyn.example", customer=customer)
    rule = {"limit": Money.kronor(500), "set_by": "Nora", "set_at": house_clock.now()}
    db.session.add(ApprovalRule(customer_id=customer.id, **rule))
    nora.post("/orders", wish(fruit, expected_total="424.00"), key="a", status=409)
    told = nora.post("/orders", wish(fruit, expected_total="544.00"), key="b", status=201)
    assert (told["state"], told["parcels"]) == ("awaiting", [])


@pytest.mark.parametrize("wrong", [{"expected_total": "424"}, {"expected_total": 424}, {"way": "teleport"}])
def test_what_does_not_fit_is_refused(nora, fruit, wrong):
    nora.post("/orders", wish(fruit, **wrong), key="a", status=422)
    assert count() == 0


def test_a_quote_is_accepted_for_the_sum_that_is_expected(nora, fruit, visit):
    quote = send(visit(SAM), ask(visit(BUYER), fruit.id))
    yes = {"version": 1, "name": "Nora Nordbyn"}
    nora.post(f"/quotes/{quote.number}/accept", {**yes, "expected_total": "1140.00"}, status=409)
    assert nora.get(f"/quotes/{quote.number}")["state"] == "sent"
    told = nora.post(
        f"/quotes/{quote.number}/accept", {**yes, "way": "collect", "expected_total": "1140.00"}, status=201
    )
    assert (told["parcels"][0]["way"], told["sums"]["excl_vat"]) == ("collect", "1140.00")
