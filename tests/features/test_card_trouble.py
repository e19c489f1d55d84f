"""Stripe down, slow or breaking at each step, a customer who pays twice, a blocked card: the end is the same."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import bankflow
from app.db import db
from app.invoicing.models import InvoiceRecord
from app.jobs import Job, JobState
from app.orders.states import OrderState
from app.payments.states import PaymentState
from tests import card_case
from tests.card_case import FAR, FRUIT, KIM, Shop, payment, refunds, tasks, the_order
from tests.furnished import furnished
from tests.people import text
from tests.stripe_stand_in import Trouble

pytestmark = pytest.mark.both

HOWS = ("500", "500 after", "drop", "slow")


@furnished
def town(app):
    return card_case.furnish()


shop = card_case.shop


def trouble(shop: Shop, path: str, how: str, times: int = 1) -> None:
    shop.stripe.troubles.append(Trouble(path, how, times, seconds=1.6))


@pytest.mark.parametrize("how", ["500", "drop", "slow"])
def test_the_page_opens_in_the_end_and_only_once(shop, how):
    trouble(shop, "/v1/checkout", how)
    kim = shop.order()
    way = kim.page(f"/bestallningar/{the_order().number}/kort")
    assert "Vi öppnar kortbetalningen." in text(way)
    shop.later(seconds=31)
    assert len(shop.stripe.books.all("checkout.session")) == 1
    shop.pay()
    assert payment().state == PaymentState.AUTHORISED


def test_after_a_while_the_page_says_what_is_true_and_nobody_pays_twice(shop, outbox):
    """Kim has paid, and Stripe cannot be asked: the page no longer speaks of seconds."""
    kim = shop.order()
    trouble(shop, "/v1/checkout", "500", times=1000)
    where = f"/bestallningar/{the_order().number}/kort?klart=1"
    assert "Det brukar ta några sekunder" in text(kim.page(where))
    shop.later(minutes=5)
    seen = text(kim.page(where))
    assert "några sekunder" not in seen
    for words in ("Kortföretaget har inte svarat än", "behöver du inte betala igen", "är sparad hos oss", KIM):
        assert words in seen
    assert "Du kan betala till" not in seen
    assert kim.page(where).cssselect("[data-wait='20'] a[href$='klart=1']")
    shop.stripe.troubles.clear()
    shop.pay()
    assert (the_order().state, outbox.subjects_to(KIM)) == (
        OrderState.PLACED, [f"Tack för beställning {the_order().number}"],
    )  # fmt: skip
    assert kim.get(where).location.endswith(f"/bestallningar/{the_order().number}")


def test_after_a_while_a_payment_that_does_not_open_says_so(shop):
    trouble(shop, "/v1/checkout", "500", times=1000)
    kim = shop.order()
    where = f"/bestallningar/{the_order().number}/kort"
    assert "Vi öppnar kortbetalningen" in text(kim.page(where))
    shop.later(minutes=2)
    seen = text(kim.page(where))
    for words in ("går kortbetalningen inte att öppna just nu", "Ingenting är draget", "Du kan betala till"):
        assert words in seen
    assert "några sekunder" not in seen


def test_who_does_not_want_to_wait_takes_an_invoice(shop, outbox):
    """The page to pay on never opened; the order begins, and Stripe's coming back changes nothing."""
    trouble(shop, "/v1/checkout", "500", times=1000)
    kim = shop.order()
    where = f"/bestallningar/{the_order().number}/kort"
    shop.later(seconds=40)
    assert "välj nedan att betala mot faktura" in text(kim.page(where))
    answer = kim.fill(where, {}, form="form[action$='/kort/faktura']")
    assert (answer.status_code, the_order().state, payment().state) == (
        303, OrderState.PLACED, PaymentState.CANCELLED,
    )  # fmt: skip
    assert kim.post(f"{where}/faktura").status_code == 409
    shop.stripe.troubles.clear()
    shop.later(minutes=30)
    assert outbox.subjects_to(KIM) == [f"Tack för beställning {the_order().number}"]
    shop.deliver("ljungbacken")
    (record,) = db.session.scalars(select(InvoiceRecord)).all()
    assert bankflow.balance_of(record).outstanding == record.gross


