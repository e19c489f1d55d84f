"""A customer chooses the card at the checkout, pays at Stripe, and the order begins; it is drawn when all has come."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.customers.models import Customer, InvoiceRhythm
from app.db import db
from app.invoicing.models import InvoiceRecord
from app.money import Money
from app.orders.states import OrderState
from app.payments.models import PaymentAllocation
from app.payments.states import PaymentState
from tests import card_case
from tests.card_case import FAR, FRUIT, KIM, payment, refunds, tasks, the_order
from tests.furnished import furnished
from tests.people import document, text

pytestmark = pytest.mark.both


@furnished
def town(app):
    return card_case.furnish()


shop = card_case.shop


def test_without_stripe_no_card_is_offered(app, town, visit):
    kim = visit(KIM)
    kim.post("/varukorg/lagg-i", data={"article": town["fruit"], "quantity": "1"})
    page = kim.page("/kassa")
    assert not page.cssselect("[name=pay]")
    assert "form-action 'self';" in kim.get("/kassa").headers["Content-Security-Policy"]


def test_a_form_may_lead_on_to_stripe_and_nowhere_else(shop):
    policy = shop.visit(KIM).get("/varukorg").headers["Content-Security-Policy"]
    assert f"form-action 'self' {shop.stripe.address};" in policy


def test_staff_find_the_payment_from_the_order(shop):
    order = shop.paid()
    sam = shop.visit("sam@samklang.example")
    link = sam.page(f"/personal/bestallningar/{order.number}").cssselect("a[href*='/betalningar/for/']")[0]
    assert sam.get(link.get("href")).location.endswith(f"/personal/betalningar/{payment().id}")
    assert sam.get("/personal/betalningar/for/4711").status_code == 404


def test_a_card_is_held_the_order_begins_and_it_is_drawn_when_it_has_come(shop, outbox):
    kim = shop.order()
    placed = the_order()
    assert (placed.state, placed.assignments) == (OrderState.UNPAID, [])
    assert outbox.to(KIM) == []
    way = kim.get(f"/bestallningar/{placed.number}/kort")
    assert (way.status_code, way.location) == (303, shop.session["url"])
    (asked,) = shop.stripe.asked("POST /v1/checkout/sessions")
    assert asked["payment_intent_data"]["capture_method"] == "manual"
    assert asked["line_items"][0]["price_data"]["unit_amount"] == str(FRUIT.ore)
    shop.pay()
    placed = the_order()
    assert placed.state == OrderState.PLACED
    assert [one.member.slug for one in placed.assignments] == ["ljungbacken"]
    assert outbox.subjects_to(KIM) == [f"Tack för beställning {placed.number}"]
    assert (payment().state, payment().captured) == (PaymentState.AUTHORISED, Money(0))
    shop.deliver("ljungbacken")
    assert (payment().state, payment().captured) == (PaymentState.CAPTURED, FRUIT)
    record = db.session.scalars(select(InvoiceRecord)).one()
    tied = db.session.scalars(select(PaymentAllocation)).one()
    assert (tied.payment_id, tied.invoice_id, tied.amount) == (payment().id, record.id, FRUIT)
    assert tasks() == []


def test_the_list_of_invoices_asks_for_nothing_that_the_card_has_paid(shop):
    shop.paid(fruit="2")
    shop.deliver("ljungbacken")
    (row,) = shop.visit(KIM).page("/fakturor").cssselect("main tbody tr")
    said = {cell.get("data-label"): text(cell).replace("\xa0", " ") for cell in row.cssselect("td")}
    assert (said["Inkl. moms"], said["Att betala"], said["Betalas senast"]) == ("449,44 kr", "0,00 kr", "–")


def test_a_delivery_more_than_a_week_away_is_drawn_at_once(shop):
    shop.paid(FAR)
    (asked,) = shop.stripe.asked("POST /v1/checkout/sessions")
    assert asked["payment_intent_data"]["capture_method"] == "automatic"
    assert (payment().state, payment().captured) == (PaymentState.CAPTURED, FRUIT)
    shop.deliver("ljungbacken")
    assert db.session.scalars(select(PaymentAllocation.amount)).all() == [FRUIT]
    assert refunds() == []


def test_only_what_has_come_is_drawn(shop):
    """Two baskets are held; one is struck before it is made, and only the other is drawn."""
    order = shop.paid(fruit="2")
    kim = shop.visit(KIM)
    path = f"/bestallningar/{order.number}/andra"
    kim.fill(path, {f"quantity-{order.lines[0].id}": "1"})
    shop.deliver("ljungbacken")
    assert payment().amount == Money(44944)
    assert (payment().state, payment().captured) == (PaymentState.CAPTURED, FRUIT)
    assert [one["amount_received"] for one in shop.stripe.books.all("payment_intent")] == [FRUIT.ore]


def test_what_was_drawn_at_the_order_and_does_not_come_goes_back(shop, outbox):
    order = shop.paid(FAR, fruit="2")
    shop.visit(KIM).fill(f"/bestallningar/{order.number}/andra", {f"quantity-{order.lines[0].id}": "1"})
    shop.deliver("ljungbacken")
    assert [(one.amount, one.source.value, one.state.value) for one in refunds()] == [(FRUIT, "house", "done")]
    assert f"Pengar tillbaka för beställning {order.number}" in outbox.subjects_to(KIM)


@pytest.mark.parametrize("day", [card_case.FRIDAY, FAR])
def test_an_order_that_is_called_off_costs_nothing(shop, day):
    order = shop.paid(day)
    shop.visit(KIM).post(f"/bestallningar/{order.number}/avbestall")
    shop.work_off()
    shop.tell()
    held = day == card_case.FRIDAY
    assert payment().state == (PaymentState.CANCELLED if held else PaymentState.REFUNDED)
    (intent,) = shop.stripe.books.all("payment_intent")
    assert intent["status"] == ("canceled" if held else "succeeded")
    assert [one.amount for one in refunds()] == ([] if held else [FRUIT])
    assert tasks() == []


def test_who_does_not_pay_in_time_gets_nothing_and_is_told(shop, outbox):
    shop.order()
    shop.clock.move(hours=2, minutes=5)
    shop.stripe.books.expire(shop.session["id"])
    shop.tell()
    order = the_order()
    assert order.state == OrderState.CALLED_OFF
    assert payment().state == PaymentState.EXPIRED
    assert outbox.subjects_to(KIM) == [f"Beställning {order.number} blev inte betald"]
    page = text(shop.visit(KIM).page(f"/bestallningar/{order.number}"))
    assert "Ingenting levereras, och ingenting är draget." in page


def test_a_bank_that_says_no_leaves_another_try(shop):
    shop.order()
    shop.stripe.books.decline(shop.session["id"])
    shop.tell()
    assert (the_order().state, payment().state) == (OrderState.UNPAID, PaymentState.OPENED)
    assert [one.kind.value for one in payment().moves][-1] == "declined"
    shop.pay()
    assert payment().state == PaymentState.AUTHORISED


def test_whoever_gives_up_at_stripe_can_go_back_start_over_or_call_it_off(shop):
    kim = shop.order()
    path = f"/bestallningar/{the_order().number}/kort"
    page = kim.page(f"{path}?avbrot=1")
    assert "Beställning" in text(page)
    kim.post(f"{path}/igen")
    shop.work_off()
    first, second = shop.stripe.books.all("checkout.session")
    assert (first["status"], second["status"]) == ("expired", "open")
    shop.tell()
    assert the_order().state == OrderState.UNPAID
    kim.post(f"{path}/avbryt")
    shop.work_off()
    shop.tell()
    assert the_order().state == OrderState.CALLED_OFF
    assert {one["status"] for one in shop.stripe.books.all("checkout.session")} == {"expired"}


def test_a_guest_pays_by_card(shop):
    guest = shop.visit(None)
    guest.post("/varukorg/lagg-i", data={"article": shop.ids["fruit"], "quantity": "1"})
    who = {"name": "Gäst Gästsson", "email": "gast@exempel.example", "recipient": "Gäst", "street": "Gatan 1"}
    where = {"postcode": "411 01", "city": "Göteborg", "municipality": "1480", "day": "2026-11-27", "pay": "card"}
    answer = guest.fill("/kassa", {**who, **where})
    assert answer.status_code == 303, text(document(answer).cssselect(".error-summary")[0])
    shop.work_off()
    assert guest.get(answer.location).location == shop.session["url"]
    shop.pay()
    assert the_order().state == OrderState.PLACED


def test_an_organisation_pays_by_invoice_unless_it_chooses(shop):
    nordbyn = shop.visit("kontor@nordbyn.example")
    nordbyn.post("/varukorg/lagg-i", data={"article": shop.ids["fruit"], "quantity": "1"})
    page = nordbyn.page("/kassa")
    assert [one.get("value") for one in page.cssselect("[name=pay][checked]")] == ["invoice"]
    nordbyn.fill("/kassa", {"site": str(shop.ids["their_site"]), "day": "2026-11-27"})
    assert the_order().state == OrderState.PLACED


@pytest.mark.parametrize("rhythm", [InvoiceRhythm.DELIVERY, InvoiceRhythm.MONTH])
def test_who_is_invoiced_in_another_rhythm_reads_why_there_is_no_card(shop, rhythm):
    nordbyn = shop.visit("kontor@nordbyn.example")
    nordbyn.post("/varukorg/lagg-i", data={"article": shop.ids["fruit"], "quantity": "1"})
    why = "Därför går det inte att betala med kort"
    assert why not in text(nordbyn.page("/kassa"))
    db.session.scalars(select(Customer).where(Customer.org_number.is_not(None))).one().invoice_rhythm = rhythm
    page = nordbyn.page("/kassa")
    assert not page.cssselect("[name=pay]")
    assert why in text(page)


def test_another_customer_cannot_see_or_touch_it(shop):
    shop.order()
    number = the_order().number
    nordbyn = shop.visit("kontor@nordbyn.example")
    assert nordbyn.get(f"/bestallningar/{number}/kort").status_code == 404
    assert nordbyn.post(f"/bestallningar/{number}/kort/avbryt").status_code == 404
    assert the_order().state == OrderState.UNPAID


def test_nobody_is_asked_and_nothing_changes_before_it_is_paid(shop):
    kim = shop.order()
    number = the_order().number
    sam = shop.visit("sam@samklang.example")
    assert sam.post(f"/personal/bestallningar/{number}/fordela", data={"to": "0"}).status_code in {404, 409, 422}
    assert kim.post(f"/bestallningar/{number}/avbestall").status_code == 409
    assert "Väntar på betalning" in text(sam.page(f"/personal/bestallningar/{number}"))
    assert the_order().assignments == []
