"""What it costs to bring an order counts against the organisation's limit."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as house_clock
from app import orderflow
from app.customers.models import Customer
from app.db import db
from app.money import NOUGHT, Money
from app.orders.approvals.models import OrderApproval
from app.orders.delivery.parcels import Choice
from app.orders.delivery.queries import promised_fees
from app.orders.delivery.terms import set_way
from app.orders.delivery.ways import Terms, WayKind
from app.orders.states import OrderState
from tests import make, order_case
from tests.order_case import BUYER, furnish, member
from tests.people import document, text
from tests.quote_case import FRIDAY, orders

BO = "bo@nordbyn.example"


@pytest.fixture
def fruit(app, visit):
    """Four baskets are 848 kronor, and Ljungbacken drives for 170; above 1 000 another at Nordbyn must say yes."""
    article = furnish()
    customer = db.session.scalars(select(Customer)).one()
    make.make_user(BO, customer=customer, name="Bo Exempel")
    drives = Terms(everywhere=True, per_stop=Money.kronor(170))
    for kind, terms in ((WayKind.OWN, drives), (WayKind.COLLECT, Terms(hours="8-16"))):
        set_way(member("ljungbacken"), None, kind, terms, by=None, now=house_clock.now())
    assert visit(BUYER).fill("/organisation", {"limit": "1 000"}).status_code == 303
    return article.id


def checkout(browser, article, quantity="4", **values):
    browser.post("/varukorg/lagg-i", data={"article": article, "quantity": quantity})
    return browser.fill("/kassa", {"day": FRIDAY.isoformat(), **values})


def looked_at(browser, article):
    """The checkout's form as it comes back when one has looked how it comes, and wants it brought."""
    brought = {f"way-{member('ljungbacken').id}": "1:17000"}
    answer = checkout(browser, article, then="coming", **brought)
    page = document(answer)
    return text(page).replace("\u00a0", " "), dict(page.cssselect("main form[method=post]")[0].form_values())


def test_goods_below_the_limit_wait_when_delivery_brings_them_above_it(fruit, visit):
    bo = visit(BO)
    page, form = looked_at(bo, fruit)
    assert "Beställ för 1 018,00 kr" in page
    assert "måste en annan person" in page, "it is said before anything is ordered"
    assert bo.post("/kassa", data=form).status_code == 303
    (order,) = orders()
    approval = db.session.scalars(select(OrderApproval)).one()
    assert (order.state, approval.net) == (OrderState.AWAITING, Money.kronor(1018))
    path = f"/bestallningar/{order.number}"
    assert "1 018,00 kr med leverans är över gränsen" in text(visit(BUYER).page(path)).replace("\u00a0", " ")
    assert visit(BUYER).fill(path, {}, form="form[action$='/godkann']").status_code == 303
    db.session.expire_all()
    assert (orders()[0].state, promised_fees(orders()[0])) == (OrderState.PLACED, Money.kronor(170))


def test_who_collects_stays_below_it(fruit, visit):
    choices = {str(member("ljungbacken").id): Choice("2", NOUGHT)}
    assert order_case.order({fruit: Decimal(4)}, choices=choices).state == OrderState.PLACED
    assert db.session.scalars(select(OrderApproval)).all() == []


def test_where_nobody_looked_the_best_way_counts(fruit):
    assert order_case.order({fruit: Decimal(4)}).state == OrderState.AWAITING
    assert order_case.order({fruit: Decimal(3)}).state == OrderState.PLACED


def test_nobody_gets_above_it_by_ordering_more_afterwards(fruit, visit):
    made = order_case.order({fruit: Decimal(3)})
    orderflow.accept(made.assignments[0], {}, by=make.make_user(), now=house_clock.now())
    db.session.commit()
    line = made.lines[0].id
    answer = visit(BUYER).fill(f"/bestallningar/{made.number}/andra", {f"quantity-{line}": "4"})
    assert answer.status_code == 422
    assert "kostar beställningen 1 018,00 kr" in text(document(answer)).replace("\u00a0", " ")


def test_the_page_says_that_delivery_is_counted(fruit, visit):
    assert "Det som leveransen kostar räknas in" in text(visit(BUYER).page("/organisation"))
