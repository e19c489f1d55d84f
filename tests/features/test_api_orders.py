"""A customer's system places orders through /api/v1 and calls them off - once, whatever comes twice."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.customers.models import Site
from app.db import db
from app.orders.models import Order
from tests import make, order_case
from tests.features.api_case import system
from tests.furnished import furnished
from tests.order_case import BUYER
from tests.people import together

pytestmark = pytest.mark.both

PLACE = {
    "name": "Kontoret",
    "street": "Köpgatan 2",
    "postcode": "411 02",
    "city": "Göteborg",
    "municipality": make.GOTHENBURG,
}


@furnished
def fruit(app):
    return order_case.furnish()


@pytest.fixture
def nora(app, fruit):
    """Nordbyn's purchasing system."""
    return system(app, BUYER)


def wish(fruit, quantity="4", **more):
    line = {"article": fruit.number, "quantity": quantity}
    delivery = {"day": "2026-12-04", "place": PLACE, "note": "Ring på"}
    return {"lines": [line], "delivery": delivery, "references": {"order_reference": "PO 7"}, **more}


def count():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Order))


def test_an_order_is_placed_as_on_the_web(nora, fruit, outbox):
    answer = nora.ask("post", "/orders", {"Idempotency-Key": "a"}, json=wish(fruit))
    assert answer.status_code == 201
    told = answer.json
    assert answer.headers["Location"] == told["url"] == f"/api/v1/orders/{told['number']}"
    assert (told["state"], told["sums"]["excl_vat"]) == ("placed", "848.00")
    (line,) = told["lines"]
    assert (line["quantity"], line["waiting"], line["with_us"], line["parts"]) == ("4", "4", "0", [])
    assert [event["kind"] for event in told["events"]] == ["placed"]
    assert told["references"]["order_reference"] == "PO 7"
    assert told["delivery"] == {"day": "2026-12-04", "place": PLACE, "note": "Ring på", "way": None}
    assert nora.get(f"/orders/{told['number']}") == told
    assert outbox.subjects_to(order_case.member("ljungbacken").email) == [f"Nytt uppdrag, beställning {told['number']}"]
    assert outbox.subjects_to("kontor@nordbyn.example") == [f"Tack för beställning {told['number']}"]


def test_one_of_the_customers_places_brings_its_reference(nora, fruit):
    site = db.session.scalars(select(Site)).one()
    site.buyer_reference = "ZZ123"
    (known,) = nora.get("/sites")["data"]
    told = nora.post("/orders", wish(fruit, delivery={"day": "2026-12-04", "site": known["id"]}), key="a", status=201)
    assert (told["delivery"]["place"]["name"], told["references"]["buyer_reference"]) == (site.name, "ZZ123")
    other = make.make_site(make.make_customer())
    nora.post("/orders", wish(fruit, delivery={"day": "2026-12-04", "site": other.id}), key="b", status=404)


def test_the_same_key_and_body_place_one_order_and_get_the_same_answer(nora, fruit):
    first = nora.post("/orders", wish(fruit), key="a", status=201)
    again = nora.ask("post", "/orders", {"Idempotency-Key": "a"}, json=wish(fruit))
    assert (again.status_code, again.json, again.headers["Idempotency-Replayed"]) == (201, first, "true")
    assert again.headers["Location"] == first["url"]
    assert count() == 1
    assert nora.post("/orders", wish(fruit, "5"), key="a", status=422)["type"].endswith("/key-reused")
    nora.post("/orders", wish(fruit), key="b", status=201)
    assert count() == 2


def test_a_key_is_ones_own(nora, fruit, app):
    make.make_user("annan@kund.example", customer=make.make_customer())
    nora.post("/orders", wish(fruit), key="a", status=201)
    system(app, "annan@kund.example").post("/orders", wish(fruit, "5"), key="a", status=201)
    assert count() == 2


def test_twice_at_the_same_moment_is_once(nora, fruit, app):
    body = wish(fruit)

    def send(one):
        return lambda: one.post("/orders", body, key="a", status=201)

    answers = together(*[send(replace(nora, client=app.test_client())) for _ in range(4)])
    assert len({answer["number"] for answer in answers}) == 1
    assert count() == 1


def test_a_refusal_is_not_remembered(nora, fruit, clock):
    sunday = wish(fruit, delivery={"day": "2026-12-06", "place": PLACE})
    refused = nora.post("/orders", sunday, key="a", status=409)
    assert refused["type"].endswith("/refused")
    assert "vardagar" in refused["detail"]
    nora.post("/orders", wish(fruit), key="a", status=201)


def test_without_a_key_nothing_is_ordered(nora, fruit):
    assert "Idempotency-Key" in nora.post("/orders", wish(fruit), status=400)["detail"]
    nora.post("/orders", wish(fruit), key="å", status=400)
    nora.post("/orders", wish(fruit), key="a" * 101, status=400)
    assert count() == 0


