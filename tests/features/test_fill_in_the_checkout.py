"""What the house knows already nobody types again, and a page that comes too late is told why nothing came of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.customers.models import Customer
from app.db import db
from app.members.models import Workplace
from app.orders.members_buy import let_buy
from app.orders.models import Order
from tests import make, order_case
from tests.order_case import BUYER, NEXT_FRIDAY
from tests.people import document, text


@pytest.fixture
def fruit(app):
    return order_case.furnish().id


def basket(browser, fruit: int) -> None:
    assert browser.post("/varukorg/lagg-i", data={"article": str(fruit), "quantity": "2"}).status_code == 303


def form(browser) -> dict:
    return dict(browser.page("/kassa").cssselect("main form[method=post]")[0].form_values())


def the_order() -> Order:
    db.session.expire_all()
    return db.session.scalars(select(Order)).one()


def test_a_basket_that_was_ordered_in_another_tab_says_so(fruit, visit):
    browser = visit(BUYER)
    basket(browser, fruit)
    first, second = ({**form(browser), "day": NEXT_FRIDAY.isoformat()} for _tab in range(2))
    assert first["ticket"] != second["ticket"]
    assert browser.post("/kassa", data=first).location == f"/bestallningar/{the_order().number}"
    late = browser.post("/kassa", data=second, follow_redirects=True)
    assert "Inget skickades: varukorgen är tom." in text(document(late))
    assert browser.get("/kassa").status_code == 302
    assert "Inget skickades" not in text(browser.page("/varukorg"))
    assert the_order().number


@pytest.mark.parametrize(
    ("kind", "address", "said"),
    [
        ("company", "0007:5599992020", "Då står det NA på e-fakturan i stället för ert ordernummer."),
        ("public", "0007:5599992020", "Utan dem stoppas e-fakturan tills vi har frågat er."),
        ("company", None, ""),
    ],
)
def test_who_gets_e_invoices_is_told_what_a_missing_reference_means(fruit, visit, kind, address, said):
    """Peppol lets a company's invoice go without one; a public body's is held back until somebody has asked."""
    customer = db.session.scalars(select(Customer)).one()
    customer.kind, customer.electronic_address = kind, address
    browser = visit(BUYER)
    basket(browser, fruit)
    page = text(browser.page("/kassa"))
    assert said in page
    assert said or "e-faktura" not in page
    customer.sites[0].buyer_reference = "Kontoret 12"
    db.session.commit()
    assert said == "" or said not in text(browser.page("/kassa")), "the place has one"


def test_a_member_chooses_among_its_own_address_and_where_it_works(fruit, visit):
    ljungbacken = order_case.member("ljungbacken")
    shed = Workplace(name="Packhuset", street="Lådgatan 4", postcode="431 00", city="Mölndal", municipality="1481")
    ljungbacken.workplaces.append(shed)
    let_buy(ljungbacken, by=None, now=order_case.clock.now())
    db.session.commit()
    browser = visit(ljungbacken.email)
    basket(browser, fruit)
    page = browser.page("/kassa")
    choices = [text(one) for one in page.cssselect("input[name=site] + label")]
    assert choices[0] == "Ljungbacken Frukt ek. för., Provgatan 1, 411 01 Göteborg"
    assert choices[1] == "Packhuset, Lådgatan 4, 431 00 Mölndal"
    assert "Packhuset" in text(browser.page("/staende/ny"))
    browser.fill("/kassa", {"day": NEXT_FRIDAY.isoformat(), "site": f"work-{shed.id}"})
    assert (the_order().delivery_name, the_order().street) == ("Packhuset", "Lådgatan 4")


def test_a_postcode_is_kept_as_it_is_read(fruit, visit):
    browser = visit(BUYER)
    basket(browser, fruit)
    elsewhere = {"site": "other", "recipient": "Lagret", "street": "Provgatan 9", "city": "Göteborg"}
    typed = {"day": NEXT_FRIDAY.isoformat(), **elsewhere, "postcode": "41500", "municipality": make.GOTHENBURG}
    assert browser.fill("/kassa", typed).status_code == 303
    assert the_order().postcode == "415 00"
