"""Staff begin price lists, take them into use, copy and end them, and say which customers and groups they are for."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.audit import AuditEvent
from app.catalog.pricing import queries as price_queries
from app.catalog.pricing.models import PriceList
from app.catalog.pricing.rules import ListKind, ListState
from app.customers.groups import CustomerGroup
from app.db import db
from app.money import Money
from tests import make
from tests.features.price_list_case import LISTS, furnish, rows, step
from tests.furnished import furnished
from tests.people import document, text
from tests.price_lists import TODAY, make_list


@furnished
def shop(app):
    return furnish()


@pytest.fixture
def sam(shop, visit):
    return visit("sam@samklang.example")


def the_list() -> PriceList:
    db.session.expire_all()
    return db.session.scalars(select(PriceList)).one()


def test_from_an_empty_page_to_a_list_in_use(shop, sam):
    assert "Inga prislistor ännu" in text(sam.page(LISTS))
    answer = sam.fill(f"{LISTS}/ny", {"name": "Nordbyn 2027", "kind": "customer", "valid_from": "2026-11-23"})
    assert answer.status_code == 303
    made = the_list()
    page = f"{LISTS}/{made.id}"
    assert "Det här är ett utkast" in text(sam.page(page))
    assert sam.page(f"{page}?kund=Nordbyn").cssselect("aside form[method=post]")
    sam.post(f"{page}/kunder", data={"customer": shop["nordbyn"].id})
    link = sam.page(f"{page}?artikel=fruktkorg").cssselect("#add ~ ul.plain a")[0].get("href")
    sam.fill(link, {**step(0, "", "199", "165"), **step(1, "20", "189,50")})
    assert rows() == [(0, 19900, 16500), (20, 18950, None)]
    sam.post(f"{page}/borja")
    assert the_list().state == ListState.ACTIVE
    shown = text(sam.page(page)).replace("\xa0", " ")
    assert "199,00 kr" in shown
    assert "34,00 kr" in shown
    assert "17,1 %" in shown
    listed = sam.page(f"{LISTS}?q=nordbyn&sort=customer&lage=active")
    assert "Nordbyn 2027" in text(listed)
    acts = db.session.scalars(select(AuditEvent.what).where(AuditEvent.subject_kind == "PriceList")).all()
    assert acts == ["created", "customer added", "rows set", "activated"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"kind": "campaign"}, "En kampanj måste ha en sista dag"),
        ({"kind": "framework"}, "Skriv avtalets nummer"),
        ({"kind": "group"}, "Välj vilken grupp listan gäller"),
        ({"name": ""}, "Skriv vad prislistan heter"),
        ({"valid_from": ""}, "Välj första dagen"),
        ({"valid_from": "20260-01-01"}, "Choose|Välj|året|dag"),
        ({"valid_to": "2026-11-22"}, "sista dag ligger före den första"),
        ({"name": "Upptagen"}, "Det finns redan en prislista som heter så"),
    ],
)
def test_a_list_that_cannot_be_is_refused(shop, sam, values, sentence):
    make_list(ListKind.STANDARD, {}, name="Upptagen", active=False)
    answer = sam.fill(f"{LISTS}/ny", {"name": "Ny", "kind": "standard", "valid_from": "2026-11-23", **values})
    assert answer.status_code == 422
    assert any(part in text(document(answer)) for part in sentence.split("|"))
    assert db.session.scalars(select(PriceList.name)).all() == ["Upptagen"]


@pytest.mark.parametrize(
    ("kind", "priced", "sentence"),
    [
        (ListKind.STANDARD, False, "Prislistan har inga priser"),
        (ListKind.CUSTOMER, True, "Prislistan har ingen kund"),
        (ListKind.FRAMEWORK, True, "Prislistan har ingen kund"),
    ],
)
def test_an_unfinished_list_cannot_be_taken_into_use(shop, sam, kind, priced, sentence):
    made = make_list(kind, {shop["fruit"]: 20000} if priced else {}, active=False)
    answer = sam.post(f"{LISTS}/{made.id}/borja")
    assert answer.status_code == 409
    assert sentence in text(document(answer))
    assert the_list().state == ListState.DRAFT


def test_an_ended_list_is_closed_for_good(shop, sam):
    made = make_list(ListKind.STANDARD, {shop["fruit"]: 20000})
    assert sam.post(f"{LISTS}/{made.id}/avsluta").status_code == 303
    assert (the_list().state, the_list().ended_on) == (ListState.ENDED, TODAY)
    assert sam.post(f"{LISTS}/{made.id}/borja").status_code == 409
    assert sam.post(f"{LISTS}/{made.id}/avsluta").status_code == 409
    answer = sam.post(f"{LISTS}/{made.id}/artikel/{shop['fruit'].id}", data=step(0, "", "150"))
    assert answer.status_code == 422
    assert rows() == [(0, 20000, None)]


def test_days_that_have_been_are_not_rewritten(shop, sam):
    made = make_list(ListKind.STANDARD, {shop["fruit"]: 20000}, valid_from=date(2026, 11, 1))
    path = f"{LISTS}/{made.id}/andra"
    assert sam.fill(path, {"valid_from": "2026-11-20"}).status_code == 422
    assert sam.fill(path, {"valid_to": "2026-11-20"}).status_code == 422
    assert sam.fill(path, {"valid_to": "2026-12-20", "name": "Höst"}).status_code == 303
    assert (the_list().valid_from, the_list().valid_to, the_list().name) == (
        date(2026, 11, 1),
        date(2026, 12, 20),
        "Höst",
    )


def test_a_copy_with_other_prices_is_a_draft_for_the_same_customers(shop, sam):
    steps = [(0, 19900, 16000), (20, 18900)]
    origin = make_list(ListKind.CUSTOMER, {shop["fruit"]: steps}, customers=[shop["nordbyn"]])
    answer = sam.fill(f"{LISTS}/{origin.id}/kopiera", {"name": "2027", "percent": "3,5", "nearest": "50"})
    assert answer.status_code == 303
    copy = db.session.scalars(select(PriceList).where(PriceList.name == "2027")).one()
    assert (copy.state, [one.name for one in copy.customers]) == (ListState.DRAFT, ["Nordbyn Teknik AB"])
    copied = price_queries.price_list_rows(copy)
    assert [(int(row.min_quantity), row.price.ore, row.agreed_cost) for row in copied] == [
        (0, 20600, Money(16000)),
        (20, 19550, None),
    ]
    assert [row.price.ore for row in price_queries.price_list_rows(origin)] == [19900, 18900]


@pytest.mark.parametrize("percent", ["90,1", "-91", "NaN", "1e3"])
def test_a_copy_by_a_slip_of_the_finger_is_refused(shop, sam, percent):
    origin = make_list(ListKind.STANDARD, {shop["fruit"]: 20000})
    answer = sam.fill(f"{LISTS}/{origin.id}/kopiera", {"name": "2027", "percent": percent})
    assert answer.status_code == 422
    assert the_list().name == origin.name


def test_a_customers_list_has_one_customer_and_an_agreement_many(shop, sam):
    other = make.make_vasterhamn()
    own = make_list(ListKind.CUSTOMER, {shop["fruit"]: 20000}, customers=[shop["nordbyn"]])
    agreed = make_list(ListKind.FRAMEWORK, {shop["fruit"]: 20000}, customers=[shop["nordbyn"]])
    assert sam.post(f"{LISTS}/{own.id}/kunder", data={"customer": other.id}).status_code == 409
    assert sam.post(f"{LISTS}/{agreed.id}/kunder", data={"customer": other.id}).status_code == 303
    assert sam.post(f"{LISTS}/{agreed.id}/kunder", data={"customer": other.id}).status_code == 409
    assert sam.post(f"{LISTS}/{agreed.id}/kunder/{other.id}/bort").status_code == 303
    assert sam.post(f"{LISTS}/{agreed.id}/kunder/{shop['nordbyn'].id}/bort").status_code == 409
    for wrong in ("", "0", "999999", "x"):
        assert sam.post(f"{LISTS}/{agreed.id}/kunder", data={"customer": wrong}).status_code == 404


def test_groups_are_made_filled_renamed_and_shown(shop, sam):
    assert sam.fill("/personal/kundgrupper", {"name": "Föreningar", "note": "Idrott"}).status_code == 303
    group = db.session.scalars(select(CustomerGroup)).one()
    page = f"/personal/kundgrupper/{group.id}"
    assert "Lägg till Nordbyn Teknik AB" in text(sam.page(f"{page}?kund=nordbyn"))
    assert sam.post(f"{page}/kunder", data={"customer": shop["nordbyn"].id}).status_code == 303
    assert sam.post(f"{page}/kunder", data={"customer": shop["nordbyn"].id}).status_code == 409
    assert sam.fill("/personal/kundgrupper", {"name": "Föreningar"}).status_code == 422
    make_list(ListKind.GROUP, {shop["fruit"]: 20000}, group=group)
    customer = text(sam.page(f"/personal/kunder/{shop['nordbyn'].id}"))
    assert "Lista group" in customer
    assert "Grupper: Föreningar" in customer
    assert sam.post(page, data={"name": "Klubbar", "note": ""}).status_code == 303
    assert "Klubbar" in text(sam.page(f"{LISTS}?kund={shop['nordbyn'].id}"))
    assert sam.post(f"{page}/kunder/{shop['nordbyn'].id}/bort").status_code == 303
    assert sam.post(f"{page}/kunder/{shop['nordbyn'].id}/bort").status_code == 404


def test_finance_reads_and_does_not_write(shop, visit):
    made = make_list(ListKind.STANDARD, {shop["fruit"]: 20000})
    finance = visit("ekonomi@samklang.example")
    assert "Lista standard" in text(finance.page(LISTS))
    assert "Avsluta listan" not in text(finance.page(f"{LISTS}/{made.id}"))
    finance.page("/personal/vilket-pris?artikel=FRU-001")
    for path in ("ny", f"{made.id}/andra", f"{made.id}/kopiera", f"{made.id}/artikel/{shop['fruit'].id}"):
        assert finance.get(f"{LISTS}/{path}").status_code == 403
    for path in (f"{made.id}/avsluta", f"{made.id}/kunder", f"{made.id}/artikel/{shop['fruit'].id}"):
        assert finance.post(f"{LISTS}/{path}").status_code == 403
    assert finance.post("/personal/kundgrupper", data={"name": "X"}).status_code == 403
    assert the_list().state == ListState.ACTIVE


@pytest.mark.parametrize("path", [LISTS, f"{LISTS}/1", "/personal/vilket-pris", "/personal/kundgrupper"])
def test_others_have_no_business_here(shop, visit, path):
    make.make_user("kontor@nordbyn.example", customer=shop["nordbyn"])
    assert visit("kontor@nordbyn.example").get(path).status_code == 403
    assert visit(None).get(path).status_code == 302


def test_what_is_not_there_is_not_found(shop, sam):
    for path in ("999", "999/andra", "999/kopiera", "99999999999999", "999/artikel/1"):
        assert sam.get(f"{LISTS}/{path}").status_code == 404
    for path in ("999/borja", "1/kasta"):
        assert sam.post(f"{LISTS}/{path}").status_code == 404
    for query in ("sida=99999", "sida=x", "sort=x&lage=y", "q=%25_%27"):
        assert sam.get(f"{LISTS}?{query}").status_code == 200


def test_the_list_of_lists_asks_few_questions(shop, sam, queries):
    for number in range(12):
        make_list(ListKind.CUSTOMER, {shop["fruit"]: 20000}, customers=[shop["nordbyn"]], name=f"Lista {number}")
    with queries() as seen:
        sam.page(LISTS)
    assert len([one for one in seen if "price_" in one]) <= 4
