"""A member's system reports through /api/v1 what became otherwise: weight, a part, sold out, nobody at home, proof."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app import clock as house_clock
from app.db import db
from app.orders.delivery import proofs, rules
from app.orders.delivery.rules import Needs
from tests import make, order_case
from tests.features.api_case import System, system
from tests.order_case import in_balance, parts


@pytest.fixture
def fruit(app):
    return order_case.furnish()


@pytest.fixture
def lena(app, fruit) -> System:
    """Ljungbacken's planning system."""
    return system(app, order_case.member("ljungbacken").email)


def accepted(lena: System, cart: dict[int, Decimal]):
    """An order, and Ljungbacken's assignment after its yes."""
    made = order_case.order(cart)
    (offer,) = lena.get("/assignments?state=offered")["data"]
    return made, lena.post(f"/assignments/{offer['id']}/accept")


@pytest.fixture
def kiosk(lena, fruit):
    """Nordbyn has ordered ten fruit baskets, and Ljungbacken has said yes."""
    return accepted(lena, {fruit.id: Decimal(10)})


@pytest.fixture
def orchard(lena, fruit):
    """Nordbyn has ordered ten kilograms of apples, and Ljungbacken has said yes."""
    apples = make.make_article("Äpplen", unit="KGM", price=make.Money(3000))
    make.make_offering(apples, order_case.member("ljungbacken"))
    return accepted(lena, {apples.id: Decimal(10)})


def test_four_of_ten_now_and_the_rest_on_another_day(lena, kiosk):
    order, assignment = kiosk
    sent = {"lines": [{"id": assignment["lines"][0]["id"], "quantity": "4"}], "rest_on": "2026-12-07"}
    told = lena.post(f"/assignments/{assignment['id']}/deliver-part", sent, key="p")
    assert (told["delivered"]["state"], told["delivered"]["lines"][0]["quantity"]) == ("delivered", "4")
    assert (told["rest"]["id"], told["rest"]["day"]) == (assignment["id"], "2026-12-07")
    assert told["rest"]["lines"][0]["quantity"] == "6"
    assert lena.post(f"/assignments/{assignment['id']}/deliver-part", sent, key="p") == told
    assert parts(order) == [("ljungbacken", "accepted", 6), ("ljungbacken", "delivered", 4)]
    done = lena.post(f"/assignments/{assignment['id']}/deliver")
    assert done["state"] == "delivered"
    assert in_balance(order)


def test_all_or_nothing_is_no_part(lena, kiosk):
    order, assignment = kiosk
    before = parts(order)
    for quantity in ("0", "10", "11"):
        sent = {"lines": [{"id": assignment["lines"][0]["id"], "quantity": quantity}], "rest_on": "2026-12-07"}
        lena.post(f"/assignments/{assignment['id']}/deliver-part", sent, status=409)
    sent["lines"][0]["id"] = 999_999
    lena.post(f"/assignments/{assignment['id']}/deliver-part", sent, status=422)
    assert parts(order) == before


def test_the_weight_is_what_it_came_out_at(lena, orchard):
    order, assignment = orchard
    line = assignment["lines"][0]["id"]
    told = lena.post(f"/assignments/{assignment['id']}/weigh", {"line": line, "quantity": "9.6"}, key="w")
    assert (told["assignment"]["lines"][0]["quantity"], told["question"]) == ("9.6", None)
    assert lena.post(f"/assignments/{assignment['id']}/weigh", {"line": line, "quantity": "9.6"}, key="w") == told
    assert (
        "Rapportera resten"
        in (lena.post(f"/assignments/{assignment['id']}/weigh", {"line": line, "quantity": "5"}, status=409)["detail"])
    )
    told = lena.post(f"/assignments/{assignment['id']}/weigh", {"line": line, "quantity": "12", "why": "Stora äpplen."})
    assert (told["question"]["kind"], told["question"]["state"]) == ("more", "open")
    assert told["assignment"]["lines"][0]["quantity"] == "9.6"
    (asked,) = lena.get(f"/assignments/{assignment['id']}/questions")["data"]
    assert asked == told["question"]
    in_balance(order)


def test_what_is_sold_out_goes_to_the_next(lena, kiosk):
    order, assignment = kiosk
    sent = {"line": assignment["lines"][0]["id"], "left": "7", "why": "Päronen är slut."}
    told = lena.post(f"/assignments/{assignment['id']}/sold-out", sent, key="s")
    assert told["lines"][0]["quantity"] == "7"
    assert lena.post(f"/assignments/{assignment['id']}/sold-out", sent, key="s") == told
    assert parts(order) == [("ljungbacken", "accepted", 7), ("rullande", "offered", 3)]


