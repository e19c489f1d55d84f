"""Ways and states of an invoice that is to be sent, when it is tried again, and which way it takes. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from app.customers.models import InvoiceRoute


class DispatchRoute(StrEnum):
    """The way by which an invoice leaves us."""

    ACCESS_POINT = "access_point"
    FOLDER = "folder"
    EMAIL = "email"
    HAND = "hand"
    """Somebody prints and posts it, or enters it at the buyer's own site."""


class DispatchState(StrEnum):
    """Where an invoice stands on its way."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    """The receiver's side has said that it has it."""
    FAILED = "failed"
    """Nothing more happens by itself."""
    BY_HAND = "by_hand"
    """Somebody has seen to it in another way."""


MOVES = {
    DispatchState.QUEUED: {DispatchState.SENT, DispatchState.DELIVERED, DispatchState.FAILED, DispatchState.BY_HAND},
    DispatchState.SENT: {DispatchState.DELIVERED, DispatchState.FAILED},
    # Good news may come late, of what we had given up or had a letter sent again for.
    DispatchState.FAILED: {
        DispatchState.QUEUED,
        DispatchState.SENT,
        DispatchState.DELIVERED,
        DispatchState.BY_HAND,
    },
    DispatchState.DELIVERED: set(),
    DispatchState.BY_HAND: {DispatchState.DELIVERED},
}
"""Which state may follow which. What has been delivered is delivered."""

IN_WORDS = {
    DispatchState.QUEUED: "i kö",
    DispatchState.SENT: "skickad",
    DispatchState.DELIVERED: "framme",
    DispatchState.FAILED: "inte skickad",
    DispatchState.BY_HAND: "skickad för hand",
}

RETRIES = tuple(timedelta(minutes=one) for one in (1, 5, 30, 2 * 60, 5 * 60, 10 * 60, 14 * 60, 18 * 60, 22 * 60))
"""After each try that came to nothing; together about three days. Then a person decides."""
QUESTIONS = tuple(timedelta(minutes=one) for one in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60, 24 * 60, 24 * 60))
"""How long after each other we ask whether what was sent has come."""


def wait_before_try(tries: int) -> timedelta | None:
    """How long to wait after so many tries came to nothing; None when it has been tried long enough."""
    return RETRIES[tries - 1] if tries <= len(RETRIES) else None


def wait_before_question(asked: int) -> timedelta | None:
    """How long to wait after having asked so many times; None when it has been asked long enough."""
    return QUESTIONS[asked] if asked < len(QUESTIONS) else None


NO_WAY = "Kunden vill ha e-faktura, men varken åtkomstpunkt eller mapp är inställd. Skicka fakturan på annat sätt."
ON_PAPER = "Kunden vill ha fakturan på papper. Skriv ut den och posta den."


def choose(wanted: InvoiceRoute, *, access_point: bool, folder: bool) -> tuple[DispatchRoute, str]:
    """The way an invoice takes, and why, where that is for a person to know.

    `access_point` and `folder` say whether this installation has them.
    """
    if wanted == InvoiceRoute.EMAIL:
        return DispatchRoute.EMAIL, ""
    if wanted == InvoiceRoute.PAPER:
        return DispatchRoute.HAND, ON_PAPER
    if access_point:
        return DispatchRoute.ACCESS_POINT, ""
    return (DispatchRoute.FOLDER, "") if folder else (DispatchRoute.HAND, NO_WAY)
