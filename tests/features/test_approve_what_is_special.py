"""What waits for approval may have a way of delivery, belong to a batch, or be one time of a standing order."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import approvalflow
from app import clock as house_clock
from app.accounts.models import User
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.money import Money
from app.orders.approvals.models import ApprovalRule
from app.orders.delivery.models import Parcel
from app.orders.delivery.terms import set_way
from app.orders.delivery.ways import Terms, WayKind
from app.orders.models import Order
from app.orders.states import EventKind, OrderState
from tests import make, standing_case
from tests.furnished import furnished
from tests.order_case import BUYER, NEXT_FRIDAY, furnish, in_balance, member, order, parts
from tests.people import text
from tests.window_case import BATCH_DAY, CLOSES, gather, minute

pytestmark = pytest.mark.both

BO = "bo@nordbyn.example"


@furnished
def fruit(app):
    """Nordbyn lets everything above 500 kronor wait for another person; Bo is the other one."""
    article = furnish()
    customer = db.session.scalars(select(Customer)).one()
    make.make_user(BO, customer=customer, name="Bo Exempel")
    rule = ApprovalRule(customer=customer, limit=Money.kronor(500), set_by="Nora", set_at=house_clock.now())
    db.session.add(rule)
    db.session.commit()
    return article


def says(slug: str, kind: WayKind, terms: Terms) -> None:
    set_way(member(slug), None, kind, terms, by=None, now=house_clock.now())
    db.session.commit()


def approve(made: Order) -> Order:
    bo = db.session.scalars(select(User).where(User.email == BO)).one()
    approvalflow.approve(made, by=bo, now=house_clock.now())
    db.session.commit()
    db.session.expire_all()
    return made


def checkout(browser, fruit: int, **changed: object):
    browser.post("/varukorg/lagg-i", data={"article": str(fruit), "quantity": "6"})
    return browser.fill("/kassa", {"day": NEXT_FRIDAY.isoformat(), **changed})


@furnished
def two_ways(fruit):
    """Ljungbacken drives for 90 kronor, or one collects."""
    says("ljungbacken", WayKind.OWN, Terms(everywhere=True, per_stop=Money.kronor(90)))
    says("ljungbacken", WayKind.COLLECT, Terms(hours="8-16"))
    return member("ljungbacken").id


def test_the_way_that_was_chosen_is_kept_until_it_is_approved(fruit, two_ways, visit):
    assert checkout(visit(BUYER), fruit.id, fees="0", **{f"way-{two_ways}": "2:0"}).status_code == 303
    made = db.session.scalars(select(Order)).one()
    assert made.state == OrderState.AWAITING
    assert db.session.scalars(select(Parcel)).all() == []
    approve(made)
    parcel = db.session.scalars(select(Parcel)).one()
    assert (parcel.kind, parcel.fee) == (WayKind.COLLECT, Money(0))


def test_another_sum_than_the_button_said_is_told_also_where_the_order_would_wait(fruit, two_ways, visit):
    answer = checkout(visit(BUYER), fruit.id, fees="9000", **{f"way-{two_ways}": "2:0"})
    assert answer.status_code == 422
    assert "Summan är en annan" in answer.text
    assert db.session.scalars(select(Order)).all() == []


def test_a_way_that_is_gone_when_it_is_approved_gives_place_to_the_best(fruit, two_ways, visit):
    checkout(visit(BUYER), fruit.id, fees="0", **{f"way-{two_ways}": "2:0"})
    db.session.execute(make.Base.metadata.tables["delivery_way"].delete().where(
        make.Base.metadata.tables["delivery_way"].c.id == 2))  # fmt: skip
    made = approve(db.session.scalars(select(Order)).one())
    parcel = db.session.scalars(select(Parcel)).one()
    assert (made.state, parcel.kind, parcel.fee) == (OrderState.PLACED, WayKind.OWN, Money.kronor(90))


def test_a_batch_that_closes_meanwhile_asks_members_once_it_is_approved(app, fruit, clock):
    gather(fruit)
    waits, at_once = order({fruit.id: Decimal(12)}), order({fruit.id: Decimal(1)})
    clock.set(CLOSES + timedelta(minutes=1))
    minute(app)
    assert (waits.state, parts(waits)) == (OrderState.AWAITING, [])
    assert [quantity for _who, _state, quantity in parts(at_once)] == [1]
    approve(waits)
    assert sum(quantity for _who, _state, quantity in parts(waits)) == 12
    assert {one.delivery_day for one in waits.assignments} == {BATCH_DAY}
    assert in_balance(waits).to_come == 12


def test_a_batch_that_is_called_off_meanwhile_leaves_nothing_to_approve(app, fruit, clock, outbox):
    gather(fruit)
    made = order({fruit.id: Decimal(3)})
    clock.set(CLOSES + timedelta(minutes=1))
    minute(app)
    assert made.state == OrderState.CALLED_OFF
    written = len(outbox.to(BUYER))
    with pytest.raises(Refused, match="redan avslutad"):
        approve(made)
    db.session.rollback()
    assert (made.state, len(outbox.to(BUYER))) == (OrderState.CALLED_OFF, written)


def test_when_one_of_two_batches_is_called_off_the_rest_still_waits_for_approval(app, fruit, clock):
    buns = make.make_article("Bullar", price=Money.kronor(100))
    make.make_offering(buns, member("ljungbacken"))
    gather(fruit)
    made = order({fruit.id: Decimal(3), buns.id: Decimal(6)})
    clock.set(CLOSES + timedelta(minutes=1))
    minute(app)
    assert (made.state, parts(made)) == (OrderState.AWAITING, [])
    assert EventKind.CALLED_OFF in {event.kind for event in made.events}


def test_one_time_of_a_standing_order_above_the_limit_waits_too(app, fruit, clock, outbox):
    standing_case.start({fruit.id: Decimal(3)})
    clock.set(house_clock.now() + timedelta(days=3))
    standing_case.minute(app)
    made = db.session.scalars(select(Order)).one()
    assert (made.state, parts(made)) == (OrderState.AWAITING, [])
    assert any("Godkänn" in subject for subject in outbox.subjects_to(BO))
    approve(made)
    assert sum(quantity for _who, _state, quantity in parts(made)) == 3


def test_the_calendar_and_the_days_papers_hold_with_an_order_that_waits(fruit, visit):
    order({fruit.id: Decimal(3)})
    assert visit("sam@samklang.example").get("/personal/dag/dagslista").status_code == 200
    page = visit(BUYER).page("/bestallningar")
    assert "Väntar på godkännande" in text(page)
