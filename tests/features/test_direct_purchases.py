"""What a public buyer has ordered directly in a year, beside the limit of direct award."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import orderflow
from app.catalog.models import Article
from app.catalog.pricing.rules import ListKind
from app.customers.models import Customer
from app.db import db
from app.money import Money
from app.orders.delivery.models import Parcel, ParcelLine
from app.orders.delivery.ways import WayKind
from app.orders.models import Order
from app.orders.states import OrderState
from app.tenders.choosing.purchases import direct_purchases
from tests import make
from tests.conftest import MONDAY
from tests.furnished import furnished
from tests.order_case import DELIVERY
from tests.people import text
from tests.price_lists import TODAY, make_list

SAM, BUYER, OTHER = "sam@samklang.example", "kommun@vasterhamn.example", "kontor@nordbyn.example"
PAGE = "/bestallningar/direktkop"


@furnished
def town(app):
    """Västerhamn buys fruit at 212 kr and lunches at 90; one member makes both."""
    make.make_sales_company()
    maker = make.make_ljungbacken()
    for name, cpv, price in (("Frukt", "03222000-3", 21200), ("Lunch", "55520000-1", 9000)):
        make.make_offering(make.make_article(name, cpv=cpv, price=Money(price)), maker, capacity_per_week=100_000)
    make.make_user(BUYER, customer=make.make_vasterhamn(needs_order_reference=False, needs_buyer_reference=False))
    make.make_user(OTHER, customer=make.make_nordbyn())
    make.make_sam()
    return db.session.scalars(select(Customer).where(Customer.kind == "public")).one()


def article(name: str) -> Article:
    return db.session.scalars(select(Article).where(Article.name == name)).one()


def buy(customer: Customer, now: datetime = MONDAY, **quantities: int) -> Order:
    cart = {article(name).id: Decimal(quantity) for name, quantity in quantities.items()}
    user = db.session.scalars(select(make.User).where(make.User.email == BUYER)).one()
    count = len(db.session.scalars(select(Order.id)).all())
    made = orderflow.checkout(cart, DELIVERY, customer=customer, ticket=f"t{count}", by=user, now=now)
    db.session.commit()
    return made


def found(customer: Customer, year: int = 2026) -> dict[str, Money]:
    return {one.division: one.amount for one in direct_purchases(customer, year, TODAY).kinds}


def test_the_year_is_added_up_by_kind(town):
    buy(town, Frukt=10, Lunch=3)
    buy(town, Frukt=1)
    assert found(town) == {"03": Money.kronor(11 * 212), "55": Money.kronor(270)}


def test_what_is_bought_under_a_framework_agreement_is_no_direct_purchase(town):
    make_list(ListKind.FRAMEWORK, {article("Frukt"): 20000}, customers=[town])
    buy(town, Frukt=10, Lunch=3)
    assert found(town) == {"55": Money.kronor(270)}


def test_a_list_of_the_customers_own_is_direct_all_the_same(town):
    make_list(ListKind.CUSTOMER, {article("Frukt"): 20000}, customers=[town])
    buy(town, Frukt=10)
    assert found(town) == {"03": Money.kronor(2000)}


@pytest.mark.parametrize("state", [OrderState.CALLED_OFF, OrderState.AWAITING])
def test_what_is_called_off_or_waits_for_a_yes_does_not_count(town, state):
    order = buy(town, Frukt=10)
    order.state = state
    db.session.commit()
    assert found(town) == {}


def test_only_what_remains_of_a_line_counts(town):
    line = buy(town, Frukt=10).lines[0]
    line.called_off, line.unassigned = Decimal(4), Decimal(0)
    db.session.commit()
    assert found(town) == {"03": Money.kronor(6 * 212)}


def test_what_it_costs_to_bring_belongs_to_what_is_brought(town):
    order = buy(town, Frukt=10, Lunch=3)
    line = next(one for one in order.lines if one.name == "Lunch")
    for parcel in db.session.scalars(select(Parcel)):
        db.session.delete(parcel)
    parcel = Parcel(
        order_id=order.id, member_id=order.assignments[0].member_id, kind=WayKind.OWN, day=TODAY, fee=Money(5050)
    )
    parcel.lines.append(ParcelLine(order_line_id=line.id))
    db.session.add(parcel)
    db.session.commit()
    assert found(town) == {"03": Money.kronor(2120), "55": Money.kronor("320.50")}


@pytest.mark.parametrize(
    ("price", "per", "quantity"), [(333, 1, "0.5"), (100, 3, "1"), (12345, 7, "2.125"), (1, 1, "0.499"), (5, 2, "1")]
)
def test_the_database_rounds_as_money_does(town, price, per, quantity):
    line = buy(town, Frukt=10).lines[0]
    line.unit_price, line.priced_per, line.quantity = Money(price), Decimal(per), Decimal(quantity)
    line.unassigned = Decimal(0)
    db.session.commit()
    assert found(town).get("03", Money(0)) == line.net


def test_the_turn_of_the_year_is_swedish(town):
    buy(town, datetime(2025, 12, 31, 22, 59, tzinfo=UTC), Frukt=1)
    buy(town, datetime(2025, 12, 31, 23, 0, tzinfo=UTC), Frukt=2)
    assert found(town, 2025) == {"03": Money.kronor(212)}
    assert found(town, 2026) == {"03": Money.kronor(424)}


def test_another_customers_orders_are_not_in_it(town):
    buy(db.session.scalars(select(Customer).where(Customer.kind == "company")).one(), Frukt=10)
    assert found(town) == {}


def told(browser, path: str, part: str = "main") -> str:
    return text(browser.page(path).cssselect(part)[0])


def test_near_the_limit_buyer_and_staff_are_warned(town, visit):
    buy(town, Frukt=2641)  # 559 892 kr of 700 000
    assert "nära gränsen" not in told(visit(BUYER), PAGE)
    buy(town, Frukt=10)
    for browser, path in ((visit(BUYER), PAGE), (visit(SAM), f"/personal/kunder/{town.id}")):
        words = told(browser, path)
        assert "80 % av gränsen för direktupphandling är använd" in words
        assert "137 988,00 kr återstår" in words
        assert "LOU 5 kap. 7 a §" in words
        assert "1 beställning är på mer än 100 000 kr" in words


def test_at_the_limit_it_says_what_is_needed(town, visit):
    buy(town, Frukt=3302)
    assert "har nått gränsen för direktupphandling" in told(visit(BUYER), PAGE)


def test_an_empty_year_says_so(town, visit):
    assert "ingenting är beställt utanför ramavtal" in told(visit(BUYER), PAGE)


def test_earlier_years_can_be_looked_at_and_no_others(town, visit):
    buy(town, Lunch=2).placed_at = datetime(2025, 5, 5, tzinfo=UTC)
    db.session.commit()
    buyer = visit(BUYER)
    assert "180,00 kr" in told(buyer, f"{PAGE}?ar=2025")
    buy(town, Lunch=2).placed_at = datetime(2015, 5, 5, tzinfo=UTC)
    db.session.commit()
    assert "2021" not in [text(one) for one in buyer.page(PAGE).cssselect(".tab-row a")]
    for odd in ("1800", "2021", "x", "99999999999", "2027"):
        assert "Direktköp 2026" in told(buyer, f"{PAGE}?ar={odd}")


def test_it_is_for_public_buyers_and_shows_each_only_its_own(town, visit):
    buy(town, Frukt=10)
    assert visit(OTHER).get(PAGE).status_code == 404
    assert visit(None).get(PAGE).status_code == 302
    make.make_user("annan@kommun.example", customer=make.make_customer(kind="public"))
    assert "2 120" not in told(visit("annan@kommun.example"), PAGE)
    nordbyn = db.session.scalars(select(Customer).where(Customer.kind == "company")).one()
    assert visit(SAM).page(f"/personal/kunder/{nordbyn.id}").cssselect("#direktkop") == []
    assert visit(BUYER).page("/bestallningar").cssselect(f"a[href='{PAGE}']")
    assert not visit(OTHER).page("/bestallningar").cssselect(f"a[href='{PAGE}']")


def test_it_takes_as_many_statements_for_many_orders_as_for_one(town, visit, queries):
    buyer = visit(BUYER)
    buy(town, Frukt=1)
    buyer.page(PAGE)  # what every page shows at its foot is read once
    with queries() as few:
        buyer.page(PAGE)
    for number in range(4):
        buy(town, Frukt=number + 1, Lunch=1)
    with queries() as many:
        buyer.page(PAGE)
    assert len(many) == len(few) <= 12
