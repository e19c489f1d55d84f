"""What is delivered anew after a complaint is not called off with the rest; and what never comes anew is paid back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app import changeflow, orderflow
from app import clock as house_clock
from app.db import db
from app.errors import Refused
from app.invoicing.models import CreditDue, InvoiceRecord
from app.orders.models import Order, OrderLine
from app.orders.states import OrderState
from tests import make
from tests.features.test_complain import FIRST, ONE, SAM, complain, decide, delivered, the_complaint
from tests.furnished import furnished
from tests.order_case import BUYER, furnish, in_balance, order
from tests.people import text


@furnished
def kiosk(app, visit):
    """Ljungbacken has delivered six fruit baskets to Nordbyn, and the invoice is made."""
    return delivered(order({furnish().id: Decimal(6)}), visit)


@furnished
def half(app, visit):
    """Ljungbacken has delivered four of six; there is no invoice yet."""
    made = order({furnish().id: Decimal(6)})
    part, ljungbacken = made.assignments[0], visit(FIRST)
    ljungbacken.post(f"/medlem/uppdrag/{part.id}/ja")
    sent = {f"quantity-{part.lines[0].id}": "4", "rest_on": "2026-12-04"}
    ljungbacken.fill(f"/medlem/uppdrag/{part.id}/del", sent)
    db.session.expire_all()
    return made


def anew() -> OrderLine:
    """The line that is delivered anew."""
    new = the_complaint().new_line
    assert new is not None
    return new


@pytest.fixture
def replaced(half, visit) -> Order:
    """Of four baskets that came two were bad, and come anew; two more are still to come."""
    assert complain(visit(BUYER), half).status_code == 303
    assert decide(visit(SAM), "ersatt", on="2026-12-01", borne="", answer="Nya korgar.").status_code == 303
    return half


def lie_with_us(line: OrderLine) -> OrderLine:
    """Whoever was asked says no until nobody is left, so that it lies with staff."""
    while asked := [one for one in line.order.assignments if one.state == "offered"]:
        orderflow.decline(asked[0], "Vi hinner inte.", by=make.make_user(), now=house_clock.now())
        db.session.commit()
    assert line.unassigned == 2
    return line


def test_the_rest_is_called_off_and_what_comes_anew_stays(replaced, visit):
    nordbyn = visit(BUYER)
    page = text(nordbyn.page(f"/bestallningar/{replaced.number}"))
    assert "Det som kommer på nytt efter en reklamation kommer ändå" in page
    assert nordbyn.post(f"/bestallningar/{replaced.number}/avbestall").status_code == 303
    db.session.expire_all()
    line = anew()
    assert (line.called_off, line.remaining) == (0, 2)
    assert replaced.lines[0].remaining == 4
    new = next(one for one in replaced.assignments if one.delivery_day.isoformat() == "2026-12-01")
    for act in ("ja", "levererat"):
        visit(new.member.email).post(f"/medlem/uppdrag/{new.id}/{act}")
    assert in_balance(replaced).charged == ONE.times(4), "nothing is charged twice"
    assert replaced.state == OrderState.DELIVERED


def test_where_only_that_is_left_there_is_nothing_to_call_off(kiosk, visit):
    complain(visit(BUYER), kiosk)
    decide(visit(SAM), "ersatt", on="2026-12-01", borne="", answer="Nya korgar.")
    with pytest.raises(Refused, match="kommer på nytt"):
        changeflow.cancel(kiosk, by=None, now=house_clock.now())
    db.session.rollback()
    assert anew().remaining == 2


def test_the_customer_does_not_change_it_by_its_form_either(replaced, visit):
    line, nordbyn = anew().id, visit(BUYER)
    path = f"/bestallningar/{replaced.number}/andra"
    assert nordbyn.page(path).cssselect(f"#quantity-{line}") == []
    answer = nordbyn.fill(path, {f"quantity-{line}": "0"})
    assert (answer.status_code, "kommer på nytt" in answer.text) == (422, True)
    db.session.expire_all()
    assert anew().remaining == 2


def test_staff_who_take_it_away_lower_the_price(replaced, visit):
    line = anew().id
    path = f"/personal/bestallningar/{replaced.number}/andra"
    answer = visit(SAM).fill(path, {f"quantity-{line}": "0", "why": "Kunden vill hellre ha pengarna."})
    assert answer.status_code == 303
    assert the_complaint().amount == ONE.times(2)
    assert in_balance(replaced).charged == ONE.times(2), "two of four were good"
    assert "kommer inte på nytt" in text(visit(BUYER).page(f"/bestallningar/{replaced.number}"))


def test_what_nobody_can_make_anew_is_paid_back_and_credited_after_the_invoice(kiosk, visit):
    complain(visit(BUYER), kiosk)
    decide(visit(SAM), "ersatt", on="2026-12-01", borne="", answer="Nya korgar.")
    line = lie_with_us(anew())
    path = f"/personal/bestallningar/{kiosk.number}"
    form = f"form[action$='/stryk/{line.id}']"
    assert visit(SAM).fill(path, {"reason": "Ingen har frukt."}, form=form).status_code == 303
    db.session.expire_all()
    assert in_balance(kiosk).charged == ONE.times(4)
    (due,) = db.session.scalars(select(CreditDue)).all()
    assert due.amount == ONE.times(2)
    assert len(db.session.scalars(select(InvoiceRecord)).all()) == 1
