"""A member buys from the other members: at the member price everywhere, and never from itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock
from app.catalog.models import ApprovalState
from app.catalog.pricing import prices
from app.catalog.pricing import queries as price_queries
from app.catalog.pricing.rules import ListKind
from app.customers.models import Customer, CustomerKind
from app.db import db
from app.invoicing.models import InvoiceRecord
from app.money import Money
from app.orders.members_buy import let_buy
from app.orders.models import Order
from app.orders.routing_models import RoutingDecision
from tests import make
from tests.furnished import furnished
from tests.people import text
from tests.price_lists import TODAY, make_list

FRIDAY = date(2026, 11, 27)
BUYER = "ljungbacken@medlem.example"


@furnished
def guild(app):
    """Ljungbacken and Rullande pack fruit, Köksljus makes sandwiches; Ljungbacken buys. Others pay 212 kr a basket."""
    make.make_sales_company(bankgiro="999-0003", vat_number="SE769999000301")
    ljungbacken, kokljus = make.make_ljungbacken(), make.make_kokljus()
    rullande = make.make_member(slug="rullande", name="Rullande Hjälpen ek. för.")
    fruit = make.make_article("Fruktkorg 5 kg", slug="fruktkorg")
    sandwich = make.make_article("Smörgås", slug="smorgas", price=Money(6200))
    own = make.make_article("Äppelmust", slug="must", price=Money(4000))
    make.make_offering(fruit, ljungbacken, member_price=Money(19900))
    make.make_offering(fruit, rullande, member_price=Money(17000))
    make.make_offering(sandwich, kokljus, member_price=Money(5000))
    make.make_offering(sandwich, rullande, member_price=Money(5400))
    make.make_offering(own, ljungbacken)
    for member in (ljungbacken, kokljus, rullande):
        make.make_user(member.email, member=member)
    make.make_user("kontor@nordbyn.example", customer=make.make_nordbyn())
    make.make_sam()
    let_buy(ljungbacken, by=None, now=clock.now())
    db.session.commit()
    return {"fruit": fruit, "sandwich": sandwich, "own": own, "buyer": ljungbacken, "rullande": rullande}


@pytest.fixture
def buyer(guild, visit):
    return visit(BUYER)


def order(browser, *articles, quantity="4"):
    for article in articles:
        assert browser.post("/varukorg/lagg-i", data={"article": article.id, "quantity": quantity}).status_code == 303
    address = {"site": "other", "recipient": "Verkstaden", "street": "Provgatan 1", "postcode": "411 01"}
    where = {**address, "city": "Göteborg", "municipality": make.GOTHENBURG}
    return browser.fill("/kassa", {"day": FRIDAY.isoformat(), **where})


def the_order() -> Order:
    db.session.expire_all()
    return db.session.scalars(select(Order)).one()


def own_record(member) -> Customer:
    return db.session.scalars(select(Customer).where(Customer.member_id == member.id)).one()


def test_the_member_price_stands_in_the_catalogue_the_basket_the_checkout_and_the_order(guild, buyer):
    catalogue = text(buyer.page("/katalog"))
    assert "170 kr per st, exkl. momsMedlemspris" in catalogue
    assert "54 kr per st, exkl. momsMedlemspris" in catalogue
    article = text(buyer.page("/katalog/fruktkorg"))
    assert "170,00 kr" in article
    assert "Medlemspris" in article
    assert "212" not in article
    assert order(buyer, guild["fruit"], guild["sandwich"]).status_code == 303
    made = the_order()
    assert {line.name: line.unit_price for line in made.lines} == {
        "Fruktkorg 5 kg": Money(17000),
        "Smörgås": Money(5400),
    }
    assert {line.price_because for line in made.lines} == {"Medlemspris"}
    page = text(buyer.page(f"/bestallningar/{made.number}"))
    assert "680,00 kr" in page
    assert f"{made.number}" in text(buyer.page("/bestallningar"))


def test_basket_and_checkout_show_it_and_say_what_it_is(guild, buyer):
    buyer.post("/varukorg/lagg-i", data={"article": guild["fruit"].id, "quantity": "4"})
    for path in ("/varukorg", "/kassa"):
        page = text(buyer.page(path))
        assert "680,00 kr" in page
        assert "Medlemspris" in page


def test_a_member_is_never_asked_to_make_its_own_order(guild, buyer, visit):
    order(buyer, guild["fruit"])
    made = the_order()
    assert [one.member.slug for one in made.assignments] == ["rullande"]
    assert made.assignments[0].pay == Money(68000)
    told = str([one.told for one in db.session.scalars(select(RoutingDecision))])
    assert "Är den som beställer." in told
    assert buyer.get(f"/medlem/uppdrag/{made.assignments[0].id}").status_code == 404
    maker = visit("rullande@medlem.example")
    maker.fill(f"/medlem/uppdrag/{made.assignments[0].id}", {"reason": "Semester"}, form="form[action$='/nej']")
    assert [one.member.slug for one in the_order().assignments] == ["rullande"]
    assert the_order().lines[0].unassigned == Decimal(4)


def test_what_only_the_buyer_makes_is_refused_in_words(guild, buyer):
    assert "Ingen annan medlem gör den" in text(buyer.page("/katalog/must"))
    answer = buyer.post("/varukorg/lagg-i", data={"article": guild["own"].id, "quantity": "1"})
    assert answer.status_code == 409
    assert "Ingen annan medlem gör Äppelmust" in answer.text
    assert "tom" in text(buyer.page("/varukorg"))


def test_what_nobody_else_makes_any_longer_stops_at_the_checkout(guild, buyer):
    buyer.post("/varukorg/lagg-i", data={"article": guild["fruit"].id, "quantity": "1"})
    offering = next(one for one in guild["fruit"].offerings if one.member_id == guild["rullande"].id)
    offering.state = ApprovalState.WITHDRAWN
    db.session.commit()
    answer = order(buyer)
    assert answer.status_code == 422
    assert "Ingen annan medlem gör Fruktkorg 5 kg" in answer.text
    assert db.session.scalars(select(Order)).all() == []


def test_no_campaign_and_no_list_changes_it_and_staff_can_read_why(guild, buyer, visit):
    own = own_record(guild["buyer"])
    make_list(ListKind.CAMPAIGN, {guild["fruit"]: 15000}, name="Höstkampanj")
    make_list(ListKind.CUSTOMER, {guild["fruit"]: 14000}, customers=[own])
    page = text(buyer.page("/katalog/fruktkorg"))
    assert "170,00 kr" in page
    assert "Höstkampanj" not in page
    answer = price_queries.explain(guild["fruit"], own_record(guild["buyer"]), Decimal(1), TODAY)
    assert (answer.priced.unit_price, answer.priced.because) == (Money(17000), "Medlemspris")
    assert {one.why_not for one in answer.judged} == {"Medlemspriset går före."}
    shown = text(visit("sam@samklang.example").page(f"/personal/vilket-pris?artikel={guild['fruit'].number}"))
    assert "150,00 kr" in shown
    asked = f"artikel={guild['fruit'].number}&kund=Ljungbacken"
    shown = text(visit("sam@samklang.example").page(f"/personal/vilket-pris?{asked}"))
    assert "Medlemspris." in shown
    assert "Medlemspriset går före." in shown


def test_others_see_and_pay_what_they_did(guild, visit):
    for email in ("kontor@nordbyn.example", None):
        assert "Medlemspris" not in text(visit(email).page("/katalog"))
    assert "212 kr" in text(visit("kontor@nordbyn.example").page("/katalog"))


def test_a_bundle_comes_to_the_sum_of_its_parts_by_others(guild, buyer):
    make.make_bundle("Fredagsfrukost", (guild["fruit"], "1", False), (guild["sandwich"], "10", False), slug="frukost")
    only = make.make_bundle("Must och frukt", (guild["fruit"], "1", False), (guild["own"], "2", False), slug="mustkorg")
    db.session.commit()
    assert "710,00 kr" in text(buyer.page("/katalog/frukost"))
    assert buyer.post("/varukorg/lagg-i", data={"article": only.id, "quantity": "1"}).status_code == 409
    bundle = db.session.scalars(select(make.Article).where(make.Article.slug == "frukost")).one()
    order(buyer, bundle, quantity="2")
    made = the_order()
    assert made.bundles[0].unit_price == Money(71000)
    assert made.net == Money(142000)
    assert BUYER not in {one.member.email for one in made.assignments}


def test_the_invoice_goes_to_the_member_at_the_member_price(guild, buyer, visit):
    order(buyer, guild["fruit"])
    maker = visit("rullande@medlem.example")
    place = f"/medlem/uppdrag/{the_order().assignments[0].id}"
    assert maker.fill(place, {}, form="form[action$='/ja']").status_code == 303
    assert maker.post(f"{place}/levererat").status_code == 303
    invoice = db.session.scalars(select(InvoiceRecord)).one()
    assert invoice.customer == own_record(guild["buyer"])
    assert invoice.net == Money(68000)
    assert "Ljungbacken Frukt" in str(invoice.document)


def test_one_statement_more_for_members_and_none_for_others(guild, queries):
    own = own_record(guild["buyer"])
    nordbyn = db.session.scalars(select(Customer).where(Customer.member_id.is_(None))).one()
    wanted = {guild["fruit"].id: guild["fruit"].price, guild["own"].id: guild["own"].price}
    with queries() as seen:
        terms = prices.terms_for(own.id, TODAY, member_id=own.member_id)
        found = prices.for_page(wanted, terms)
    assert len(seen) == 2
    assert [one.is_members for one in found.values()] == [True, False]
    with queries() as seen:
        prices.for_page(wanted, prices.terms_for(nordbyn.id, TODAY))
    assert len(seen) == 1


def test_staff_enter_a_member_and_it_can_buy_at_once(guild, visit):
    place = {"street": "Sågvägen 4", "postcode": "411 00", "city": "Göteborg", "municipality": "1480"}
    facts = {"name": "Björkö Snickeri ek. för.", "org_number": "769999-0045", "legal_form": "ekonomisk förening"}
    values = {**facts, **place, "email": "post@bjorko.example", "work_share": "1"}
    assert visit("sam@samklang.example").fill("/personal/medlemmar/ny", values).status_code == 303
    own = db.session.scalars(select(Customer).where(Customer.org_number == "769999-0045")).one()
    assert (own.kind, own.email, own.member_id is not None) == (CustomerKind.COMPANY, "post@bjorko.example", True)
    page = visit("sam@samklang.example").page(f"/personal/kunder/{own.id}")
    assert page.cssselect(f"a[href='/personal/medlemmar/{own.member_id}']")


def test_a_customer_with_the_same_number_becomes_the_members_own(guild):
    there = make.make_customer(org_number=guild["rullande"].org_number, name="Rullande")
    assert let_buy(guild["rullande"], by=None, now=clock.now()) is there
    assert let_buy(guild["rullande"], by=None, now=clock.now()) is there
    assert own_record(guild["rullande"]) is there


def test_a_member_that_is_no_customer_yet_is_told_so(guild, visit):
    other = visit("rullande@medlem.example")
    assert "Vi har inte skrivit in er som kund" in text(other.page("/medlem/kop"))
    other.post("/varukorg/lagg-i", data={"article": guild["own"].id, "quantity": "1"})
    assert other.get("/kassa").status_code == 403
