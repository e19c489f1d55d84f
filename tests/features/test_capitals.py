"""Whoever types in capitals finds the same as others, also with Å, Ä and Ö, and on either database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import clock, mail, orderflow
from app.catalog import makers
from app.catalog.pricing import queries as price_queries
from app.customers import queries as customer_queries
from app.db import db, holds
from app.members import queries as member_queries
from app.members.models import Member
from app.orders import queries as order_queries
from app.orders.cart import Delivery
from tests import make
from tests.furnished import furnished
from tests.people import text

pytestmark = pytest.mark.both

NAMES = ["Köksljus ek. för.", "ÅKERBÄRET", "Ängens väv 100 %", "A_b\\c", "éclair & Café", "Übung"]
TYPED = ["KÖKSLJUS", "köksljus", "åkerb", "ÄNGENS VÄV", "0 %", "%", "_", "\\", "É", "café", "ü", "KOKSLJUS", "a"]


@furnished
def named(app):
    for number, name in enumerate(NAMES):
        make.make_member(slug=f"m{number}", name=name)
    return app


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.one_of(st.sampled_from(TYPED), st.text(alphabet="abåäöÅÄÖéÉ %_\\'\"k", min_size=1, max_size=4)))
def test_a_text_holds_what_it_holds_in_whatever_capitals(named, typed):
    found = set(db.session.scalars(db.select(Member.name).where(holds(Member.name, typed))))
    assert found == {name for name in NAMES if typed.lower() in name.lower()}


def test_visitors_find_a_member(app, visit):
    make.make_offering(make.make_article(), make.make_member(slug="koksljus", name="Köksljus ek. för."))
    for typed in ("KÖKSLJUS", "köksljus", "Köksljus"):
        assert [text(link) for link in visit().page(f"/medlemmar?q={typed}").cssselect("h3 a")] == ["Köksljus"], typed
    assert [one.name for one in makers.maker_page(makers.MakerFilters(name="KÖK"), 1).rows] == ["Köksljus ek. för."]


@pytest.mark.parametrize("typed", ["ÅNGSTRÖM", "ångström", "Ångström"])
def test_staff_find_members_customers_orders_and_letters(app, typed):
    member = make.make_member(slug="angstrom", name="Ångström ek. för.")
    article = make.make_article()
    make.make_offering(article, member)
    customer = make.make_nordbyn(name="Ångströms kök AB")
    user = make.make_user("kok@angstrom.example", customer=customer)
    delivery = Delivery(date(2026, 11, 27), "Kontoret", "Köpgatan 2", "411 02", "Göteborg", "1480")
    order = orderflow.checkout(
        {article.id: Decimal(2)}, delivery, customer=customer, ticket="t", by=user, now=clock.now()
    )
    mail.write(kind="k", to=("Å", "a@b.example"), subject="Ångström svarar", body="x", now=clock.now(), send=False)
    assert list(member_queries.listed(typed)) == [member]
    assert list(customer_queries.customer_page(typed, None, 1).rows) == [customer]
    assert list(price_queries.customers_found(typed)) == [customer]
    assert list(order_queries.desk("", clock.now(), text=typed)) == [order]
    assert [one.subject for one in mail.latest(typed)] == ["Ångström svarar"]


def test_staff_find_tenders(app, visit):
    make.make_sam()
    sales = visit("sam@samklang.example")
    sales.fill("/personal/upphandlingar/ny", {"title": "Öppen städning", "buyer_name": "Åmåls kommun"})
    for typed in ("ÖPPEN ÅMÅLS", "öppen åmåls"):
        assert "Öppen städning" in text(sales.page(f"/personal/upphandlingar?q={typed}")), typed
