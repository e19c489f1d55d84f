"""Whatever happens, in whatever rhythm and whoever sells: invoices less credits are what the orders' events come to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.customers.models import InvoiceRhythm
from app.db import db
from app.money import NOUGHT
from app.orders.models import Order
from tests import make
from tests.money_case import (
    MONEY_ACTS,
    MoneyActor,
    documents_about,
    due,
    furnish_money,
    sell_as,
    signed,
    sound,
    uncharged,
    without_gaps,
    worth,
)
from tests.order_case import order

pytestmark = pytest.mark.both

LINE, NUMBER = st.integers(0, 3), st.integers(0, 12)
SELLERS = st.sampled_from([(), ("ljungbacken",), ("ljungbacken", "rullande")])


def balanced(made: Order) -> None:
    """What is charged never runs ahead of what happened, and what is missing is still to be charged or credited."""
    db.session.expire_all()
    assert signed(made) - due(made) <= worth(made) or uncharged(made) < NOUGHT
    sound(documents_about(made))
    without_gaps()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(InvoiceRhythm),
    SELLERS,
    st.lists(st.tuples(st.sampled_from(MONEY_ACTS), LINE, NUMBER), min_size=5, max_size=16),
)
def test_invoices_less_credits_are_what_happened(app, clock, rhythm, agents, acts):
    db.session.rollback()
    if db.session.scalar(select(Order.id).limit(1)) is None:
        furnish_money()
    articles = {one.name: one.id for one in db.session.scalars(select(make.Article))}
    sell_as(rhythm, *agents)
    actor = MoneyActor(order({articles["Fruktkorg 5 kg"]: Decimal(6), articles["Äpplen"]: Decimal(10)}))
    for act, which, number in [("accept", 0, 12), ("part", 0, 3), *acts]:
        clock.move(minutes=1)
        actor.do(act, which, number)
        balanced(actor.order)
    actor.finish()
    balanced(actor.order)
    assert due(actor.order) == NOUGHT
    assert signed(actor.order) == worth(actor.order)
