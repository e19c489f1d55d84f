"""The one door to Stripe, and the only file that loads its library: our values in and out, its errors made ours."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from app.money import Money
from app.payments.stripe_values import (
    Declined,
    DisputeSeen,
    IntentSeen,
    NotGenuine,
    OursToMend,
    RefundSeen,
    SessionSeen,
    Told,
    ToPay,
    TryLater,
)

PATIENCE = (5.0, 20.0)
"""Seconds for a connection, and for an answer. Our own jobs try again: the library does not."""
TOLERANCE = timedelta(minutes=5)
"""How old a signature may be, and how far its clock may be before ours."""
CHECKOUT = "https://checkout.stripe.com"
CURRENCY = "sek"


@cache
def _library() -> Any:
    """Loaded when first asked for: with its HTTP library it is fifteen megabytes, and many houses take no cards."""
    library: Any = importlib.import_module("stripe")
    library.enable_telemetry = False
    return library


@lru_cache(maxsize=4)
def _client(key: str, base: str | None, patience: tuple[float, float]) -> Any:
    """One for each key: it keeps its connections."""
    stripe = _library()
    http = stripe.RequestsClient(timeout=patience)
    addresses: Any = {"api": base, "connect": base, "files": base, "meter_events": base} if base else None
    return stripe.StripeClient(key, base_addresses=addresses, http_client=http, max_network_retries=0)


def _stripe() -> Any:
    """Raises OursToMend when no key is set: then nothing may be asked."""
    key = current_app.config["STRIPE_SECRET_KEY"]
    if not key:
        raise OursToMend("no STRIPE_SECRET_KEY is set")
    return _client(key, current_app.config["STRIPE_BASE"], current_app.config["STRIPE_PATIENCE"]).v1


def takes_cards() -> bool:
    """Whether this installation takes cards."""
    return bool(current_app.config["STRIPE_SECRET_KEY"])


def pages() -> str:
    """From which origin the pages come on which customers pay."""
    return str(current_app.config["STRIPE_BASE"] or CHECKOUT)


@contextmanager
def _asking() -> Iterator[None]:
    """Make the library's errors ours."""
    stripe = _library()
    try:
        yield
    except stripe.CardError as no:
        raise Declined(_words(no), no.code or "") from no
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as later:
        raise TryLater(_words(later), later.code or "") from later
    except stripe.StripeError as wrong:
        busy = wrong.http_status in {409, 429} or wrong.code in {"lock_timeout", "idempotency_key_in_use"}
        if busy or (wrong.http_status or 0) >= 500:
            raise TryLater(_words(wrong), wrong.code or "") from wrong
        raise OursToMend(_words(wrong), wrong.code or "") from wrong


def _words(error: Any) -> str:
    return (error.user_message or str(error))[:500]


def open_session(asked: ToPay, *, key: str) -> SessionSeen:
    """Stripe's page on which the customer pays. Raises TryLater and OursToMend.

    Raises OursToMend too when the page is not where Stripe's pages are: no customer is sent elsewhere.
    """
    ours = {"payment": str(asked.payment_id), "order": str(asked.order_number)}
    product = {"name": asked.name}
    price = {"currency": CURRENCY, "unit_amount": asked.amount.ore, "product_data": product}
    with _asking():
        made = _stripe().checkout.sessions.create(
            {
                "mode": "payment",
                "line_items": [{"quantity": 1, "price_data": price}],
                "client_reference_id": str(asked.order_number),
                "customer_email": asked.email,
                "locale": asked.language,
                "success_url": asked.back,
                "cancel_url": asked.gave_up,
                "expires_at": int(asked.open_until.timestamp()),
                "metadata": ours,
                "allowed_payment_method_types": ["card"],
                "payment_intent_data": {
                    "capture_method": "manual" if asked.at_delivery else "automatic",
                    "description": asked.name,
                    "metadata": ours,
                    "transfer_group": f"order-{asked.order_number}",
                },
            },
            {"idempotency_key": key},
        )
        seen = _session(made)
    if seen.url is not None and _origin(seen.url) != _origin(pages()):
        raise OursToMend(f"the page is at {_origin(seen.url)}")
    return seen


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def session(session_id: str) -> SessionSeen:
    """How it stands now. Raises TryLater and OursToMend."""
    with _asking():
        return _session(_stripe().checkout.sessions.retrieve(session_id))


