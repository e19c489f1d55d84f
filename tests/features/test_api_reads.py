"""A customer's system reads the catalogue, its own prices and its orders through /api/v1."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal

import jsonschema
import pytest

from app.catalog.pricing.rules import ListKind
from config import ROOT
from tests import make, order_case
from tests.features.api_case import OPENAPI, operation, system
from tests.furnished import furnished
from tests.order_case import BUYER
from tests.price_lists import make_list


@furnished
def fruit(app):
    return order_case.furnish()


WITHOUT_DOCSTRINGS = """
import json, app.pages.api.operations as told, app.pages.api
print(json.dumps({one.name: one.summary for one in told.OPERATIONS}))
"""


def test_each_operation_says_what_it_does_also_where_docstrings_are_stripped(app, visit):
    document = visit(None).get(OPENAPI).json
    served = {one["operationId"]: one["summary"] for path in document["paths"].values() for one in path.values()}
    assert all(len(words) > 10 and not words.endswith(".") for words in served.values()), served
    done = subprocess.run(
        [sys.executable, "-OO", "-c", WITHOUT_DOCSTRINGS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == served


@pytest.fixture
def nora(app, fruit):
    """Nordbyn's purchasing system."""
    return system(app, BUYER)


def test_the_document_is_openapi_and_each_route_is_in_it(app, visit):
    document = visit(None).get(OPENAPI).json
    assert document["openapi"] == "3.1.0"
    routes = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    assert len(routes) >= 15
    for rule in routes:
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            path = rule.rule.removeprefix("/api/v1").replace("<int:", "<")
            path = path.replace("<", "{").replace(">", "}")
            assert method.lower() in document["paths"][path]
    for form in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(form)
    assert operation(document, "post", "/orders")["requestBody"]["required"]
    ids = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert len(ids) == len(set(ids))


def test_who_one_is(nora):
    told = nora.get("/me")
    assert (told["organisation"], told["acts_as"], told["token"]["name"]) == (
        "Nordbyn Teknik AB",
        "customer",
        "Provsystem",
    )


def test_the_catalogue_comes_a_page_at_a_time(nora, fruit):
    member = order_case.member("ljungbacken")
    for number in range(4):
        make.make_offering(make.make_article(f"Korg {number}"), member)
    first = nora.get("/catalogue/articles?limit=3")
    assert [one["name"] for one in first["data"]] == ["Fruktkorg 5 kg", "Korg 0", "Korg 1"]
    second = nora.get(first["next"].removeprefix("/api/v1"))
    assert [one["name"] for one in second["data"]] == ["Korg 2", "Korg 3"]
    assert second["next"] is None
    assert nora.get(f"/catalogue/articles/{fruit.number}")["price"]["excl_vat"] == "212.00"
    nora.get("/catalogue/articles/finns-inte", status=404)


def test_whoever_has_it_is_told_so(nora):
    etag = nora.ask("get", "/catalogue/articles").headers["ETag"]
    assert nora.ask("get", "/catalogue/articles", {"If-None-Match": etag}).status_code == 304
    packed = {"Authorization": f"Bearer {nora.secret}", "Accept-Encoding": "gzip"}
    answer = nora.client.get("/api/v1/catalogue/articles", headers=packed)
    assert answer.headers["Content-Encoding"] == "gzip"
    again = {**packed, "If-None-Match": answer.headers["ETag"]}
    assert nora.client.get("/api/v1/catalogue/articles", headers=again).status_code == 304


def test_the_price_is_the_customers_own_and_says_why(nora, fruit, app):
    customer = make.make_customer()
    make.make_user("annan@kund.example", customer=customer)
    make_list(ListKind.CUSTOMER, {fruit: [(1, 19000), (10, 18000)]}, name="Årsavtal", customers=[customer])
    other = system(app, "annan@kund.example")
    (mine,) = other.get(f"/prices?article={fruit.number}&quantity=10")["data"]
    assert (mine["unit_price"], mine["sum"], mine["from_list"]) == ("180.00", "1800.00", "customer")
    assert "Årsavtal" in mine["because"]
    (usual,) = nora.get(f"/prices?article={fruit.number}&quantity=10")["data"]
    assert (usual["unit_price"], usual["from_list"], usual["standard_price"]) == ("212.00", None, "212.00")
    nora.get("/prices?article=finns-inte", status=404)


def test_orders_are_listed_newest_first_and_nobody_elses(nora, fruit, app):
    numbers = [order_case.order({fruit.id: Decimal(count)}).number for count in (1, 2, 3)]
    page = nora.get("/orders?limit=2")
    assert [one["number"] for one in page["data"]] == [numbers[2], numbers[1]]
    assert page["data"][1]["sums"] == {
        "currency": "SEK",
        "beside_lines": "0.00",
        "excl_vat": "424.00",
        "incl_vat": "449.44",
    }
    rest = nora.get(page["next"].removeprefix("/api/v1"))
    assert [one["number"] for one in rest["data"]] == [numbers[0]]
    assert nora.get("/orders?state=delivered")["data"] == []
    make.make_user("annan@kund.example", customer=make.make_customer())
    other = system(app, "annan@kund.example")
    assert other.get("/orders")["data"] == []
    other.get(f"/orders/{numbers[0]}", status=404)
    other.post(f"/orders/{numbers[0]}/cancel", status=404)
    other.get(page["next"].removeprefix("/api/v1"), status=404)


def test_a_long_list_asks_no_more_of_the_database_than_a_short_one(nora, fruit, queries):
    counts = []
    for _round in range(2):
        for _order in range(3):
            order_case.order({fruit.id: Decimal(1)})
        nora.get("/orders")
        with queries() as asked:
            nora.get("/orders")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize(
    ("query", "kind", "pointer"),
    [
        ("limit=0", "invalid", "/limit"),
        ("limit=101", "invalid", "/limit"),
        ("limit=tio", "invalid", "/limit"),
        ("limit=1&limit=2", "invalid", "/limit"),
        ("cursor=%C3%A5", "invalid", "/cursor"),
        ("cursor=OTk5OTk5OTk5OTk", "invalid", "/cursor"),
        ("state=borta", "invalid", "/state"),
        ("sida=2", "unknown-field", "/sida"),
    ],
)
def test_a_query_that_cannot_be_is_refused_by_name(nora, query, kind, pointer):
    told = nora.get(f"/orders?{query}", status=422)
    assert told["type"] == f"/api/v1/problems/{kind}"
    assert [one["pointer"] for one in told["errors"]] == [pointer]
    assert nora.get(f"/problems/{kind}")["status"] == 422


def test_what_is_not_there_is_a_problem_and_no_page(nora):
    for path, status in (("/finns-inte", 404), ("/orders/99999999999999", 404), ("/problems/finns-inte", 404)):
        assert nora.get(path, status=status)["status"] == status
    answer = nora.ask("delete", "/orders")
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "POST" in answer.headers["Allow"]
