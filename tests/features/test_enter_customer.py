"""Staff enter customers, say where they want things delivered, and find them again."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import RoleName
from app.customers.models import Customer, CustomerKind, Site
from app.db import db
from app.orders.models import Order
from tests import make
from tests.people import document, text, together

SAM, FIA = "sam@samklang.example", "fia@samklang.example"
LIST, NEW = "/personal/kunder", "/personal/kunder/ny"
GOOD = {
    "kind": "public",
    "name": "Västerhamns kommun",
    "org_number": "2120999012",
    "email": "inkop@vasterhamn.example",
    "phone": "",
    "street": "Låtsastorget 1",
    "postcode": "411 00",
    "city": "Västerhamn",
    "municipality": "1480",
    "payment_days": "30",
    "electronic_address": "0007:212099-9012",
    "needs_order_reference": "y",
    "needs_buyer_reference": "y",
}
SITE = {
    "name": "Hamnskolan",
    "street": "Sagokajen 14",
    "postcode": "41100",
    "city": "Västerhamn",
    "municipality": "1480",
    "buyer_reference": "VH2040",
    "note": "Lastkajen på baksidan.",
}


@pytest.fixture
def sam(app, visit):
    """Sam sells."""
    make.make_sales_company()
    make.make_sam()
    return visit(SAM)


def customers() -> list[Customer]:
    db.session.rollback()
    return list(db.session.scalars(select(Customer).order_by(Customer.id)))


def test_a_municipality_is_entered(sam):
    answer = sam.fill(NEW, GOOD)
    (customer,) = customers()
    assert answer.location == f"{LIST}/{customer.id}"
    assert customer.kind == CustomerKind.PUBLIC
    assert (customer.org_number, customer.electronic_address) == ("212099-9012", "0007:2120999012")
    assert (customer.payment_days, customer.needs_order_reference, customer.needs_buyer_reference) == (30, True, True)
    page = text(sam.page(answer.location))
    assert "Kommun, region eller myndighet" in page
    assert "0007:2120999012" in page


def test_a_private_person_has_no_number(sam):
    private = {**GOOD, "kind": "private", "name": "Ingrid Exempel", "org_number": "", "electronic_address": ""}
    answer = sam.fill(NEW, {**private, "org_number": "460910-2393"})
    assert answer.status_code == 422
    assert "Ett personnummer får inte stå här." in answer.text
    assert sam.fill(NEW, private).status_code == 303
    assert sam.fill(NEW, private).status_code == 303, "two people may have one name"
    assert [customer.org_number for customer in customers()] == [None, None]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("kind", "kung"),
        ("kind", []),
        ("name", " "),
        ("org_number", ""),
        ("org_number", "212099-9013"),
        ("email", "a@b"),
        ("postcode", "1"),
        ("municipality", "0000"),
        ("payment_days", "31"),
        ("payment_days", "-1"),
        ("payment_days", "tio"),
        ("payment_days", "9" * 400),
        ("electronic_address", "2120999012"),
        ("electronic_address", "0007:2120999013"),
        ("electronic_address", "0088:7350009990012"),
        ("electronic_address", "0088:73500099"),
        ("electronic_address", "0192:2120999012"),
        ("electronic_address", "0088:٧٣٥٠٠٠٩٩٩٠٠١١"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(sam, field, wrong):
    answer = sam.fill(NEW, {**GOOD, "street": "Den här gatan", field: wrong})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "Den här gatan" in answer.text
    assert customers() == []


def test_more_than_thirty_days_are_refused_with_the_reason(sam):
    longer = sam.fill(NEW, {**GOOD, "payment_days": "60"}).text
    assert "Med myndigheter får ingen längre tid avtalas (2 a § räntelagen)" in longer


def test_a_location_number_is_taken(sam):
    assert sam.fill(NEW, {**GOOD, "electronic_address": " 0088: 7350009990011 "}).status_code == 303
    assert customers()[0].electronic_address == "0088:7350009990011"


def test_two_of_us_enter_the_same_customer_at_once(sam, visit):
    make.make_sam(email="sara@samklang.example", name="Sara Exempel")
    sara = visit("sara@samklang.example")
    answers = together(lambda: sam.post(NEW, data=GOOD), lambda: sara.post(NEW, data=GOOD))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    refused = next(answer for answer in answers if answer.status_code == 422)
    assert "Det finns redan en kund med det organisationsnumret." in refused.text
    assert 'id="org_number-error"' in refused.text
    assert len(customers()) == 1


def test_a_customer_is_changed(sam):
    customer, other = make.make_nordbyn(), make.make_vasterhamn()
    path = f"{LIST}/{customer.id}/andra"
    assert sam.fill(path, {"payment_days": "10", "needs_order_reference": "y"}).status_code == 303
    assert sam.fill(path, {"org_number": other.org_number}).status_code == 422
    changed = customers()[0]
    assert (changed.payment_days, changed.needs_order_reference, changed.org_number) == (10, True, "559999-2020")


def test_what_a_colleague_wrote_meanwhile_is_not_overwritten(sam, visit):
    make.make_sam(email="sara@samklang.example", name="Sara Exempel")
    customer, sara = make.make_nordbyn(), visit("sara@samklang.example")
    path = f"{LIST}/{customer.id}/andra"
    opened = dict(sam.page(path).cssselect("main form[method=post]")[0].form_values())
    assert sara.fill(path, {"kind": "public", "payment_days": "10"}).status_code == 303
    answer = sam.post(path, data={**opened, "city": "Borås"})
    page = document(answer)
    assert answer.status_code == 422
    assert "Någon annan har ändrat det här sedan du öppnade sidan." in text(page.cssselect("[role=alert]")[0])
    beside = {one.get("id"): text(one) for one in page.cssselect(".field-now")}
    assert beside == {
        "kind-now": "Nu står det: Kommun, region eller myndighet",
        "city-now": f"Nu står det: {opened['city']}",
        "payment_days-now": "Nu står det: 10",
    }
    assert [(one.payment_days, one.city) for one in customers()] == [(10, opened["city"])]
    again = dict(page.cssselect("main form[method=post]")[0].form_values())
    assert (again["city"], again["payment_days"]) == ("Borås", opened["payment_days"]), "what Sam typed is still there"
    assert sam.post(path, data=again).status_code == 303, "now Sam has seen it"
    assert [(one.payment_days, one.city) for one in customers()] == [(int(opened["payment_days"]), "Borås")]


def test_nor_is_what_a_colleague_wrote_about_a_place(sam, visit):
    make.make_sam(email="sara@samklang.example", name="Sara Exempel")
    customer, sara = make.make_nordbyn(), visit("sara@samklang.example")
    path = f"{LIST}/{customer.id}/platser/{customer.sites[0].id}"
    opened = dict(sam.page(path).cssselect("main form[method=post]")[0].form_values())
    assert sara.fill(path, {"note": "Ring på baksidan."}).status_code == 303
    answer = sam.post(path, data={**opened, "name": "Kontoret på torget"})
    assert answer.status_code == 422
    assert "Nu står det: Ring på baksidan." in text(document(answer))
    assert 'value="Kontoret på torget"' in answer.text
    db.session.rollback()
    assert [(one.name, one.note) for one in db.session.scalars(select(Site))] == [("Kontoret", "Ring på baksidan.")]


def test_two_of_us_change_the_same_customer_at_once(sam, visit):
    make.make_sam(email="sara@samklang.example", name="Sara Exempel")
    customer, sara = make.make_nordbyn(), visit("sara@samklang.example")
    path = f"{LIST}/{customer.id}/andra"
    opened = dict(sam.page(path).cssselect("main form[method=post]")[0].form_values())
    answers = together(
        lambda: sam.post(path, data={**opened, "city": "Borås"}),
        lambda: sara.post(path, data={**opened, "payment_days": "10"}),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 422]


def test_sites_come_change_and_go(sam):
    customer = make.make_customer(with_site=False)
    path = f"{LIST}/{customer.id}/platser"
    assert sam.fill(f"{path}/ny", SITE).status_code == 303
    site = db.session.scalars(select(Site)).one()
    place = f"{path}/{site.id}"
    assert (site.postcode, site.buyer_reference) == ("411 00", "VH2040")
    assert sam.fill(place, {"name": ""}).status_code == 422
    assert sam.fill(place, {"name": "Skolan vid hamnen"}).status_code == 303
    assert "Skolan vid hamnen" in text(sam.page(f"{LIST}/{customer.id}"))
    assert sam.post(f"{place}/bort").status_code == 303
    assert sam.post(f"{place}/bort").status_code == 404
    db.session.rollback()
    assert db.session.scalar(select(Site)) is None


def test_an_order_outlives_the_place_it_goes_to(demo_app, visit):
    order = db.session.scalars(select(Order).limit(1)).first()
    customer = db.session.scalars(select(Customer).where(Customer.email == "kontor@nordbyn.example")).one()
    site, address = customer.sites[0], customer.sites[0].street
    browser = visit("kontor@nordbyn.example")
    browser.fill("/katalog/fruktkorg-5-kg", {"quantity": "1"}, form="form[action='/varukorg/lagg-i']")
    placed = browser.fill("/kassa", {"site": str(site.id)}, form="main form[method=post]")
    assert order is None
    assert placed.status_code == 303, placed.text
    assert visit("salj@samklang.example").post(f"{LIST}/{customer.id}/platser/{site.id}/bort").status_code == 303
    assert address in text(browser.page(placed.location))


def test_anothers_site_is_not_found(sam):
    mine, other = make.make_nordbyn(), make.make_vasterhamn()
    for act in ("", "/bort"):
        assert sam.post(f"{LIST}/{mine.id}/platser/{other.sites[0].id}{act}", data=SITE).status_code == 404
    db.session.rollback()
    assert {site.name for site in db.session.scalars(select(Site))} == {"Kontoret"}


@pytest.mark.parametrize("path", ["/99", "/99/andra", "/99/platser/ny", "/99999999999999999999999"])
def test_a_customer_that_is_not_there(sam, path):
    assert sam.get(f"{LIST}{path}").status_code == 404


def test_finance_reads_and_others_do_not(sam, visit):
    customer = make.make_nordbyn()
    make.make_sam(RoleName.FINANCE, email=FIA, name="Fia Exempel")
    make.make_user("nora@nordbyn.example", customer=customer)
    fia = visit(FIA)
    assert "Nordbyn" in text(fia.page(LIST))
    assert "Bjud in" not in text(fia.page(f"{LIST}/{customer.id}"))
    for path in (NEW, f"{LIST}/{customer.id}/andra", f"{LIST}/{customer.id}/platser/ny"):
        assert fia.get(path).status_code == 403
        assert fia.post(path, data=GOOD).status_code == 403
    assert visit("nora@nordbyn.example").get(LIST).status_code == 403
    assert visit(None).get(LIST).status_code == 302


@pytest.mark.parametrize(
    "how", ["q=Nordby", "q=559999-2020", "q=KONTOR@nord", "sort=company", "q=nordbyn&sort=company"]
)
def test_a_customer_is_found(sam, how):
    make.make_nordbyn()
    make.make_vasterhamn()
    page = text(sam.page(f"{LIST}?{how}"))
    assert "Nordbyn" in page
    assert "Västerhamn" not in page


@pytest.mark.parametrize("how", ["q=%25", "q=_", "sort=kung", "sida=0", "sida=-3", "sida=99999999999", "sida=x"])
def test_an_odd_search_is_answered(sam, how):
    make.make_nordbyn()
    assert sam.get(f"{LIST}?{how}").status_code == 200


def test_the_list_is_leafed_through_with_few_statements(sam, queries):
    for number in range(120):
        make.make_customer(name=f"Kund nummer {number:03d}", with_site=number < 2)
    sam.get(LIST)
    with queries() as few:
        page = sam.page(f"{LIST}?sida=3")
    names = [node.text_content() for node in page.cssselect("tbody th")]
    assert names[0] == "Kund nummer 100"
    assert len(names) == 20
    assert len(few) <= 6, few
