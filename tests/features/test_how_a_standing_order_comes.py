"""A standing order remembers whether it is delivered or collected; each time follows it where it can, or says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import approvalflow
from app import clock as house_clock
from app.accounts.models import User
from app.catalog.models import ApprovalState, Offering
from app.customers.models import Customer
from app.db import db
from app.money import NOUGHT, Money
from app.orders.approvals.models import ApprovalRule
from app.orders.delivery.models import DeliveryWay, Parcel
from app.orders.delivery.states import WayWish
from app.orders.delivery.terms import set_way
from app.orders.delivery.ways import Terms, WayKind
from app.orders.models import Order
from app.orders.standing.models import StandingOrder
from tests import make
from tests.order_case import BUYER, furnish, member
from tests.people import document, text
from tests.standing_case import minute, start, wish

DUE = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)


@pytest.fixture
def fruit(app):
    """Ljungbacken drives for 120 kronor, and its baskets can be collected."""
    fruit = furnish()
    says(WayKind.OWN, Terms(everywhere=True, per_stop=Money.kronor(120)))
    says(WayKind.COLLECT, Terms(hours="kl. 8-16"))
    return fruit.id


def says(kind, terms):
    set_way(member("ljungbacken"), None, kind, terms, by=None, now=house_clock.now())
    db.session.commit()


def weekly(fruit, way, **other):
    """Nordbyn has two baskets each Thursday, in such a way."""
    wanted = wish({fruit: Decimal(2)})
    return start({}, wish=replace(wanted, delivery=replace(wanted.delivery, wished_way=way)), **other)


def parcel():
    db.session.expire_all()
    return db.session.scalars(select(Parcel)).one()


def letter(outbox):
    return " ".join(outbox.to(BUYER)[-1].body.split())


def last_order():
    return db.session.scalars(select(Order).order_by(Order.id.desc())).first()


@pytest.mark.parametrize(
    ("way", "kind", "fee"),
    [
        (None, WayKind.OWN, Money.kronor(120)),
        (WayWish.BROUGHT, WayKind.OWN, Money.kronor(120)),
        (WayWish.COLLECT, WayKind.COLLECT, NOUGHT),
    ],
)
def test_each_time_comes_as_it_was_wished(app, fruit, clock, outbox, way, kind, fee):
    weekly(fruit, way)
    clock.set(DUE)
    minute(app)
    assert (parcel().kind, parcel().fee) == (kind, fee)
    assert "inte den här gången" not in letter(outbox)
    assert not any("kan inte" in event.words for event in last_order().events)


def test_what_can_no_longer_be_collected_is_delivered_and_the_letter_says_so(app, fruit, clock, outbox, visit):
    weekly(fruit, WayWish.COLLECT)
    for row in db.session.scalars(select(DeliveryWay).where(DeliveryWay.kind == WayKind.COLLECT)):
        db.session.delete(row)
    clock.set(DUE)
    minute(app)
    assert (parcel().kind, parcel().fee) == (WayKind.OWN, Money.kronor(120))
    assert "Du ville hämta det, men det går inte den här gången." in letter(outbox)
    page = text(visit(BUYER).page(f"/bestallningar/{last_order().number}"))
    assert "Fruktkorg 5 kg kan inte hämtas den här gången. Fruktkorg 5 kg levereras." in page


def test_what_nobody_brings_any_longer_is_collected_and_the_letter_says_so(app, fruit, clock, outbox):
    weekly(fruit, WayWish.BROUGHT)
    for row in db.session.scalars(select(DeliveryWay).where(DeliveryWay.kind == WayKind.OWN)):
        db.session.delete(row)
    for offering in db.session.scalars(select(Offering).where(Offering.member_id == member("rullande").id)):
        offering.state = ApprovalState.WITHDRAWN
    clock.set(DUE)
    minute(app)
    assert parcel().kind == WayKind.COLLECT
    assert "Du ville ha det levererat, men det går inte den här gången." in letter(outbox)


def test_where_members_have_said_nothing_it_is_delivered_and_said(app, fruit, clock, outbox):
    for row in db.session.scalars(select(DeliveryWay)):
        db.session.delete(row)
    weekly(fruit, WayWish.COLLECT)
    clock.set(DUE)
    minute(app)
    assert (parcel().kind, parcel().fee) == (WayKind.OWN, NOUGHT)
    assert "Du ville hämta det" in letter(outbox)


def test_an_order_that_waits_for_approval_remembers_it(app, fruit, clock, outbox):
    standing = weekly(fruit, WayWish.COLLECT)
    make.make_user("cia@nordbyn.example", customer=standing.customer, name="Cia Exempel")
    cia = db.session.scalars(select(User).where(User.email == "cia@nordbyn.example")).one()
    rule = {"limit": Money.kronor(100), "set_by": "Kontoret", "set_at": standing.made_at}
    db.session.add(ApprovalRule(customer_id=standing.customer_id, **rule))
    clock.set(DUE)
    minute(app)
    approvalflow.approve(last_order(), by=cia, now=house_clock.now())
    db.session.commit()
    assert parcel().kind == WayKind.COLLECT


@pytest.mark.parametrize(
    ("way", "said", "total"),
    [
        ("best", "Levereras till dig, 120,00 kr", "544,00 kr"),
        ("brought", "Levereras till dig, 120,00 kr", "544,00 kr"),
        ("collect", "Du hämtar: ", "424,00 kr"),
    ],
)
def test_before_it_is_started_the_page_says_how_each_time_comes_and_costs(app, fruit, visit, way, said, total):
    nordbyn = visit(BUYER)
    nordbyn.post("/varukorg/lagg-i", data={"article": fruit, "quantity": "2"})
    page = _looking(nordbyn, way)
    assert said in page
    assert f"Varje gång kostar {total}" in page


def test_a_fee_that_was_raised_since_is_shown_before_it_is_started(app, fruit, visit):
    nordbyn = visit(BUYER)
    nordbyn.post("/varukorg/lagg-i", data={"article": fruit, "quantity": "2"})
    values = {"name": "Frukt", "day": "2026-12-03", "weekdays": ["3"], "way": "best"}
    mark = _looked(nordbyn.fill("/staende/ny", {**values, "then": "look"}))
    db.session.scalars(select(DeliveryWay)).first().terms = Terms(everywhere=True, per_stop=Money.kronor(200))
    db.session.commit()
    answer = nordbyn.fill("/staende/ny", {**values, "looked": mark, "then": "save"})
    assert answer.status_code == 200
    assert "624,00 kr" in _plain(document(answer))
    assert db.session.scalars(select(StandingOrder)).all() == []


def test_where_nobody_can_the_page_says_so(app, fruit, visit):
    for offering in db.session.scalars(select(Offering)):
        offering.capacity_per_week = Decimal(1)
    nordbyn = visit(BUYER)
    nordbyn.post("/varukorg/lagg-i", data={"article": fruit, "quantity": "9"})
    assert "kan ingen leverera Fruktkorg 5 kg den dagen" in _looking(nordbyn, "best")


def test_it_is_chosen_and_changed_in_the_form(app, fruit, visit):
    nordbyn = visit(BUYER)
    nordbyn.post("/varukorg/lagg-i", data={"article": fruit, "quantity": "2"})
    values = {"name": "Frukt", "day": "2026-12-03", "weekdays": ["3"], "way": "collect", "then": "look"}
    looked = nordbyn.fill("/staende/ny", values)
    assert looked.status_code == 200
    mark = _looked(looked)
    answer = nordbyn.fill("/staende/ny", {**values, "looked": mark, "ticket": "t" * 24, "then": "save"})
    assert answer.status_code == 303, answer.text
    standing = db.session.scalars(select(StandingOrder)).one()
    assert standing.versions[0].wished_way == WayWish.COLLECT
    assert "Vi hämtar" in text(nordbyn.page(f"/staende/{standing.id}"))
    page = nordbyn.page(f"/staende/{standing.id}/andra")
    assert page.cssselect("input[name=way][checked]")[0].get("value") == "collect"
    changed = {"way": "best", "day": "2026-12-10"}
    mark = _looked(nordbyn.fill(f"/staende/{standing.id}/andra", {**changed, "then": "look"}))
    answer = nordbyn.fill(f"/staende/{standing.id}/andra", {**changed, "looked": mark, "then": "save"})
    assert answer.status_code == 303, answer.text
    db.session.expire_all()
    assert [version.wished_way for version in standing.versions] == [WayWish.COLLECT, None]


@pytest.mark.parametrize(
    ("way", "limit", "told"), [(None, 500, True), (WayWish.COLLECT, 500, False), (None, 544, False), (None, 423, True)]
)
def test_what_it_costs_to_bring_is_told_to_need_approval(app, fruit, outbox, visit, way, limit, told):
    customer = db.session.scalars(select(Customer)).one()
    rule = {"limit": Money.kronor(limit), "set_by": "Kontoret", "set_at": house_clock.now()}
    db.session.add(ApprovalRule(customer_id=customer.id, **rule))
    standing = weekly(fruit, way)
    words = f"Varje gång kostar mer än {limit},00 kr exkl. moms, så en annan person"
    assert (words in _plain(visit(BUYER).page(f"/staende/{standing.id}"))) == told, "the goods alone are 424 kronor"
    minute(app)
    assert (words in letter(outbox).replace("\u00a0", " ")) == told


def test_a_way_that_is_none_is_refused(app, fruit, visit):
    nordbyn = visit(BUYER)
    nordbyn.post("/varukorg/lagg-i", data={"article": fruit, "quantity": "2"})
    assert nordbyn.fill("/staende/ny", {"name": "Frukt", "weekdays": ["3"], "way": "teleport"}).status_code == 422


def _looking(browser, way):
    values = {"name": "Frukt", "day": "2026-12-03", "weekdays": ["3"], "way": way, "then": "look"}
    return _plain(document(browser.fill("/staende/ny", values)))


def _plain(page):
    return text(page).replace("\u00a0", " ")


def _looked(answer):
    return document(answer).cssselect("input[name=looked]")[0].get("value")
