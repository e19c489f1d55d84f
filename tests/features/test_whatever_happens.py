"""Whatever happens to an order, in whatever order: nothing is lost, and money is the sum of what happened."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.db import db
from app.invoicing.queries import credits_due_of, invoices_of
from app.money import Money
from app.orders import ledger
from app.orders.change_queries import entries_of
from app.orders.complaint_queries import complaints_in
from app.orders.models import Order
from app.orders.states import AssignmentState
from tests import make
from tests.order_acts import ACTS, Actor
from tests.order_case import furnish, in_balance, member, order, sold_for

pytestmark = pytest.mark.both

LINE, NUMBER = st.integers(0, 3), st.integers(0, 12)


def check(made: Order) -> None:
    """Lines add up; what is charged and earned is what the delivered parts and the decisions come to."""
    account = in_balance(made)
    decided = complaints_in(made)
    assert account.charged == sold_for(made) - Money.total(one.amount for one in decided)
    work = [one for one in made.assignments if one.state == AssignmentState.DELIVERED]
    for worker in {one.member_id for one in work}:
        pay = Money.total(one.pay for one in work if one.member_id == worker)
        borne = Money.total(one.borne for one in decided if one.assignment.member_id == worker)
        assert ledger.earnings(entries_of(made))[worker] == pay - borne
    records = invoices_of(made)
    if records:
        charged_then = [row for row in entries_of(made) if row.event.at <= records[-1].issued_at]
        due = [one.amount for one in credits_due_of(made) if one.at <= records[-1].issued_at]
        assert Money.total(one.net for one in records) == ledger.account(charged_then).charged + Money.total(due)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(ACTS), LINE, NUMBER), max_size=14))
def test_nothing_is_lost_and_money_follows(app, clock, acts):
    db.session.rollback()
    if db.session.scalar(select(Order.id).limit(1)) is None:
        furnish()
        apples = make.make_article("Äpplen", unit="KGM", price=Money(3333))
        make.make_offering(apples, member("ljungbacken"), capacity_per_week=Decimal(1000))
        db.session.commit()
    articles = {one.name: one.id for one in db.session.scalars(select(make.Article))}
    actor = Actor(order({articles["Fruktkorg 5 kg"]: Decimal(6), articles["Äpplen"]: Decimal(10)}))
    check(actor.order)
    for act, which, number in acts:
        clock.move(minutes=1)
        actor.do(act, which, number)
        check(actor.order)
