"""What is made in batches is promised a way and a fee as all else, and charged when it comes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as house_clock
from app.catalog.models import ApprovalState
from app.customers.models import Customer
from app.db import db
from app.money import NOUGHT, Money
from app.orders.approvals.models import ApprovalRule
from app.orders.delivery.models import Carriage, OrderCharge, Parcel
from app.orders.delivery.terms import set_way
from app.orders.delivery.ways import Terms, WayKind
from app.orders.models import Order
from app.orders.states import OrderState
from tests import make
from tests.order_case import BUYER, NEXT_FRIDAY, furnish, in_balance, member
from tests.order_case import order as make_order
from tests.people import text
from tests.window_case import BATCH_DAY, CLOSES, gather, minute

LJUNGBACKEN, RULLANDE = "ljungbacken@medlem.example", "rullande@medlem.example"
AFTER = CLOSES + timedelta(minutes=1)
FEE = Money.kronor(120)
TEN = Decimal(10)


@pytest.fixture
def fruit(app):
    """Ljungbacken drives its baskets for 120 kronor, and they can be collected; they are made in a batch."""
    fruit = furnish()
    says("ljungbacken", WayKind.OWN, Terms(everywhere=True, per_stop=FEE))
    says("ljungbacken", WayKind.COLLECT, Terms(hours="kl. 8-16"))
    gather(fruit)
    return fruit


@pytest.fixture
def bread(fruit):
    """Ljungbacken's bread can be ordered at any time; it alone makes the fruit baskets."""
    fruit.offerings[1].state = ApprovalState.WITHDRAWN
    bread = make.make_article("Bröd", price=Money.kronor(50))
    make.make_offering(bread, member("ljungbacken"))
    return bread


def says(slug, kind, terms, **more):
    set_way(member(slug), None, kind, terms, by=None, now=house_clock.now(), **more)
    db.session.commit()


def parcels():
    db.session.expire_all()
    return list(db.session.scalars(select(Parcel).order_by(Parcel.id)))


def charges():
    return [(one.name, one.charged) for one in db.session.scalars(select(OrderCharge))]


def last_order():
    return db.session.scalars(select(Order).order_by(Order.id.desc())).first()


def close(app, clock):
    clock.set(AFTER)
    minute(app)


def accept(visit, order):
    for one in order.assignments:
        visit(one.member.email).post(f"/medlem/uppdrag/{one.id}/ja")


def deliver(visit, order):
    accept(visit, order)
    for one in order.assignments:
        browser = visit(one.member.email)
        assert browser.post(f"/medlem/uppdrag/{one.id}/levererat").status_code == 303
    db.session.expire_all()


def fill_basket(browser, *articles, quantity="10"):
    for article in articles:
        browser.post("/varukorg/lagg-i", data={"article": article.id, "quantity": quantity})
    return browser


def test_the_checkout_shows_it_and_what_was_chosen_is_promised(fruit, visit, outbox):
    nordbyn = fill_basket(visit(BUYER), fruit)
    page = nordbyn.page("/kassa")
    shown = text(page.cssselect("#coming")[0]).replace("\xa0", " ")
    assert "Görs i omgångar. Det kommer för sig fre 11 dec." in shown
    assert "Levereras till dig, 120,00 kr" in shown
    assert "2 120,00 kr" in text(page.cssselect("form .form-buttons")[-1]).replace("\xa0", " "), "the cheapest way"
    collect = page.cssselect("#coming input[type=radio]")[1]
    assert collect.get("name") == f"way-{member('ljungbacken').id}.{BATCH_DAY.isoformat()}"
    seen = {"fees": "0", collect.get("name"): collect.get("value")}
    assert nordbyn.fill("/kassa", {"day": NEXT_FRIDAY.isoformat(), **seen}).status_code == 303
    (one,) = parcels()
    assert (one.kind, one.fee, one.day) == (WayKind.COLLECT, NOUGHT, BATCH_DAY)
    assert "du hämtar" in outbox.to(BUYER)[-1].body


def test_the_basket_shows_it_too(fruit, visit):
    nordbyn = fill_basket(visit(BUYER), fruit)
    assert "Det kommer för sig" in text(nordbyn.page("/varukorg?kommun=1480&dag=2026-12-04"))


def test_it_is_charged_when_it_comes(app, fruit, clock, visit):
    order = make_order({fruit.id: TEN})
    (one,) = parcels()
    assert (one.member.slug, one.kind, one.fee, one.day) == ("ljungbacken", WayKind.OWN, FEE, BATCH_DAY)
    assert order.assignments == [], "nobody is asked yet"
    assert charges() == []
    close(app, clock)
    assert [(one.fee, one.asked_again) for one in parcels()] == [(FEE, "")]
    deliver(visit, order)
    assert charges() == [("Leverans: Fruktkorg 5 kg", FEE)]
    assert order.state == OrderState.DELIVERED
    in_balance(order)


