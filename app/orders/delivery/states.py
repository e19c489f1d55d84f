"""What is charged beside the lines, and where a return stands. Pure."""

from __future__ import annotations

from enum import StrEnum


class ChargeKind(StrEnum):
    """What an order costs beside its lines."""

    DELIVERY = "delivery"
    AGAIN = "again"
    """A second attempt, when nobody was at home."""
    DEPOSIT = "deposit"
    """What should have come back and did not, or not in order."""
    RETURNED = "returned"
    """Goods that came back in order."""


class AfterMissed(StrEnum):
    """What the customer chose when nobody was at home."""

    AGAIN = "again"
    COLLECT = "collect"


class ReturnKind(StrEnum):
    """What comes back."""

    GOODS = "goods"
    DEPOSIT = "deposit"
    """The basket or box in which goods came."""


class ReturnState(StrEnum):
    """Where a return stands."""

    REGISTERED = "registered"
    RECEIVED = "received"
