"""A customer is charged once a month for all that came: one invoice for each reference and agreement."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app import moneyflow, orderflow
from app.accounts.models import RoleName, User
from app.catalog import facets
from app.customers.models import Customer, InvoiceRhythm
from app.db import db
from app.invoicing import billing
from app.invoicing.actions import values_of
from app.invoicing.models import BillingRound
from app.jobs import Job
from app.money import Money
from app.orders.agreements.models import Agreement
from app.orders.models import Order
from tests import make, order_case
from tests.furnished import furnished
from tests.money_case import documents, furnish_money, sell_as, signed, worth
from tests.people import text

FIRST_MINUTE = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
"""Of December, in Sweden."""
ONE = Money.kronor(212)


@furnished
def fruit(app) -> int:
    """Nordbyn is charged by the month."""
    article = furnish_money()["fruit"]
    sell_as(InvoiceRhythm.MONTH)
    return article.id


def sam() -> User:
    return db.session.scalars(select(User).where(User.email == "sam@samklang.example")).one()


def delivered(fruit: int, quantity: int = 1, *, site: str = "Kontoret", **marks: str) -> Order:
    """Nordbyn has got so many baskets, under these references."""
    customer = db.session.scalars(select(Customer).order_by(Customer.id)).first()
    given = {"customer": customer, "by": None, "now": app_clock.now(), "ticket": f"t-{len(orders())}"}
    where = replace(order_case.DELIVERY, day=friday(), name=site, **marks)
    made = orderflow.checkout({fruit: Decimal(quantity)}, where, **given)
    orderflow.accept(made.assignments[0], {}, by=sam(), now=app_clock.now())
    orderflow.deliver(made.assignments[0], by=sam(), now=app_clock.now())
    db.session.commit()
    return made


def friday() -> date:
    """Of this week, when Ljungbacken drives."""
    today = app_clock.local_date(app_clock.now())
    return today + timedelta(days=4 - today.weekday())


def orders() -> list[Order]:
    return list(db.session.scalars(select(Order)))


def sweep(now: datetime) -> None:
    moneyflow.collect_months(now)
    db.session.commit()


@pytest.mark.parametrize(
    ("rhythm", "said"),
    [
        (InvoiceRhythm.MONTH, "Du får en faktura i månaden för det som har kommit. 20 dagar netto."),
        (InvoiceRhythm.DELIVERY, "Du får en faktura för varje leverans. 20 dagar netto."),
        (InvoiceRhythm.ORDER, "Du betalar mot faktura när allt är levererat. 20 dagar netto."),
    ],
)
def test_the_checkout_says_when_the_invoice_comes(fruit, visit, rhythm, said):
    sell_as(rhythm)
    nora = visit(order_case.BUYER)
    nora.post("/varukorg/lagg-i", data={"article": fruit, "quantity": "1"})
    assert said in text(nora.page("/kassa"))


def test_orders_with_the_same_references_come_together(fruit, clock, work_off, outbox):
    one, other = delivered(fruit, order_reference="PO-1"), delivered(fruit, 2, order_reference="PO-1", site="Lagret")
    apart = delivered(fruit, order_reference="PO-2", cost_centre="4410")
    assert documents() == []
    clock.set(FIRST_MINUTE)
    late = delivered(fruit, order_reference="PO-1")
    sweep(clock.now)
    work_off()
    first, second = (values_of(record) for record in documents())
    assert [(line.order_number, line.name.split(":")[0], line.net) for line in first.lines] == [
        (one.number, "Fruktkorg 5 kg", ONE),
        (one.number, "Leverans", Money.kronor(120)),
        (other.number, "Fruktkorg 5 kg", ONE.times(2)),
        (other.number, "Leverans", Money.kronor(120)),
    ]
    assert (first.order_number, first.order_reference, first.place) == (None, "PO-1", None)
    assert (first.period.first_day, first.period.last_day) == (date(2026, 11, 23), date(2026, 11, 23))
    assert first.delivered_to.count("Köpgatan 2") == 2
    assert (second.order_number, second.cost_centre, second.place.city) == (apart.number, "4410", "Göteborg")
    assert [signed(each) for each in (one, other, apart)] == [worth(each) for each in (one, other, apart)]
    assert signed(late) == Money(0)
    assert [one.kind for one in outbox if one.kind == "invoice"] == ["invoice"] * 2


def test_cost_centres_stand_on_the_lines_of_one_invoice(fruit):
    made = [delivered(fruit, cost_centre=centre) for centre in ("4410", "4420")]
    (record,) = moneyflow.collect(made[0].customer, until=date(2026, 12, 1), now=app_clock.now())
    values = values_of(record)
    assert values.cost_centre == ""
    assert {line.order_number: line.cost_centre for line in values.lines} == {
        made[0].number: "4410",
        made[1].number: "4420",
    }


def test_a_worker_that_was_down_makes_up_for_it_month_by_month_and_only_once(fruit, clock, work_off):
    delivered(fruit)
    clock.set(datetime(2026, 12, 14, 8, 0, tzinfo=UTC))
    delivered(fruit, 2)
    clock.set(datetime(2027, 1, 3, 8, 0, tzinfo=UTC))
    sweep(clock.now)
    sweep(clock.move(minutes=1))
    jobs = db.session.scalars(select(Job).where(Job.name == "app.moneyflow.charge_customer")).all()
    assert len(jobs) == 1
    work_off()
    assert [values_of(one).period.first_day for one in documents()] == [date(2026, 11, 23), date(2026, 12, 14)]
    moneyflow.charge_customer(**jobs[0].args)
    assert len(documents()) == 2, "run twice, it finds nothing left"


def test_a_sweep_that_dies_before_it_is_saved_is_made_again(fruit, clock, work_off):
    delivered(fruit)
    clock.set(FIRST_MINUTE)
    moneyflow.collect_months(clock.now)
    db.session.rollback()
    assert db.session.scalar(select(BillingRound)) is None
    sweep(clock.move(minutes=1))
    work_off()
    assert len(documents()) == 1


def test_a_price_list_under_an_agreement_makes_an_invoice_of_its_own(fruit):
    """So a contract's reference holds for the whole of its invoice (EN 16931 BT-12)."""
    made = [delivered(fruit), delivered(fruit)]
    items = billing.unbilled(made, facets.vat_rules()).items
    agreement = Agreement(id=7, number="AVT-7")
    marked = [replace(one, agreement=agreement) if one.order is made[0] else one for one in items]
    drafts = billing.collected(marked)
    assert [{one.agreement for one in draft.items} for draft in drafts] == [{agreement}, {None}]
    assert [draft.orders for draft in drafts] == [[made[0]], [made[1]]]


def test_finance_charges_now_and_sales_only_look(fruit, visit):
    made = delivered(fruit)
    where = f"/personal/kunder/{made.customer_id}"
    assert visit(sam().email).post(f"{where}/fakturera").status_code == 403
    finance = visit(make.make_user("ekonomi@samklang.example", roles=[RoleName.FINANCE]).email)
    assert finance.fill(where, {}, form="form[action$='/fakturera']").status_code == 303
    assert signed(made) == worth(made)
    assert "En faktura är utställd: 10001." in text(finance.page(where))
    finance.fill(where, {}, form="form[action$='/fakturera']")
    assert "Det finns inget att fakturera" in text(finance.page(where))
    assert finance.post("/personal/kunder/99999/fakturera").status_code == 404
    assert len(documents()) == 1


@pytest.mark.parametrize("count", [2, 6])
def test_many_orders_take_no_more_statements_than_few(fruit, count, queries):
    made = [delivered(fruit) for _number in range(count)]
    db.session.expire_all()
    with queries() as seen:
        (record,) = moneyflow.collect(made[0].customer, until=date(2026, 12, 1), now=app_clock.now())
    assert len(record.lines) == 2 * count
    assert len(seen) < 32, "however many orders"
