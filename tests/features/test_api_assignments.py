"""A member's system answers offers of work through /api/v1, and reports what has been delivered."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests import order_case
from tests.features.api_case import System, system
from tests.furnished import furnished
from tests.order_case import BUYER


@furnished
def fruit(app):
    return order_case.furnish()


@pytest.fixture
def lena(app, fruit) -> System:
    """Ljungbacken's planning system."""
    return system(app, order_case.member("ljungbacken").email)


@pytest.fixture
def rune(app, fruit) -> System:
    """Rullande's."""
    return system(app, order_case.member("rullande").email)


def test_work_is_offered_accepted_and_delivered(lena, fruit, outbox):
    order = order_case.order({fruit.id: Decimal(4)})
    (offer,) = lena.get("/assignments?state=offered")["data"]
    assert (offer["order"], offer["pay"], offer["day"]) == (order.number, "678.40", "2026-12-04")
    assert (offer["place"]["street"], offer["note"]) == ("Köpgatan 2", "Ring på")
    accepted = lena.post(f"/assignments/{offer['id']}/accept", {})
    assert accepted["state"] == "accepted"
    done = lena.post(f"/assignments/{offer['id']}/deliver")
    assert (done["state"], done["delivered_at"]) == ("delivered", "2026-11-23T08:00:00+00:00")
    assert lena.get(f"/assignments/{offer['id']}") == done
    assert outbox.subjects_to("kontor@nordbyn.example")[-2:-1] == [f"Levererat till dig, beställning {order.number}"]


def test_less_is_taken_on_and_the_rest_goes_to_the_next(lena, rune, fruit):
    order = order_case.order({fruit.id: Decimal(4)})
    (offer,) = lena.get("/assignments")["data"]
    lines = [{"id": offer["lines"][0]["id"], "quantity": "3"}]
    told = lena.post(f"/assignments/{offer['id']}/accept", {"lines": lines})
    assert (told["lines"][0]["offered"], told["lines"][0]["quantity"], told["pay"]) == ("4", "3", "508.80")
    assert order_case.parts(order) == [("ljungbacken", "accepted", 3), ("rullande", "offered", 1)]
    (rest,) = rune.get("/assignments")["data"]
    assert rest["lines"][0]["offered"] == "1"


def test_no_goes_to_the_next_and_tells_no_address_any_more(lena, rune, fruit):
    order_case.order({fruit.id: Decimal(4)})
    (offer,) = lena.get("/assignments")["data"]
    lena.post(f"/assignments/{offer['id']}/decline", {}, status=422)
    told = lena.post(f"/assignments/{offer['id']}/decline", {"reason": "Fullt"})
    assert (told["state"], told["place"], told["customer"], told["note"]) == ("declined", None, "", "")
    assert rune.get("/assignments?state=offered")["data"][0]["order"] == offer["order"]


def test_twice_is_told_and_changes_nothing(lena, fruit):
    order_case.order({fruit.id: Decimal(4)})
    (offer,) = lena.get("/assignments")["data"]
    lena.post(f"/assignments/{offer['id']}/deliver", status=409)
    lena.post(f"/assignments/{offer['id']}/accept")
    assert "redan svarat" in lena.post(f"/assignments/{offer['id']}/accept", status=409)["detail"]
    first = lena.post(f"/assignments/{offer['id']}/deliver", key="d")
    assert lena.post(f"/assignments/{offer['id']}/deliver", key="d") == first
    lena.post(f"/assignments/{offer['id']}/deliver", status=409)


def test_too_late_is_refused(lena, fruit, clock):
    order_case.order({fruit.id: Decimal(4)})
    (offer,) = lena.get("/assignments")["data"]
    clock.move(days=3)
    assert "Svarstiden" in lena.post(f"/assignments/{offer['id']}/accept", status=409)["detail"]


@pytest.mark.parametrize(
    "lines",
    [
        [{"id": 1_000_000, "quantity": "1"}],
        [{"quantity": "1"}],
        [{"id": 0, "quantity": "1"}],
        [{"id": 1, "quantity": "-1"}],
    ],
)
def test_lines_that_are_not_there_are_refused(lena, fruit, lines):
    order_case.order({fruit.id: Decimal(4)})
    (offer,) = lena.get("/assignments")["data"]
    lena.post(f"/assignments/{offer['id']}/accept", {"lines": lines}, status=422)
    line = {"id": offer["lines"][0]["id"], "quantity": "1"}
    lena.post(f"/assignments/{offer['id']}/accept", {"lines": [line, line]}, status=422)
    lena.post(f"/assignments/{offer['id']}/accept", {"lines": [{**line, "quantity": "5"}]}, status=409)
    assert lena.get("/assignments")["data"][0]["state"] == "offered"


def test_another_members_and_a_customers_doors_are_closed(lena, rune, fruit, app):
    order = order_case.order({fruit.id: Decimal(4)})
    (offer,) = lena.get("/assignments")["data"]
    for act, body in (("accept", {}), ("decline", {"reason": "x"}), ("deliver", None)):
        rune.post(f"/assignments/{offer['id']}/{act}", body, status=404)
    rune.get(f"/assignments/{offer['id']}", status=404)
    nora = system(app, BUYER)
    assert nora.get("/assignments", status=403)["type"].endswith("/not-for-this-account")
    lena.get("/orders", status=403)
    lena.get(f"/orders/{order.number}", status=403)
    lena.get("/sites", status=403)


def test_pages_of_assignments(lena, fruit):
    orders = [order_case.order({fruit.id: Decimal(1)}).number for _ in range(3)]
    page = lena.get("/assignments?limit=2")
    rest = lena.get(page["next"].removeprefix("/api/v1"))
    assert [one["order"] for one in [*page["data"], *rest["data"]]] == orders[::-1]
    assert rest["next"] is None
