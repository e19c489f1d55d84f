"""Another quantity costs what its step costs: said before it is saved, and charged so in the end."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app import adjustflow, clock, orderflow
from app.catalog.models import Article
from app.catalog.pricing.rules import ListKind
from app.customers.models import Customer
from app.db import db
from app.money import Money
from app.orders import change_queries
from app.orders.delivery.proofs import Shown
from tests import make
from tests.order_case import BUYER, NEXT_FRIDAY, furnish, in_balance, the_invoice
from tests.order_case import order as make_order
from tests.people import document, text
from tests.price_lists import make_list

LIST, VOLUME = Money(21200), Money(19000)


@pytest.fixture
def fruit(app) -> Article:
    """212 kronor; from twenty, 190 for everybody."""
    found = furnish()
    make_list(ListKind.STANDARD, {found: [(20, 19000)]}, name="Mängdpris")
    db.session.commit()
    return found


@pytest.fixture
def many(fruit):
    """Nordbyn has ordered 25."""
    return make_order({fruit.id: Decimal(25)})


def change(order, visitor, quantity: str, **values):
    return visitor.fill(f"/bestallningar/{order.number}/andra", {f"quantity-{order.lines[0].id}": quantity, **values})


def again(visitor, answer, order):
    form = document(answer).cssselect("main form[method=post]")[0]
    return visitor.post(f"/bestallningar/{order.number}/andra", data=dict(form.form_values()))


def the_line(order):
    db.session.expire_all()
    return order.lines[0]


def test_fewer_cost_the_price_of_fewer_and_it_is_said_before_it_is_saved(many, visit):
    nordbyn = visit(BUYER)
    answer = change(many, nordbyn, "10")
    said = text(document(answer)).replace("\xa0", " ")
    assert answer.status_code == 422
    assert "Fruktkorg 5 kg: det nya antalet kostar 212,00 kr exkl. moms styck i stället för 190,00 kr" in said
    assert (the_line(many).remaining, the_line(many).unit_price) == (25, VOLUME)
    assert again(nordbyn, answer, many).status_code == 303
    line = the_line(many)
    assert (line.remaining, line.unit_price, line.price_row_id) == (10, LIST, None)
    page = text(nordbyn.page(f"/bestallningar/{many.number}"))
    assert "från 20" not in page
    assert "15 har du tagit tillbaka" in page
    assert "levereras inte" not in page
    in_balance(many)


def test_more_cost_the_price_of_more(fruit, visit):
    few, nordbyn = make_order({fruit.id: Decimal(10)}), visit(BUYER)
    assert again(nordbyn, change(few, nordbyn, "30"), few).status_code == 303
    assert the_line(few).unit_price == VOLUME


def test_what_has_come_is_charged_at_the_new_price_too(many, visit):
    sam = db.session.scalars(select(make.User).where(make.User.email == "sam@samklang.example")).one()
    assignment = many.assignments[0]
    orderflow.accept(assignment, {}, by=sam, now=clock.now())
    eight = {assignment.lines[0].id: Decimal(8)}
    adjustflow.deliver_part(assignment, eight, NEXT_FRIDAY, Shown(), by=sam, now=clock.now())
    nordbyn = visit(BUYER)
    assert again(nordbyn, change(many, nordbyn, "10"), many).status_code == 303
    assert in_balance(many).charged == LIST.times(8)
    rest = next(one for one in many.assignments if one.state == "accepted")
    orderflow.deliver(rest, by=sam, now=clock.now())
    db.session.commit()
    assert the_invoice(many).net == LIST.times(10) == in_balance(many).charged


def test_an_agreements_price_stays(fruit, visit):
    nordbyn = db.session.scalars(select(Customer)).one()
    make_list(ListKind.FRAMEWORK, {fruit: [(0, 20000), (20, 18000)]}, name="Avtal", customers=[nordbyn])
    many = make_order({fruit.id: Decimal(25)})
    assert change(many, visit(BUYER), "10").status_code == 303
    assert (the_line(many).remaining, the_line(many).unit_price) == (10, Money(18000))


def test_a_price_that_has_changed_since_is_kept_for_less(many, visit):
    row = db.session.scalars(select(Article)).first()
    many.lines[0].price_row.gone_at = clock.now()
    row.price = Money(25000)
    db.session.commit()
    assert change(many, visit(BUYER), "10").status_code == 303
    assert the_line(many).unit_price == VOLUME


def test_what_nobody_can_make_is_asked_once(many, visit):
    nordbyn = visit(BUYER)
    answer = change(many, nordbyn, "100000")
    assert answer.status_code == 422
    assert "Ingen kan göra" in text(document(answer))
    assert the_line(many).quantity == 25
    assert again(nordbyn, answer, many).status_code == 303
    assert the_line(many).quantity == 100000
    assert change(many, nordbyn, "26").status_code == 303
    cells = [text(one) for one in nordbyn.page(f"/bestallningar/{many.number}").cssselect("main tbody td")]
    assert cells[0] == "26 st"
    assert not any("tagit tillbaka" in one or "levereras inte" in one for one in cells)


def test_order_again_is_what_it_ended_as(many, visit):
    nordbyn = visit(BUYER)
    again(nordbyn, change(many, nordbyn, "10"), many)
    db.session.expire_all()
    assert change_queries.bought(many) == {many.lines[0].article_id: 10}
    nordbyn.post(f"/bestallningar/{many.number}/avbestall")
    db.session.expire_all()
    assert change_queries.bought(many) == {many.lines[0].article_id: 25}, "nothing would be no basket"


def test_the_member_is_not_paid_as_for_many_when_few_are_left(fruit, visit):
    make_list(ListKind.STANDARD, {fruit: [(30, 18000, 15000)]}, name="Storköp")
    usual = fruit.offerings[0].member_price
    many, nordbyn = make_order({fruit.id: Decimal(40)}), visit(BUYER)
    assert many.assignments[0].lines[0].member_price == Money(15000)
    assert again(nordbyn, change(many, nordbyn, "5"), many).status_code == 303
    db.session.expire_all()
    assert {one.member_price for each in many.assignments for one in each.lines} == {usual}