def test_who_takes_an_invoice_and_pays_by_card_all_the_same_gets_it_back(shop):
    kim = shop.order()
    where = f"/bestallningar/{the_order().number}/kort"
    assert not kim.page(f"{where}?klart=1").cssselect("form[action$='/kort/faktura']")
    trouble(shop, "/v1/checkout/sessions/", "500", times=3)
    assert shop.visit(None).post(f"{where}/faktura").status_code in {302, 404}
    kim.post(f"{where}/faktura")
    shop.pay()
    shop.later(minutes=16)
    assert the_order().state == OrderState.PLACED
    assert shop.stripe.books.all("payment_intent")[0]["status"] == "canceled"
    assert len(the_order().assignments) == 1


def test_a_page_that_never_opens_lets_the_order_lapse(shop, outbox):
    trouble(shop, "/v1/checkout", "500", times=1000)
    shop.order()
    for _try in range(10):
        shop.later(minutes=20)
    assert (the_order().state, payment().state) == (OrderState.CALLED_OFF, PaymentState.EXPIRED)
    assert outbox.subjects_to(KIM) == [f"Beställning {the_order().number} blev inte betald"]


def test_a_key_that_is_wrong_lets_the_order_lapse_at_once_and_lies_with_finance(shop):
    shop.stripe.key = "sk_test_another"
    shop.order()
    assert (the_order().state, payment().state) == (OrderState.CALLED_OFF, PaymentState.FAILED)
    assert tasks() == ["mismatch"]


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("path", ["/v1/payment_intents", "/capture"])
def test_it_is_drawn_once_whatever_stripe_does(shop, how, path):
    shop.paid()
    intent = f"/v1/payment_intents/{payment().intent_id}"
    trouble(shop, intent + ("/capture" if path == "/capture" else ""), how)
    shop.deliver("ljungbacken")
    for _try in range(3):
        shop.later(minutes=2)
    assert (payment().state, payment().captured) == (PaymentState.CAPTURED, FRUIT)
    assert [one["amount_captured"] for one in shop.stripe.books.all("charge")] == [FRUIT.ore]
    assert tasks() == []
    assert not db.session.scalars(select(Job).where(Job.state == JobState.FAILED)).all()


@pytest.mark.parametrize("how", HOWS)
def test_it_goes_back_once_whatever_stripe_does(shop, how):
    order = shop.paid(FAR)
    trouble(shop, "/v1/refunds", how, times=2)
    shop.visit(KIM).post(f"/bestallningar/{order.number}/avbestall")
    shop.work_off()
    for _try in range(4):
        shop.later(minutes=3)
    assert [one["amount"] for one in shop.stripe.books.all("refund")] == [FRUIT.ore]
    assert (payment().state, [one.state.value for one in refunds()]) == (PaymentState.REFUNDED, ["done"])
    assert tasks() == []


@pytest.mark.parametrize("how", HOWS)
def test_what_is_held_is_let_go_whatever_stripe_does(shop, how):
    order = shop.paid()
    trouble(shop, f"/v1/payment_intents/{payment().intent_id}/cancel", how)
    shop.visit(KIM).post(f"/bestallningar/{order.number}/avbestall")
    shop.work_off()
    for _try in range(3):
        shop.later(minutes=3)
    assert (payment().state, tasks()) == (PaymentState.CANCELLED, [])


def test_stripe_down_for_a_day_loses_nothing(shop):
    """The jobs have given up long before; what looks after lost things finds them."""
    shop.paid()
    trouble(shop, "/v1/", "500", times=10_000)
    shop.deliver("ljungbacken")
    for _try in range(6):
        shop.later(hours=4)
    assert payment().state == PaymentState.CAPTURING
    shop.stripe.troubles.clear()
    shop.later(hours=4)
    assert (payment().state, payment().captured) == (PaymentState.CAPTURED, FRUIT)