def test_only_what_is_ones_own_can_be_proposed(lena, kiosk):
    order, assignment = kiosk
    theirs = make.make_article("Päronkorg")
    make.make_offering(theirs, order_case.member("rullande"))
    sent = {
        "line": assignment["lines"][0]["id"],
        "quantity": "2",
        "instead": {"article": theirs.number, "quantity": "2"},
        "why": "Slut.",
    }
    told = lena.post(f"/assignments/{assignment['id']}/propose", sent, status=422)
    assert [one["pointer"] for one in told["errors"]] == ["/instead/article"]
    assert parts(order) == [("ljungbacken", "accepted", 10)]


def test_who_took_it_is_told_where_the_customer_wants_to_know(lena, kiosk):
    order, assignment = kiosk
    rules.set_rule(None, Needs(name=True), by=None, now=house_clock.now())
    assert "Skriv namnet" in lena.post(f"/assignments/{assignment['id']}/deliver", status=409)["detail"]
    told = lena.post(f"/assignments/{assignment['id']}/deliver", {"received_by": "Eva Exempel"})
    assert told["state"] == "delivered"
    db.session.expire_all()
    assert [one.received_by for one in proofs.proofs_in(order).values()] == ["Eva Exempel"]


def test_who_took_a_part_is_told_too(lena, kiosk):
    order, assignment = kiosk
    rules.set_rule(None, Needs(name=True), by=None, now=house_clock.now())
    sent = {"lines": [{"id": assignment["lines"][0]["id"], "quantity": "4"}], "rest_on": "2026-12-07"}
    path = f"/assignments/{assignment['id']}/deliver-part"
    assert "Skriv namnet" in lena.post(path, sent, status=409)["detail"]
    assert parts(order) == [("ljungbacken", "accepted", 10)]
    told = lena.post(path, {**sent, "received_by": "Eva Exempel"})
    assert told["delivered"]["state"] == "delivered"
    db.session.expire_all()
    assert [one.received_by for one in proofs.proofs_in(order).values()] == ["Eva Exempel"]


def test_nobody_at_home_asks_the_customer(lena, kiosk, clock, outbox):
    _order, assignment = kiosk
    words = {"words": "Ingen öppnade."}
    assert "inte här än" in lena.post(f"/assignments/{assignment['id']}/nobody-home", words, status=409)["detail"]
    clock.move(days=11)
    lena.post(f"/assignments/{assignment['id']}/nobody-home", words, key="h")
    lena.post(f"/assignments/{assignment['id']}/nobody-home", words, key="h")
    assert "redan fått frågan" in lena.post(f"/assignments/{assignment['id']}/nobody-home", words, status=409)["detail"]


ACTS = {
    "deliver": {"received_by": "Eva"},
    "deliver-part": {"lines": [{"id": 1, "quantity": "4"}], "rest_on": "2026-12-07"},
    "weigh": {"line": 1, "quantity": "9"},
    "sold-out": {"line": 1, "left": "7", "why": "Slut."},
    "propose": {"line": 1, "quantity": "1", "instead": {"article": "x", "quantity": "1"}, "why": "Slut."},
    "nobody-home": {"words": "Ingen hemma."},
}


@pytest.mark.parametrize("act", ACTS)
def test_another_members_assignment_is_not_there_and_unknown_fields_are_refused(lena, kiosk, app, act):
    order, assignment = kiosk
    rune = system(app, order_case.member("rullande").email)
    rune.post(f"/assignments/{assignment['id']}/{act}", ACTS[act], status=404)
    rune.get(f"/assignments/{assignment['id']}/questions", status=404)
    system(app, order_case.BUYER).post(f"/assignments/{assignment['id']}/{act}", ACTS[act], status=403)
    told = lena.post(f"/assignments/{assignment['id']}/{act}", {**ACTS[act], "rabatt": "1"}, status=422)
    assert told["type"].endswith("/unknown-field")
    if "line" in ACTS[act]:
        told = lena.post(f"/assignments/{assignment['id']}/{act}", {**ACTS[act], "line": 999_999}, status=422)
        assert [one["pointer"] for one in told["errors"]] == ["/line"]
    assert parts(order) == [("ljungbacken", "accepted", 10)]