def test_another_price_than_expected_is_told_and_nothing_ordered(nora, fruit):
    line = {"article": fruit.number, "quantity": "4", "expected_unit_price": "200.00"}
    told = nora.post("/orders", wish(fruit, lines=[line]), key="a", status=409)
    assert "har ändrats från" in told["detail"]
    line["expected_unit_price"] = "212.00"
    nora.post("/orders", wish(fruit, lines=[line]), key="b", status=201)
    second = {"article": make.make_article().number, "quantity": "1"}
    told = nora.post("/orders", wish(fruit, lines=[line, second]), key="c", status=422)
    assert [one["pointer"] for one in told["errors"]] == ["/lines/1/expected_unit_price"]
    assert count() == 1


def _changed(change):
    def make_it(fruit):
        body = wish(fruit)
        change(body)
        return body

    return make_it


NO_STREET = {"day": "2026-12-04", "place": {**PLACE, "street": " "}}
WRONG = {
    "an unknown field": (_changed(lambda body: body.update(rabatt="10")), "unknown-field", "/rabatt"),
    "one deeper": (_changed(lambda body: body["lines"][0].update({"a/b~": 1})), "unknown-field", "/lines/0/a~1b~0"),
    "no lines": (_changed(lambda body: body.update(lines=[])), "invalid", "/lines"),
    "too many": (_changed(lambda body: body.update(lines=body["lines"] * 61)), "invalid", "/lines"),
    "a figure": (_changed(lambda body: body["lines"][0].update(quantity=4)), "invalid", "/lines/0/quantity"),
    "less than none": (_changed(lambda body: body["lines"][0].update(quantity="-4")), "invalid", "/lines/0/quantity"),
    "no day": (_changed(lambda body: body["delivery"].pop("day")), "invalid", "/delivery/day"),
    "no such day": (_changed(lambda body: body["delivery"].update(day="2026-02-30")), "invalid", "/delivery/day"),
    "two places": (_changed(lambda body: body["delivery"].update(site=1)), "invalid", "/delivery"),
    "no street": (_changed(lambda body: body.update(delivery=NO_STREET)), "invalid", "/delivery/place/street"),
    "a long note": (_changed(lambda body: body["delivery"].update(note="x" * 1001)), "invalid", "/delivery/note"),
    "not sold": (_changed(lambda body: body["lines"][0].update(article="finns-inte")), "invalid", "/lines/0/article"),
    "a list": (lambda _fruit: [], "invalid", ""),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_does_not_fit_is_refused_by_name(nora, fruit, what):
    made, kind, pointer = WRONG[what]
    told = nora.post("/orders", made(fruit), key="a", status=422)
    assert told["type"] == f"/api/v1/problems/{kind}"
    assert [one["pointer"] for one in told["errors"]] == [pointer]
    assert count() == 0


@pytest.mark.parametrize(
    "raw",
    [
        b"{", b"\xff\xfe", b'{"lines": NaN}', b'{"lines": [], "lines": []}', b"[" * 100_000, b'{"lines": "\\u0000"}',
        b'{"lines": "\\ud800"}', b'{"lines": ' + b"9" * 5000 + b"}",
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused(nora, raw):
    sent = {"data": raw, "content_type": "application/json"}
    answer = nora.ask("post", "/orders", {"Idempotency-Key": "a"}, **sent)
    assert (answer.status_code, answer.json["type"]) == (400, "/api/v1/problems/bad-request")


def test_forms_and_giants_are_refused(nora, fruit):
    key = {"Idempotency-Key": "a"}
    assert nora.ask("post", "/orders", key, data={"lines": "x"}).status_code == 415
    huge = json.dumps(wish(fruit, note="x" * 600_000))
    assert nora.ask("post", "/orders", key, data=huge, content_type="application/json").status_code == 413
    assert count() == 0


def test_an_order_is_called_off_once(nora, fruit, outbox):
    number = nora.post("/orders", wish(fruit), key="a", status=201)["number"]
    told = nora.post(f"/orders/{number}/cancel")
    assert (told["state"], told["sums"]["excl_vat"], told["may_change_until"]) == ("called_off", "0.00", None)
    assert nora.post(f"/orders/{number}/cancel", status=409)["type"].endswith("/refused")
    assert nora.post(f"/orders/{number}/cancel", {"varför": "x"}, status=422)


def test_the_audit_says_who(nora, fruit, visit):
    number = nora.post("/orders", wish(fruit, "2.0"), key="a", status=201)["number"]
    order = db.session.scalars(select(Order).where(Order.number == number)).one()
    assert order.placed_by_id is not None
    assert order.lines[0].quantity == Decimal(2)
    assert visit(BUYER).get(f"/bestallningar/{number}").status_code == 200
