"""New prices by an agreement's index: asked for in time, previewed, decided once, and carried over when small."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import agreementflow, jobs, orderflow
from app import clock as house_clock
from app.accounts.models import User
from app.catalog.pricing.actions import RowDraft, set_rows
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.money import Money
from app.orders import routing_actions as routing
from app.orders.agreements import queries, rising
from app.orders.agreements.models import Agreement, IndexRise
from app.orders.agreements.rising import Figure
from app.orders.cart import Delivery
from app.orders.models import Order
from app.orders.routing_actions import PolicyDraft
from app.orders.routing_models import CapacityHold
from app.orders.routing_values import PolicyKind
from tests import make
from tests.agreement_case import counted, make_agreement
from tests.furnished import furnished
from tests.people import text

SAM, BUYER = "sam@samklang.example", make.VASTERHAMN["email"]
FROM = date(2027, 11, 23)
IN_TIME = datetime(2027, 9, 1, 9, 0, tzinfo=UTC)
"""Between ninety and thirty days before."""


@furnished
def agreement(app) -> Agreement:
    """Fruit baskets at 200 kr, of which the member is paid 160; Städindex 250, from the second year, 2 per cent."""
    make.make_sales_company()
    member = make.make_ljungbacken()
    fruit = make.make_article()
    offering = make.make_offering(fruit, member, capacity_per_week=Decimal(500))
    make.make_user(BUYER, customer=make.make_vasterhamn())
    sam = make.make_sam()
    clause = {
        "index_name": "Städindex",
        "index_base": Decimal(250),
        "index_threshold": Decimal(2),
        "index_first": FROM,
    }
    made = make_agreement({fruit: 20_000}, db.session.scalars(select(Customer)).all(), **clause)
    now = house_clock.now()
    set_rows(made.price_list, fruit, [RowDraft(Decimal(0), Money(20_000), Money(16_000))], by=sam, now=now)
    routing.set_policy(made.price_list, PolicyDraft(PolicyKind.SHARES, {member.id: 1000}), by=sam, now=now)
    days = date(2026, 11, 23), date(2028, 11, 22)
    routing.hold(offering, made.price_list, days, Decimal(10), "avtalet", by=sam, now=now)
    db.session.commit()
    return made


def sam() -> User:
    return db.session.scalars(select(User).where(User.email == SAM)).one()


def decide(agreement: Agreement, figure: str, day: date = FROM, asked: date | None = None) -> IndexRise:
    agreement = queries.agreement_with(agreement.id, lock=True)
    now = house_clock.now()
    given = Figure(Decimal(figure), "SCB, oktober", asked or now.date())
    made = agreementflow.raise_prices(agreement, rising.window_from(agreement, day), given, by=sam(), now=now)
    db.session.commit()
    return made


def prices(agreement: Agreement, day: date) -> list[Money]:
    price_list = queries.list_on(agreement, day)
    return [row.price for row in price_list.rows if row.gone_at is None]


def page(visit, agreement: Agreement) -> str:
    return text(visit(SAM).page(f"/personal/ramavtal/{agreement.id}").cssselect("main")[0]).replace("\xa0", " ")


def test_a_rise_is_shown_first_and_makes_a_new_version_of_the_prices_from_its_day(agreement, visit, clock, outbox):
    clock.set(IN_TIME)
    where = f"/personal/ramavtal/{agreement.id}/index/{FROM}"
    typed = {"figure": "260", "source": "SCB, Städindex, juli 2027", "asked_on": "2027-09-01"}
    shown = visit(SAM).fill(where, {**typed, "then": "look"})
    words = shown.text.replace("\xa0", " ")
    assert shown.status_code == 200
    assert "208,00 kr" in words, "four per cent more than 200 kr"
    assert db.session.scalars(select(IndexRise)).all() == []
    done = visit(SAM).fill(where, {**typed, "then": "decide"})
    assert done.status_code == 303
    db.session.expire_all()
    assert prices(agreement, date(2027, 11, 22)) == [Money(20_000)]
    assert prices(agreement, FROM) == [Money(20_800)]
    assert agreement.index_base == 260
    before, after = queries.lists_from(agreement, date(2027, 9, 1))
    assert (before.valid_to, after.valid_from, after.valid_to) == (date(2027, 11, 22), FROM, date(2028, 11, 22))
    assert [row.member_price for row in after.rows] == [Money(16_640)], "what members are paid follows"
    assert [one.name for one in after.customers] == ["Västerhamns kommun"]
    policy = routing.policy_of(after)
    assert policy.kind == PolicyKind.SHARES
    holds = db.session.scalars(select(CapacityHold).order_by(CapacityHold.first_day)).all()
    assert [(one.price_list_id, one.first_day, one.last_day) for one in holds] == [
        (before.id, date(2026, 11, 23), date(2027, 11, 22)),
        (after.id, FROM, date(2028, 11, 22)),
    ]
    jobs.work_off()
    (letter,) = outbox.to(BUYER)
    assert "4 procent" in letter.body
    assert "Städindex" in letter.body
    assert "SCB, Städindex, juli 2027" in page(visit, agreement)


def test_orders_before_and_after_have_their_own_price_and_count_against_the_same_ceiling(agreement, clock):
    buyer = db.session.scalars(select(Customer).where(Customer.email == BUYER)).one()
    fruit = agreement.price_list.rows[0].article_id
    clock.set(IN_TIME)
    decide(agreement, "260")
    for day in (datetime(2027, 11, 22, 9, tzinfo=UTC), datetime(2027, 11, 23, 9, tzinfo=UTC)):
        clock.set(day)
        delivery = Delivery(date(2027, 12, 3), "Kontoret", "Köpgatan 2", "411 02", "Göteborg", "1480", "Kim", "4711")
        order = call_off_on(fruit, buyer, delivery)
        assert order.lines[0].agreement_id == agreement.id
    orders = db.session.scalars(select(Order).order_by(Order.id)).all()
    assert [one.lines[0].unit_price for one in orders] == [Money(20_000), Money(20_800)]
    assert counted(agreement) == Money(20_000 * 10 + 20_800 * 10)


def call_off_on(fruit: int, buyer: Customer, delivery: Delivery) -> Order:
    made = orderflow.checkout(
        {fruit: Decimal(10)}, delivery, customer=buyer, ticket=str(house_clock.now()), by=None, now=house_clock.now()
    )
    db.session.commit()
    return made


def test_a_small_change_is_carried_over_and_counts_the_next_year(agreement, clock, visit, outbox):
    clock.set(IN_TIME)
    first = decide(agreement, "254")
    assert (first.percent, first.price_list_id) == (0, None)
    assert agreement.index_base == 250
    assert prices(agreement, FROM) == [Money(20_000)]
    jobs.work_off()
    assert outbox.to(BUYER) == []
    assert "förs över" in page(visit, agreement)
    later = date(2028, 11, 23)
    assert [one.from_day for one in queries.windows_of(agreement)] == [FROM], "the agreement ends before the next"
    db.session.get_one(Agreement, agreement.id).last_day = date(2029, 11, 22)
    queries.list_on(agreement, FROM).valid_to = date(2029, 11, 22)
    db.session.commit()
    clock.set(datetime(2028, 9, 1, 9, tzinfo=UTC))
    second = decide(agreement, "258", later)
    assert second.base == 250
    assert second.percent == Decimal("3.2")
    assert prices(agreement, later) == [Money(20_640)]


def test_outside_the_window_the_old_prices_hold(agreement, clock):
    clock.set(datetime(2027, 10, 30, 9, tzinfo=UTC))
    with pytest.raises(Refused, match="gäller de gamla priserna ett år till"):
        decide(agreement, "260")
    db.session.rollback()
    assert decide(agreement, "260", asked=date(2027, 10, 24)).percent == 4, "it was asked for in time"


def test_the_same_day_is_decided_once(agreement, clock):
    clock.set(IN_TIME)
    decide(agreement, "260")
    with pytest.raises(Refused, match="redan bestämda"):
        decide(agreement, "300")
    db.session.rollback()
    assert len(db.session.scalars(select(IndexRise)).all()) == 1


@pytest.mark.parametrize("figure", ["0", "-5", "två", ""])
def test_a_figure_that_cannot_be_changes_nothing(agreement, clock, visit, figure):
    clock.set(IN_TIME)
    typed = {"figure": figure, "source": "SCB", "asked_on": "2027-09-01", "then": "decide"}
    answer = visit(SAM).fill(f"/personal/ramavtal/{agreement.id}/index/{FROM}", typed)
    assert answer.status_code == 422
    assert "SCB" in answer.text
    assert db.session.scalars(select(IndexRise)).all() == []


def test_a_day_that_the_agreement_does_not_name_leads_nowhere(agreement, visit):
    assert visit(SAM).get(f"/personal/ramavtal/{agreement.id}/index/nej").status_code == 404
    assert visit(SAM).get(f"/personal/ramavtal/{agreement.id}/index/2027-11-24").status_code == 409


def test_staff_are_reminded_once_when_the_window_opens(agreement, clock, outbox):
    def told() -> list[str]:
        agreementflow.remind_all(house_clock.now())
        jobs.work_off()
        return [one for one in outbox.subjects_to(SAM) if "Nya priser" in one]

    clock.set(datetime(2027, 8, 24, 9, tzinfo=UTC))
    assert told() == []
    clock.set(datetime(2027, 8, 25, 9, tzinfo=UTC))
    assert told() == ["Nya priser kan begäras: INK 2026/114"]
    clock.move(days=1)
    assert len(told()) == 1


def test_a_window_that_is_decided_is_not_offered_again(agreement, clock, visit):
    clock.set(IN_TIME)
    where = f"/personal/ramavtal/{agreement.id}"
    links = [link.get("href") for link in visit(SAM).page(where).cssselect("#index ~ * a")]
    assert f"{where}/index/{FROM}" in links
    decide(agreement, "260")
    shown = visit(SAM).page(where)
    assert f"{where}/index/{FROM}" not in [link.get("href") for link in shown.cssselect("a")]
    assert "Priserna är bestämda" in text(shown.cssselect("main")[0])
    typed = {"figure": "270", "source": "SCB", "asked_on": "2027-09-01", "then": "look"}
    assert visit(SAM).get(f"{where}/index/{FROM}").status_code == 409
    refused = visit(SAM).post(f"{where}/index/{FROM}", data=typed)
    assert refused.status_code == 422
    assert "redan bestämda" in refused.text


def test_nobody_asked_before_the_agreement_began(agreement, clock, visit):
    agreement.first_day = date(2027, 8, 30)
    db.session.commit()
    clock.set(IN_TIME)
    typed = {"figure": "260", "source": "SCB", "asked_on": "2027-08-27", "then": "look"}
    refused = visit(SAM).post(f"/personal/ramavtal/{agreement.id}/index/{FROM}", data=typed)
    assert refused.status_code == 422
    assert "kan inte ha begärts före den dagen" in refused.text
    assert visit(SAM).post(refused.request.path, data={**typed, "asked_on": "2027-08-30"}).status_code == 200
