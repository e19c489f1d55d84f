"""Nora opens a letter in a browser in which she is not signed in: she signs in, and comes to what it speaks of."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.accounts.actions import open_account
from app.db import db
from tests import make, order_case
from tests.furnished import furnished
from tests.order_case import BUYER
from tests.people import document, text

EMAIL, PASSWORD = "nora@nordbyn.example", "ett-langt-losenord"
PAGES = [
    "/bestallningar/{number}",
    "/bestallningar/{number}/andra",
    "/bestallningar/{number}/retur",
    "/bestallningar/999999",
    "/offerter/501",
    "/bestallningar/1/besok/7.jpg?stor=1",
    "/staende/1",
    "/staende/999999",
    "/varukorg/sparade",
]


@furnished
def number(app):
    """An order of Nordbyn's; Nora signs in there with a password."""
    fruit = order_case.furnish()
    order = order_case.order({fruit.id: Decimal(2)})
    open_account(EMAIL, "Nora Exempel", PASSWORD, customer_id=order.customer_id)
    return order.number


@pytest.mark.parametrize("path", PAGES)
def test_whoever_is_not_signed_in_is_led_to_sign_in_whether_there_is_such_a_page_or_not(number, visit, path):
    path = path.format(number=number)
    answer = visit(None).get(path)
    assert answer.status_code == 302
    assert answer.location.startswith("/logga-in?next=")
    assert "finns inte" not in answer.text


def test_after_signing_in_the_page_of_the_letter_is_there(number, visit, outbox):
    link = next(word for word in outbox.to(BUYER)[0].body.split() if "/bestallningar/" in word)
    browser = visit(None)
    page = document(browser.get(link.removeprefix("http://localhost"), follow_redirects=True))
    assert "länken" in text(page.cssselect("main")[0])
    form = page.cssselect("main form[method=post]")[0]
    values = {**dict(form.form_values()), "email": EMAIL, "password": PASSWORD}
    answer = browser.post(form.get("action"), data=values)
    assert answer.location.endswith(f"/bestallningar/{number}")
    assert f"Beställning {number}" in text(browser.page(answer.location))


def test_a_key_that_opens_nothing_does_not_go_along(number, visit):
    answer = visit(None).get(f"/bestallningar/{number}?nyckel=falsk")
    assert answer.location == f"/logga-in?next=/bestallningar/{number}"


def test_for_whoever_is_somebody_else_it_is_still_not_there(number, visit):
    other = make.make_user("stina@annan.example", customer=make.make_customer(name="Annan AB"))
    db.session.commit()
    browser = visit(other.email)
    assert [browser.get(path.format(number=number)).status_code for path in PAGES[:4]] == [404] * 4


def test_what_is_sent_by_a_stranger_is_refused_as_before(number, visit):
    assert visit(None).post(f"/bestallningar/{number}/igen").status_code == 404
    assert visit(None).get("/katalog/finns-inte").status_code == 404
