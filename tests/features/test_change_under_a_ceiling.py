"""What becomes of a call-off counts too: changed, weighed, credited or sent back, it never passes the ceiling."""

from __future__ import annotations

from contextvars import Context
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import adjustflow, approvalflow, changeflow, complaintflow, deliveryflow, orderflow
from app import clock as app_clock
from app.accounts.models import User
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.money import Money
from app.orders import complaint_queries, complaints
from app.orders import queries as order_queries
from app.orders.agreements.models import Agreement
from app.orders.delivery import returns
from app.orders.models import Order, OrderLine
from app.orders.states import OrderState
from tests import make, price_lists
from tests.agreement_case import DELIVERY, call_off, counted
from tests.features.ceiling_case import furnish, order, sam, tried, vasterhamn
from tests.furnished import furnished
from tests.people import together

pytestmark = pytest.mark.both


@furnished
def agreement(app) -> Agreement:
    return furnish()


def test_changes_count_too_and_a_change_that_passes_the_ceiling_leaves_the_order_as_it_was(agreement, clock):
    made = order(agreement, 40)
    line = made.lines[0].id
    wish = changeflow.Wish({line: Decimal(30)}, made.delivery_day, changeflow.marks_of(made))
    changeflow.change(made, wish, by=sam(), now=clock.now)
    db.session.commit()
    assert counted(agreement) == Money.kronor(6000)
    order(agreement, 15)
    wish = changeflow.Wish({line: Decimal(36)}, made.delivery_day, changeflow.marks_of(made))
    with pytest.raises(Refused, match="har 1\xa0000,00\xa0kr kvar"):
        changeflow.change(db.session.get_one(Order, made.id), wish, by=sam(), now=clock.now)
    db.session.rollback()
    assert db.session.get_one(OrderLine, line).quantity - db.session.get_one(OrderLine, line).called_off == 30
    assert counted(agreement) == Money.kronor(9000)


def test_what_is_called_off_leaves_room_again(agreement, clock):
    first = order(agreement, 50)
    changeflow.cancel(first, by=sam(), now=clock.now)
    db.session.commit()
    assert counted(agreement) == Money.kronor(0)
    order(agreement, 50)
    assert counted(agreement) == agreement.ceiling


def test_an_order_that_waits_for_approval_counts_until_somebody_says_no(agreement, clock):
    whose = vasterhamn()
    approver = make.make_user("chef@vasterhamn.example", customer=whose)
    orderer = db.session.scalars(select(User).where(User.email == make.VASTERHAMN["email"])).one()
    approvalflow.set_limit(whose, Money.kronor(1000), by=orderer, now=clock.now)
    db.session.commit()
    made = order(agreement, 20, by=orderer)
    assert made.state == OrderState.AWAITING
    assert counted(agreement) == Money.kronor(4000)
    approvalflow.decline(made, "För dyrt", by=approver, now=clock.now)
    db.session.commit()
    assert counted(agreement) == Money.kronor(0)


def test_what_is_credited_after_a_complaint_no_longer_counts(agreement, clock):
    made = order(agreement, 10)
    (assignment,) = made.assignments
    orderflow.accept(assignment, {}, by=sam(), now=clock.now)
    orderflow.deliver(assignment, by=sam(), now=clock.now)
    db.session.commit()
    assert counted(agreement) == Money.kronor(2000)
    complaint = complain(made)
    complaintflow.make_cheaper(complaint, Money.kronor(300), "Vi drar av", borne=Money(0), by=sam(), now=clock.now)
    db.session.commit()
    assert counted(agreement) == Money.kronor(1700)


def complain(made: Order):
    part = complaint_queries.delivered_in(made)[0]
    told = complaints.Told(Decimal(2), "Mosade päron")
    return complaintflow.complain(part, told, by=sam(), now=app_clock.now())


def test_what_is_weighed_counts_as_it_came_out_and_never_passes_the_ceiling(agreement, clock):
    pears = make.make_article("Päron", unit="KGM")
    make.make_offering(pears, agreement.price_list.rows[0].article.offerings[0].member)
    price_lists.set_prices(agreement.price_list, pears, 10_000)
    made = call_off(pears.id, 95, vasterhamn())
    (assignment,) = made.assignments
    orderflow.accept(assignment, {}, by=sam(), now=clock.now)
    db.session.commit()
    share = assignment.lines[0]
    adjustflow.weigh(share, Decimal("97.5"), "", by=sam(), now=clock.now)
    db.session.commit()
    assert counted(agreement) == Money.kronor(9750)
    with pytest.raises(Refused, match="har 250,00\xa0kr kvar"):
        adjustflow.weigh(db.session.get_one(type(share), share.id), Decimal("101.5"), "", by=sam(), now=clock.now)
    db.session.rollback()
    assert counted(agreement) == Money.kronor(9750)
    adjustflow.weigh(db.session.get_one(type(share), share.id), Decimal(90), "", by=sam(), now=clock.now)
    db.session.commit()
    assert counted(agreement) == Money.kronor(9000)


def test_goods_that_come_back_no_longer_count(agreement, clock):
    made = order(agreement, 10)
    (assignment,) = made.assignments
    orderflow.accept(assignment, {}, by=sam(), now=clock.now)
    orderflow.deliver(assignment, by=sam(), now=clock.now)
    db.session.commit()
    back = deliveryflow.send_back(returns.returnable_in(made)[0], Decimal(4), "För många", by=sam(), now=clock.now)
    deliveryflow.receive(back, Decimal(4), "", by=sam(), now=clock.now)
    db.session.commit()
    assert counted(agreement) == Money.kronor(1200)


def test_two_changes_of_one_order_and_a_new_one_at_the_same_moment_stay_under_it(app, agreement):
    made, whose = order(agreement, 30), vasterhamn().id
    article, line, order_id = agreement.price_list.rows[0].article_id, made.lines[0].id, made.id

    def change(to: int) -> str:
        with app.app_context():
            held = order_queries.hold(order_id)
            wish = changeflow.Wish({line: Decimal(to)}, held.delivery_day, changeflow.marks_of(held))
            return tried(lambda: changeflow.change_for_customer(held, wish, "Fler", by=sam(), now=app_clock.now()))

    def new() -> str:
        with app.app_context():
            buyer = db.session.get_one(Customer, whose)
            values = {"customer": buyer, "ticket": "new", "by": None, "now": app_clock.now()}
            return tried(lambda: orderflow.checkout({article: Decimal(15)}, DELIVERY, **values))

    told = together(lambda: Context().run(change, 45), lambda: Context().run(change, 40), lambda: Context().run(new))
    db.session.rollback()
    assert told.count("done") >= 1
    assert counted(agreement) <= Money.kronor(10_000)
    kept = Money.total(one.net for one in db.session.scalars(select(Order)))
    assert kept == agreement.called_off
