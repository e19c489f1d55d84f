"""What we ask Stripe for and what it says, as our own frozen values; and its three kinds of no. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.money import Money


class Trouble(Exception):  # noqa: N818  the kinds below say what it is
    """Stripe did not do what was asked. `code` is its own word for why, where it gave one."""

    def __init__(self, words: str, code: str = "") -> None:
        super().__init__(words)
        self.code = code


class TryLater(Trouble):
    """Stripe is down, slow, or busy with the same: the same request may be sent again, with the same key."""


class Declined(Trouble):
    """The customer's bank says no."""


class OursToMend(Trouble):
    """Stripe will never do what was asked: a wrong key, a state in which it cannot be, a sum that is too high."""


class NotGenuine(Exception):  # noqa: N818  it is a verdict
    """Something that says it comes from Stripe and does not, or not now."""


@dataclass(frozen=True, slots=True)
class ToPay:
    """What a customer is asked to pay, on Stripe's own page."""

    payment_id: int
    order_number: int
    name: str
    """What the page says that it is for."""
    amount: Money
    email: str
    at_delivery: bool
    """Held now, and drawn later."""
    open_until: datetime
    back: str
    """Address of ours to which the customer comes when it has paid."""
    gave_up: str
    """And when it has not."""
    language: str = "sv"


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """Stripe's page for one customer."""

    id: str
    url: str | None
    """Where the customer pays; none once it has, or once the time has run out."""
    state: str
    """open, complete or expired."""
    amount: Money
    currency: str
    reference: str
    """What we said that it is for: the order's number."""
    payment: str
    """Our payment's id, as we said it."""
    intent_id: str | None


@dataclass(frozen=True, slots=True)
class IntentSeen:
    """What Stripe holds or has drawn."""

    id: str
    state: str
    """requires_payment_method, requires_capture, succeeded, canceled …"""
    amount: Money
    currency: str
    payment: str
    held: Money
    drawn: Money
    charge_id: str | None
    held_until: datetime | None
    declined: str = ""
    """Why the bank said no the last time, in Stripe's words."""


@dataclass(frozen=True, slots=True)
class RefundSeen:
    """Money on its way back."""

    id: str
    state: str
    """pending, requires_action, succeeded, failed, canceled."""
    amount: Money
    currency: str
    intent_id: str | None
    refund: str
    """Our refund's id; empty when it was made past us."""


@dataclass(frozen=True, slots=True)
class DisputeSeen:
    """A customer's objection at its bank."""

    id: str
    state: str
    amount: Money
    currency: str
    reason: str
    intent_id: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """An event, once it is known to be Stripe's."""

    id: str
    kind: str
    created: datetime
    object_id: str
    intent_id: str | None
    payment_id: int | None
    """Ours, as the object says."""


@dataclass(frozen=True, slots=True)
class PaymentSeen:
    """All that Stripe says of a payment."""

    session: SessionSeen | None
    intent: IntentSeen | None
    refunds: Sequence[RefundSeen] = ()
