"""The contact of an organisation invites a colleague; others see who is there, and cannot."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app import clock
from app.accounts import actions
from app.accounts.models import Seat, User
from app.customers.models import Customer
from app.db import db
from tests import make, order_case
from tests.furnished import furnished
from tests.order_case import BUYER
from tests.people import save, text

PEOPLE, NEW = "/system/personer", "ny@nordbyn.example"


@furnished
def nordbyn(app):
    order_case.furnish()
    return db.session.scalars(select(Customer).where(Customer.email == BUYER)).one()


def invite(browser, email=NEW):
    return browser.post(PEOPLE, data={"person": "Nils Exempel", "address": email})


def seats():
    save()
    return db.session.scalar(select(func.count()).select_from(Seat))


def test_a_colleague_gets_a_letter_and_is_listed(nordbyn, visit, outbox):
    browser = visit(BUYER)
    assert browser.fill(PEOPLE, {"person": "Nils Exempel", "address": NEW}).status_code == 303
    (letter,) = outbox.to(NEW)
    assert "Nordbyn Teknik AB" in letter.body
    page = text(browser.page(PEOPLE).cssselect("main")[0])
    assert "Nils Exempel" in page
    assert "har inget lösenord än" in page


def test_whoever_has_an_account_gets_a_seat_and_the_page_says_no_more(nordbyn, visit, outbox):
    make.make_user("annan@kund.example", customer=make.make_customer())
    said = []
    for email in (NEW, "annan@kund.example"):
        browser = visit(BUYER)
        invite(browser, email)
        said.append(text(browser.page(PEOPLE).cssselect(".flash")[0]).replace(email, "X"))
    assert said[0] == said[1]
    assert [one.kind for one in outbox.to("annan@kund.example")] == ["account_seat"]


def test_only_the_contact_invites(nordbyn, visit, outbox):
    make.make_user("kollega@nordbyn.example", customer=nordbyn)
    browser, before = visit("kollega@nordbyn.example"), seats()
    assert not browser.page(PEOPLE).cssselect("main form")
    answer = invite(browser)
    assert answer.status_code == 422
    assert f"Bara den som har adressen {BUYER}" in answer.text
    assert seats() == before
    assert list(outbox) == []


def test_the_contact_of_one_is_nobody_elses(nordbyn, visit):
    other = make.make_customer(email=BUYER)
    user = db.session.scalars(select(User).where(User.email == BUYER)).one()
    values = {"organisation": other.name, "contact": other.email, "customer_id": other.id}
    with pytest.raises(actions.Refused):
        actions.invite_colleague(NEW, "Nils", **values, by=user, now=clock.now())


def test_staff_and_strangers_have_no_such_page(nordbyn, visit):
    assert visit("sam@samklang.example").get(PEOPLE).status_code == 403
    assert visit(None).get(PEOPLE).status_code == 302
    assert invite(visit(BUYER), "sam@samklang.example").status_code == 422


def test_there_is_an_end_to_them(nordbyn, visit):
    for _ in range(actions.MOST_COLLEAGUES - 1):
        make.make_user(customer=nordbyn)
    assert "redan många" in invite(visit(BUYER)).text
