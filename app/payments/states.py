"""Where payments, refunds, disputes and payouts can stand, and which moves are legal. Pure."""

from __future__ import annotations

from enum import StrEnum


class PaymentWay(StrEnum):
    """How the money comes."""

    CARD = "card"
    BANK = "bank"


class PaymentState(StrEnum):
    """Where a payment stands. What has been given back is counted on its refunds, not here."""

    OPENED = "opened"
    """The customer has been asked to pay, and has not yet."""
    AUTHORISED = "authorised"
    """The bank holds the amount for us; nothing has been drawn."""
    CAPTURING = "capturing"
    """How much is to be drawn has been decided, and Stripe is asked until it has answered."""
    CAPTURED = "captured"
    """Drawn, all of it or a part."""
    SURPLUS = "surplus"
    """Money for an order that is paid already or no longer stands: it goes back."""
    CANCELLED = "cancelled"
    """Nothing was drawn, and nothing will be."""
    EXPIRED = "expired"
    """The time to pay ran out."""
    FAILED = "failed"
    """Stripe said no for good."""
    REFUNDED = "refunded"
    """All that was drawn has been given back."""


PAYMENT_MOVES = {
    PaymentState.OPENED: {
        PaymentState.AUTHORISED,
        PaymentState.CAPTURED,
        PaymentState.SURPLUS,
        PaymentState.CANCELLED,
        PaymentState.EXPIRED,
        PaymentState.FAILED,
    },
    PaymentState.AUTHORISED: {
        PaymentState.CAPTURING,
        PaymentState.CAPTURED,
        PaymentState.CANCELLED,
        PaymentState.FAILED,
    },
    PaymentState.CAPTURING: {PaymentState.CAPTURED, PaymentState.CANCELLED, PaymentState.FAILED},
    PaymentState.CAPTURED: {PaymentState.REFUNDED},
    PaymentState.SURPLUS: {PaymentState.CANCELLED, PaymentState.REFUNDED},
    # Paid in the moment in which we gave up waiting: it pays the order if that still waits, else it goes back.
    PaymentState.CANCELLED: {PaymentState.AUTHORISED, PaymentState.CAPTURED, PaymentState.SURPLUS},
    PaymentState.EXPIRED: {PaymentState.AUTHORISED, PaymentState.CAPTURED, PaymentState.SURPLUS},
    PaymentState.FAILED: {PaymentState.AUTHORISED, PaymentState.CAPTURED, PaymentState.SURPLUS},
    PaymentState.REFUNDED: {PaymentState.CAPTURED, PaymentState.SURPLUS},  # a refund came back from the bank
}
GOOD = (PaymentState.AUTHORISED, PaymentState.CAPTURING, PaymentState.CAPTURED)
"""The states in which a payment pays its order. An order has at most one of these."""
IN_SWEDISH = {
    PaymentState.OPENED: "öppnad",
    PaymentState.AUTHORISED: "reserverad",
    PaymentState.CAPTURING: "på väg att dras",
    PaymentState.CAPTURED: "dragen",
    PaymentState.SURPLUS: "en för mycket",
    PaymentState.CANCELLED: "släppt",
    PaymentState.EXPIRED: "förfallen",
    PaymentState.FAILED: "misslyckad",
    PaymentState.REFUNDED: "återbetald",
}


class MoveKind(StrEnum):
    """What has happened to a payment."""

    OPENED = "opened"
    SENT_ON = "sent_on"
    """Stripe's page is ready for the customer."""
    DECLINED = "declined"
    """The bank said no to one try; the customer may try again."""
    AUTHORISED = "authorised"
    CAPTURE_ASKED = "capture_asked"
    CAPTURED = "captured"
    SURPLUS = "surplus"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"
    REFUND_ASKED = "refund_asked"
    REFUND_MOVED = "refund_moved"
    REFUND_DONE = "refund_done"
    REFUND_FAILED = "refund_failed"
    DISPUTED = "disputed"
    DISPUTE_CLOSED = "dispute_closed"
    NOT_BELIEVED = "not_believed"
    """Stripe said something that does not agree with what we asked for."""


class RefundState(StrEnum):
    """Where a refund stands."""

    CREATED = "created"
    """Decided here; Stripe is asked until it has answered."""
    IN_TRANSIT = "in_transit"
    """On its way to the customer's bank."""
    DONE = "done"
    FAILED = "failed"


REFUND_MOVES = {
    RefundState.CREATED: {RefundState.IN_TRANSIT, RefundState.DONE, RefundState.FAILED},
    RefundState.IN_TRANSIT: {RefundState.DONE, RefundState.FAILED},
    RefundState.DONE: {RefundState.FAILED},  # the bank could not take it and sent it back, days later
    RefundState.FAILED: set(),
}


class RefundSource(StrEnum):
    """Who decided that money goes back."""

    FINANCE = "finance"
    HOUSE = "house"
    """By itself: less came than was drawn, a credit note was issued, or it was paid twice."""
    DASHBOARD = "dashboard"
    """Somebody at Stripe's own pages, past us."""


class DisputeState(StrEnum):
    """What became of a customer's objection at its bank."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


DISPUTED_BECAUSE = {
    "fraudulent": "kunden säger sig inte ha gjort köpet",
    "unrecognized": "kunden känner inte igen köpet",
    "product_not_received": "varan har inte kommit",
    "product_unacceptable": "varan är inte som den skulle vara",
    "duplicate": "kunden säger sig ha betalat två gånger",
    "credit_not_processed": "kunden väntar på en återbetalning",
    "general": "kunden har inte sagt varför",
}
"""Stripe's reasons that are met in shops, as finance reads them."""


class EventOutcome(StrEnum):
    """What came of something that Stripe told us."""

    WAITING = "waiting"
    DEALT = "dealt"
    IGNORED = "ignored"
    """It concerns nothing of ours."""


class TaskKind(StrEnum):
    """What finance has to look at."""

    MISMATCH = "mismatch"
    PAID_TWICE = "paid_twice"
    DASHBOARD_REFUND = "dashboard_refund"
    REFUND_FAILED = "refund_failed"
    CAPTURE_FAILED = "capture_failed"
    DISPUTE = "dispute"
    PAYOUT = "payout"
    OVERPAID = "overpaid"
    """More came by bank than the invoice asked for."""
    DEDUCTION = "deduction"
    """What the tax agency was told of a payment does not hold."""


class PayoutState(StrEnum):
    """Where what is passed on to a member stands."""

    CREATED = "created"
    DONE = "done"
    FAILED = "failed"


PAYOUT_MOVES = {
    PayoutState.CREATED: {PayoutState.DONE, PayoutState.FAILED},
    PayoutState.DONE: set(),
    PayoutState.FAILED: {PayoutState.CREATED},
}
