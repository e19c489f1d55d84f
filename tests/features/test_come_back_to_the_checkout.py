"""The session ends, or another organisation is chosen, while the checkout lies open: nothing is ordered, or lost."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.accounts.models import Seat
from app.customers.models import Customer
from app.db import db
from app.orders.models import Order
from tests import make, order_case
from tests.furnished import furnished
from tests.order_case import BUYER
from tests.people import document, text

HERE = {"Origin": "http://localhost"}
TYPED = {"day": "2026-12-04", "note": "Ring på hos vaktmästaren"}
GUEST = {
    "name": "Ingrid Exempel", "email": "ingrid@exempel.example", "recipient": "Ingrid", "street": "Hemgatan 3",
    "postcode": "411 03", "city": "Göteborg", "municipality": "1480",
}  # fmt: skip


@furnished
def fruit(app):
    return order_case.furnish()


@pytest.fixture(autouse=True)
def _guarded(fruit, app):
    app.config["WTF_CSRF_ENABLED"] = True


def token(browser):
    return browser.page("/katalog").cssselect("input[name=csrf_token]")[0].get("value")


def fill(browser, fruit):
    sent = {"article": fruit.id, "quantity": "3", "csrf_token": token(browser)}
    assert browser.post("/varukorg/lagg-i", data=sent).status_code == 303


def checkout(browser, **typed):
    form = browser.page("/kassa").cssselect("main form[method=post]")[0]
    return {**dict(form.form_values()), **TYPED, **typed}


def orders():
    return db.session.scalar(select(func.count(Order.id)))


def test_whose_session_is_over_signs_in_and_finds_basket_and_words(fruit, visit):
    nora = visit(BUYER)
    fill(nora, fruit)
    sent = checkout(nora)
    stranger = visit(None)
    answer = stranger.post("/kassa", data=sent, headers=HERE)
    assert answer.location == "/logga-in?next=/kassa"
    said = text(stranger.page(answer.location))
    assert "inte inloggad längre" in said
    assert "Inget är beställt än" in said
    with stranger.session_transaction() as mine, nora.session_transaction() as hers:
        mine.update(
            {name: hers[name] for name in ("_user_id", "_fresh", "fs_cc", "fs_paa", "identity") if name in hers}
        )
    page = stranger.page("/kassa")
    values = dict(page.cssselect("main form[method=post]")[0].form_values())
    assert (values["day"], values["note"].strip()) == (TYPED["day"], TYPED["note"])
    assert "3 st" in text(page)
    assert orders() == 0
    assert stranger.post("/kassa", data=values).status_code == 303
    assert orders() == 1


def test_a_guest_looks_it_through_and_orders(fruit, visit):
    first, later = visit(None), visit(None)
    fill(first, fruit)
    answer = later.post("/kassa", data=checkout(first, **GUEST), headers=HERE)
    assert answer.location == "/kassa"
    page = later.page("/kassa")
    values = dict(page.cssselect("main form[method=post]")[0].form_values())
    assert {name: values[name] for name in GUEST} == GUEST
    assert later.post("/kassa", data=values).status_code == 303
    assert orders() == 1


def test_what_one_customer_typed_is_not_shown_to_the_next(fruit, visit):
    first = visit(None)
    fill(first, fruit)
    nora = visit(BUYER)
    nora.post("/kassa", data=checkout(first, **GUEST), headers=HERE)
    assert "vaktmästaren" not in text(nora.page("/kassa"))
    with nora.session_transaction() as kept:
        assert "typed" not in kept


@pytest.mark.parametrize("origin", ["https://ond.example", "null", "http://localhost.ond.example", ""])
def test_another_site_puts_nothing_into_a_basket(fruit, visit, origin):
    browser = visit(None)
    answer = browser.post("/kassa", data={"goods": f"{fruit.id}:3"}, headers={"Origin": origin})
    assert answer.status_code == 400
    assert "tom" in text(browser.page("/varukorg"))


@pytest.mark.parametrize("goods", ["x", "1:1:1", "1:-4", "1:1e9", "99999999999:1", "1:" + "9" * 400, "2:3;4:5"])
def test_goods_that_no_page_of_ours_wrote_are_left_out(fruit, visit, goods):
    browser = visit(None)
    browser.post("/kassa", data={"goods": goods}, headers=HERE)
    assert "tom" in text(browser.page("/varukorg"))


def test_who_changed_to_another_organisation_in_another_tab_is_told_so(fruit, visit):
    nora = visit(BUYER)
    fill(nora, fruit)
    sent = checkout(nora)
    second = make.make_customer(name="Bryggan Bostad AB")
    user_id = db.session.scalars(select(Seat.user_id).join(Customer).where(Customer.name == "Nordbyn Teknik AB")).one()
    seat = Seat(user_id=user_id, customer_id=second.id)
    db.session.add(seat)
    db.session.commit()
    changed = nora.post(f"/system/byt/{seat.id}", data={"csrf_token": token(nora)}, follow_redirects=True)
    assert "låg i varukorgen ligger kvar" in text(document(changed))
    answer = nora.post("/kassa", data=sent, headers=HERE)
    assert answer.location == "/kassa"
    page = text(nora.page("/kassa"))
    assert "Nu är det Bryggan Bostad AB du handlar för" in page
    assert "vaktmästaren" not in page
    assert orders() == 0


def test_any_other_form_says_what_happened_and_leads_back(fruit, visit):
    answer = visit(None).post("/bestallningar/1001/igen", headers={"Referer": "http://localhost/bestallningar/1001"})
    assert answer.status_code == 400
    page = document(answer).cssselect("main")[0]
    assert "Inget har sparats" in text(page)
    assert [link.get("href") for link in page.cssselect("p.buttons a")] == [
        "/logga-in?next=/bestallningar/1001",
        "/bestallningar/1001",
    ]
    answer = visit(None).post("/varukorg", headers={"Referer": "http://ond.example/x"})
    assert "ond.example" not in answer.text