def expire_session(session_id: str, *, key: str) -> SessionSeen:
    """Wait for the customer no longer. Raises OursToMend when it has paid or the time has run out."""
    with _asking():
        return _session(_stripe().checkout.sessions.expire(session_id, {}, {"idempotency_key": key}))


def intent(intent_id: str) -> IntentSeen:
    """How it stands now. Raises TryLater and OursToMend."""
    with _asking():
        return _intent(_stripe().payment_intents.retrieve(intent_id, {"expand": ["latest_charge"]}))


def capture(intent_id: str, amount: Money, *, key: str) -> IntentSeen:
    """Draw so much of what is held; the rest is let go. Raises TryLater, Declined and OursToMend."""
    wanted = {"amount_to_capture": amount.ore, "expand": ["latest_charge"]}
    with _asking():
        return _intent(_stripe().payment_intents.capture(intent_id, wanted, {"idempotency_key": key}))


def cancel(intent_id: str, *, key: str) -> IntentSeen:
    """Let go of what is held. Raises TryLater, and OursToMend when it has been drawn."""
    with _asking():
        return _intent(_stripe().payment_intents.cancel(intent_id, {}, {"idempotency_key": key}))


def refund(intent_id: str, amount: Money, *, ours: int, key: str) -> RefundSeen:
    """Give so much back. Raises TryLater, and OursToMend for more than is left."""
    wanted = {"payment_intent": intent_id, "amount": amount.ore, "metadata": {"refund": str(ours)}}
    with _asking():
        return _refund(_stripe().refunds.create(wanted, {"idempotency_key": key}))


def refunds_of(intent_id: str) -> list[RefundSeen]:
    """All that has been given back, the newest first."""
    with _asking():
        return [_refund(one) for one in _stripe().refunds.list({"payment_intent": intent_id, "limit": 100}).data]


def dispute(dispute_id: str) -> DisputeSeen:
    """How it stands now."""
    with _asking():
        seen = _stripe().disputes.retrieve(dispute_id).to_dict()
    intent_id = _id(seen.get("payment_intent"))
    amount, said = Money(seen["amount"]), (seen["currency"], seen["reason"])
    return DisputeSeen(seen["id"], seen["status"], amount, *said, intent_id)


def transfer(account: str, amount: Money, charge_id: str, *, order_number: int, ours: int, key: str) -> str:
    """Pass so much of a charge on to a member's account; gives the transfer's id. Raises TryLater and OursToMend."""
    wanted = {
        "amount": amount.ore,
        "currency": CURRENCY,
        "destination": account,
        "source_transaction": charge_id,
        "transfer_group": f"order-{order_number}",
        "metadata": {"payout": str(ours), "order": str(order_number)},
    }
    with _asking():
        return str(_stripe().transfers.create(wanted, {"idempotency_key": key}).id)


def transfer_made(order_number: int, ours: int) -> str | None:
    """The transfer that a payout of ours became, where it did."""
    with _asking():
        found = _stripe().transfers.list({"transfer_group": f"order-{order_number}", "limit": 100}).data
        return _made(found, "payout", ours)


def reversal_made(transfer_id: str, ours: int) -> str | None:
    """What a reversal of ours became, where it did."""
    with _asking():
        return _made(_stripe().transfers.reversals.list(transfer_id, {"limit": 100}).data, "reversal", ours)


def _made(found: Any, name: str, ours: int) -> str | None:
    rows = (one.to_dict() for one in found)
    return next((str(row["id"]) for row in rows if (row.get("metadata") or {}).get(name) == str(ours)), None)


