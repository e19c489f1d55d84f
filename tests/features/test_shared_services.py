"""Shared services: what the sales company or a member offers to members only, and nobody else finds by any door."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock, orderflow
from app.audit import AuditEvent
from app.catalog import actions
from app.catalog.kinds import ArticleKind
from app.catalog.models import ApprovalState, Article
from app.catalog.printing import making
from app.catalog.printing.values import PrintedPrices, PrintOptions
from app.customers.models import Customer, CustomerKind
from app.db import db
from app.errors import Refused
from app.invoicing.models import InvoiceRecord
from app.money import Money
from app.orders.cart import Delivery
from app.orders.members_buy import let_buy
from app.orders.models import Order
from app.vat import VatClass
from tests import make
from tests.furnished import furnished
from tests.people import text

FRIDAY = date(2026, 11, 27)
DELIVERY = Delivery(FRIDAY, "Verkstaden", "Provgatan 1", "411 01", "Göteborg", make.GOTHENBURG)
MEMBER, NORDBYN, SAM = "ljungbacken@medlem.example", "kontor@nordbyn.example", "sam@samklang.example"


@furnished
def guild(app):
    """The sales company keeps books and Köksljus trains, for members only; Köksljus makes sandwiches for everybody."""
    samklang = make.make_sales_company(bankgiro="999-0003", vat_number="SE769999000301")
    ljungbacken, kokljus = make.make_ljungbacken(), make.make_kokljus()
    service = {"unit": "HUR", "vat_class": VatClass.STANDARD, "kind": ArticleKind.TIMED_SERVICE}
    books = make.make_article("Bokföring", slug="bokforing", price=Money(52000), **service)
    course = make.make_article("Utbildningsdag", slug="utbildningsdag", price=Money(90000), **service)
    make.make_offering(make.make_article("Smörgås", slug="smorgas", price=Money(6200)), kokljus)
    make.make_offering(books, samklang, member_price=Money(46800))
    make.make_offering(course, kokljus, member_price=Money(80000))
    sam = make.make_sam()
    for article in (books, course):
        actions.keep_for_members(article, by=sam, now=clock.now())
    for member in (ljungbacken, kokljus):
        make.make_user(member.email, member=member)
        let_buy(member, by=sam, now=clock.now())
    make.make_user(NORDBYN, customer=make.make_nordbyn())
    db.session.commit()
    return {"books": books, "course": course, "sam": sam, "kokljus": kokljus, "ljungbacken": ljungbacken}


def order(browser, article, quantity="4"):
    put = browser.post("/varukorg/lagg-i", data={"article": article.id, "quantity": quantity})
    assert put.status_code == 303
    address = {"site": "other", "recipient": "Verkstaden", "street": "Provgatan 1", "postcode": "411 01"}
    where = {**address, "city": "Göteborg", "municipality": make.GOTHENBURG}
    return browser.fill("/kassa", {"day": FRIDAY.isoformat(), **where})


def the_order() -> Order:
    db.session.expire_all()
    return db.session.scalars(select(Order)).one()


def test_members_see_them_on_a_page_of_their_own_at_the_member_price(guild, visit):
    page = text(visit(MEMBER).page("/medlem/kop"))
    assert "Bokföring 468 kr per tim, exkl. momsMedlemspris Samklang" in page
    assert "Utbildningsdag 800 kr per tim" in page
    assert "Smörgås" not in page
    assert visit(MEMBER).get("/medlem/kop?sida=99").status_code == 200
    article = text(visit(MEMBER).page("/katalog/bokforing"))
    assert "468,00 kr" in article
    assert "Lägg i varukorgen" in article


def test_staff_see_them_but_do_not_buy(guild, visit):
    page = visit(SAM).page("/katalog/bokforing")
    assert "Bara våra medlemmar ser den" in text(page)
    assert not page.cssselect("form[action='/varukorg/lagg-i']")


@pytest.mark.parametrize("who", [None, NORDBYN])
def test_nobody_else_finds_one_by_any_door(guild, visit, who):
    browser = visit(who)
    assert browser.get("/katalog/bokforing").status_code == 404
    assert browser.get("/medlem/kop").status_code in {302, 403}
    doors = (
        "/katalog",
        "/katalog?q=bokf%C3%B6ring",
        f"/katalog?q={guild['books'].number}",
        "/katalog.json",
        "/medlemmar",
    )
    for door in (*doors, f"/medlemmar/{guild['kokljus'].slug}", f"/katalog?medlem={guild['kokljus'].slug}", "/"):
        found = browser.get(door)
        assert found.status_code == 200, door
        assert "bokforing" not in found.text, door
        assert "Utbildningsdag" not in found.text, door
    sold = json.loads(browser.get("/katalog.json").text)["articles"]
    assert len(sold) == 1


def test_who_sells_nothing_else_has_no_public_page(guild, visit):
    sandwich = db.session.scalars(select(Article).where(Article.slug == "smorgas")).one()
    actions.withdraw_article(sandwich, by=guild["sam"], now=clock.now())
    assert visit(None).get(f"/medlemmar/{guild['kokljus'].slug}").status_code == 404


@pytest.mark.parametrize("who", [None, NORDBYN])
def test_nobody_else_can_put_one_in_the_basket_or_keep_it_there(guild, visit, who):
    browser = visit(who)
    assert browser.post("/varukorg/lagg-i", data={"article": guild["books"].id, "quantity": "4"}).status_code == 409
    with browser.session_transaction() as kept:
        kept["basket"] = {str(guild["books"].id): "4"}
    page = text(browser.page("/varukorg"))
    assert "Bokföring" not in page
    assert "Något säljs inte längre" in page
    assert browser.get("/kassa").status_code == 302


def test_the_checkout_refuses_whoever_is_no_member(guild):
    nordbyn = db.session.scalars(select(Customer).where(Customer.member_id.is_(None))).one()
    with pytest.raises(Refused, match="Bokföring säljs bara till våra medlemmar"):
        orderflow.checkout(
            {guild["books"].id: Decimal(4)}, DELIVERY, customer=nordbyn, ticket="t" * 24, by=None, now=clock.now()
        )


def test_what_was_ordered_before_is_not_made_more_of_afterwards(guild, visit):
    actions.sell_to_everybody(guild["books"], by=guild["sam"], now=clock.now())
    nordbyn = visit(NORDBYN)
    order(nordbyn, guild["books"])
    actions.keep_for_members(guild["books"], by=guild["sam"], now=clock.now())
    db.session.commit()
    made = the_order()
    page = f"/bestallningar/{made.number}/andra"
    name = next(one.get("name") for one in nordbyn.page(page).cssselect("input[name^=quantity]"))
    answer = nordbyn.fill(page, {name: "6"})
    assert answer.status_code == 422
    assert "säljs bara till våra medlemmar" in answer.text
    assert the_order().lines[0].quantity == Decimal(4)


def test_no_bundle_holds_one_and_none_is_printed(guild, visit):
    make.make_bundle("Kontorspaket", (guild["books"], "1", False), slug="kontorspaket")
    db.session.commit()
    assert visit(None).get("/katalog/kontorspaket").status_code == 404
    for audience in CustomerKind:
        options = PrintOptions(audience, PrintedPrices.GROSS)
        printed = select(Article.slug).where(*making.conditions(options, making.whole_bundles(options)))
        assert db.session.scalars(printed).all() == ["smorgas"]


def test_the_sales_company_is_asked_and_staff_answer_for_it(guild, visit, outbox):
    buyer, sam = visit(MEMBER), visit(SAM)
    assert order(buyer, guild["books"]).status_code == 303
    made = the_order()
    assert [one.member.slug for one in made.assignments] == ["samklang"]
    page, part = f"/personal/bestallningar/{made.number}", made.assignments[0]
    assert page in outbox.to("post@samklang.example")[0].body
    assert "Åta oss det" in text(sam.page(page))
    assert sam.post(f"{page}/eget/{part.id}/ja").status_code == 303
    assert the_order().assignments[0].state.value == "accepted"
    assert sam.post(f"{page}/eget/{part.id}/levererat").status_code == 303
    invoice = db.session.scalars(select(InvoiceRecord)).one()
    assert (invoice.net, invoice.customer.member_id) == (Money(4 * 46800), guild["ljungbacken"].id)


def test_staff_answer_for_no_other_member_and_members_for_none_of_ours(guild, visit):
    order(visit(MEMBER), guild["course"])
    made = the_order()
    part = made.assignments[0]
    path = f"/personal/bestallningar/{made.number}/eget/{part.id}/ja"
    assert visit(SAM).post(path).status_code == 404
    assert visit(MEMBER).post(path).status_code == 403
    assert the_order().assignments[0].state.value == "offered"


def test_who_offers_it_does_not_buy_it_from_itself(guild, visit):
    browser = visit("kokljus@medlem.example")
    assert "Ingen annan medlem gör den" in text(browser.page("/katalog/utbildningsdag"))
    put = browser.post("/varukorg/lagg-i", data={"article": guild["course"].id, "quantity": "4"})
    assert put.status_code == 409


def test_staff_keep_an_article_for_members_and_sell_it_to_everybody_again(guild, visit):
    sam, article = visit(SAM), db.session.scalars(select(Article).where(Article.slug == "smorgas")).one()
    page = f"/personal/katalog/{article.id}"
    act = f"/personal/katalog/article/{article.id}"
    assert "Sälj bara till medlemmar" in text(sam.page(page))
    assert sam.post(f"{act}/keep").status_code == 303
    assert visit(None).get("/katalog/smorgas").status_code == 404
    assert "Smörgås" not in text(visit(None).page("/katalog"))
    assert "Bara för medlemmar" in text(sam.page(page))
    assert "Smörgås" in text(sam.page("/personal/katalog?lage=members"))
    assert sam.post(f"{act}/keep").status_code == 409
    assert sam.post(f"{act}/sell").status_code == 303
    assert visit(None).get("/katalog/smorgas").status_code == 200
    told = select(AuditEvent.what).where(AuditEvent.subject_kind == "Article", AuditEvent.subject_id == article.id)
    assert db.session.scalars(told.order_by(AuditEvent.id)).all()[-2:] == ["kept for members", "sold to everybody"]
    assert sam.post(f"/personal/katalog/offering/{article.offerings[0].id}/keep").status_code == 404


def test_what_is_taken_out_does_not_come_back_for_everybody_unasked(guild, visit):
    sam, act = visit(SAM), f"/personal/katalog/article/{guild['books'].id}"
    assert sam.post(f"{act}/withdraw").status_code == 303
    assert visit(MEMBER).get("/katalog/bokforing").status_code == 404
    assert sam.post(f"{act}/keep").status_code == 303
    assert visit(MEMBER).get("/katalog/bokforing").status_code == 200
    assert visit(None).get("/katalog/bokforing").status_code == 404


def test_a_single_piece_is_never_for_members_only(guild):
    piece = make.make_article("Byrå", kind=ArticleKind.SECOND_HAND)
    with pytest.raises(Refused, match="begagnat"):
        actions.keep_for_members(piece, by=guild["sam"], now=clock.now())
    assert piece.state == ApprovalState.APPROVED


def test_the_sales_company_can_make_what_is_for_members_only(guild, visit):
    sam = visit(SAM)
    names = {option.text for option in sam.page(f"/personal/katalog/{guild['course'].id}/medlem").cssselect("option")}
    assert "Samklang Sälj ek. för." in names
    sandwich = db.session.scalars(select(Article).where(Article.slug == "smorgas")).one()
    names = {option.text for option in sam.page(f"/personal/katalog/{sandwich.id}/medlem").cssselect("option")}
    assert "Samklang Sälj ek. för." not in names


def test_an_order_is_for_a_member_also_in_the_demonstration(demo, visit):
    page = text(visit(MEMBER).page("/medlem/kop"))
    assert "Bokföring för medlemmar" in page
    assert "Utbildningsdag" in page
    assert "Bokföring för medlemmar" not in text(visit(None).page("/katalog?q=bokf%C3%B6ring"))
