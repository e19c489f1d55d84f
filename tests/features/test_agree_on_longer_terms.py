"""A company may have more than thirty days to pay, where that is agreed and written down; nobody else ever may."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import flask_migrate
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock as app_clock
from app import migrating, moneyflow, orderflow
from app.accounts.models import User
from app.customers.models import Customer, CustomerKind
from app.db import db
from app.invoicing.actions import values_of
from app.members.models import SellerModel
from tests import make
from tests.features.test_enter_customer import GOOD, LIST, NEW, SAM
from tests.money_case import documents, furnish_money
from tests.order_case import order
from tests.people import document, text

pytestmark = pytest.mark.both
COMPANY = {
    **GOOD, "kind": "company", "name": "Nordbyn Bygg AB", "org_number": "559999-1014", "electronic_address": "",
}  # fmt: skip
AGREED = {"payment_days": "60", "longer_terms": "60 dagar, mejl från Karin", "longer_terms_on": "2026-11-20"}
BY_LAW = "Med myndigheter får ingen längre tid avtalas (2 a § räntelagen)."


@pytest.fixture
def sam(app, visit):
    """Sam sells."""
    make.make_sales_company()
    make.make_sam()
    return visit(SAM)


def the_customer() -> Customer:
    db.session.rollback()
    return db.session.scalars(select(Customer)).one()


def errors(answer) -> dict[str, str]:
    found = document(answer).cssselect("[id$='-error']")
    return {one.get("id").removesuffix("-error"): text(one) for one in found}


def test_what_is_agreed_with_a_company_holds_and_is_seen(sam):
    assert sam.fill(NEW, {**COMPANY, **AGREED}).status_code == 303
    kept = the_customer()
    assert (kept.payment_days, kept.longer_terms, kept.longer_terms_on) == (
        60, "60 dagar, mejl från Karin", date(2026, 11, 20),
    )  # fmt: skip
    page = text(sam.page(f"{LIST}/{kept.id}"))
    assert "Avtalat om mer än 30 dagar" in page
    assert "60 dagar, mejl från Karin" in page
    assert "30 dagar: det längre är avtalat med oss" in page


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({**AGREED, "longer_terms": " "}, {"longer_terms"}),
        ({**AGREED, "longer_terms_on": ""}, {"longer_terms_on"}),
        ({"payment_days": "31"}, {"longer_terms", "longer_terms_on"}),
        ({**AGREED, "payment_days": "91"}, {"payment_days"}),
        ({**AGREED, "kind": "public"}, {"payment_days"}),
        ({**AGREED, "kind": "private", "org_number": ""}, {"payment_days"}),
        ({**AGREED, "longer_terms_on": "i fjol"}, {"longer_terms_on"}),
    ],
)
def test_what_nobody_may_agree_on_is_refused_beside_its_field(sam, typed, wrong):
    answer = sam.fill(NEW, {**COMPANY, **typed})
    assert answer.status_code == 422
    assert set(errors(answer)) == wrong
    assert db.session.scalar(select(Customer)) is None


def test_a_day_that_has_not_been_is_no_day_of_an_agreement(sam):
    answer = sam.fill(NEW, {**COMPANY, **AGREED, "longer_terms_on": "2027-01-01"})
    assert answer.status_code == 422
    assert "kan inte vara avtalad en dag som inte har varit" in answer.text


def test_a_company_that_turns_out_to_be_public_keeps_no_longer_term(sam):
    """Whoever changes the kind is told, and it is not saved until the days are thirty; then the agreement goes too."""
    sam.fill(NEW, {**COMPANY, **AGREED})
    path = f"{LIST}/{the_customer().id}/andra"
    answer = sam.fill(path, {"kind": "public"})
    assert (answer.status_code, errors(answer)) == (422, {"payment_days": f"Fel: Skriv 0 till 30 dagar. {BY_LAW}"})
    assert (the_customer().kind, the_customer().payment_days) == (CustomerKind.COMPANY, 60)
    assert sam.fill(path, {"kind": "public", "payment_days": "30"}).status_code == 303
    changed = the_customer()
    assert (changed.kind, changed.payment_days, changed.longer_terms, changed.longer_terms_on) == (
        CustomerKind.PUBLIC, 30, "", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [{"kind": CustomerKind.PUBLIC}, {"kind": CustomerKind.PRIVATE}, {"payment_days": 91},
     {"longer_terms": ""}, {"longer_terms_on": None}],
)  # fmt: skip
def test_the_database_itself_lets_nobody_else_have_it(app, wrong):
    customer = make.make_nordbyn(payment_days=60, longer_terms="60 dagar", longer_terms_on=date(2026, 11, 20))
    db.session.commit()
    for name, value in wrong.items():
        setattr(customer, name, value)
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize(("seller", "days"), [(SellerModel.OWN_NAME, 60), (SellerModel.AGENT, 30)])
def test_the_invoice_has_the_term_but_in_a_members_own_name_thirty_days(app, seller, days):
    """Whoever is owed must have consented expressly, and no member has: it waits no longer for its money."""
    articles = furnish_money()
    made = order({articles["fruit"].id: Decimal(2)})
    made.customer.payment_days, made.customer.longer_terms = 60, "60 dagar"
    made.customer.longer_terms_on = date(2026, 11, 20)
    for one in made.assignments:
        one.member.seller_model = seller
    db.session.commit()
    by = db.session.scalars(select(User)).first()
    for one in list(made.assignments):
        orderflow.accept(one, {}, by=by, now=app_clock.now())
        orderflow.deliver(one, by=by, now=app_clock.now())
    moneyflow.invoice(made, now=app_clock.now())
    db.session.commit()
    (record,) = documents()
    values = values_of(record)
    assert (values.payment_days, values.due_on) == (days, values.issued_on + timedelta(days=days))


@pytest.mark.usefixtures("own_tables")
def test_who_goes_back_to_the_tables_before_has_thirty_days(app):
    make.make_nordbyn(payment_days=60, longer_terms="60 dagar", longer_terms_on=date(2026, 11, 20))
    db.session.commit()
    migrating.prepare()
    flask_migrate.downgrade(revision="0059")
    flask_migrate.upgrade()
    assert (the_customer().payment_days, the_customer().longer_terms) == (30, "")
