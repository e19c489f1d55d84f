"""Staff say when a customer is invoiced, how the invoice reaches it, and who sells what a member makes."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.customers.actions import CHARGING
from app.customers.models import Customer, CustomerKind, InvoiceRhythm, InvoiceRoute
from app.db import db
from app.jobs import Job
from app.members.models import Member, SellerModel
from tests import make
from tests.people import text

ADDRESS = "0007:2120999012"


@pytest.fixture
def sam(app, visit):
    make.make_sales_company()
    make.make_sam()
    return visit("sam@samklang.example")


@pytest.fixture
def town(app) -> Customer:
    customer = make.make_customer(kind=CustomerKind.PUBLIC, name="Västerhamns kommun", org_number="212099-9012")
    db.session.commit()
    return customer


def the_town() -> Customer:
    db.session.rollback()
    return db.session.scalars(select(Customer).where(Customer.name == "Västerhamns kommun")).one()


def test_a_town_gets_one_e_invoice_a_month(town, sam):
    page = f"/personal/kunder/{town.id}"
    chosen = {"invoice_rhythm": "month", "invoice_route": "peppol", "electronic_address": ADDRESS}
    assert sam.fill(f"{page}/andra", chosen).status_code == 303
    kept = the_town()
    assert (kept.invoice_rhythm, kept.invoice_route) == (InvoiceRhythm.MONTH, InvoiceRoute.PEPPOL)
    shown = text(sam.page(page))
    assert "En gång i månaden, alla beställningar tillsammans" in shown
    assert "Som e-faktura via Peppol" in shown


def test_an_e_invoice_needs_an_address_and_nothing_is_changed_without(town, sam):
    wanted = {"invoice_route": "peppol", "electronic_address": "", "payment_days": "10"}
    answer = sam.fill(f"/personal/kunder/{town.id}/andra", wanted)
    assert answer.status_code == 422
    assert "Utan den kan ingen e-faktura skickas." in answer.text
    assert (the_town().invoice_route, the_town().payment_days) == (InvoiceRoute.EMAIL, 30)


@pytest.mark.parametrize(("field", "wrong"), [("invoice_rhythm", "daily"), ("invoice_route", "")])
def test_what_is_not_in_the_list_is_refused(town, sam, field, wrong):
    assert sam.fill(f"/personal/kunder/{town.id}/andra", {field: wrong}).status_code == 422
    assert (the_town().invoice_rhythm, the_town().invoice_route) == (InvoiceRhythm.ORDER, InvoiceRoute.EMAIL)


def test_a_member_sells_in_its_own_name(sam):
    member = make.make_ljungbacken()
    db.session.commit()
    page = f"/personal/medlemmar/{member.id}"
    assert "Säljbolaget, som köper av medlemmen" in text(sam.page(page))
    assert sam.fill(f"{page}/andra", {"seller_model": "agent"}).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Member, member.id).seller_model == SellerModel.AGENT
    assert "Säljbolaget fakturerar i medlemmens namn" in text(sam.page(page))


def test_another_rhythm_leaves_nothing_uncharged(town, sam):
    sam.fill(f"/personal/kunder/{town.id}/andra", {"invoice_rhythm": "month"})
    db.session.rollback()
    waiting = db.session.scalars(select(Job).where(Job.name == CHARGING)).all()
    assert [one.args["customer_id"] for one in waiting] == [the_town().id]