def test_called_off_it_costs_nothing_and_is_promised_no_more(app, fruit, bread, clock, visit):
    order = make_order({fruit.id: Decimal(2), bread.id: Decimal(2)})
    accept(visit, order)
    assert [(one.day, one.fee) for one in parcels()] == [(NEXT_FRIDAY, FEE), (BATCH_DAY, FEE)]
    close(app, clock)
    assert [(one.day, one.fee) for one in parcels()] == [(NEXT_FRIDAY, FEE)]
    deliver(visit, order)
    assert charges() == [("Leverans: Bröd", FEE)]
    page = text(visit(BUYER).page(f"/bestallningar/{order.number}")).replace("\xa0", " ")
    assert "220,00 kr" in page, "two loaves and one fee"
    assert "levereras inte och kostar ingenting" in page
    assert "Det kommer fre 11 dec" not in page


def test_a_batch_and_the_rest_come_and_cost_each_by_itself(app, fruit, bread, clock, visit):
    order = make_order({fruit.id: TEN, bread.id: Decimal(2)})
    accept(visit, order)
    close(app, clock)
    assert [(one.day, one.fee) for one in parcels()] == [(NEXT_FRIDAY, FEE), (BATCH_DAY, FEE)]
    deliver(visit, order)
    assert sorted(charges()) == [("Leverans: Bröd", FEE), ("Leverans: Fruktkorg 5 kg", FEE)]


def test_if_somebody_else_makes_it_the_promise_goes_along_and_grows_no_dearer(app, fruit, clock):
    says("rullande", WayKind.OWN, Terms(everywhere=True, per_stop=Money.kronor(500)))
    make_order({fruit.id: TEN})
    assert parcels()[0].member.slug == "ljungbacken"
    for offering in fruit.offerings:
        if offering.member.slug == "ljungbacken":
            offering.state = ApprovalState.WITHDRAWN
    close(app, clock)
    (one,) = parcels()
    assert (one.member.slug, one.fee, one.day, one.asked_again) == ("rullande", FEE, BATCH_DAY, "")


def test_shared_by_two_each_promise_that_nobody_needs_goes(app, fruit, clock, visit):
    says("rullande", WayKind.OWN, Terms(everywhere=True, per_stop=Money.kronor(80)))
    for offering in fruit.offerings:
        offering.capacity_per_week = Decimal(6)
    order = make_order({fruit.id: TEN})
    assert sorted(one.member.slug for one in parcels()) == ["ljungbacken", "rullande"]
    for offering in fruit.offerings:
        offering.capacity_per_week = Decimal(100)
    close(app, clock)
    (one,) = parcels()
    deliver(visit, order)
    assert [charged for _name, charged in charges()] == [one.fee]
    in_balance(order)


def test_a_carrier_is_asked_when_the_window_has_closed(app, clock):
    fruit = furnish()
    says("rullande", WayKind.OWN, Terms(everywhere=True, per_stop=Money.kronor(90), carries=True))
    says("ljungbacken", WayKind.CARRIED, Terms(), carrier=member("rullande"))
    gather(fruit)
    make_order({fruit.id: TEN})
    carried = [one for one in parcels() if one.kind == WayKind.CARRIED]
    assert db.session.scalars(select(Carriage)).all() == []
    close(app, clock)
    found = db.session.scalars(select(Carriage)).all()
    assert [one.delivery_day for one in found] == [BATCH_DAY] * len(carried)


def test_what_waits_for_approval_remembers_what_was_chosen(app, fruit, visit):
    nordbyn = visit(BUYER)
    customer = db.session.scalars(select(Customer).where(Customer.email == BUYER)).one()
    make.make_user("cia@nordbyn.example", customer=customer, name="Cia Exempel")
    rule = {"limit": Money.kronor(100), "set_by": "Kontoret", "set_at": house_clock.now()}
    db.session.add(ApprovalRule(customer_id=customer.id, **rule))
    fill_basket(nordbyn, fruit)
    collect = nordbyn.page("/kassa").cssselect("#coming input[type=radio]")[1]
    seen = {"fees": "0", collect.get("name"): collect.get("value")}
    assert nordbyn.fill("/kassa", {"day": NEXT_FRIDAY.isoformat(), **seen}).status_code == 303
    assert parcels() == []
    path = f"/bestallningar/{last_order().number}"
    assert visit("cia@nordbyn.example").fill(path, {}, form="form[action$='/godkann']").status_code == 303
    assert [(one.kind, one.day) for one in parcels()] == [(WayKind.COLLECT, BATCH_DAY)]


def test_a_fee_that_was_not_shown_is_not_ordered(fruit, visit):
    nordbyn = fill_basket(visit(BUYER), fruit)
    ways = [one.get("name") for one in nordbyn.page("/kassa").cssselect("#coming input[type=radio]")]
    values = {"day": NEXT_FRIDAY.isoformat(), ways[0]: "999:1", "fees": "0"}
    assert nordbyn.fill("/kassa", values).status_code == 422
    assert parcels() == []
