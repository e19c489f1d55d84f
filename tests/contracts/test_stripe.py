"""Our door to Stripe against the stand-in, over HTTP: what is asked, what is understood, and each kind of no."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.money import Money
from app.payments import stripe_client
from app.payments.stripe_values import Declined, NotGenuine, OursToMend, ToPay, TryLater
from tests import stripe_params
from tests.stripe_stand_in import KEY, SECRET, Stripe, Trouble, stand_in

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def stripe() -> Iterator[Stripe]:
    with stand_in(NOW.timestamp) as server:
        app = Flask(__name__)
        app.config.update(STRIPE_SECRET_KEY=KEY, STRIPE_WEBHOOK_SECRET=SECRET, STRIPE_BASE=server.address)
        app.config["STRIPE_PATIENCE"] = (1.0, 1.0)
        with app.app_context():
            yield server


def to_pay(amount: int = 26500, *, at_delivery: bool = True) -> ToPay:
    until = NOW + timedelta(minutes=45)
    back = "http://localhost/tack"
    return ToPay(7, 1001, "Beställning 1001", Money(amount), "kim@exempel.example", at_delivery, until, back, back)


def paid(stripe: Stripe, *, at_delivery: bool = True) -> str:
    session = stripe_client.open_session(to_pay(at_delivery=at_delivery), key="a")
    return str(stripe.books.pay(session.id)["id"])


def test_a_page_is_opened_with_what_is_asked_for(stripe):
    seen = stripe_client.open_session(to_pay(), key="a")
    assert (seen.state, seen.amount, seen.currency, seen.reference, seen.payment) == (
        "open", Money(26500), "sek", "1001", "7"
    )  # fmt: skip
    assert seen.url == f"{stripe.address}/pay/{seen.id}"
    (asked,) = stripe.asked("POST /v1/checkout/sessions")
    assert asked["payment_intent_data"]["capture_method"] == "manual"
    assert (asked["locale"], asked["mode"]) == ("sv", "payment")


def test_what_is_held_is_drawn_in_part_and_the_rest_let_go(stripe):
    intent = paid(stripe)
    held = stripe_client.intent(intent)
    assert (held.state, held.held, held.drawn, held.payment) == ("requires_capture", Money(26500), Money(0), "7")
    assert held.held_until == NOW + timedelta(days=7)
    drawn = stripe_client.capture(intent, Money(20000), key="b")
    assert (drawn.state, drawn.held, drawn.drawn) == ("succeeded", Money(0), Money(20000))
    with pytest.raises(OursToMend) as no:
        stripe_client.capture(intent, Money(100), key="c")
    assert no.value.code == "payment_intent_unexpected_state"


def test_the_same_key_is_the_same_refund_and_another_body_an_error(stripe):
    intent = paid(stripe, at_delivery=False)
    first = stripe_client.refund(intent, Money(500), ours=1, key="r")
    again = stripe_client.refund(intent, Money(500), ours=1, key="r")
    assert first == again
    assert (first.refund, first.amount) == ("1", Money(500))
    with pytest.raises(OursToMend):
        stripe_client.refund(intent, Money(600), ours=1, key="r")
    assert len(stripe_client.refunds_of(intent)) == 1
    with pytest.raises(OursToMend) as no:
        stripe_client.refund(intent, Money(26001), ours=2, key="s")
    assert no.value.code == "amount_too_large"


def test_what_is_passed_on_comes_of_a_charge_and_can_be_taken_back(stripe):
    charge = stripe_client.intent(paid(stripe, at_delivery=False)).charge_id or ""
    transfer = stripe_client.transfer("acct_1Lju", Money(16000), charge, order_number=1001, ours=3, key="t")
    assert stripe_client.take_back(transfer, Money(1000), ours=4, key="u")
    with pytest.raises(OursToMend):
        stripe_client.take_back(transfer, Money(15001), ours=5, key="v")
    with pytest.raises(OursToMend):
        stripe_client.transfer("acct_1Lju", Money(10501), charge, order_number=1001, ours=6, key="w")


@pytest.mark.parametrize("how", ["500", "500 after", "drop", "slow"])
def test_trouble_at_stripe_is_for_later(stripe, how):
    stripe.troubles = [Trouble("/v1/checkout", how, seconds=1.5)]
    with pytest.raises(TryLater):
        stripe_client.open_session(to_pay(), key="a")


def test_nobody_there_is_for_later():
    app = Flask(__name__)
    app.config.update(STRIPE_SECRET_KEY=KEY, STRIPE_BASE="http://127.0.0.1:9", STRIPE_PATIENCE=(1.0, 1.0))
    with app.app_context(), pytest.raises(TryLater):
        stripe_client.intent("pi_1")


def test_each_other_no_says_whose_it_is(stripe):
    intent = paid(stripe)
    stripe.books.card_refuses_capture = True
    with pytest.raises(Declined):
        stripe_client.capture(intent, Money(100), key="b")
    with pytest.raises(OursToMend) as no:
        stripe_client.intent("pi_nowhere")
    assert no.value.code == "resource_missing"
    stripe.key = "sk_test_another"
    with pytest.raises(OursToMend):
        stripe_client.intent(intent)


def test_a_page_elsewhere_is_not_believed(stripe):
    stripe.books.pages = "https://evil.example"
    with pytest.raises(OursToMend):
        stripe_client.open_session(to_pay(), key="a")


def test_what_stripe_signed_is_read(stripe):
    intent = paid(stripe)
    body, signature = stripe.signed(stripe.books.events[-1])
    told = stripe_client.read_event(body, signature, now=NOW)
    assert (told.kind, told.intent_id) == ("checkout.session.completed", intent)
    assert told.created == NOW


@pytest.mark.parametrize("shift", [-301, 301])
def test_what_was_signed_at_another_time_is_not_believed(stripe, shift):
    paid(stripe)
    body, signature = stripe.signed(stripe.books.events[0], at=NOW.timestamp() + shift)
    with pytest.raises(NotGenuine):
        stripe_client.read_event(body, signature, now=NOW)


def test_what_another_signed_or_changed_is_not_believed(stripe):
    paid(stripe)
    event = stripe.books.events[0]
    body, signature = stripe.signed(event, secret="whsec_of_another")
    for data, header in ((body, signature), (body, ""), (body, "t=1,v1=2"), (body, "nonsense")):
        with pytest.raises(NotGenuine):
            stripe_client.read_event(data, header, now=NOW)
    body, signature = stripe.signed(event)
    with pytest.raises(NotGenuine):
        stripe_client.read_event(body.replace(b"26500", b"1"), signature, now=NOW)
    with pytest.raises(NotGenuine):
        stripe_client.read_event(b"\xff\xfe", signature, now=NOW)


@pytest.mark.parametrize("event", [[], {}, {"id": 1, "type": "x", "created": 1, "data": {"object": {"id": "y"}}}])
def test_what_is_signed_but_no_event_is_not_believed(stripe, event):
    with pytest.raises(NotGenuine):
        stripe_client.read_event(*stripe.signed(event), now=NOW)


def test_the_checker_finds_what_stripe_would_not_understand():
    assert stripe_params.faults("POST /v1/refunds", {"amount": "12", "payment_intent": "pi_1"}) == []
    assert stripe_params.faults("POST /v1/refunds", {"amount": "12,50"})
    assert stripe_params.faults("POST /v1/refunds", {"sum": "12"})
    assert stripe_params.faults("POST /v1/refunds", {"reason": "because"})
    assert stripe_params.faults("POST /v1/transfers", {"amount": "12"}) == [
        ".currency: missing", ".destination: missing"
    ]  # fmt: skip
    assert stripe_params.faults("POST /v1/checkout/sessions", {"line_items": [{"price_data": {"unit_amount": "1"}}]})


@pytest.mark.skipif(
    not Path(os.environ.get("STRIPE_OPENAPI", "")).is_file(), reason="Stripe's OpenAPI description is not at hand"
)
def test_every_request_is_in_stripes_own_description(stripe):
    intent = paid(stripe)
    stripe_client.session(stripe.books.all("checkout.session")[0]["id"])
    stripe_client.capture(intent, Money(20000), key="b")
    stripe_client.refund(intent, Money(500), ours=1, key="r")
    stripe_client.refunds_of(intent)
    charge = stripe_client.intent(intent).charge_id or ""
    transfer = stripe_client.transfer("acct_1Lju", Money(1000), charge, order_number=1001, ours=3, key="t")
    stripe_client.take_back(transfer, Money(100), ours=4, key="u")
    stripe_client.dispute(stripe.books.dispute(intent)["id"])
    assert stripe_params.description() is not None
    assert [(name, stripe_params.faults(name, params)) for name, params, _key in stripe.requests] == [
        (name, []) for name, _params, _key in stripe.requests
    ]


def test_a_description_that_is_at_hand_is_heeded(tmp_path, monkeypatch):
    """In the shape in which Stripe publishes it: what it does not know, lacks or forbids is found."""
    amounts = {"amount": {"type": "integer"}, "payment_intent": {"type": "string", "maxLength": 10}}
    more = {
        "reason": {"type": "string", "enum": ["duplicate"]},
        "expand": {"type": "array", "items": {"type": "string"}},
    }
    either = {"metadata": {"anyOf": [{"type": "object", "additionalProperties": {"type": "string"}}, {"enum": [""]}]}}
    schema = {"type": "object", "required": ["payment_intent"], "properties": {**amounts, **more, **either}}
    body = {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    named = tmp_path / "spec3.json"
    named.write_text(json.dumps({"paths": {"/v1/refunds": {"post": {"requestBody": body}}}}), encoding="utf-8")
    monkeypatch.setenv("STRIPE_OPENAPI", str(named))
    stripe_params.description.cache_clear()
    good = {"payment_intent": "pi_1", "amount": "5", "metadata": {"refund": "1"}, "expand": ["charge"]}
    try:
        assert stripe_params.faults("POST /v1/refunds", good) == []
        for wrong in (
            {"amount": "5"},
            {**good, "amount": "5,0"},
            {**good, "payment_intent": "pi_123456789"},
            {**good, "reason": "fraudulent"},
            {**good, "charge": "ch_1"},
            {**good, "metadata": {"refund": {"a": "b"}}},
        ):
            assert stripe_params.faults("POST /v1/refunds", wrong), wrong
    finally:
        stripe_params.description.cache_clear()
