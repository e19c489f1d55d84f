"""An invoice has the VAT of what is sold, on the day, by whom and to whom; staff say what is needed for that."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as house_clock
from app import orderflow
from app.catalog import facets, taxes
from app.customers.models import Customer, CustomerKind
from app.db import db
from app.errors import Refused
from app.invoicing.actions import values_of
from app.invoicing.models import InvoiceRecord
from app.members.models import Member, SellerModel
from app.money import Money
from app.orders.cart import Delivery
from app.orders.models import Order
from app.orders.prices import shown_prices
from app.orders.quotes import paper as quote_paper
from app.treatments import Division, VatStatus
from app.vat import VatClass, VatPart, including, key_of
from tests import make, quote_case
from tests.features.relief_case import deliver
from tests.furnished import furnished
from tests.people import text

FRIDAY = date(2026, 11, 27)
SAM = "sam@samklang.example"
NUMBER = "SE769999000301"


@furnished
def town(app):
    make.make_sales_company(bankgiro="999-0003", vat_number=NUMBER)
    make.make_sam()
    member, customer = make.make_rena_rum(), make.make_nordbyn()
    made = {
        "building": make.make_article("Byggstädning", price=Money.kronor(1000), unit="HUR", vat_class="building"),
        "cleaning": make.make_article("Kontorsstäd", price=Money.kronor(400), unit="HUR", vat_class="standard"),
        "day": make.make_article("Konferensdag", price=Money.kronor(425), unit="IE", vat_class="conference"),
    }
    for article in made.values():
        make.make_offering(article, member)
    db.session.commit()
    return {"customer": customer.id, "member": member.id, **{name: one.id for name, one in made.items()}}


def ordered(town, *names: str) -> Order:
    """Nordbyn orders one of each."""
    customer, now = db.session.get_one(Customer, town["customer"]), house_clock.now()
    site = customer.sites[0]
    delivery = Delivery(FRIDAY, site.name, site.street, site.postcode, site.city, site.municipality, "ref", "PO-1")
    cart = {town[name]: Decimal(1) for name in names}
    by = db.session.scalars(select(make.User)).first()
    ticket = f"t{now.timestamp()}".ljust(24, "x")
    return orderflow.checkout(cart, delivery, customer=customer, ticket=ticket, by=by, now=now)


def invoiced(town, *names: str) -> InvoiceRecord:
    """And gets the invoice."""
    order = ordered(town, *names)
    deliver(order)
    return db.session.scalars(select(InvoiceRecord).where(InvoiceRecord.order == order)).one()


def rows(record: InvoiceRecord) -> list[tuple[str, int, int]]:
    return [(one.category, one.rate, one.base.ore // 100) for one in values_of(record).vat_sums]


def test_a_customer_who_builds_reckons_the_vat_on_building_only(town):
    customer = db.session.get_one(Customer, town["customer"])
    customer.sells_building, customer.vat_number = True, NUMBER
    record = invoiced(town, "building", "cleaning")
    values = values_of(record)
    assert rows(record) == [("S", 25, 400), ("AE", 0, 1000)]
    assert values.notes == ["Omvänd betalningsskyldighet"]
    assert values.buyer.vat_number == NUMBER
    assert (record.vat, record.gross) == (Money.kronor(100), Money.kronor(1500))


def test_all_other_customers_pay_it(town):
    record = invoiced(town, "building")
    assert (rows(record), values_of(record).notes) == ([("S", 25, 1000)], [])


def test_who_came_to_build_since_the_order_is_not_invoiced_without_its_number(town):
    order = ordered(town, "building")
    db.session.get_one(Customer, town["customer"]).sells_building = True
    with pytest.raises(Refused, match="i fältet Momsnummer"):
        deliver(order)
    db.session.rollback()
    assert db.session.scalar(select(InvoiceRecord)) is None


@pytest.mark.parametrize(
    ("status", "category", "words"),
    [
        (VatStatus.SMALL, "E", "18 kap. 4 §"),
        (VatStatus.OUTSIDE, "O", "4 kap. 6 §"),
    ],
)
def test_who_is_not_registered_sells_without_vat_in_its_own_name_only(town, status, category, words):
    member = db.session.get_one(Member, town["member"])
    member.vat_status = status
    assert rows(invoiced(town, "cleaning")) == [("S", 25, 400)], "the sales company sells it, with its own VAT"
    member.seller_model = SellerModel.AGENT
    db.session.commit()
    record = db.session.get_one(InvoiceRecord, invoiced_again(town).id)
    assert (record.seller_id, rows(record)) == (member.id, [(category, 0, 400)])
    assert words in values_of(record).notes[0]
    assert record.vat == Money(0)


def invoiced_again(town) -> InvoiceRecord:
    first = set(db.session.scalars(select(InvoiceRecord.id)))
    customer, now = db.session.get_one(Customer, town["customer"]), house_clock.now()
    site = customer.sites[0]
    delivery = Delivery(FRIDAY, site.name, site.street, site.postcode, site.city, site.municipality, "ref", "PO-2")
    by = db.session.scalars(select(make.User)).first()
    cart, ticket = {town["cleaning"]: Decimal(1)}, "second".ljust(24, "x")
    order = orderflow.checkout(cart, delivery, customer=customer, ticket=ticket, by=by, now=now)
    deliver(order)
    return db.session.scalars(select(InvoiceRecord).where(InvoiceRecord.id.not_in(first))).one()


# What staff say


def test_a_conference_is_divided_as_its_calculation_says(town, visit):
    sam, path = visit(SAM), f"/personal/katalog/{town['day']}/skatt"
    assert "60 procent måltider" in text(sam.page(path))
    form = f"form[action='{path}/delning']"
    wrong = sam.fill(
        path, {"valid_from": "2026-11-27", "restaurant": "50", "standard": "40", "why": "Kalkyl"}, form=form
    )
    assert wrong.status_code == 422
    assert "100 procent" in wrong.text
    late = sam.fill(path, {"valid_from": "2026-11-22", "standard": "100", "why": "Kalkyl"}, form=form)
    assert late.status_code == 422
    good = {"valid_from": "2026-11-25", "restaurant": "40", "lodging": "10", "standard": "50", "why": "Kalkyl 2026"}
    assert sam.fill(path, good, form=form).status_code == 303
    assert "Kalkyl 2026" in text(sam.page(path))
    day = db.session.get_one(make.Article, town["day"])
    divided = (VatPart(50, 12, "S"), VatPart(50, 25, "S"))
    assert facets.vat_parts(FRIDAY)[day.vat_key] == divided
    assert facets.vat_parts(date(2026, 11, 24))[day.vat_key] == (VatPart(60, 12, "S"), VatPart(40, 25, "S"))
    shown = including(Money.kronor(425), divided)
    assert facets.with_vat(day.price, key_of(day.vat_class, day.id), FRIDAY) == shown
    clock_day = [(category, rate) for category, rate, _base in rows(invoiced_on_friday(town))]
    assert clock_day == [("S", 25), ("S", 12)]


def invoiced_on_friday(town) -> InvoiceRecord:
    record = invoiced(town, "day")
    assert all(line.parts for line in values_of(record).lines)
    return record


def test_private_people_see_the_divided_price(town, visit, clock):
    sam = db.session.scalars(select(make.User)).first()
    day = db.session.get_one(make.Article, town["day"])
    division = Division(day.id, date(2026, 11, 23), ((VatClass.STANDARD, 100),))
    taxes.divide(day, division, "Bara lokal.", by=sam, now=clock.now, today=date(2026, 11, 23))
    db.session.commit()
    guest = visit(None)
    for path in ("/katalog", f"/katalog/{day.slug}"):
        assert "531,25" in text(guest.page(path)), path
    guest.post("/varukorg/lagg-i", data={"article": day.id, "quantity": "2"})
    assert "1 062,50" in text(guest.page("/varukorg")).replace("\u00a0", " ")


def test_a_private_person_reads_why_the_invoice_is_lower(town, visit):
    """Rena rum sells in its own name without VAT: the order is reckoned with VAT, the invoice has none."""
    private = db.session.get_one(Customer, town["customer"])
    private.kind, private.org_number = CustomerKind.PRIVATE, None
    make.make_user(private.email, customer=private)
    member = db.session.get_one(Member, town["member"])
    member.seller_model, member.vat_status = SellerModel.AGENT, VatStatus.SMALL
    order = ordered(town, "cleaning")
    page, said = f"/bestallningar/{order.number}", f"{member.name} säljer i eget namn och tar ingen moms."
    assert said not in text(visit(private.email).page(page)), "nobody knows yet who sells it"
    deliver(order)
    (record,) = db.session.scalars(select(InvoiceRecord))
    assert record.gross == Money.kronor(400)
    shown = text(visit(private.email).page(page)).replace("\xa0", " ")
    assert "Summa: 500,00 kr" in shown
    assert f"{said} Det som kommer därifrån faktureras utan moms, så fakturan blir lägre än summan här." in shown
    member.vat_status = VatStatus.REGISTERED
    assert said not in text(visit(private.email).page(page))


def test_staff_say_which_work_it_is(town, visit):
    sam, path = visit(SAM), f"/personal/katalog/{town['cleaning']}/skatt"
    form = f"form[action='{path}/arbete']"
    refused = sam.fill(path, {"work": "cleaning", "labour_percent": "100"}, form=form)
    assert refused.status_code == 422
    assert "inte ger rätt till rutavdrag" in refused.text
    db.session.get_one(make.Article, town["cleaning"]).rut = True
    for wrong in ({"labour_percent": "0"}, {"labour_percent": ""}, {"labour_percent": "101"}, {"work": "trolldom"}):
        assert sam.fill(path, {"work": "cleaning", "labour_percent": "90", **wrong}, form=form).status_code == 422
    assert sam.fill(path, {"work": "cleaning", "labour_percent": "90"}, form=form).status_code == 303
    db.session.expire_all()
    article = db.session.get_one(make.Article, town["cleaning"])
    assert (article.work, article.labour_percent) == ("cleaning", 90)
    assert sam.fill(path, {"work": "", "labour_percent": ""}, form=form).status_code == 303
    db.session.expire_all()
    assert (article.work, article.labour_percent) == (None, None)


def test_finance_looks_but_does_not_change(town, visit):
    make.make_sam(make.RoleName.FINANCE, email="fia@samklang.example")
    fia, path = visit("fia@samklang.example"), f"/personal/katalog/{town['day']}/skatt"
    assert fia.get(path).status_code == 200
    assert fia.post(f"{path}/delning", data={"valid_from": "2026-11-27"}).status_code == 403


def test_a_member_stands_so_to_vat_from_a_day(town, visit, clock):
    sam, path = visit(SAM), f"/personal/medlemmar/{town['member']}/andra"
    assert sam.fill(path, {"vat_status": "small", "vat_since": "2026-12-01", "vat_number": ""}).status_code == 303
    db.session.expire_all()
    seller = db.session.get_one(Member, town["member"]).vat_seller
    assert seller.on(date(2026, 11, 30)) == VatStatus.REGISTERED
    assert seller.on(date(2026, 12, 1)) == VatStatus.SMALL
    page = text(sam.page(f"/personal/medlemmar/{town['member']}"))
    assert "Liten omsättning, ingen moms" in page
    wrong = sam.fill(path, {"vat_status": "outside", "vat_number": NUMBER})
    assert wrong.status_code == 422
    assert "inget momsnummer" in wrong.text


def test_a_customers_vat_number_is_checked_and_needed_where_it_builds(town, visit):
    sam, path = visit(SAM), f"/personal/kunder/{town['customer']}/andra"
    for wrong in ({"vat_number": "SE123"}, {"vat_number": "DE123456789"}, {"vat_number": "", "sells_building": "y"}):
        assert sam.fill(path, wrong).status_code == 422, wrong
    assert sam.fill(path, {"vat_number": "se 769999000301", "sells_building": "y"}).status_code == 303
    db.session.expire_all()
    customer = db.session.get_one(Customer, town["customer"])
    assert (customer.vat_number, customer.sells_building) == (NUMBER, True)
    assert NUMBER in text(sam.page(f"/personal/kunder/{town['customer']}"))
    assert sam.fill(path, {"kind": "private", "org_number": ""}).status_code == 422, "private people reckon no VAT"


def test_an_order_before_its_invoice_is_reckoned_as_the_invoice_will_be(town, clock):
    customer = db.session.get_one(Customer, town["customer"])
    customer.sells_building, customer.vat_number = True, NUMBER
    record = invoiced(town, "building", "cleaning")
    order = db.session.get_one(Order, record.order_id)
    assert shown_prices(order, facets.vat_rules(), with_vat=True).total == record.gross


def test_the_checkout_reckons_as_the_invoice_will(town, visit):
    make.make_user("kontor@nordbyn.example", customer=db.session.get_one(Customer, town["customer"]))
    nordbyn = visit("kontor@nordbyn.example")
    for name in ("building", "cleaning"):
        nordbyn.post("/varukorg/lagg-i", data={"article": town[name], "quantity": "1"})
    for builds, whole in ((False, "1 750,00 kr"), (True, "1 500,00 kr")):
        customer = db.session.get_one(Customer, town["customer"])
        customer.sells_building, customer.vat_number = builds, NUMBER
        for page in ("/varukorg", "/kassa"):
            said = text(nordbyn.page(page)).replace("\xa0", " ")
            assert f"Summa inkl. moms{whole}" in said


def test_a_quote_and_its_order_say_what_the_invoice_will_say(town, visit, work_off):
    """A builder is quoted byggstädning: the page, the PDF and the order say that it reckons the VAT itself."""
    customer = db.session.get_one(Customer, town["customer"])
    customer.sells_building, customer.vat_number = True, NUMBER
    buyer = make.make_user("kontor@nordbyn.example", customer=customer).email
    nordbyn, sam = visit(buyer), visit(SAM)
    nordbyn.post("/varukorg/lagg-i", data={"article": town["cleaning"], "quantity": "1"})
    quote = quote_case.send(sam, quote_case.ask(nordbyn, town["building"], "2"), price="900")
    work_off()
    said = "själva momsen på byggtjänsterna, {} kr exkl. moms"
    for browser, page in ((nordbyn, "/offerter"), (sam, "/personal/offerter")):
        seen = text(browser.page(f"{page}/{quote.number}")).replace("\xa0", " ")
        assert said.format(quoted(quote, "Byggstädning")) in seen
    paper = quote_paper.values_of(quote.offered)
    assert {one.name: one.rates_said.replace("\xa0", " ") for one in paper.lines} == {
        "Byggstädning": "Omvänd",
        "Kontorsstäd": "25 %",
    }
    assert [(one.category, one.rate) for one in paper.vat_sums] == [("S", 25), ("AE", 0)]
    assert paper.buyer_vat_number == NUMBER
    quote_case.accept(nordbyn, quote)
    (order,) = quote_case.orders()
    assert "Omvänd betalningsskyldighet" in text(nordbyn.page(f"/bestallningar/{order.number}"))
    deliver(order)
    record = db.session.scalars(select(InvoiceRecord)).one()
    assert [(one.category, one.base) for one in values_of(record).vat_sums] == [
        (one.category, one.base) for one in paper.vat_sums
    ]


def quoted(quote, name: str) -> str:
    (line,) = (one for one in quote.offered.lines if one.name == name)
    return line.net.amount().replace("\xa0", " ")


def test_the_basket_says_that_the_vat_is_the_builders_own(town, visit):
    customer = db.session.get_one(Customer, town["customer"])
    customer.sells_building, customer.vat_number = True, NUMBER
    nordbyn = visit(make.make_user("kontor@nordbyn.example", customer=customer).email)
    nordbyn.post("/varukorg/lagg-i", data={"article": town["cleaning"], "quantity": "1"})
    assert "Omvänd" not in text(nordbyn.page("/varukorg"))
    nordbyn.post("/varukorg/lagg-i", data={"article": town["building"], "quantity": "2"})
    for page in ("/varukorg", "/kassa"):
        assert "byggtjänsterna, 2 000,00 kr exkl. moms" in text(nordbyn.page(page)).replace("\xa0", " ")
