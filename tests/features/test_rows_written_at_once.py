"""What is written at once is there as objects; what is undone was never there, and nobody is told of it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock, new_rows
from app.db import db
from app.new_rows import write_new
from app.orders.models import Order, OrderEvent
from app.orders.states import EventKind
from tests import order_case
from tests.furnished import furnished


@furnished
def fruit(app):
    return order_case.furnish()


@pytest.fixture
def order(fruit):
    return order_case.order({fruit.id: Decimal(4)})


def write(order: Order, *words: str) -> list[OrderEvent]:
    same = {"order_id": order.id, "at": clock.now(), "kind": EventKind.OFFERED, "for_customer": False}
    rows = [{**same, "by_name": "", "member_name": "", "words": one} for one in words]
    return write_new(OrderEvent, rows)


def kept(order: Order) -> list[str]:
    query = select(OrderEvent.words).where(OrderEvent.order_id == order.id, OrderEvent.words.like("%gången"))
    return list(db.session.scalars(query.order_by(OrderEvent.id)))


def test_rows_come_back_in_their_order_and_can_be_changed(order):
    first, second = write(order, "första gången", "andra gången")
    assert first.id < second.id
    assert first.order is order
    second.words = "tredje gången"
    db.session.commit()
    assert kept(order) == ["första gången", "tredje gången"]


def test_nothing_is_asked_for_no_rows(app):
    assert write_new(OrderEvent, []) == []


def test_what_a_savepoint_undoes_is_forgotten_with_what_lies_within_it(order):
    (before,) = write(order, "första gången")
    undone = db.session.begin_nested()
    (outer,) = write(order, "andra gången")
    with db.session.begin_nested():
        (inner,) = write(order, "tredje gången")
    undone.rollback()
    assert before in db.session
    assert outer not in db.session
    assert inner not in db.session
    db.session.commit()
    assert kept(order) == ["första gången"]


def test_after_a_transaction_is_undone_the_next_may_have_the_same_number(order):
    (gone,) = write(order, "första gången")
    db.session.rollback()
    (there,) = write(order, "andra gången")
    assert gone not in db.session
    assert there in db.session
    db.session.commit()
    assert kept(order) == ["andra gången"]


def test_who_looks_at_new_rows_sees_them(order, monkeypatch):
    seen = []
    monkeypatch.setattr(new_rows, "observers", [*new_rows.observers, lambda _session, rows: seen.extend(rows)])
    assert write(order, "första gången") == seen
