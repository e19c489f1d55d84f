"""What the stand-in for Stripe keeps: sessions, intents, charges, refunds, disputes, transfers, and its events.

It refuses what Stripe refuses: to draw or to give back more than there is, twice, or what is no longer held.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
HELD_SECONDS = 7 * 24 * 3600


class No(Exception):  # noqa: N818
    """An error as Stripe words it."""

    def __init__(self, status: int, kind: str, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": kind, "message": message, **({"code": code} if code else {})}}


def no(message: str, code: str = "") -> No:
    """A request that makes no sense."""
    return No(400, "invalid_request_error", message, code)


@dataclass
class Books:
    """All that has happened at this Stripe."""

    pages: str = ""
    """Address of its pages."""
    clock: Callable[[], float] = time.time
    rows: dict[str, Row] = field(default_factory=dict)
    events: list[Row] = field(default_factory=list)
    refunds_take_time: bool = False
    """Whether refunds begin as pending."""
    card_refuses_capture: bool = False
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def all(self, kind: str) -> list[Row]:
        """Every row of a kind, oldest first."""
        return [row for row in self.rows.values() if row["object"] == kind]

    def listed(self, kind: str, name: str, value: str) -> Row:
        """Those of a kind that have this value, the newest first, as Stripe lists them."""
        found = [one for one in self.all(kind)[::-1] if one[name] == value]
        return {"object": "list", "has_more": False, "url": f"/v1/{kind}s", "data": found}

    def get(self, id_: str, kind: str) -> Row:
        """One of them. Raises No."""
        row = self.rows.get(id_)
        if row is None or row["object"] != kind:
            raise No(404, "invalid_request_error", f"No such {kind}: '{id_}'", "resource_missing")
        return row

    def _new(self, prefix: str, kind: str, **values: Any) -> Row:
        id_ = f"{prefix}_test_{next(self.numbers):06d}"
        row = {"id": id_, "object": kind, "created": int(self.clock()), "livemode": False, **values}
        self.rows[id_] = row
        return row

    def tell(self, kind: str, about: Row) -> Row:
        """Write an event down, with the object as it is now."""
        frozen = json.loads(json.dumps(about))
        event = self._new("evt", "event", type=kind, api_version="2026-10-28.endive", data={"object": frozen})
        event["pending_webhooks"], event["request"] = 1, {"id": None, "idempotency_key": None}
        self.events.append(event)
        return event

    def open_session(self, params: Row) -> Row:
        """A page on which a customer can pay."""
        price = params["line_items"][0]["price_data"]
        wait = int(params["expires_at"]) - self.clock()
        if wait + 1 < 30 * 60 or wait > 24 * 3600 + 1:
            raise no("The `expires_at` timestamp must be between 30 minutes and 24 hours from now.")
        if int(price["unit_amount"]) < 300:
            raise no("The Checkout Session's total amount due must add up to at least 3.00 kr sek", "amount_too_small")
        row = self._new("cs", "checkout.session", mode="payment", status="open", payment_status="unpaid")
        row |= {"amount_total": int(price["unit_amount"]), "currency": price["currency"], "payment_intent": None}
        row |= {"client_reference_id": params.get("client_reference_id"), "metadata": params.get("metadata", {})}
        row |= {"expires_at": int(params["expires_at"]), "url": f"{self.pages}/pay/{row['id']}"}
        row |= {"success_url": params["success_url"], "cancel_url": params["cancel_url"]}
        row["_intent"] = params.get("payment_intent_data", {})
        row["locale"] = params.get("locale")
        return row

    def expire(self, id_: str) -> Row:
        """The time is out, or we asked for it."""
        session = self.get(id_, "checkout.session")
        if session["status"] != "open":
            raise no('Only Checkout Sessions with a status in ["open"] can be expired.')
        session |= {"status": "expired", "url": None}
        self.tell("checkout.session.expired", session)
        return session

    def pay(self, id_: str, *, amount: int | None = None, currency: str | None = None, told: bool = True) -> Row:
        """The customer pays on the page. With `amount` or `currency` something else is paid than was asked."""
        session = self.get(id_, "checkout.session")
        if session["status"] != "open":
            raise no("This Checkout Session can no longer be paid.")
        intent = self._intent_of(session)
        if amount is not None:
            intent["amount"] = session["amount_total"] = amount
        if currency is not None:
            intent["currency"] = session["currency"] = currency
        by_hand = intent["capture_method"] == "manual"
        charge = self._charge(intent, captured=not by_hand)
        intent |= {"status": "requires_capture" if by_hand else "succeeded", "latest_charge": charge["id"]}
        intent["amount_capturable"] = intent["amount"] if by_hand else 0
        intent["amount_received"] = 0 if by_hand else intent["amount"]
        session |= {"status": "complete", "payment_status": "paid" if not by_hand else "unpaid", "url": None}
        if told:
            self.tell("payment_intent.amount_capturable_updated" if by_hand else "payment_intent.succeeded", intent)
            self.tell("checkout.session.completed", session)
        return intent

    def decline(self, id_: str) -> Row:
        """The customer's bank says no; the page stays open for another try."""
        intent = self._intent_of(self.get(id_, "checkout.session"))
        intent["last_payment_error"] = {"type": "card_error", "code": "card_declined", "message": "Kortet nekades."}
        self.tell("payment_intent.payment_failed", intent)
        return intent

    def _intent_of(self, session: Row) -> Row:
        if session["payment_intent"]:
            return self.rows[session["payment_intent"]]
        asked = session["_intent"]
        intent = self._new("pi", "payment_intent", status="requires_payment_method", amount=session["amount_total"])
        intent |= {"currency": session["currency"], "metadata": asked.get("metadata", {}), "latest_charge": None}
        intent |= {"capture_method": asked.get("capture_method", "automatic"), "last_payment_error": None}
        intent |= {"amount_capturable": 0, "amount_received": 0, "transfer_group": asked.get("transfer_group")}
        session["payment_intent"] = intent["id"]
        return intent

    def _charge(self, intent: Row, *, captured: bool) -> Row:
        same = {"amount": intent["amount"], "currency": intent["currency"], "payment_intent": intent["id"]}
        charge = self._new("ch", "charge", captured=captured, refunded=False, amount_refunded=0, disputed=False, **same)
        charge["amount_captured"] = intent["amount"] if captured else 0
        card = {"brand": "visa", "last4": "4242"}
        charge["payment_method_details"] = {"type": "card", "card": card}
        if not captured:
            card["capture_before"] = int(self.clock()) + HELD_SECONDS  # type: ignore[assignment]
        return charge

    def capture(self, id_: str, params: Row) -> Row:
        """Draw what is held, once."""
        intent = self.get(id_, "payment_intent")
        if intent["status"] != "requires_capture":
            raise no(
                "This PaymentIntent could not be captured because it has a status of " + intent["status"],
                "payment_intent_unexpected_state",
            )
        amount = int(params.get("amount_to_capture", intent["amount_capturable"]))
        if not 0 < amount <= intent["amount_capturable"]:
            raise no("The amount to capture is greater than what can be captured.", "amount_too_large")
        if self.card_refuses_capture:
            raise No(402, "card_error", "Kortet är spärrat.", "card_declined")
        charge = self.rows[intent["latest_charge"]]
        intent |= {"status": "succeeded", "amount_capturable": 0, "amount_received": amount}
        charge |= {"captured": True, "amount_captured": amount}
        self.tell("charge.captured", charge)
        self.tell("payment_intent.succeeded", intent)
        return intent

    def cancel(self, id_: str) -> Row:
        """Let go of what is held, or stop waiting for it."""
        intent = self.get(id_, "payment_intent")
        if intent["status"] not in {"requires_capture", "requires_payment_method"}:
            raise no(
                "You cannot cancel this PaymentIntent because it has a status of " + intent["status"],
                "payment_intent_unexpected_state",
            )
        intent |= {"status": "canceled", "amount_capturable": 0}
        self.tell("payment_intent.canceled", intent)
        return intent

    def refund(self, params: Row) -> Row:
        """Give back of what was drawn, never more."""
        intent = self.get(params["payment_intent"], "payment_intent")
        if intent["status"] != "succeeded":
            raise no("This PaymentIntent does not have a successful charge to refund.", "charge_not_refundable")
        charge = self.rows[intent["latest_charge"]]
        left = charge["amount_captured"] - charge["amount_refunded"]
        if charge["disputed"]:
            raise no("Charge has been charged back; cannot issue a refund.", "charge_disputed")
        amount = int(params.get("amount", left))
        if not 0 < amount <= left:
            code = "amount_too_large" if left else "charge_already_refunded"
            raise no(f"Refund amount is greater than unrefunded amount on charge ({left})", code)
        same = {"currency": intent["currency"], "payment_intent": intent["id"], "charge": charge["id"]}
        state = "pending" if self.refunds_take_time else "succeeded"
        row = self._new("re", "refund", amount=amount, status=state, metadata=params.get("metadata", {}), **same)
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
        self.tell("refund.created", row)
        self.tell("charge.refunded", charge)
        return row

    def settle_refund(self, id_: str, *, failed: bool = False) -> Row:
        """The bank has taken the money, or sent it back."""
        row = self.get(id_, "refund")
        row["status"] = "failed" if failed else "succeeded"
        if failed:
            charge = self.rows[row["charge"]]
            charge["amount_refunded"] -= row["amount"]
            charge["refunded"] = False
        self.tell("refund.failed" if failed else "refund.updated", row)
        return row

    def dispute(self, intent_id: str, amount: int | None = None) -> Row:
        """The customer objects at its bank, and the money is taken from us meanwhile."""
        charge = self.rows[self.get(intent_id, "payment_intent")["latest_charge"]]
        same = {"currency": charge["currency"], "payment_intent": intent_id, "charge": charge["id"]}
        row = self._new(
            "dp",
            "dispute",
            amount=amount or charge["amount_captured"],
            reason="fraudulent",
            status="needs_response",
            **same,
        )
        charge["disputed"] = True
        self.tell("charge.dispute.created", row)
        return row

    def close_dispute(self, id_: str, *, won: bool) -> Row:
        """The bank has decided."""
        row = self.get(id_, "dispute")
        row["status"] = "won" if won else "lost"
        if won:
            self.rows[row["charge"]]["disputed"] = False
        self.tell("charge.dispute.closed", row)
        return row

    def transfer(self, params: Row) -> Row:
        """Pass on of a charge, never more than was drawn."""
        charge = self.get(params["source_transaction"], "charge")
        if not charge["captured"]:
            raise no("Cannot use an uncaptured charge as a source_transaction.")
        gone = sum(one["amount"] for one in self.all("transfer") if one["source_transaction"] == charge["id"])
        if not 0 < int(params["amount"]) <= charge["amount_captured"] - gone:
            raise no("Insufficient funds in the source_transaction.", "balance_insufficient")
        if not params["destination"].startswith("acct_"):
            raise no(f"No such destination: '{params['destination']}'", "resource_missing")
        same = {name: params.get(name) for name in ("currency", "destination", "source_transaction", "transfer_group")}
        row = self._new("tr", "transfer", amount=int(params["amount"]), amount_reversed=0, reversed=False, **same)
        row["metadata"] = params.get("metadata", {})
        return row

    def reverse(self, id_: str, params: Row) -> Row:
        """Take back of a transfer, never more than is left of it."""
        transfer = self.get(id_, "transfer")
        left = transfer["amount"] - transfer["amount_reversed"]
        amount = int(params.get("amount", left))
        if not 0 < amount <= left:
            raise no("Reversal amount is greater than unreversed amount on transfer.", "amount_too_large")
        transfer["amount_reversed"] += amount
        transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
        same = {"currency": transfer["currency"], "transfer": id_, "metadata": params.get("metadata", {})}
        return self._new("trr", "transfer_reversal", amount=amount, **same)