def take_back(transfer_id: str, amount: Money, *, ours: int, key: str) -> str:
    """Take so much of a transfer back; gives the reversal's id. Raises TryLater and OursToMend."""
    wanted = {"amount": amount.ore, "metadata": {"reversal": str(ours)}}
    with _asking():
        return str(_stripe().transfers.reversals.create(transfer_id, wanted, {"idempotency_key": key}).id)


def read_event(body: bytes, signature: str, *, now: datetime) -> Told:
    """What Stripe tells us. Raises NotGenuine for anything that it has not signed within the last five minutes.

    The time is compared with our clock, not by the library, which would ask the machine.
    """
    secret = current_app.config["STRIPE_WEBHOOK_SECRET"]
    stripe = _library()
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret, tolerance=None)
        signed = datetime.fromtimestamp(int(_timestamp(signature)), tz=UTC)
        if abs(now - signed) > TOLERANCE:
            raise NotGenuine("signed at another time")
        return _told(json.loads(body))
    except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, OverflowError, StopIteration) as wrong:
        raise NotGenuine(type(wrong).__name__) from wrong


def _timestamp(signature: str) -> str:
    """The library verifies with the first of them, and so do we."""
    return next(part[2:] for part in signature.split(",") if part.startswith("t="))


def _told(event: dict[str, Any]) -> Told:
    about = event["data"]["object"]
    created = datetime.fromtimestamp(int(event["created"]), tz=UTC)
    intent_id = about["id"] if about.get("object") == "payment_intent" else _id(about.get("payment_intent"))
    ours = str((about.get("metadata") or {}).get("payment", ""))
    payment_id = int(ours) if ours.isascii() and ours.isdecimal() and len(ours) < 10 else None
    return Told(_text(event["id"]), _text(event["type"]), created, _text(about["id"]), intent_id, payment_id)


def _text(value: object) -> str:
    """Raises ValueError for what is no short text."""
    if not isinstance(value, str) or not 0 < len(value) <= 255:
        raise ValueError(f"no id: {value!r:.40}")
    return value


def _id(whole: Any) -> str | None:
    """Stripe gives an object's id, or the whole object where it was asked to."""
    return whole if whole is None or isinstance(whole, str) else str(whole["id"])


def _session(answer: Any) -> SessionSeen:
    seen = answer.to_dict()
    return SessionSeen(
        id=seen["id"],
        url=seen.get("url"),
        state=seen["status"],
        amount=Money(seen["amount_total"]),
        currency=seen["currency"],
        reference=seen.get("client_reference_id") or "",
        payment=(seen.get("metadata") or {}).get("payment", ""),
        intent_id=_id(seen.get("payment_intent")),
    )


def _intent(answer: Any) -> IntentSeen:
    seen = answer.to_dict()
    charge, error = seen.get("latest_charge"), seen.get("last_payment_error")
    return IntentSeen(
        id=seen["id"],
        state=seen["status"],
        amount=Money(seen["amount"]),
        currency=seen["currency"],
        payment=(seen.get("metadata") or {}).get("payment", ""),
        held=Money(seen.get("amount_capturable") or 0),
        drawn=Money(seen.get("amount_received") or 0),
        charge_id=_id(charge),
        held_until=_held_until(charge),
        declined=(error.get("message") or "")[:300] if error else "",
    )


def _held_until(charge: Any) -> datetime | None:
    """When the bank lets go, where Stripe knows it (capture_before of the card)."""
    if charge is None or isinstance(charge, str):
        return None
    card = (charge.get("payment_method_details") or {}).get("card") or {}
    moment = card.get("capture_before")
    return datetime.fromtimestamp(moment, tz=UTC) if moment else None


def _refund(answer: Any) -> RefundSeen:
    seen = answer.to_dict()
    ours = str((seen.get("metadata") or {}).get("refund", ""))
    intent_id, amount = _id(seen.get("payment_intent")), Money(seen["amount"])
    return RefundSeen(seen["id"], seen["status"], amount, seen["currency"], intent_id, ours)
