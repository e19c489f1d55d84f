"""Sam finds an order by what somebody says on the telephone: its number, who ordered, or a reference."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock, orderflow
from app.db import db
from app.orders import desk_search
from app.orders import queries as order_queries
from app.orders.models import Order
from tests import make
from tests.furnished import furnished
from tests.order_case import DELIVERY, furnish
from tests.people import document, text

pytestmark = pytest.mark.both

SAM = "sam@samklang.example"


def order_by(name: str, reference: str) -> Order:
    """A customer orders a basket under a reference."""
    customer = db.session.scalar(select(make.Customer).where(make.Customer.name == name)) or make.make_customer(
        name=name
    )
    article = db.session.scalars(select(make.Article)).first()
    delivery = replace(DELIVERY, order_reference=reference)
    made = orderflow.checkout(
        {article.id: Decimal(1)}, delivery, customer=customer, ticket=f"{name} {reference}", by=None, now=clock.now()
    )
    db.session.commit()
    return made


@furnished
def orders(app):
    furnish()
    return [order_by("Åkeriet AB", "INK-100"), order_by("Bageriet AB", "INK-200"), order_by("Åkeriet AB", "Lådor 7")]


def found(visit, typed: str, **more: str) -> list[int]:
    page = visit(SAM).get("/personal/bestallningar", query_string={"q": typed, **more})
    assert page.status_code == 200
    return [int(text(one)) for one in document(page).cssselect("main tbody th")]


def test_by_number_customer_and_a_part_of_a_reference(orders, visit):
    first, second, third = (one.number for one in orders)
    assert found(visit, str(second)) == [second]
    assert found(visit, "åkeriet") == [third, first]
    assert found(visit, "ink-") == [second, first]
    assert found(visit, "lådor") == [third]
    assert found(visit, "Inget sådant") == []
    assert found(visit, "%") == []


def test_within_a_heap_and_on_the_next_page(orders, visit):
    first, _second, third = (one.number for one in orders)
    assert found(visit, "åkeriet", hog="delivered") == []
    assert found(visit, "åkeriet", hog="unanswered") == [third, first]
    assert found(visit, "åkeriet", fore=str(third)) == [first]


def test_an_old_order_is_found_by_its_whole_reference(orders, visit, monkeypatch):
    monkeypatch.setattr(desk_search, "NEWEST", 2)
    first, second, _third = (one.number for one in orders)
    assert found(visit, "INK-100") == [first]
    assert found(visit, "INK-") == [second]


@pytest.mark.parametrize("least", [{}, {"MANY": 1}, {"NEWEST": 1}])
def test_many_customers_of_one_name_are_found_like_few(orders, visit, monkeypatch, least):
    """Also so many that all they ever ordered is not read, and such as have ordered much."""
    for name, figure in {"FEW": 1, **least}.items():
        monkeypatch.setattr(desk_search, name, figure)
    first, second, third = (one.number for one in orders)
    assert found(visit, " AB") == [third, second, first]
    assert found(visit, " AB", fore=str(third)) == [second, first]
    assert found(visit, " AB", hog="delivered") == []


def test_of_what_is_going_on_all_is_looked_through_however_old(orders, visit, monkeypatch):
    monkeypatch.setattr(desk_search, "NEWEST", 1)
    first, second, third = (one.number for one in orders)
    assert found(visit, "INK-", hog="unanswered") == [second, first]
    assert found(visit, str(first), hog="unanswered") == [first]
    assert found(visit, "lådor", hog="unanswered", fore=str(third)) == []
    assert found(visit, "åkeriet", hog="accepted") == []
    assert found(visit, "_", hog="unanswered") == []


def plan(sql: str) -> str:
    """How the database goes about it."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("SQLite tells its plan in one word")
    rows = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql.replace('?', '1')}")
    return " ".join(row[3] for row in rows)


@pytest.mark.parametrize("typed", ["INK-100", "Bageri", " AB"])
def test_the_newest_are_met_first_and_what_lies_behind_them_is_not_sorted(orders, queries, monkeypatch, typed):
    monkeypatch.setattr(desk_search, "FEW", 1)
    monkeypatch.setattr(desk_search, "MANY", 1)
    with queries() as seen:
        assert order_queries.desk("all", clock.now(), text=typed)
    ways = [sql for sql in seen if sql.startswith(('SELECT "order".number, "order".id', "SELECT anon_1.number"))]
    assert ways
    assert not any("TEMP B-TREE" in plan(sql) for sql in ways)


@pytest.mark.parametrize("heap", order_queries.NEVER_MANY)
def test_within_a_heap_only_what_lies_on_it_is_read(orders, queries, heap):
    with queries() as seen:
        order_queries.desk(heap, clock.now(), text="Bageri")
    assert "order USING INDEX ix_order_state" in plan(seen[0])
