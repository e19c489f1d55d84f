"""Whatever is invoiced - an order, a month of them, a part given back, a member's sale - becomes a right e-invoice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from lxml import etree
from sqlalchemy import select

from app import clock as app_clock
from app import files, moneyflow
from app.accounts.models import User
from app.catalog.models import Article
from app.customers.models import Customer, InvoiceRhythm, InvoiceRoute
from app.db import db
from app.invoicing.einvoice import queries
from app.invoicing.einvoice.checking import check
from app.invoicing.einvoice.reading import NAMES
from app.invoicing.models import InvoiceRecord
from app.members.models import SellerModel
from app.members.queries import sales_company
from app.money import Money
from app.vat import VatClass
from tests import make
from tests.furnished import furnished
from tests.order_case import furnish, member, order

FIRST = "ljungbacken@medlem.example"


@furnished
def nordbyn(app) -> Customer:
    """Nordbyn, by Peppol, of three articles: fruit, a conference whose VAT is divided, and care without VAT."""
    furnish()
    for name, vat_class in (("Konferensdag", VatClass.CONFERENCE), ("Daglig verksamhet", VatClass.EXEMPT)):
        make.make_offering(make.make_article(name, vat_class=vat_class, price=Money(33333)), member("ljungbacken"))
    seller = sales_company()
    seller.vat_number, seller.bankgiro = "SE769999000301", "999-0003"
    customer = db.session.scalars(select(Customer)).one()
    customer.invoice_route, customer.electronic_address = InvoiceRoute.PEPPOL, "0007:5599992020"
    return customer


@pytest.fixture
def deliver(nordbyn, visit):
    """Seven of each are ordered and delivered."""

    def run() -> None:
        made = order({one.id: Decimal(7) for one in db.session.scalars(select(Article))})
        for one in made.assignments:
            for act in ("ja", "levererat"):
                visit(one.member.email).post(f"/medlem/uppdrag/{one.id}/{act}")
        db.session.expire_all()

    return run


@pytest.fixture
def issued(work_off):
    """Every document so far as XML, after seeing that nothing is held and that no rule is broken."""

    def read() -> list[etree._Element]:
        work_off()
        db.session.expire_all()
        records = db.session.scalars(select(InvoiceRecord).order_by(InvoiceRecord.id)).all()
        assert [one.words for held in queries.holds_of(records).values() for one in held] == []
        papers = [files.read(record.xml) for record in records]
        assert [check(paper) for paper in papers] == [[]] * len(papers)
        return [etree.fromstring(paper) for paper in papers]

    return read


def told(root: etree._Element, path: str) -> list[str]:
    return [one.text for one in root.findall(path, NAMES)]


def test_an_order_of_all_kinds(deliver, issued):
    deliver()
    (root,) = issued()
    assert told(root, "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:ID") == ["S", "S", "S", "E"]
    assert told(root, "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:Percent") == ["25", "12", "6", "0"]
    assert told(root, "cac:OrderReference/cbc:SalesOrderID") != []
    assert told(root, "cac:Delivery/cac:DeliveryLocation/cac:Address/cbc:StreetName") == ["Köpgatan 2"]


def test_a_part_given_back_and_then_the_rest(deliver, issued):
    deliver()
    record = db.session.scalars(select(InvoiceRecord)).one()
    sam = db.session.scalars(select(User).where(User.email == "sam@samklang.example")).one()
    parts = {line: Money(1001) for line in record.lines}
    moneyflow.credit(record, parts, "Kom för sent.", by=sam, now=app_clock.now())
    moneyflow.credit_whole(record, "Alltihop åter.", by=sam, now=app_clock.now())
    db.session.commit()
    roots = issued()
    assert [etree.QName(root).localname for root in roots] == ["Invoice", "CreditNote", "CreditNote"]
    for note in roots[1:]:
        name = "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"
        assert told(note, name) == [record.name]
    kronor = [Decimal(told(root, "cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount")[0]) for root in roots]
    assert kronor[0] == kronor[1] + kronor[2]


def test_a_month_of_orders(deliver, issued, nordbyn, clock):
    nordbyn.invoice_rhythm = InvoiceRhythm.MONTH
    deliver()
    clock.move(days=2)
    deliver()
    clock.move(days=14)
    customer = db.session.scalars(select(Customer)).one()
    moneyflow.collect(customer, until=date(2026, 12, 1), now=app_clock.now())
    db.session.commit()
    (root,) = issued()
    numbers = set(told(root, "cac:InvoiceLine/cac:DocumentReference/cbc:ID"))
    assert len(numbers) == 2
    assert told(root, "cac:InvoicePeriod/cbc:StartDate") == ["2026-11-23"]
    assert told(root, "cac:InvoicePeriod/cbc:EndDate") == ["2026-11-25"]


def test_a_member_that_sells_itself(deliver, issued):
    seller = member("ljungbacken")
    seller.seller_model, seller.vat_number = SellerModel.AGENT, "SE769999001101"
    deliver()
    (root,) = issued()
    assert told(root, "cac:AccountingSupplierParty/cac:Party/cac:PartyName/cbc:Name") == [seller.name]
    assert told(root, "cbc:ID")[0].startswith(f"M{seller.id}-")
    assert "Utställd av Samklang Sälj ek. för. i säljarens namn" in told(root, "cbc:Note")[0]
