"""A customer's system changes an order until the cut-off, and answers what a member asks, through /api/v1."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.db import db
from app.orders.models import Order
from app.orders.states import OrderState
from tests import make, order_case
from tests.features.api_case import System, system
from tests.order_case import BUYER, in_balance, parts


@pytest.fixture
def fruit(app):
    return order_case.furnish()


@pytest.fixture
def nora(app, fruit) -> System:
    """Nordbyn's purchasing system."""
    return system(app, BUYER)


@pytest.fixture
def order(fruit) -> Order:
    return order_case.order({fruit.id: Decimal(4)})


@pytest.fixture
def stranger(app) -> System:
    make.make_user("annan@kund.example", customer=make.make_customer())
    return system(app, "annan@kund.example")


def quantity(order: Order, wanted: str, place: int = 0) -> dict:
    return {"lines": [{"id": order.lines[place].id, "quantity": wanted}]}


def test_more_less_and_none_of_a_line(nora, order, outbox):
    told = nora.post(f"/orders/{order.number}/change", quantity(order, "6"))
    assert (told["lines"][0]["quantity"], told["sums"]["excl_vat"]) == ("6", "1272.00")
    told = nora.post(f"/orders/{order.number}/change", quantity(order, "2"))
    assert (told["lines"][0]["quantity"], told["lines"][0]["called_off"]) == ("6", "4")
    assert told["events"][-1]["kind"] == "changed"
    assert outbox.subjects_to("kontor@nordbyn.example")[-1] == f"Ändring av beställning {order.number}"
    assert nora.post(f"/orders/{order.number}/change", quantity(order, "0"))["state"] == "called_off"
    in_balance(order)


def test_another_day_and_other_references_and_what_is_left_out_stays(nora, order):
    sent = {"day": "2026-12-07", "references": {"order_reference": "PO 9"}}
    told = nora.post(f"/orders/{order.number}/change", sent)
    assert (told["delivery"]["day"], told["delivery"]["note"]) == ("2026-12-07", "Ring på")
    assert (told["references"]["order_reference"], told["lines"][0]["quantity"]) == ("PO 9", "4")
    assert nora.post(f"/orders/{order.number}/change", {"note": ""})["delivery"]["note"] == ""


def test_a_bundle_is_changed_as_a_whole(nora, fruit):
    rolls = make.make_article("Bullar")
    make.make_offering(rolls, order_case.member("ljungbacken"))
    bundle = make.make_bundle("Fika", (fruit, "2", False), (rolls, "10", False))
    order = order_case.order({bundle.id: Decimal(3)})
    told = nora.post(f"/orders/{order.number}/change", quantity(order, "1"), status=422)
    assert told["errors"] == [{"pointer": "/lines/0/id", "detail": f"is a part of the bundle {bundle.number}"}]
    sent = {"lines": [{"bundle": bundle.number, "quantity": "2"}]}
    told = nora.post(f"/orders/{order.number}/change", sent)
    assert [(one["quantity"], one["called_off"]) for one in told["lines"]] == [("6", "2"), ("30", "10")]


def test_after_the_cut_off_neither_a_change_nor_a_cancellation(nora, order, clock):
    until = nora.get(f"/orders/{order.number}")["may_change_until"]
    assert until is not None
    clock.move(days=12)
    assert "Det gick att ändra till" in nora.post(f"/orders/{order.number}/change", {"note": "x"}, status=409)["detail"]
    nora.post(f"/orders/{order.number}/cancel", status=409)
    assert parts(order) == [("ljungbacken", "offered", 4)]


def test_the_same_key_changes_once(nora, order):
    first = nora.post(f"/orders/{order.number}/change", quantity(order, "5"), key="c")
    nora.post(f"/orders/{order.number}/change", quantity(order, "3"), key="d")
    assert nora.post(f"/orders/{order.number}/change", quantity(order, "5"), key="c") == first
    assert nora.get(f"/orders/{order.number}")["lines"][0]["called_off"] == "2"
    assert nora.post(f"/orders/{order.number}/change", quantity(order, "4"), key="c", status=422)["type"].endswith(
        "/key-reused"
    )


