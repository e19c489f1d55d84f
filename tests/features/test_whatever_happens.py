"""Whatever happens to an order, in whatever order: nothing is lost, and money is the sum of what happened."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.db import db
from app.invoicing.queries import credits_due_of, invoices_of
from app.money import NOUGHT, Money
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


def came_to(made: Order) -> Money:
    """What has been delivered was sold for so much, less what was decided on complaints."""
    return sold_for(made) - Money.total(one.amount for one in complaints_in(made))


def worked_for(made: Order) -> dict[int, Money]:
    """What each member that has delivered is to have for it, less what it bears of complaints."""
    work = [one for one in made.assignments if one.state == AssignmentState.DELIVERED]
    decided = complaints_in(made)
    pay = {who: Money.total(one.pay for one in work if one.member_id == who) for who in {one.member_id for one in work}}
    borne = {who: Money.total(one.borne for one in decided if one.assignment.member_id == who) for who in pay}
    return {who: pay[who] - borne[who] for who in pay}


def charged_when_invoiced(made: Order) -> Money:
    """What had happened until the last invoice came to so much, with what was to be credited; nothing without one."""
    records = invoices_of(made)
    if not records:
        return NOUGHT
    entries = [row for row in entries_of(made) if row.event.at <= records[-1].issued_at]
    due = [one.amount for one in credits_due_of(made) if one.at <= records[-1].issued_at]
    return ledger.account(entries).charged + Money.total(due)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(ACTS), LINE, NUMBER), max_size=14))
def test_nothing_is_lost_and_money_follows(app, clock, acts):
    """Lines add up; what is charged, earned and invoiced is what the delivered parts and the decisions come to."""
    db.session.rollback()
    if db.session.scalar(select(Order.id).limit(1)) is None:
        furnish()
        apples = make.make_article("Äpplen", unit="KGM", price=Money(3333))
        make.make_offering(apples, member("ljungbacken"), capacity_per_week=Decimal(1000))
        db.session.commit()
    articles = {one.name: one.id for one in db.session.scalars(select(make.Article))}
    actor = Actor(order({articles["Fruktkorg 5 kg"]: Decimal(6), articles["Äpplen"]: Decimal(10)}))
    for act in (None, *acts):
        if act is not None:
            clock.move(minutes=1)
            actor.do(*act)
        made = actor.order
        assert in_balance(made).charged == came_to(made)
        earned, worked = ledger.earnings(entries_of(made)), worked_for(made)
        assert {who: earned[who] for who in worked} == worked
        assert Money.total(one.net for one in invoices_of(made)) == charged_when_invoiced(made)
