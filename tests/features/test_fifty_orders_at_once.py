"""Fifty customers order the same at the same moment: nobody is promised more than members can make."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app import clock as app_clock
from app import orderflow
from app.customers.models import Customer
from app.db import db
from app.orders.cart import Delivery
from app.orders.models import Assignment, AssignmentLine, Order, OrderLine
from app.orders.routing_models import RoutingDecision
from tests import make
from tests.people import save

pytestmark = pytest.mark.both

ORDERS, EACH = 50, 5
AT_ONCE = 8
"""Two web processes of four threads: the others of the fifty stand at the door, as they do in the world."""
DELIVERY = Delivery(date(2026, 11, 27), "Kontoret", "Köpgatan 2", "411 02", "Göteborg", "1480")


def test_capacity_holds_and_every_unit_lies_somewhere_when_fifty_order_at_once(app):
    ljungbacken, rullande = make.make_ljungbacken(), make.make_member(slug="rullande", name="Rullande Hjälpen ek. för.")
    fruit = make.make_article()
    sizes = {ljungbacken.id: Decimal(103), rullande.id: Decimal(41)}
    for member in (ljungbacken, rullande):
        make.make_offering(fruit, member, capacity_per_week=sizes[member.id])
    customers = [make.make_customer().id for _number in range(ORDERS)]
    fruit_id = fruit.id

    def order(customer_id: int) -> None:
        """As a web process does it: a context and a transaction of its own."""
        with app.app_context():
            orderflow.checkout(
                {fruit_id: Decimal(EACH)},
                DELIVERY,
                customer=db.session.get_one(Customer, customer_id),
                ticket=f"ticket-{customer_id}",
                by=None,
                now=app_clock.now(),
            )
            db.session.commit()

    save()
    with ThreadPoolExecutor(AT_ONCE) as web:
        list(web.map(lambda customer_id: Context().run(order, customer_id), customers))
    db.session.rollback()
    held = db.session.execute(
        select(Assignment.member_id, func.sum(AssignmentLine.quantity))
        .join(AssignmentLine.assignment)
        .group_by(Assignment.member_id)
    )
    assert dict(held.all()) == sizes, "both are full to the last basket, and not over"
    left = db.session.scalar(select(func.sum(OrderLine.unassigned)))
    assert sum(sizes.values()) + left == ORDERS * EACH
    for line in db.session.scalars(select(OrderLine)):
        taken = select(func.sum(AssignmentLine.quantity)).where(AssignmentLine.order_line_id == line.id)
        assert (db.session.scalar(taken) or 0) + line.unassigned == EACH
    numbers = db.session.scalars(select(Order.number)).all()
    assert len(set(numbers)) == len(numbers) == ORDERS
    assert db.session.scalar(select(func.count()).select_from(RoutingDecision)) == ORDERS
