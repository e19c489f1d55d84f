"""A customer fills a basket with goods and services from several members, and orders."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app import clock as house_clock
from app import orderflow
from app.catalog.kinds import Withdrawal
from app.catalog.models import ApprovalState
from app.customers.models import CustomerKind
from app.db import db
from app.errors import Refused
from app.orders.cart import Delivery
from app.orders.models import Assignment, Order, OrderLine
from tests import make
from tests.furnished import furnished
from tests.people import text, together

pytestmark = pytest.mark.both

FRIDAY = date(2026, 11, 27)


@furnished
def town(app):
    """Three members and their articles, Nordbyn with an office in Göteborg, and the sales company."""
    make.make_sales_company(bankgiro="999-0003", vat_number="SE769999000301")
    ljungbacken, kokljus, rena_rum = make.make_ljungbacken(), make.make_kokljus(), make.make_rena_rum()
    fruit = make.make_article("Fruktkorg 5 kg")
    sandwich = make.make_article("Smörgås", price=make.Money(6200))
    cleaning = make.make_article("Kontorsstäd", price=make.Money(32500), unit="HUR", vat_class="standard")
    make.make_offering(fruit, ljungbacken)
    make.make_offering(sandwich, kokljus)
    make.make_offering(cleaning, rena_rum)
    nordbyn = make.make_nordbyn()
    make.make_user("kontor@nordbyn.example", customer=nordbyn)
    for member in (ljungbacken, kokljus, rena_rum):
        make.make_user(member.email, member=member)
    db.session.commit()
    return {"fruit": fruit.id, "sandwich": sandwich.id, "cleaning": cleaning.id, "site": nordbyn.sites[0].id}


def fill(browser, town, **quantities: str) -> None:
    for name, quantity in quantities.items():
        answer = browser.post("/varukorg/lagg-i", data={"article": town[name], "quantity": quantity})
        assert answer.status_code == 303


def order(browser, town, **changed: object):
    values = {"site": str(town["site"]), "day": FRIDAY.isoformat(), "order_reference": "PO-77", **changed}
    return browser.fill("/kassa", values)


def the_order() -> Order:
    db.session.expire_all()
    return db.session.scalars(select(Order)).one()


def test_one_basket_becomes_one_order_shared_by_three_members(town, visit, outbox):
    nordbyn = visit("kontor@nordbyn.example")
    fill(nordbyn, town, fruit="4", sandwich="12", cleaning="2,5")
    answer = order(nordbyn, town)
    assert answer.status_code == 303
    placed = the_order()
    assert [(line.name, line.quantity, line.unassigned) for line in placed.lines] == [
        ("Fruktkorg 5 kg", 4, 0),
        ("Smörgås", 12, 0),
        ("Kontorsstäd", Decimal("2.5"), 0),
    ]
    assert {one.member.slug for one in placed.assignments} == {"ljungbacken", "kokljus", "renarum"}
    assert all(line.chosen_because for one in placed.assignments for line in one.lines)
    assert outbox.subjects_to("kontor@nordbyn.example") == [f"Tack för beställning {placed.number}"]
    assert outbox.subjects_to("ljungbacken@medlem.example") == [f"Nytt uppdrag, beställning {placed.number}"]
    page = text(nordbyn.page(answer.location))
    assert "väntar på svar" in page
    assert "Ljungbacken" not in page, "who has been asked is not the customer's business"
    assert text(nordbyn.page("/varukorg")).count("Varukorgen är tom") == 1


def test_the_frozen_line_keeps_its_price_when_the_article_changes(town, visit):
    nordbyn = visit("kontor@nordbyn.example")
    fill(nordbyn, town, fruit="1")
    order(nordbyn, town)
    db.session.get_one(make.Article, town["fruit"]).price = make.Money(99900)
    db.session.commit()
    assert the_order().lines[0].unit_price == make.Money(21200)


def test_a_form_sent_twice_makes_one_order(town, visit):
    nordbyn = visit("kontor@nordbyn.example")
    fill(nordbyn, town, fruit="1")
    page = nordbyn.page("/kassa")
    values = dict(page.cssselect("main form[method=post]")[0].form_values())
    values |= {"site": str(town["site"]), "day": FRIDAY.isoformat()}
    first, second = nordbyn.post("/kassa", data=values), nordbyn.post("/kassa", data=values)
    assert first.location == second.location
    assert db.session.scalar(select(func.count(Order.id))) == 1


def test_a_double_click_makes_one_order(town, visit, house):
    nordbyn = visit("kontor@nordbyn.example")
    fill(nordbyn, town, fruit="1")
    page = nordbyn.page("/kassa")
    values = dict(page.cssselect("main form[method=post]")[0].form_values())
    values |= {"site": str(town["site"]), "day": FRIDAY.isoformat()}
    cookie = nordbyn.get_cookie("session", "localhost")

    def click():
        twin = house.app.test_client()
        twin.set_cookie("session", cookie.value, domain="localhost")
        return twin.post("/kassa", data=values).status_code

    assert set(together(click, click, click)) == {303}
    db.session.rollback()
    assert db.session.scalar(select(func.count(Order.id))) == 1


def test_a_guest_orders_without_an_account_and_opens_the_order_by_the_letters_link(town, visit, outbox):
    guest = visit(None)
    fill(guest, town, fruit="2")
    answer = guest.fill("/kassa", {
        "name": "Ingrid Exempel", "email": "ingrid@exempel.example", "phone": "", "day": FRIDAY.isoformat(),
        "recipient": "Ingrid", "street": "Hemgatan 3", "postcode": "411 03", "city": "Göteborg", "municipality": "1480",
    })  # fmt: skip
    assert answer.status_code == 303
    number = the_order().number
    assert f"Beställning {number}" in text(guest.page(f"/bestallningar/{number}"))
    link = next(word for word in outbox.to("ingrid@exempel.example")[0].body.split() if "nyckel=" in word)
    other_browser = visit(None)
    assert other_browser.get(f"/bestallningar/{number}").status_code == 302
    assert other_browser.get(link.removeprefix("http://localhost")).status_code == 302
    assert f"Beställning {number}" in text(other_browser.page(f"/bestallningar/{number}"))
    assert visit(None).get(f"/bestallningar/{number}?nyckel=falsk").status_code == 302


def test_an_organisation_without_its_references_is_told_and_keeps_what_it_typed(town, visit):
    vasterhamn = make.make_vasterhamn()
    make.make_user("inkop@vasterhamn.example", customer=vasterhamn)
    db.session.commit()
    kommunen = visit("inkop@vasterhamn.example")
    fill(kommunen, town, fruit="1")
    answer = kommunen.fill("/kassa", {"site": str(vasterhamn.sites[0].id), "day": FRIDAY.isoformat(), "note": "Ring"})
    assert answer.status_code == 422
    assert "Ert ordernummer måste stå på fakturan" in answer.text
    assert "Ring" in answer.text
    assert db.session.scalar(select(func.count(Order.id))) == 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"day": "2026-11-23"}, "tidigast i morgon"),
        ({"day": "2020-01-01"}, "tidigast i morgon"),
        ({"day": "2026-11-28"}, "måndag till fredag"),
        ({"day": "2026-12-25"}, "måndag till fredag"),
        ({"day": "2031-01-01"}, "högst ett år"),
        ({"day": "snart"}, ""),
        ({"site": "other", "street": "", "recipient": ""}, "Skriv gata och nummer"),
        ({"site": "999999"}, ""),
        ({"note": "x" * 1001}, ""),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(town, visit, wrong, sentence):
    nordbyn = visit("kontor@nordbyn.example")
    fill(nordbyn, town, fruit="1")
    answer = order(nordbyn, town, **wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalar(select(func.count(Order.id))) == 0


@pytest.mark.parametrize(
    "quantity", ["-1", "0", "1,5", "1e5", "1e9", "٣", "NaN", "Infinity", "", "två", "9" * 30, "1" * 10000]
)
def test_a_quantity_that_cannot_be_never_enters_the_basket(town, visit, quantity):
    nordbyn = visit("kontor@nordbyn.example")
    answer = nordbyn.post("/varukorg/lagg-i", data={"article": town["fruit"], "quantity": quantity})
    assert 400 <= answer.status_code < 500
    assert "Varukorgen är tom" in text(nordbyn.page("/varukorg"))


@pytest.mark.parametrize("article", ["0", "-1", "999999", "abc", "1; DROP TABLE article", "9" * 40])
def test_an_article_that_is_not_for_sale_never_enters_the_basket(town, visit, article):
    answer = visit(None).post("/varukorg/lagg-i", data={"article": article, "quantity": "1"})
    assert 400 <= answer.status_code < 500


def test_an_article_withdrawn_meanwhile_is_told_of_and_not_ordered(town, visit):
    nordbyn = visit("kontor@nordbyn.example")
    fill(nordbyn, town, fruit="1", sandwich="2")
    db.session.get_one(make.Article, town["fruit"]).state = ApprovalState.WITHDRAWN
    db.session.commit()
    assert "säljs inte längre" in text(nordbyn.page("/varukorg"))
    order(nordbyn, town)
    assert [line.name for line in the_order().lines] == ["Smörgås"]


def test_ten_megabytes_of_text_are_turned_away(town, visit):
    nordbyn = visit("kontor@nordbyn.example")
    fill(nordbyn, town, fruit="1")
    assert nordbyn.post("/kassa", data={"note": "x" * 10_000_000}).status_code == 413
    assert db.session.scalar(select(func.count(Order.id))) == 0


def test_what_nobody_can_take_is_kept_and_lies_with_staff(town, visit):
    make.make_sam()
    nordbyn = visit("kontor@nordbyn.example")
    fill(nordbyn, town, fruit="130")
    answer = order(nordbyn, town, told=f"1480 {FRIDAY} {town['fruit']}")
    assert the_order().lines[0].unassigned == 30
    assert "30: vi återkommer" in text(nordbyn.page(answer.location))
    assert str(the_order().number) in text(visit("sam@samklang.example").page("/personal/bestallningar?hog=open"))


def test_the_same_hours_are_never_sold_twice(town, visit, house):
    """Capacity is 100 a week; six orders of 30 arrive at the same moment."""
    visitors = [visit("kontor@nordbyn.example") for _ in range(6)]
    for browser in visitors:
        fill(browser, town, fruit="30")
    told = f"1480 {FRIDAY} {town['fruit']}"  # they have read that some of it may have to wait, and order all the same
    answers = together(*(lambda b=browser: order(b, town, told=told).status_code for browser in visitors))
    assert answers == [303] * 6
    db.session.rollback()
    lines = db.session.scalars(select(OrderLine)).all()
    held = sum(line.quantity for one in db.session.scalars(select(Assignment)) for line in one.lines)
    assert held == 100
    assert sum(line.unassigned for line in lines) == 80


def test_somebody_elses_order_looks_as_if_it_were_not_there(town, visit):
    nordbyn = visit("kontor@nordbyn.example")
    fill(nordbyn, town, fruit="1")
    order(nordbyn, town)
    other = make.make_customer()
    make.make_user("annan@kund.example", customer=other)
    number = the_order().number
    assert visit("annan@kund.example").get(f"/bestallningar/{number}").status_code == 404
    assert visit("annan@kund.example").get(f"/bestallningar/{number}/fakturor/1.pdf").status_code == 404


def test_members_and_staff_do_not_shop_here(town, visit):
    member = visit("ljungbacken@medlem.example")
    fill(member, town, fruit="1")
    assert member.get("/kassa").status_code == 403


def test_the_pages_ask_few_questions(town, visit, queries):
    nordbyn = visit("kontor@nordbyn.example")
    fill(nordbyn, town, fruit="4", sandwich="12", cleaning="2")
    answer = order(nordbyn, town)
    for path in ("/varukorg", answer.location, "/bestallningar"):
        nordbyn.get(path)
        with queries() as seen:
            nordbyn.get(path)
        assert len(seen) <= 12, (path, len(seen))


def test_private_people_see_prices_with_vat_everywhere_and_organisations_without(town, visit, outbox):
    guest, nordbyn = visit(None), visit("kontor@nordbyn.example")
    for browser, shown in ((guest, "449,44"), (nordbyn, "424,00")):
        fill(browser, town, fruit="2")
        row = text(browser.page("/varukorg").cssselect("tbody tr")[0])
        assert shown in row.replace("\u00a0", " ")
    order(nordbyn, town)
    guest.fill("/kassa", {
        "name": "Ingrid Exempel", "email": "ingrid@exempel.example", "day": FRIDAY.isoformat(),
        "recipient": "Ingrid", "street": "Hemgatan 3", "postcode": "411 03", "city": "Göteborg", "municipality": "1480",
    })  # fmt: skip
    assert "449,44\u00a0kr inkl. moms" in outbox.to("ingrid@exempel.example")[0].body
    assert "424,00\u00a0kr exkl. moms" in outbox.to("kontor@nordbyn.example")[0].body


@pytest.mark.parametrize("account", [False, True])
def test_private_people_are_asked_for_no_references(town, visit, account):
    """An order number, a buyer reference and a cost centre are what organisations book by."""
    if account:
        ingrid = make.make_customer(
            kind=CustomerKind.PRIVATE, name="Ingrid", email="ingrid@exempel.example", org_number=None,
            needs_order_reference=True,
        )  # fmt: skip
        make.make_user("ingrid@exempel.example", customer=ingrid)
    visitor = visit("ingrid@exempel.example" if account else None)
    fill(visitor, town, fruit="2")
    page = visitor.page("/kassa")
    assert not page.cssselect("[name$=_reference], [name=cost_centre]")
    assert "Ångerrätt" in text(page)
    who = {} if account else {"name": "Ingrid Exempel", "email": "ingrid@exempel.example"}
    answer = visitor.fill("/kassa", {
        **who, "day": FRIDAY.isoformat(), "site": "other", "recipient": "Ingrid", "street": "Hemgatan 3",
        "postcode": "411 03", "city": "Göteborg", "municipality": "1480", "order_reference": "PO-1",
    })  # fmt: skip
    assert answer.status_code == 303
    assert (the_order().order_reference, the_order().buyer_reference) == ("", "")


def test_nobody_promises_a_deduction_that_invoices_do_not_make(town, visit):
    cleaning = db.session.get_one(make.Article, town["cleaning"])
    cleaning.rut = True
    guest, nordbyn = visit(None), visit("kontor@nordbyn.example")
    for browser in (guest, nordbyn):
        fill(browser, town, cleaning="2")
    told = "Vi kan ännu inte göra avdraget, så du betalar hela priset."
    page = text(guest.page(f"/katalog/{cleaning.slug}"))
    assert told in page
    assert "görs på fakturan" not in page
    assert told in text(guest.page("/kassa"))
    assert "RUT" not in text(nordbyn.page("/kassa")), "companies have no such right"


def test_what_a_guest_must_fill_in_is_not_called_optional(town, visit):
    guest = visit(None)
    fill(guest, town, fruit="1")
    labels = [text(label) for label in guest.page("/kassa").cssselect("main label")]
    assert "Postnummer" in labels
    assert "Telefon (frivilligt)" in labels


GUEST = {
    "name": "Ingrid Exempel", "email": "ingrid@exempel.example", "phone": "", "day": FRIDAY.isoformat(),
    "recipient": "Ingrid", "street": "Hemgatan 3", "postcode": "411 03", "city": "Göteborg", "municipality": "1480",
}  # fmt: skip
CONSENT = "godkänner att ångerrätten upphör när tjänsten är helt utförd. Det gäller: Kontorsstäd."


@furnished
def serviced(town):
    """The cleaning is a service of which the right of withdrawal ends when it has been carried out."""
    db.session.get_one(make.Article, town["cleaning"]).withdrawal = Withdrawal.SERVICE
    db.session.commit()
    return town


def tick(browser) -> str:
    """What the box is worth when it is ticked, as a browser sends it."""
    (box,) = browser.page("/kassa").cssselect("input[name=consent]")
    assert box.get("type") == "checkbox"
    assert box.get("checked") is None, "consent is never ticked beforehand"
    return box.get("value")


def test_a_private_person_consents_to_a_service_that_begins_within_the_days_of_withdrawal(
    serviced, visit, outbox, clock
):
    guest = visit(None)
    fill(guest, serviced, fruit="1", cleaning="2")
    refused = guest.fill("/kassa", GUEST)
    assert refused.status_code == 422
    assert "Kryssa i rutan" in refused.text
    assert db.session.scalar(select(func.count()).select_from(Order)) == 0
    answer = guest.fill("/kassa", {**GUEST, "consent": tick(guest)})
    assert answer.status_code == 303
    placed = the_order()
    assert placed.consent_at == placed.placed_at
    assert placed.consent.startswith("Jag ber er börja med arbetet innan ångerfristen på 14 dagar har gått ut")
    assert placed.consent.endswith(CONSENT), "the fruit basket is no service"
    assert CONSENT in text(guest.page(answer.location))
    make.make_sam()
    assert CONSENT in text(visit("sam@samklang.example").page(f"/personal/bestallningar/{placed.number}"))
    letter = " ".join(outbox.to("ingrid@exempel.example")[0].body.split())
    assert CONSENT in letter
    assert "Du har godkänt detta mån 23 nov" in letter.replace("\xa0", " ")


def test_a_tick_counts_for_the_services_that_the_page_named(serviced, visit):
    guest = visit(None)
    fill(guest, serviced, cleaning="2")
    old = tick(guest)
    db.session.get_one(make.Article, serviced["sandwich"]).withdrawal = Withdrawal.SERVICE
    db.session.commit()
    fill(guest, serviced, sandwich="1")
    for sent in (old, "y", "", f"{old} 1"):
        assert guest.fill("/kassa", {**GUEST, "consent": sent}).status_code == 422, sent
    assert guest.fill("/kassa", {**GUEST, "consent": tick(guest)}).status_code == 303
    assert the_order().consent.endswith("Det gäller: Smörgås, Kontorsstäd.")


def test_a_private_customer_with_an_account_consents_too(serviced, visit):
    private = make.make_customer(kind=CustomerKind.PRIVATE, name="Ingrid Exempel", org_number=None)
    make.make_user("ingrid@exempel.example", customer=private)
    browser = visit("ingrid@exempel.example")
    fill(browser, serviced, cleaning="2")
    assert browser.fill("/kassa", {"day": FRIDAY.isoformat()}).status_code == 422
    assert browser.fill("/kassa", {"day": FRIDAY.isoformat(), "consent": tick(browser)}).status_code == 303
    assert the_order().consent.endswith(CONSENT)


def test_nobody_is_asked_to_consent_without_need(serviced, visit):
    """Organisations have no right of withdrawal to lose, and goods are no services."""
    nordbyn = visit("kontor@nordbyn.example")
    fill(nordbyn, serviced, cleaning="2")
    assert not nordbyn.page("/kassa").cssselect("[name=consent]")
    assert order(nordbyn, serviced, consent="påhittat").status_code == 303
    assert (the_order().consent, the_order().consent_at) == ("", None)
    guest = visit(None)
    fill(guest, serviced, fruit="1")
    assert not guest.page("/kassa").cssselect("[name=consent]")
    assert guest.fill("/kassa", {**GUEST, "consent": "påhittat"}).status_code == 303
    assert db.session.scalars(select(Order.consent)).all() == ["", ""]


def test_the_order_itself_refuses_what_the_page_did_not_ask(serviced):
    person = make.make_customer(kind=CustomerKind.PRIVATE, name="Ingrid Exempel", org_number=None)
    where = Delivery(FRIDAY, "Ingrid", "Hemgatan 3", "411 03", "Göteborg", "1480")
    for consent in ("", "  "):
        with pytest.raises(Refused, match="börja med arbetet"):
            orderflow.checkout(
                {serviced["cleaning"]: Decimal(2)}, where, customer=person, ticket="t" * 24, by=None,
                now=house_clock.now(), consent=consent,
            )  # fmt: skip
        assert db.session.scalar(select(func.count()).select_from(Order)) == 0
