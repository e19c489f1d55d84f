"""Where a quote can stand, and which moves are legal. Pure."""

from __future__ import annotations

from enum import StrEnum


class QuoteState(StrEnum):
    """That the validity has run out is no state: it follows from the day, see `QuoteVersion.is_valid`."""

    REQUESTED = "requested"
    """The customer has asked, and waits for us."""
    DRAFT = "draft"
    """Staff write it of their own accord."""
    SENT = "sent"
    CHANGE_ASKED = "change_asked"
    """The customer wants it otherwise. What was sent still holds until something else is."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


QUOTE_MOVES = {
    QuoteState.REQUESTED: {QuoteState.SENT, QuoteState.WITHDRAWN},
    QuoteState.DRAFT: {QuoteState.SENT, QuoteState.WITHDRAWN},
    QuoteState.SENT: {
        QuoteState.SENT,  # another version
        QuoteState.CHANGE_ASKED,
        QuoteState.ACCEPTED,
        QuoteState.DECLINED,
        QuoteState.WITHDRAWN,
    },
    QuoteState.CHANGE_ASKED: {QuoteState.SENT, QuoteState.ACCEPTED, QuoteState.DECLINED, QuoteState.WITHDRAWN},
    QuoteState.ACCEPTED: set(),
    QuoteState.DECLINED: {QuoteState.SENT},
    QuoteState.WITHDRAWN: {QuoteState.SENT},
}
IN_SWEDISH = {
    QuoteState.REQUESTED: "inte skickad än",
    QuoteState.DRAFT: "inte skickad än",
    QuoteState.SENT: "skickad",
    QuoteState.CHANGE_ASKED: "besvarad med önskemål om ändring",
    QuoteState.ACCEPTED: "redan antagen",
    QuoteState.DECLINED: "redan avböjd",
    QuoteState.WITHDRAWN: "återtagen",
}
OPEN = (QuoteState.SENT, QuoteState.CHANGE_ASKED)
"""The states in which what was sent can be accepted."""
TO_ANSWER = (QuoteState.REQUESTED, QuoteState.CHANGE_ASKED)
"""The states in which the customer waits for us."""


class QuoteEventKind(StrEnum):
    """What has happened to a quote."""

    REQUESTED = "requested"
    BEGUN = "begun"
    SENT = "sent"
    REMINDED = "reminded"
    CHANGE_ASKED = "change_asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class AcceptedHow(StrEnum):
    """How the customer said yes."""

    ONLINE = "online"
    TELEPHONE = "telephone"
    EMAIL = "email"


HOW_IN_SWEDISH = {AcceptedHow.TELEPHONE: "per telefon", AcceptedHow.EMAIL: "per e-post"}