WRONG = {
    "nothing": ({}, "invalid", ""),
    "an unknown field": ({"rabatt": "10"}, "unknown-field", "/rabatt"),
    "one deeper": ({"lines": [{"id": 1, "quantity": "1", "price": "1"}]}, "unknown-field", "/lines/0/price"),
    "no such line": ({"lines": [{"id": 999_999, "quantity": "1"}]}, "invalid", "/lines/0/id"),
    "no such bundle": ({"lines": [{"bundle": "finns-inte", "quantity": "1"}]}, "invalid", "/lines/0/bundle"),
    "both": ({"lines": [{"id": 1, "bundle": "x", "quantity": "1"}]}, "invalid", "/lines/0"),
    "half of one": ({"lines": [{"id": 1, "quantity": "1.5"}]}, "invalid", "/lines/0/quantity"),
    "less than none": ({"lines": [{"id": 1, "quantity": "-1"}]}, "invalid", "/lines/0/quantity"),
    "twice": ({"lines": [{"id": 1, "quantity": "1"}, {"id": 1, "quantity": "2"}]}, "invalid", "/lines/1"),
    "no day": ({"day": "2026-02-30"}, "invalid", "/day"),
    "a long note": ({"note": "x" * 1001}, "invalid", "/note"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_does_not_fit_is_refused_by_name_and_changes_nothing(nora, order, what):
    sent, kind, pointer = WRONG[what]
    told = nora.post(f"/orders/{order.number}/change", sent, status=422)
    assert told["type"] == f"/api/v1/problems/{kind}"
    assert [one["pointer"] for one in told["errors"]] == [pointer]
    assert nora.get(f"/orders/{order.number}")["lines"][0]["quantity"] == "4"


def test_nothing_changed_and_a_sunday_are_refused(nora, order):
    assert (
        "Ingenting är ändrat" in nora.post(f"/orders/{order.number}/change", quantity(order, "4"), status=409)["detail"]
    )
    assert "vardagar" in nora.post(f"/orders/{order.number}/change", {"day": "2026-12-06"}, status=409)["detail"]


def test_another_customers_order_is_not_there_and_a_member_has_none(nora, order, stranger, app):
    lena, before = system(app, order_case.member("ljungbacken").email), nora.get(f"/orders/{order.number}")
    for path, sent in (("change", {"note": "x"}), ("questions/1/answer", {"yes": True})):
        stranger.post(f"/orders/{order.number}/{path}", sent, status=404)
        lena.post(f"/orders/{order.number}/{path}", sent, status=403)
    stranger.get(f"/orders/{order.number}/questions", status=404)
    assert nora.get(f"/orders/{order.number}") == before


@pytest.fixture
def asked(order, fruit, app) -> dict:
    """Ljungbacken would rather deliver two pear baskets than two of the fruit baskets."""
    pears = make.make_article("Päronkorg", price=make.Money(20000))
    make.make_offering(pears, order_case.member("ljungbacken"))
    lena = system(app, order_case.member("ljungbacken").email)
    (offer,) = lena.get("/assignments")["data"]
    lena.post(f"/assignments/{offer['id']}/accept")
    sent = {
        "line": offer["lines"][0]["id"],
        "quantity": "2",
        "instead": {"article": pears.number, "quantity": "2"},
        "why": "Äpplena är slut.",
    }
    return lena.post(f"/assignments/{offer['id']}/propose", sent)["question"]


def test_a_members_question_is_read_and_answered_yes(nora, order, asked):
    (question,) = nora.get(f"/orders/{order.number}/questions")["data"]
    assert (question["kind"], question["state"], question["quantity"]) == ("substitute", "open", "2")
    assert (question["instead"]["name"], question["instead"]["unit_price"], question["sum"]) == (
        "Päronkorg", "200.00", "400.00",
    )  # fmt: skip
    told = nora.post(f"/orders/{order.number}/questions/{question['id']}/answer", {"yes": True}, key="y")
    assert [(one["name"], one["quantity"], one["called_off"]) for one in told["lines"]] == [
        ("Fruktkorg 5 kg", "4", "2"),
        ("Päronkorg", "2", "0"),
    ]
    assert nora.post(f"/orders/{order.number}/questions/{question['id']}/answer", {"yes": True}, key="y") == told
    nora.post(f"/orders/{order.number}/questions/{question['id']}/answer", {"yes": False}, status=409)
    (answered,) = nora.get(f"/orders/{order.number}/questions")["data"]
    assert (answered["state"], answered["answered_at"] is None) == ("yes", False)
    in_balance(order)


def test_a_no_asks_somebody_else(nora, order, asked):
    nora.post(f"/orders/{order.number}/questions/{asked['id']}/answer", {"yes": "nej"}, status=422)
    nora.post(f"/orders/{order.number}/questions/{asked['id']}/answer", {"yes": False})
    assert parts(order) == [("ljungbacken", "accepted", 2), ("rullande", "offered", 2)]
    nora.post(f"/orders/{order.number}/questions/999999/answer", {"yes": True}, status=404)
    db.session.expire_all()
    assert order.state == OrderState.PLACED
