"""What it costs to bring a call-off counts under the agreement's ceiling, as long as it is paid for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app import changeflow, deliveryflow, moneyflow, orderflow
from app import clock as app_clock
from app.customers.models import InvoiceRhythm
from app.db import db
from app.errors import Refused
from app.invoicing.models import InvoiceRecord
from app.money import NOUGHT, Money
from app.orders.agreements.models import Agreement, CallOff
from app.orders.delivery import rules
from app.orders.delivery.rules import Needs
from app.orders.delivery.terms import set_way
from app.orders.delivery.ways import Terms, WayKind
from app.orders.models import Order
from tests import make
from tests.agreement_case import counted, make_agreement
from tests.features.ceiling_case import fifty_at_once, order, sam
from tests.furnished import furnished
from tests.people import text

pytestmark = pytest.mark.both
FEE = Money.kronor(100)


@furnished
def driven(app) -> Agreement:
    """Fruit baskets at 200 kr under a ceiling of 10 000 kr, and Ljungbacken takes 100 kr for each stop."""
    make.make_sales_company()
    grower = make.make_ljungbacken()
    fruit = make.make_article()
    make.make_offering(fruit, grower, capacity_per_week=Decimal(1000))
    drives = Terms(everywhere=True, per_stop=FEE)
    set_way(grower, None, WayKind.OWN, drives, by=None, now=app_clock.now())
    buyer = make.make_vasterhamn()
    buyer.invoice_rhythm = InvoiceRhythm.ORDER
    make.make_sam()
    return make_agreement({fruit: 20_000}, [buyer], ceiling=10_000)


def again(made: Order) -> Order:
    return db.session.get_one(Order, made.id)


def delivered(made: Order) -> InvoiceRecord:
    """It has come, and is invoiced."""
    (assignment,) = made.assignments
    orderflow.accept(assignment, {}, by=sam(), now=app_clock.now())
    orderflow.deliver(assignment, by=sam(), now=app_clock.now())
    db.session.commit()
    return db.session.scalars(select(InvoiceRecord)).one()


def test_the_fee_counts_with_the_order_and_not_once_more_when_it_is_charged(driven):
    made = order(driven, 10)
    assert counted(driven) == Money.kronor(2100)
    assert db.session.scalar(select(CallOff.fees)) == FEE
    assert delivered(again(made)).net == Money.kronor(2100)
    assert counted(driven) == Money.kronor(2100)


def test_what_fits_without_its_fee_alone_is_refused_and_nothing_of_it_is_saved(driven):
    with pytest.raises(Refused, match=r"INK 2026/114 räcker inte till leveransen, som kostar 100,00\xa0kr"):
        order(driven, 50)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Order)) == 0
    assert counted(driven) == NOUGHT
    order(driven, 49)
    assert counted(driven) == Money.kronor(9900)


def test_fifty_call_offs_with_fees_at_the_same_moment_never_pass_the_ceiling(app, driven):
    """Each wants three baskets for 600 kronor and a hundred for bringing them: fourteen fit."""
    told = fifty_at_once(app, driven)
    assert told.count("ordered") == 14
    assert counted(driven) == Money.kronor(9800)


def test_an_order_that_is_cancelled_gives_its_fee_back_too(driven):
    made = order(driven, 10)
    changeflow.cancel(again(made), by=sam(), now=app_clock.now())
    db.session.commit()
    assert counted(driven) == NOUGHT


def test_fewer_baskets_keep_the_fee(driven):
    made = again(order(driven, 10))
    wish = changeflow.Wish({made.lines[0].id: Decimal(4)}, made.delivery_day, changeflow.marks_of(made))
    changeflow.change(made, wish, by=sam(), now=app_clock.now())
    db.session.commit()
    assert counted(driven) == Money.kronor(900)


def test_a_fee_that_is_credited_no_longer_counts(driven):
    record = delivered(order(driven, 10))
    fee = next(line for line in record.lines if line.charge_id)
    moneyflow.credit(record, {fee: Money.kronor(40)}, "Kom för sent", by=sam(), now=app_clock.now())
    db.session.commit()
    assert counted(driven) == Money.kronor(2060)
    record = db.session.get_one(InvoiceRecord, record.id)
    fee = next(line for line in record.lines if line.charge_id)
    moneyflow.credit(record, {fee: Money.kronor(60)}, "Hela avgiften", by=sam(), now=app_clock.now())
    db.session.commit()
    assert counted(driven) == Money.kronor(2000)


def test_coming_again_counts_when_it_is_agreed(driven, clock):
    rules.set_rule(None, Needs(), Money.kronor(75), by=None, now=clock.now)
    made = again(order(driven, 10))
    (assignment,) = made.assignments
    orderflow.accept(assignment, {}, by=sam(), now=clock.now)
    db.session.commit()
    clock.move(days=11)
    visit = deliveryflow.nobody_home(assignment, assignment.member, "Stängt", None, by=sam(), now=clock.now)
    db.session.commit()
    deliveryflow.come_again(visit, date(2026, 12, 8), by=sam(), now=clock.now)
    db.session.commit()
    assert counted(driven) == Money.kronor(2175)


def test_what_was_ordered_before_fees_counted_stays_as_it_was(driven):
    made = order(driven, 10)
    row = db.session.scalars(select(CallOff)).one()
    row.fees, row.counted, driven.called_off = None, Money.kronor(2000), Money.kronor(2000)
    db.session.commit()
    orderflow.see_to_parcels(again(made), now=app_clock.now())
    db.session.commit()
    assert counted(driven) == Money.kronor(2000)


def test_the_page_says_so(driven, visit):
    page = text(visit("sam@samklang.example").page(f"/personal/ramavtal/{driven.id}"))
    assert "leveransavgifter räknas" in page
    assert "räknas inte" not in page
