"""The customer changes its order until whoever makes it must begin; staff as long as something is to come."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.audit import AuditEvent
from app.db import db
from app.orders.actions import register_guest
from app.orders.cart import Guest
from app.orders.emails import order_key
from app.orders.models import Order
from app.orders.states import EventKind, OrderState
from tests import make
from tests.furnished import furnished
from tests.order_case import DELIVERY, NEXT_FRIDAY, furnish, in_balance, parts
from tests.order_case import order as make_order
from tests.people import text, together


@furnished
def kiosk(app):
    """Nordbyn has ordered six fruit baskets."""
    return make_order({furnish().id: Decimal(6)})


def change(order: Order, visitor, quantity: str | None = None, **values):
    """Fill in the form as it comes, with another quantity or other values."""
    own = {} if quantity is None else {f"quantity-{order.lines[0].id}": quantity}
    return visitor.fill(f"/bestallningar/{order.number}/andra", {**own, **values})


def test_the_order_says_until_when_and_the_customer_takes_two_less(kiosk, visit, outbox):
    ljungbacken, nordbyn = visit("ljungbacken@medlem.example"), visit("kontor@nordbyn.example")
    ljungbacken.post(f"/medlem/uppdrag/{kiosk.assignments[0].id}/ja")
    page = text(nordbyn.page(f"/bestallningar/{kiosk.number}"))
    assert "Du kan ändra till ons 2 dec 12:00" in page, "Ljungbacken wants two working days"
    assert change(kiosk, nordbyn, "4").status_code == 303
    assert parts(kiosk) == [("ljungbacken", "accepted", 4)]
    assert kiosk.state == OrderState.CONFIRMED
    assert "6 st Fruktkorg" not in outbox.to("kontor@nordbyn.example")[-1].body
    assert "Fruktkorg 5 kg: 4 st i stället för 6." in outbox.to("kontor@nordbyn.example")[-1].body
    letter = outbox.to("ljungbacken@medlem.example")[-1].body
    assert "- 2 st Fruktkorg 5 kg" in letter
    assert "- 4 st Fruktkorg 5 kg" in letter
    assert "i stället för 6" in text(nordbyn.page(f"/bestallningar/{kiosk.number}"))
    assert in_balance(kiosk).to_come == 4
    assert (
        db.session.scalars(select(AuditEvent).where(AuditEvent.what == "quantity changed")).one().details["to"] == "4"
    )


def test_more_is_shared_out_as_new_demand_at_the_price_of_the_order(kiosk, visit):
    change(kiosk, visit("kontor@nordbyn.example"), "10")
    assert sum(quantity for _member, _state, quantity in parts(kiosk)) == 10
    assert kiosk.lines[0].net == kiosk.lines[0].unit_price.times(10)
    assert in_balance(kiosk).ordered == 10


def test_more_at_another_price_is_refused_and_nothing_changes(kiosk, visit):
    kiosk.lines[0].article.price = make.Money(25000)
    answer = change(kiosk, visit("kontor@nordbyn.example"), "10")
    assert answer.status_code == 422
    assert "var 212,00" in answer.text
    assert parts(kiosk) == [("ljungbacken", "offered", 6)]


def test_who_took_it_back_may_be_asked_again(kiosk, visit):
    nordbyn = visit("kontor@nordbyn.example")
    change(kiosk, nordbyn, "1")
    change(kiosk, nordbyn, "6")
    assert sum(quantity for _member, state, quantity in parts(kiosk) if state == "offered") == 6
    assert {member for member, _state, _quantity in parts(kiosk)} <= {"ljungbacken", "rullande"}


def test_all_is_called_off_and_the_member_may_rest(kiosk, visit, outbox):
    nordbyn = visit("kontor@nordbyn.example")
    visit("ljungbacken@medlem.example").post(f"/medlem/uppdrag/{kiosk.assignments[0].id}/ja")
    assert nordbyn.fill(f"/bestallningar/{kiosk.number}", {}, form="form[action$='/avbestall']").status_code == 303
    assert parts(kiosk) == [("ljungbacken", "called_off", 0)]
    assert kiosk.state == OrderState.CALLED_OFF
    assert "Du betalar ingenting" in outbox.to("kontor@nordbyn.example")[-1].body
    page = text(visit("ljungbacken@medlem.example").page(f"/medlem/uppdrag/{kiosk.assignments[0].id}"))
    assert "Kunden har avbeställt 6 st Fruktkorg" in page
    assert in_balance(kiosk).charged == make.Money(0)
    assert nordbyn.post(f"/bestallningar/{kiosk.number}/avbestall").status_code == 409, "once is enough"


def test_another_day_asks_the_members_again(kiosk, visit, outbox):
    visit("ljungbacken@medlem.example").post(f"/medlem/uppdrag/{kiosk.assignments[0].id}/ja")
    assert change(kiosk, visit("kontor@nordbyn.example"), day="2026-12-08").status_code == 303
    was, *new = parts(kiosk)
    assert was == ("ljungbacken", "called_off", 0)
    assert [(state, quantity) for _member, state, quantity in new] == [("offered", 6)]
    assert kiosk.assignments[-1].delivery_day == date(2026, 12, 8)
    assert "Kunden har bytt leveransdag" in outbox.to("ljungbacken@medlem.example")[-1].body + "".join(
        letter.body for letter in outbox.to("ljungbacken@medlem.example")
    )
    in_balance(kiosk)


def test_a_day_on_which_nobody_can_is_refused(kiosk, visit):
    for member in db.session.scalars(select(make.Member)):
        make.make_absence(member, date(2026, 12, 8), date(2026, 12, 8))
    answer = change(kiosk, visit("kontor@nordbyn.example"), day="2026-12-08")
    assert answer.status_code == 422
    assert "Ingen kan leverera Fruktkorg" in answer.text
    assert parts(kiosk) == [("ljungbacken", "offered", 6)]
    assert kiosk.delivery_day == NEXT_FRIDAY


@pytest.mark.parametrize("day", ["2026-12-05", "2026-11-23", "2029-01-01", "x", ""])
def test_a_day_that_cannot_be_is_refused(kiosk, visit, day):
    assert change(kiosk, visit("kontor@nordbyn.example"), day=day).status_code == 422
    assert kiosk.delivery_day == NEXT_FRIDAY


def test_references_and_message_change_without_anybody_being_asked(kiosk, visit):
    change(kiosk, visit("kontor@nordbyn.example"), note="Bakdörren", order_reference="A-7")
    assert parts(kiosk) == [("ljungbacken", "offered", 6)]
    assert (kiosk.note, kiosk.order_reference) == ("Bakdörren", "A-7")
    assert kiosk.events[-1].kind == EventKind.CHANGED


def test_nothing_changed_is_said(kiosk, visit):
    answer = change(kiosk, visit("kontor@nordbyn.example"))
    assert answer.status_code == 422
    assert "Ingenting är ändrat" in answer.text


@pytest.mark.parametrize("quantity", ["-1", "1,5", "x", "1e3", "9" * 30])
def test_nonsense_is_refused(kiosk, visit, quantity):
    answer = change(kiosk, visit("kontor@nordbyn.example"), quantity)
    assert answer.status_code == 422
    assert quantity in answer.text, "what was typed is still there"
    assert parts(kiosk) == [("ljungbacken", "offered", 6)]


def test_after_the_time_it_says_call_us(kiosk, visit, clock):
    visit("ljungbacken@medlem.example").post(f"/medlem/uppdrag/{kiosk.assignments[0].id}/ja")
    clock.set(datetime(2026, 12, 2, 11, 1, tzinfo=UTC))
    nordbyn = visit("kontor@nordbyn.example")
    assert "031-700 00 00" in text(nordbyn.page(f"/bestallningar/{kiosk.number}"))
    sent = {f"quantity-{kiosk.lines[0].id}": "2", "day": "2026-12-04"}
    assert nordbyn.post(f"/bestallningar/{kiosk.number}/andra", data=sent).status_code == 422
    assert nordbyn.post(f"/bestallningar/{kiosk.number}/avbestall").status_code == 409
    assert parts(kiosk) == [("ljungbacken", "accepted", 6)]


def test_staff_may_still_with_a_reason(kiosk, visit, clock, outbox):
    clock.set(datetime(2026, 12, 3, 11, 1, tzinfo=UTC))
    sam, where = visit("sam@samklang.example"), f"/personal/bestallningar/{kiosk.number}/andra"
    less = {f"quantity-{kiosk.lines[0].id}": "3"}
    assert sam.fill(where, less).status_code == 422, "no reason"
    assert sam.fill(where, {**less, "why": "Kunden ringde."}).status_code == 303
    assert parts(kiosk) == [("ljungbacken", "offered", 3)]
    assert "Kunden ringde." in outbox.to("kontor@nordbyn.example")[-1].body
    assert "Sam Exempel" in text(sam.page(f"/personal/bestallningar/{kiosk.number}"))


def test_two_tabs_the_second_is_told_what_stands_there_now(kiosk, visit):
    nordbyn, where = visit("kontor@nordbyn.example"), f"/bestallningar/{kiosk.number}/andra"
    form = nordbyn.page(where).cssselect("main form[method=post]")[0]
    old = dict(form.form_values())
    change(kiosk, nordbyn, "4")
    answer = nordbyn.post(where, data={**old, f"quantity-{kiosk.lines[0].id}": "5"})
    assert answer.status_code == 422
    assert "Någon annan har ändrat" in answer.text
    assert parts(kiosk) == [("ljungbacken", "offered", 4)]


def test_the_customer_takes_less_while_the_member_says_yes(kiosk, visit):
    ljungbacken, nordbyn = visit("ljungbacken@medlem.example"), visit("kontor@nordbyn.example")
    offer, line = kiosk.assignments[0].id, kiosk.assignments[0].lines[0].id
    sent = {f"quantity-{kiosk.lines[0].id}": "2", "day": NEXT_FRIDAY.isoformat(), "note": "Ring på"}
    where = f"/bestallningar/{kiosk.number}/andra"
    answers = together(
        lambda: ljungbacken.post(f"/medlem/uppdrag/{offer}/ja", data={f"quantity-{line}": "6"}).status_code,
        lambda: nordbyn.post(where, data=sent).status_code,
    )
    db.session.rollback()
    assert answers in ([303, 303], [422, 303]), "either the yes came first, or it was to more than is asked for"
    assert sum(quantity for _member, _state, quantity in parts(kiosk)) == 2
    assert in_balance(kiosk).to_come == 2


def test_what_is_left_when_some_is_delivered_is_called_off_and_charged(kiosk, visit, clock, outbox, work_off):
    line = kiosk.assignments[0].lines[0].id
    visit("ljungbacken@medlem.example").post(
        f"/medlem/uppdrag/{kiosk.assignments[0].id}/ja", data={f"quantity-{line}": "4"}
    )
    db.session.expire_all()
    visit("ljungbacken@medlem.example").post(f"/medlem/uppdrag/{kiosk.assignments[0].id}/levererat")
    nordbyn = visit("kontor@nordbyn.example")
    assert change(kiosk, nordbyn, "3").status_code == 422, "four are delivered"
    assert nordbyn.post(f"/bestallningar/{kiosk.number}/avbestall").status_code == 303
    db.session.expire_all()
    assert kiosk.state == OrderState.DELIVERED
    assert in_balance(kiosk).charged == make.Money(21200).times(4)
    work_off()
    assert outbox.to("kontor@nordbyn.example")[-1].kind == "invoice"


def test_a_guest_changes_by_the_link_of_the_letter_and_nobody_else_does(kiosk, visit):
    guest = Guest("Gun Gäst", "gun@gast.example", "")
    fruit = kiosk.lines[0].article_id
    customer = register_guest(guest, DELIVERY)
    order = make_order({fruit: Decimal(2)}, customer=customer, by=None)
    other = visit("kontor@nordbyn.example")
    assert other.get(f"/bestallningar/{order.number}/andra").status_code == 404
    assert other.post(f"/bestallningar/{order.number}/avbestall").status_code == 404
    gun = visit(None)
    assert gun.get(f"/bestallningar/{order.number}/andra").status_code == 404
    gun.get(f"/bestallningar/{order.number}?nyckel={order_key(order.number)}")
    assert change(order, gun, "1").status_code == 303
    assert in_balance(order).to_come == 1


def test_a_bundle_is_changed_as_a_whole(kiosk, visit):
    fruit, candle = kiosk.lines[0].article, make.make_article("Ljus")
    make.make_offering(candle, db.session.scalars(select(make.Member).where(make.Member.slug == "rullande")).one())
    gift = make.make_bundle("Gåva", (fruit, "1", False), (candle, "2", False), price=make.Money(40000))
    order = make_order({gift.id: Decimal(3)})
    assert change(order, visit("kontor@nordbyn.example"), "2").status_code == 303
    db.session.expire_all()
    assert [line.remaining for line in order.lines] == [2, 4]
    assert order.net == make.Money(80000)
    assert order.bundles[0].quantity == 2
    in_balance(order)
