"""A customer is charged for each delivery when it comes; fees come with the last, and a bundle when it is whole."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app import adjustflow, changeflow, moneyflow, orderflow
from app import clock as app_clock
from app.accounts.models import User
from app.changeflow import marks_of
from app.customers import actions as customers
from app.customers.models import InvoiceRhythm
from app.db import db
from app.invoicing.actions import values_of
from app.invoicing.models import CreditDue
from app.money import Money
from app.orders.delivery.proofs import Shown
from app.orders.models import Order
from tests import make
from tests.furnished import furnished
from tests.money_case import credit_notes, documents, due, furnish_money, sell_as, signed, worth
from tests.order_case import BUYER, NEXT_FRIDAY, member, order
from tests.people import text

ONE, VOLUME, FEE = Money.kronor(212), Money.kronor(190), Money.kronor(120)


@furnished
def six(app) -> Order:
    """Nordbyn, charged at each delivery, has ordered six baskets at the price of five or more; all are accepted."""
    fruit = furnish_money()["fruit"]
    sell_as(InvoiceRhythm.DELIVERY)
    made = order({fruit.id: Decimal(6)})
    orderflow.accept(made.assignments[0], {}, by=sam(), now=app_clock.now())
    db.session.commit()
    return made


def sam() -> User:
    return db.session.scalars(select(User).where(User.email == "sam@samklang.example")).one()


def deliver(made: Order, quantity: int) -> None:
    """So many are delivered, the rest on Friday."""
    assignment = next(one for one in made.assignments if one.state == "accepted")
    (line,) = assignment.lines
    if line.quantity > quantity:
        some = {line.id: Decimal(quantity)}
        adjustflow.deliver_part(assignment, some, NEXT_FRIDAY, Shown(), by=sam(), now=app_clock.now())
    else:
        orderflow.deliver(assignment, by=sam(), now=app_clock.now())
    db.session.commit()


def want(made: Order, quantity: int) -> None:
    wish = changeflow.Wish({made.lines[0].id: Decimal(quantity)}, made.delivery_day, marks_of(made))
    changeflow.change_for_customer(made, wish, "Ändrat", by=sam(), now=app_clock.now())
    db.session.commit()


def lines(record) -> list[tuple[str, Money]]:
    return [(line.name, line.net) for line in values_of(record).lines]


def test_each_part_has_its_own_invoice_and_the_fee_comes_with_the_last(six, visit, outbox, work_off):
    deliver(six, 4)
    assert [lines(one) for one in documents()] == [[("Fruktkorg 5 kg", VOLUME.times(4))]]
    deliver(six, 2)
    second = documents()[1]
    assert lines(second) == [("Fruktkorg 5 kg", VOLUME.times(2)), ("Leverans: Fruktkorg 5 kg", FEE)]
    assert signed(six) == worth(six)
    assert moneyflow.invoice(six, now=app_clock.now()) == [], "nothing is charged twice"
    work_off()
    page = visit(BUYER).page(f"/bestallningar/{six.number}")
    addresses = [one.get("href") for one in page.cssselect("a[href$='.pdf']")]
    assert [visit(BUYER).get(address).mimetype for address in addresses] == ["application/pdf"] * 2
    (card,) = (one for one in page.cssselect("aside .card") if "Fakturor" in text(one.cssselect("h2")[0]))
    assert [text(one) for one in card.cssselect("ul li a")] == [
        "Ladda ner faktura 10001 (PDF)", "Ladda ner faktura 10002 (PDF)",
    ]  # fmt: skip
    assert not page.cssselect(".btn[href$='.pdf']"), "on a telephone they would stand before all else"
    assert [one for one in outbox.subjects_to(BUYER) if "Faktura" in one] == ["Faktura 10001", "Faktura 10002"]


def test_a_higher_price_stands_on_the_next_invoice(six):
    deliver(six, 3)
    want(six, 4)
    assert signed(six) == VOLUME.times(3)
    deliver(six, 1)
    extra = ("Nytt pris: Fruktkorg 5 kg", (ONE - VOLUME).times(3))
    assert lines(documents()[1])[:2] == [("Fruktkorg 5 kg", ONE), extra]
    assert signed(six) == worth(six) == ONE.times(4) + FEE


def test_a_lower_price_is_credited_on_the_invoice_that_was_too_high(six, clock, work_off):
    deliver(six, 3)
    want(six, 4)
    deliver(six, 1)
    again = order({six.lines[0].article_id: Decimal(4)})
    orderflow.accept(again.assignments[0], {}, by=sam(), now=app_clock.now())
    deliver(again, 2)
    want(again, 8)
    first = next(one for one in documents() if one.order_id == again.id)
    owed = db.session.scalars(select(CreditDue)).one()
    assert (owed.invoice.id, owed.amount) == (first.id, (ONE - VOLUME).times(2))
    clock.move(days=1)
    moneyflow.credit_all_due(clock.now)
    db.session.commit()
    work_off()
    (note,) = credit_notes()
    assert (note.credits.id, note.net) == (first.id, owed.amount)
    assert signed(again) == worth(again) - FEE == VOLUME.times(2)


def test_what_is_sold_as_one_is_charged_when_all_of_it_has_come(app):
    articles = furnish_money()
    sell_as(InvoiceRhythm.DELIVERY)
    packing = make.make_article("Packning", price=Money.kronor(10))
    make.make_offering(packing, member("rullande"))
    bundle = make.make_bundle("Presentkorg", (articles["apples"], "2", False), (packing, "1", False))
    db.session.commit()
    made = order({bundle.id: Decimal(3)})
    for one in made.assignments:
        orderflow.accept(one, {}, by=sam(), now=app_clock.now())
    for one in list(made.assignments):
        assert documents() == []
        orderflow.deliver(one, by=sam(), now=app_clock.now())
        db.session.commit()
    values = values_of(documents()[0])
    assert [(one.name, one.quantity) for one in values.bundles] == [("Presentkorg", 3)]
    assert values.net == worth(made)


@pytest.mark.parametrize("before", [InvoiceRhythm.ORDER, InvoiceRhythm.MONTH])
def test_another_rhythm_midway_loses_nothing(six, before):
    sell_as(before)
    deliver(six, 4)
    assert documents() == []
    sell_as(InvoiceRhythm.DELIVERY)
    deliver(six, 2)
    assert signed(six) == worth(six) == VOLUME.times(6) + FEE


def test_what_the_month_would_have_charged_is_charged_when_the_rhythm_changes(six, work_off):
    customer = sell_as(InvoiceRhythm.MONTH)
    deliver(six, 6)
    assert documents() == []
    customers.set_rhythm(customer, InvoiceRhythm.ORDER, by=sam(), now=app_clock.now())
    work_off()
    assert signed(six) == worth(six)
    assert due(six) == Money(0)
