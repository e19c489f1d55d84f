"""Nora keeps the books of two customers and sits on a member's board: she sees for whom she acts, and changes it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.accounts.models import Seat, User
from app.customers.models import Customer
from app.db import db
from app.orders.models import Order
from tests import make, order_case
from tests.furnished import furnished
from tests.order_case import BUYER
from tests.people import document, text, together

SAM, SWITCH = "sam@samklang.example", "/system/byt"


@furnished
def fruit(app):
    return order_case.furnish()


@furnished
def second(fruit):
    """Another customer, which invites nobody yet."""
    return make.make_customer(name="Bryggan Bostad AB")


def invite(visit, place, email=BUYER, name="Nora Exempel"):
    return visit(SAM).post(f"/personal/{place}/personer", data={"person": name, "address": email})


def nora():
    db.session.expire_all()
    return db.session.scalars(select(User).where(User.email == BUYER)).one()


def seat_in(customer):
    query = select(Seat.id).where(Seat.customer_id == customer.id, Seat.user_id == nora().id)
    return db.session.scalars(query).one()


def masthead(browser):
    return text(browser.page("/bestallningar").cssselect("header.masthead")[0])


def test_whoever_has_an_account_is_told_and_sees_for_whom_it_acts(visit, second, outbox):
    browser = visit(BUYER)
    assert "Du handlar för" not in masthead(browser)
    assert invite(visit, f"kunder/{second.id}").status_code == 303
    (letter,) = [one for one in outbox.to(BUYER) if one.kind == "account_seat"]
    assert letter.subject == "Nu kan du också handla för Bryggan Bostad AB"
    assert SWITCH in letter.body
    assert nora().name != "Nora Exempel", "somebody else does not rename her"
    assert "Du handlar för Nordbyn Teknik AB" in masthead(browser)
    browser.fill(SWITCH, {}, form="main form")
    assert "Du handlar för Bryggan Bostad AB" in masthead(browser)


def test_each_order_is_seen_by_the_one_it_is_for(visit, second, fruit):
    mine = order_case.order({fruit.id: Decimal(1)}).number
    theirs = order_case.order({fruit.id: Decimal(1)}, customer=second).number
    invite(visit, f"kunder/{second.id}")
    browser = visit(BUYER)
    assert browser.get(f"/bestallningar/{mine}").status_code == 200
    assert browser.get(f"/bestallningar/{theirs}").status_code == 404
    browser.post(f"{SWITCH}/{seat_in(second)}")
    assert browser.get(f"/bestallningar/{mine}").status_code == 404
    assert browser.get(f"/bestallningar/{theirs}").status_code == 200


def test_a_page_of_the_other_one_offers_to_change_and_come_back(visit, second, fruit):
    theirs = order_case.order({fruit.id: Decimal(1)}, customer=second).number
    invite(visit, f"kunder/{second.id}")
    browser, path = visit(BUYER), f"/bestallningar/{theirs}"
    page = browser.page(path, status=404)
    assert "Det här gäller Bryggan Bostad AB" in text(page)
    form = page.cssselect("main form[method=post]")[0]
    answer = browser.post(form.get("action"), data=dict(form.form_values()))
    assert (answer.status_code, answer.location) == (303, path)
    assert browser.get(path).status_code == 200
    stranger = make.make_user("stina@annan.example", customer=make.make_customer(name="Annan AB"))
    db.session.commit()
    assert "Bryggan" not in text(visit(stranger.email).page(path, status=404))


@pytest.mark.parametrize("onward", ["https://ond.example/", "//ond.example", "/\\ond.example", "x", "/\nond"])
def test_nobody_is_led_to_another_site(visit, second, onward):
    invite(visit, f"kunder/{second.id}")
    browser = visit(BUYER)
    answer = browser.post(f"{SWITCH}/{seat_in(second)}", data={"next": onward})
    assert (answer.status_code, "ond" in answer.location) == (303, False)


def test_a_members_assignment_is_offered_to_whoever_acts_for_a_customer(visit, fruit):
    order = order_case.order({fruit.id: Decimal(1)})
    path = f"/medlem/uppdrag/{order.assignments[0].id}"
    invite(visit, f"medlemmar/{order_case.member('ljungbacken').id}")
    page = visit(BUYER).page(path, status=403)
    assert "Det här gäller Ljungbacken Frukt" in text(page)


def test_who_is_signed_out_is_led_in_and_learns_nothing(visit, fruit):
    number = order_case.order({fruit.id: Decimal(1)}).number
    for path in (f"/bestallningar/{number}", "/bestallningar/9999", "/offerter/501"):
        answer = visit(None).get(path)
        assert (answer.status_code, answer.location) == (302, f"/logga-in?next={path}"), path
    assert visit(BUYER).get("/bestallningar/9999").status_code == 404


def test_a_member_is_one_of_them(visit, fruit):
    member = order_case.member("ljungbacken")
    invite(visit, f"medlemmar/{member.id}")
    browser = visit(BUYER)
    assert browser.get("/medlem/").status_code == 403
    browser.fill(SWITCH, {}, form="main form")
    assert browser.get("/medlem/").status_code == 200
    assert browser.get("/kassa").status_code == 403


def test_another_persons_seat_is_not_there(visit, second, fruit):
    make.make_user("annan@kund.example", customer=second)
    seat = db.session.scalars(select(Seat.id).where(Seat.customer_id == second.id)).one()
    assert visit(BUYER).post(f"{SWITCH}/{seat}").status_code == 404
    assert visit(None).get(SWITCH).status_code == 302


def test_a_form_that_was_open_in_another_tab_is_not_sent_for_the_wrong_one(app, visit, second, fruit):
    invite(visit, f"kunder/{second.id}")
    app.config["WTF_CSRF_ENABLED"] = True
    browser = visit(BUYER)
    number = order_case.order({fruit.id: Decimal(1)}).number
    page = browser.page(f"/bestallningar/{number}/andra")
    form = dict(page.cssselect("main form")[0].form_values())
    assert browser.post(f"/bestallningar/{number}/andra", data=form).status_code == 422, "nothing is changed"
    browser.fill(SWITCH, {}, form="main form")
    late = browser.post(f"/bestallningar/{number}/andra", data=form)
    assert late.status_code == 400
    assert "Nu är det Bryggan Bostad AB du handlar för" in text(document(late))


def test_a_seat_that_is_taken_away_is_nobodys_other(visit, second, fruit):
    invite(visit, f"kunder/{second.id}")
    browser, sam = visit(BUYER), visit(SAM)
    browser.post(f"{SWITCH}/{seat_in(second)}")
    answer = sam.post(f"/personal/kunder/{second.id}/personer/{nora().id}/stang")
    assert answer.status_code == 303
    assert nora().active
    assert browser.get("/kassa").status_code == 403, "she does not order for Nordbyn without having said so"
    assert "Du handlar inte längre" in text(browser.page("/").cssselect("header.masthead")[0])
    browser.fill(SWITCH, {}, form="main form")
    assert "Nordbyn" in masthead(browser)
    first = db.session.scalars(select(Customer).where(Customer.email == BUYER)).one()
    sam.post(f"/personal/kunder/{first.id}/personer/{nora().id}/stang")
    assert not nora().active, "the last seat goes with the account"


def test_two_of_us_give_her_the_same_seat_at_once(visit, second):
    make.make_sam(email="sara@samklang.example", name="Sara Exempel")
    browsers = [visit(SAM), visit("sara@samklang.example")]
    path, values = f"/personal/kunder/{second.id}/personer", {"person": "Nora", "address": BUYER}
    answers = together(*[lambda one=one: one.post(path, data=values).status_code for one in browsers])
    assert sorted(answers) == [303, 422]
    assert len(nora().seats) == 2


def test_an_order_is_placed_for_the_one_that_was_chosen(visit, second, fruit):
    invite(visit, f"kunder/{second.id}")
    browser = visit(BUYER)
    browser.post(f"{SWITCH}/{seat_in(second)}")
    browser.post("/varukorg/lagg-i", data={"article": str(fruit.id), "quantity": "2"})
    browser.fill("/kassa", {"day": "2026-12-04"})
    order = db.session.scalars(select(Order)).one()
    assert order.customer.name == "Bryggan Bostad AB"
