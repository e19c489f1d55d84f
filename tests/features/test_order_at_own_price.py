"""A customer orders at the price that its own list, group or agreement gives, and members are paid rightly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.catalog.pricing import actions as price_actions
from app.catalog.pricing import prices as price_query
from app.catalog.pricing.models import PriceRow
from app.catalog.pricing.rules import ListKind
from app.db import db
from app.money import Money
from app.orders.models import AssignmentLine, Order
from tests import make
from tests.furnished import furnished
from tests.people import document, text
from tests.price_lists import TODAY, make_housing, make_list, set_prices

FRIDAY = date(2026, 11, 27)


@furnished
def town(app):
    """Ljungbacken packs fruit for 169,60 kr a basket, Köksljus makes sandwiches; Nordbyn and Västerhamn buy."""
    make.make_sales_company(bankgiro="999-0003", vat_number="SE769999000301")
    ljungbacken, kokljus = make.make_ljungbacken(), make.make_kokljus()
    fruit = make.make_article("Fruktkorg 5 kg", slug="fruktkorg")
    sandwich = make.make_article("Smörgås", slug="smorgas", price=Money(6200))
    make.make_offering(fruit, ljungbacken)
    make.make_offering(sandwich, kokljus)
    nordbyn = make.make_nordbyn()
    vasterhamn = make.make_vasterhamn(needs_buyer_reference=False, needs_order_reference=False)
    make.make_user("kontor@nordbyn.example", customer=nordbyn)
    make.make_user("inkop@vasterhamn.example", customer=vasterhamn)
    make.make_user(ljungbacken.email, member=ljungbacken)
    db.session.commit()
    return {"fruit": fruit, "sandwich": sandwich, "nordbyn": nordbyn, "vasterhamn": vasterhamn}


def fill(browser, article, quantity="4"):
    assert browser.post("/varukorg/lagg-i", data={"article": article.id, "quantity": quantity}).status_code == 303


def order(browser, **values):
    return browser.fill("/kassa", {"day": FRIDAY.isoformat(), **values})


def the_order() -> Order:
    db.session.expire_all()
    return db.session.scalars(select(Order)).one()


def pay() -> list[Money]:
    return [line.member_price for line in db.session.scalars(select(AssignmentLine))]


def test_an_agreements_price_is_shown_ordered_and_explained(town, visit):
    made = make_list(ListKind.FRAMEWORK, {town["fruit"]: 19800}, name="Frukt", customers=[town["vasterhamn"]])
    buyer = visit("inkop@vasterhamn.example")
    assert "198 kr per st, exkl. moms" in text(buyer.page("/katalog"))
    assert "Ert pris enligt avtal INK 2026/114" in text(buyer.page("/katalog/fruktkorg"))
    fill(buyer, town["fruit"])
    assert "792,00 kr" in text(buyer.page("/varukorg"))
    assert order(buyer).status_code == 303
    line = the_order().lines[0]
    row = db.session.scalars(select(PriceRow)).one()
    assert (line.unit_price, line.price_row_id, line.agreed_cost) == (Money(19800), row.id, None)
    assert line.price_because == "Pris enligt avtal INK 2026/114 (prislistan Frukt)"
    assert row.price_list_id == made.id
    assert pay() == [town["fruit"].price.times(Decimal("0.8"))]
    page = text(buyer.page(f"/bestallningar/{the_order().number}"))
    assert "Pris enligt avtal INK 2026/114" in page


def test_others_neither_see_nor_get_it(town, visit):
    make_list(ListKind.FRAMEWORK, {town["fruit"]: 19800}, customers=[town["vasterhamn"]])
    visit("inkop@vasterhamn.example").page("/katalog")
    for email in ("kontor@nordbyn.example", None):
        other = visit(email)
        for path in ("/katalog", "/katalog/fruktkorg"):
            page = text(other.page(path))
            assert "INK 2026/114" not in page
            assert "198 kr" not in page
    nordbyn = visit("kontor@nordbyn.example")
    fill(nordbyn, town["fruit"])
    order(nordbyn)
    line = the_order().lines[0]
    assert (line.unit_price, line.price_row_id, line.price_because) == (Money(21200), None, "Standardpris")


def test_the_member_is_paid_what_is_agreed_for_the_list(town, visit):
    make_list(ListKind.CUSTOMER, {town["fruit"]: [(0, 19000, 15000)]}, customers=[town["nordbyn"]])
    nordbyn = visit("kontor@nordbyn.example")
    fill(nordbyn, town["fruit"])
    order(nordbyn)
    assert (the_order().lines[0].agreed_cost, pay()) == (Money(15000), [Money(15000)])
    assert "600,00 kr" in text(
        visit("ljungbacken@medlem.example").page(f"/medlem/uppdrag/{the_order().assignments[0].id}")
    )


def test_what_was_agreed_holds_for_whoever_takes_over_also_when_the_list_has_changed(town, visit):
    other = make.make_member(slug="other")
    make.make_offering(town["fruit"], other, member_price=Money(17500))
    made = make_list(ListKind.CUSTOMER, {town["fruit"]: [(0, 19000, 15000)]}, customers=[town["nordbyn"]])
    nordbyn = visit("kontor@nordbyn.example")
    fill(nordbyn, town["fruit"])
    order(nordbyn)
    first = the_order().assignments[0]
    set_prices(made, town["fruit"], [(0, 18000, 14000)])
    make.make_sam()
    answer = visit("sam@samklang.example").post(
        f"/personal/bestallningar/{the_order().number}/flytta/{first.id}", data={"reason": "Sjukdom", "to": "0"}
    )
    assert answer.status_code == 303
    assert pay() == [Money(15000), Money(15000)]
    line = the_order().lines[0]
    assert line.unit_price == Money(19000)
    kept = db.session.get_one(PriceRow, line.price_row_id)
    assert (kept.price, kept.gone_at is not None) == (Money(19000), True)


def test_a_group_has_its_price_from_the_day_it_joins(town, visit):
    group = make_housing()
    make_list(ListKind.GROUP, {town["fruit"]: 20500}, group=group)
    nordbyn = visit("kontor@nordbyn.example")
    assert "Ert pris" not in text(nordbyn.page("/katalog/fruktkorg"))
    make.make_sam()
    staff = visit("sam@samklang.example")
    staff.post(f"/personal/kundgrupper/{group.id}/kunder", data={"customer": town["nordbyn"].id})
    page = text(nordbyn.page("/katalog/fruktkorg"))
    assert "205,00 kr" in page
    assert "Ert pris" in page
    staff.post(f"/personal/kundgrupper/{group.id}/kunder/{town['nordbyn'].id}/bort")
    assert "Ert pris" not in text(nordbyn.page("/katalog/fruktkorg"))


def test_volume_steps_follow_the_quantity_in_the_basket(town, visit):
    make_list(ListKind.STANDARD, {town["sandwich"]: [(20, 5800), (50, 5500, 4000)]}, name="Mängd")
    nordbyn = visit("kontor@nordbyn.example")
    steps = nordbyn.page("/katalog/smorgas").cssselect(".buy table tbody tr")
    assert [[text(cell) for cell in step] for step in steps] == [["20 st", "58,00 kr"], ["50 st", "55,00 kr"]]
    fill(nordbyn, town["sandwich"], "19")
    page = text(nordbyn.page("/varukorg"))
    assert "62,00 kr" in page
    assert "från 20 st: 58,00 kr" in page
    fill(nordbyn, town["sandwich"], "31")
    assert "2 750,00 kr" in text(nordbyn.page("/varukorg"))
    order(nordbyn)
    line = the_order().lines[0]
    assert (line.unit_price, line.price_because) == (Money(5500), "Pris enligt prislistan Mängd, från 50")
    assert pay() == [Money(4000)]


def test_a_price_that_changes_before_the_order_is_told_and_asked_about(town, visit):
    made = make_list(ListKind.CUSTOMER, {town["fruit"]: 19000}, customers=[town["nordbyn"]])
    nordbyn = visit("kontor@nordbyn.example")
    fill(nordbyn, town["fruit"])
    form = nordbyn.page("/kassa").cssselect("main form[method=post]")[0]
    sent = {**dict(form.form_values()), "day": FRIDAY.isoformat()}
    set_prices(made, town["fruit"], 20000)
    answer = nordbyn.post("/kassa", data=sent)
    assert answer.status_code == 422
    said = text(document(answer)).replace("\xa0", " ")
    assert "Priset på Fruktkorg 5 kg har ändrats från 190,00 kr till 200,00 kr exkl. moms." in said
    assert db.session.scalars(select(Order)).all() == []
    again = document(answer).cssselect("main form[method=post]")[0]
    assert nordbyn.post("/kassa", data=dict(again.form_values())).status_code == 303
    assert the_order().lines[0].unit_price == Money(20000)


def test_a_private_person_is_told_with_vat(town, visit):
    guest = visit(None)
    fill(guest, town["fruit"], "1")
    form = guest.page("/kassa").cssselect("main form[method=post]")[0]
    values = {"name": "Ingrid Exempel", "email": "ingrid@exempel.example", "recipient": "Ingrid", "street": "Gatan 1"}
    place = {"postcode": "411 01", "city": "Göteborg", "municipality": make.GOTHENBURG, "day": FRIDAY.isoformat()}
    sent = {**dict(form.form_values()), **values, **place}
    town["fruit"].price = Money(22000)
    answer = guest.post("/kassa", data=sent)
    assert answer.status_code == 422
    assert "från 224,72 kr till 233,20 kr inkl. moms" in text(document(answer)).replace("\xa0", " ")


def test_a_change_between_two_looks_at_the_basket_is_told_once(town, visit):
    made = make_list(ListKind.CUSTOMER, {town["fruit"]: 19000}, customers=[town["nordbyn"]])
    nordbyn = visit("kontor@nordbyn.example")
    fill(nordbyn, town["fruit"])
    nordbyn.page("/varukorg")
    set_prices(made, town["fruit"], 20000)
    assert "Fruktkorg 5 kg: 200,00 kr, tidigare 190,00 kr." in text(nordbyn.page("/kassa")).replace("\xa0", " ")
    assert "tidigare" not in text(nordbyn.page("/varukorg"))


def test_what_came_into_the_basket_in_another_window_is_not_ordered_unseen(town, visit):
    nordbyn = visit("kontor@nordbyn.example")
    fill(nordbyn, town["fruit"])
    form = nordbyn.page("/kassa").cssselect("main form[method=post]")[0]
    fill(nordbyn, town["sandwich"])
    answer = nordbyn.post("/kassa", data={**dict(form.form_values()), "day": FRIDAY.isoformat()})
    assert answer.status_code == 422
    assert "Smörgås har kommit till i varukorgen." in text(document(answer))
    assert db.session.scalars(select(Order)).all() == []


def test_a_hostile_list_of_seen_prices_only_leads_to_being_asked(town, visit):
    nordbyn = visit("kontor@nordbyn.example")
    fill(nordbyn, town["fruit"])
    answer = order(nordbyn, seen=f"{town['fruit'].id}:1 99999999999:5 x:y ;DROP")
    assert answer.status_code == 422
    assert order(nordbyn).status_code == 303
    assert the_order().lines[0].unit_price == Money(21200)


def test_an_agreement_tells_of_what_is_not_part_of_it(town, visit):
    make_list(ListKind.FRAMEWORK, {town["fruit"]: 19800}, customers=[town["vasterhamn"]], only_listed=True)
    page = text(visit("inkop@vasterhamn.example").page("/katalog/smorgas"))
    assert "Ingår inte i ert avtal INK 2026/114. Enligt avtalet får ni bara beställa avtalade artiklar." in page


def test_the_day_of_ordering_decides_and_not_the_day_of_delivery(town, visit, clock):
    last = {"valid_to": date(2026, 11, 24)}
    make_list(ListKind.FRAMEWORK, {town["fruit"]: 19800}, customers=[town["vasterhamn"]], **last)
    buyer = visit("inkop@vasterhamn.example")
    fill(buyer, town["fruit"])
    order(buyer)
    assert the_order().delivery_day == FRIDAY
    assert the_order().lines[0].unit_price == Money(19800)
    clock.move(days=2)
    assert "Ert pris" not in text(buyer.page("/katalog/fruktkorg"))


def test_many_articles_are_priced_with_few_questions(town, queries):
    articles = [make.make_article(f"Artikel {number}") for number in range(40)]
    make_list(ListKind.CUSTOMER, dict.fromkeys(articles, 10000), customers=[town["nordbyn"]])
    make_list(ListKind.CAMPAIGN, dict.fromkeys(articles, 9000))
    wanted = {one.id: one.price for one in articles}
    customer_id = town["nordbyn"].id
    with queries() as seen:
        found = price_query.for_page(wanted, price_query.terms_for(customer_id, TODAY))
    assert {one.unit_price for one in found.values()} == {Money(10000)}
    assert len(seen) == 4
    with queries() as seen:
        price_query.for_page(wanted, price_query.terms_for(None, date(2027, 6, 1)))
    assert len(seen) == 1


def test_visitors_pay_no_question_for_prices_while_nothing_has_changed(town, visit, queries):
    make_list(ListKind.STANDARD, {town["fruit"]: 20000})
    visitor = visit(None)
    visitor.page("/katalog")
    with queries() as seen:
        visitor.page("/katalog")
    assert [one for one in seen if "price_" in one] == []


def test_customers_without_lists_share_what_is_drawn_for_all(town):
    anybody = price_query.terms_for(None, TODAY)
    make_list(ListKind.CUSTOMER, {town["fruit"]: 20000}, customers=[town["vasterhamn"]])
    assert price_query.terms_for(town["nordbyn"].id, TODAY) == anybody
    assert price_query.terms_for(town["vasterhamn"].id, TODAY).are_own


def test_an_act_of_staff_shows_at_once(town, visit):
    made = make_list(ListKind.STANDARD, {town["fruit"]: 20000})
    visitor = visit("kontor@nordbyn.example")
    assert "200 kr" in text(visitor.page("/katalog")).replace("\xa0", " ")
    sam = make.make_sam()
    price_actions.end_list(made, by=sam, now=make.clock.now())
    db.session.commit()
    assert "212 kr" in text(visitor.page("/katalog")).replace("\xa0", " ")
