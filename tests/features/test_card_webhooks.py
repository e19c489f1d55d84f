"""What Stripe tells is kept once and looked into: forged, repeated, late or out of order, it does no harm."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.db import db
from app.jobs import Job
from app.money import Money
from app.orders.models import OrderEvent
from app.orders.states import EventKind, OrderState
from app.payments.models import Dispute, Payment, PaymentEvent, StripeEvent
from app.payments.states import DisputeState, MoveKind, PaymentState
from tests import card_case
from tests.card_case import FAR, FRUIT, payment, refunds, tasks, the_order
from tests.furnished import furnished
from tests.people import text

pytestmark = pytest.mark.both


@furnished
def town(app):
    return card_case.furnish()


shop = card_case.shop


def kept() -> list[tuple[str, str]]:
    db.session.expire_all()
    return [(one.kind, one.outcome.value) for one in db.session.scalars(select(StripeEvent).order_by(StripeEvent.id))]


def untouched() -> bool:
    return (the_order().state, payment().state) == (OrderState.UNPAID, PaymentState.OPENED)


def test_nobody_can_forge_an_event_or_send_an_old_one_again(shop):
    shop.order()
    shop.stripe.books.pay(shop.session["id"])
    event = shop.stripe.books.events[-1]
    assert shop.knock(event, secret="whsec_of_somebody_else") == 400
    assert shop.knock(event, at=shop.clock.now.timestamp() - 301) == 400
    assert shop.knock(event, at=shop.clock.now.timestamp() + 301) == 400
    assert shop.visit(None).post("/stripe/webhook", data=b"{}").status_code == 400
    assert shop.visit(None).post("/stripe/webhook", data=b"x" * 300_000).status_code == 413
    as_json = {"data": b"x" * 40_000_000, "content_type": "application/json"}
    assert shop.visit(None).post("/stripe/webhook", **as_json).status_code == 413
    assert shop.visit(None).get("/stripe/webhook").status_code == 405
    shop.work_off()
    assert kept() == []
    assert untouched()


def test_a_house_without_stripe_has_no_such_door(app, town, visit):
    assert visit(None).post("/stripe/webhook", data=b"{}").status_code == 404


def test_the_same_event_many_times_counts_once(shop):
    shop.order()
    shop.stripe.books.pay(shop.session["id"])
    events = shop.stripe.new_events()
    for event in events * 3:
        assert shop.knock(event) == 200
    before = db.session.scalar(select(func.count(Job.id)).where(Job.name == "app.stripeflow.deal"))
    assert before == len(events)
    shop.work_off()
    for event in events:
        assert shop.knock(event) == 200
    shop.work_off()
    assert len(kept()) == len(events)
    assert [one.kind for one in payment().moves].count(MoveKind.AUTHORISED) == 1
    paid = select(func.count(OrderEvent.id)).where(OrderEvent.kind == EventKind.PAID)
    assert db.session.scalar(paid) == 1


@pytest.mark.parametrize("day", [card_case.FRIDAY, FAR])
def test_events_in_any_order_come_to_the_same(shop, day):
    shop.order(day)
    intent = shop.stripe.books.pay(shop.session["id"])
    if day == FAR:
        shop.stripe.books.refund({"payment_intent": intent["id"], "amount": "100"})
    for event in reversed(shop.stripe.new_events()):
        assert shop.knock(event) == 200
        shop.work_off()
    shop.tell()
    expected = PaymentState.AUTHORISED if day == card_case.FRIDAY else PaymentState.CAPTURED
    assert (the_order().state, payment().state) == (OrderState.PLACED, expected)
    assert [one.amount for one in refunds()] == ([Money(100)] if day == FAR else [])


def test_an_event_that_is_lost_is_not_missed(shop):
    shop.order()
    shop.stripe.books.pay(shop.session["id"])
    shop.stripe.new_events()
    shop.later(minutes=16)
    assert payment().state == PaymentState.AUTHORISED


def test_who_comes_back_has_stripe_asked_at_once_and_not_each_second(shop):
    """What Stripe told is lost. The page on which Kim waits has it looked into, however often it is loaded."""
    kim = shop.order()
    shop.stripe.books.pay(shop.session["id"])
    shop.stripe.new_events()
    shop.clock.move(seconds=30)
    where = f"/bestallningar/{the_order().number}/kort?klart=1"
    looks = select(func.count(Job.id)).where(Job.name == "app.stripeflow.look")
    for _again in range(3):
        assert "Vi väntar på besked från banken" in text(kim.page(where))
    assert db.session.scalar(looks) == 1
    shop.work_off()
    assert (the_order().state, payment().state) == (OrderState.PLACED, PaymentState.AUTHORISED)
    assert kim.get(where).location.endswith(f"/bestallningar/{the_order().number}")
    assert db.session.scalar(looks) == 1


def test_an_event_long_after_the_fact_changes_nothing(shop):
    shop.order()
    shop.stripe.books.pay(shop.session["id"])
    late = shop.stripe.new_events()
    shop.later(minutes=16)
    shop.deliver("ljungbacken")
    moves = len(payment().moves)
    for event in late:
        assert shop.knock(event) == 200
    shop.work_off()
    assert (payment().state, len(payment().moves)) == (PaymentState.CAPTURED, moves)


@pytest.mark.parametrize(
    "otherwise", [{"amount": 100}, {"amount": 9_900_000}, {"currency": "eur"}], ids=["less", "more", "euro"]
)
def test_what_does_not_agree_is_not_believed(shop, otherwise):
    shop.order()
    shop.pay(**otherwise)
    assert untouched()
    assert tasks() == ["mismatch"]
    assert [one.kind for one in payment().moves][-1] == MoveKind.NOT_BELIEVED
    shop.later(minutes=16)
    assert tasks() == ["mismatch"], "it is told once"


def test_the_payment_of_another_order_is_not_believed(shop):
    shop.order()
    session = shop.session
    session["client_reference_id"] = "4711"
    session["metadata"] = {"payment": "4711"}
    shop.pay()
    assert untouched()
    assert tasks() == ["mismatch"]


def test_what_concerns_nothing_of_ours_is_kept_and_ignored(shop):
    shop.order()
    for event in (
        shop.stripe.books.tell("customer.created", {"id": "cus_1", "object": "customer"}),
        shop.stripe.books.tell("payment_intent.succeeded", {"id": "pi_theirs", "object": "payment_intent"}),
    ):
        assert shop.knock(event) == 200
    shop.work_off()
    assert kept() == [("customer.created", "ignored"), ("payment_intent.succeeded", "ignored")]
    assert untouched()


def test_what_is_kept_holds_no_person(shop):
    """Of an event only what it is about is kept: no address, no card."""
    shop.order()
    shop.pay()
    columns = {column.name for column in StripeEvent.__table__.columns}
    assert columns == {
        "id", "stripe_id", "kind", "object_id", "intent_id", "payment_id", "created_at", "received_at", "dealt_at",
        "outcome",
    }  # fmt: skip


def test_a_dispute_is_booked_and_lies_with_finance(shop):
    shop.paid(FAR)
    dispute = shop.stripe.books.dispute(payment().intent_id)
    shop.tell()
    assert tasks() == ["dispute"]
    shop.stripe.books.close_dispute(dispute["id"], won=False)
    shop.tell()
    row = db.session.scalars(select(Dispute)).one()
    assert (row.state, row.amount, row.closed_at is not None) == (DisputeState.LOST, FRUIT, True)
    assert tasks() == ["dispute"]


def test_a_dispute_that_is_won_leaves_all_as_it_was(shop):
    shop.paid(FAR)
    dispute = shop.stripe.books.dispute(payment().intent_id)
    shop.stripe.books.close_dispute(dispute["id"], won=True)
    shop.tell()
    assert db.session.scalars(select(Dispute.state)).one() == DisputeState.WON
    assert payment().state == PaymentState.CAPTURED


def test_a_refund_at_stripes_own_pages_is_booked_and_lies_with_finance(shop):
    order = shop.paid(FAR)
    shop.stripe.books.refund({"payment_intent": payment().intent_id, "amount": "5000"})
    shop.tell()
    (one,) = refunds()
    assert (one.amount, one.source.value, one.state.value) == (Money(5000), "dashboard", "done")
    assert tasks() == ["dashboard_refund"]
    assert order.id == the_order().id


def test_what_is_drawn_at_stripes_own_pages_is_booked_and_lies_with_finance(shop):
    shop.paid()
    shop.stripe.books.capture(payment().intent_id, {"amount_to_capture": "10000"})
    shop.tell()
    assert (payment().state, payment().captured) == (PaymentState.CAPTURED, Money(10000))
    assert tasks() == ["mismatch"]


def test_history_is_never_changed(shop):
    shop.order()
    event = db.session.scalars(select(PaymentEvent)).first()
    event.words = "något annat"
    with pytest.raises(ValueError, match="history"):
        db.session.commit()
    db.session.rollback()


def test_an_order_is_paid_once_says_the_database(shop):
    shop.paid()
    first = payment()
    twin = {name: getattr(first, name) for name in ("order_id", "amount", "at_delivery", "opened_at", "open_until")}
    db.session.add(Payment(**twin, looked_at=first.looked_at, mark="another", state=PaymentState.CAPTURED))
    with pytest.raises(Exception, match=r"(?i)unique"):
        db.session.flush()
    db.session.rollback()
