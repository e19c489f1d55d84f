"""What is charged beside the lines, where a return stands, and how a customer would rather have it. Pure."""

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
    CREDITED = "credited"
    """What a credit note gives back of another charge."""


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


class WayWish(StrEnum):
    """How a customer would rather have what it orders without looking, as each time of a standing order."""

    BROUGHT = "brought"
    COLLECT = "collect"