@pytest.mark.parametrize("day", [card_case.FRIDAY, FAR])
def test_who_pays_in_two_tabs_pays_once(shop, day):
    """The page was started over, and both were paid before the first could be closed."""
    kim = shop.order(day)
    path = f"/bestallningar/{the_order().number}/kort"
    trouble(shop, f"/v1/checkout/sessions/{shop.session['id']}/expire", "500", times=3)
    kim.post(f"{path}/igen")
    shop.work_off()
    first, second = shop.stripe.books.all("checkout.session")
    shop.stripe.books.pay(first["id"])
    shop.stripe.books.pay(second["id"])
    shop.tell()
    for _try in range(3):
        shop.later(minutes=16)
    kept, back = (PaymentState.AUTHORISED, PaymentState.CANCELLED)
    if day == FAR:
        kept, back = PaymentState.CAPTURED, PaymentState.REFUNDED
    states = sorted(one.state.value for one in paid_all())
    assert states == sorted([kept.value, back.value])
    assert tasks() == ["paid_twice"]
    held = [one for one in shop.stripe.books.all("payment_intent") if one["status"] != "canceled"]
    given = sum(one["amount"] for one in shop.stripe.books.all("refund"))
    assert sum(one["amount"] for one in held) - given == FRUIT.ore
    assert the_order().state == OrderState.PLACED


def paid_all():
    db.session.expire_all()
    return list(db.session.scalars(select(type(payment()))))


def test_who_pays_when_the_order_has_lapsed_gets_it_back(shop):
    kim = shop.order()
    trouble(shop, "/v1/checkout/sessions/", "500", times=3)
    kim.post(f"/bestallningar/{the_order().number}/kort/avbryt")
    shop.pay()
    shop.later(minutes=16)
    assert (the_order().state, payment().state) == (OrderState.CALLED_OFF, PaymentState.CANCELLED)
    assert tasks() == ["paid_twice"]
    assert shop.stripe.books.all("payment_intent")[0]["status"] == "canceled"


def test_a_card_that_is_blocked_meanwhile_leaves_an_unpaid_invoice_with_finance(shop):
    shop.paid()
    shop.stripe.books.card_refuses_capture = True
    shop.deliver("ljungbacken")
    assert (payment().state, tasks()) == (PaymentState.FAILED, ["capture_failed"])


def test_a_hold_that_the_bank_lets_go_leaves_the_order_and_lies_with_finance(shop):
    shop.paid()
    shop.stripe.books.cancel(payment().intent_id)
    shop.tell()
    assert (the_order().state, payment().state) == (OrderState.PLACED, PaymentState.CANCELLED)
    assert tasks() == ["capture_failed"]


def test_what_the_bank_is_about_to_let_go_is_drawn_before(shop):
    shop.paid()
    paths = shop.accept("ljungbacken")
    shop.later(days=5)
    assert payment().state == PaymentState.AUTHORISED
    shop.later(days=1, minutes=1)
    assert (payment().state, payment().captured) == (PaymentState.CAPTURED, FRUIT)
    shop.hand_over("ljungbacken", paths)
    assert refunds() == []


def test_a_refund_that_the_bank_sends_back_lies_with_finance(shop):
    order = shop.paid(FAR)
    shop.stripe.books.refunds_take_time = True
    shop.visit(KIM).post(f"/bestallningar/{order.number}/avbestall")
    shop.work_off()
    shop.tell()
    assert [one.state.value for one in refunds()] == ["in_transit"]
    shop.stripe.books.settle_refund(shop.stripe.books.all("refund")[0]["id"], failed=True)
    shop.tell()
    assert [one.state.value for one in refunds()] == ["failed"]
    assert tasks() == ["refund_failed"]
    assert payment().state == PaymentState.CAPTURED
