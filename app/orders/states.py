"""Where orders and assignments can stand, which moves are legal, and what can happen to an order. Pure."""

from __future__ import annotations

from enum import StrEnum


class OrderState(StrEnum):
    """Stored so that the desk can search for it; `actions.settle_state` alone works it out from the parts."""

    AWAITING = "awaiting"
    """Another person at the customer's must approve it first; see `app/approvalflow.py`."""
    UNPAID = "unpaid"
    """The customer is at the card payment; see `app/cardflow.py`."""
    PLACED = "placed"
    CONFIRMED = "confirmed"
    DELIVERED = "delivered"
    CALLED_OFF = "called_off"


ORDER_MOVES = {
    OrderState.AWAITING: {OrderState.PLACED, OrderState.CALLED_OFF},
    OrderState.UNPAID: {OrderState.PLACED, OrderState.CALLED_OFF},
    OrderState.PLACED: {
        OrderState.AWAITING,  # at once, before anybody is asked; so the next
        OrderState.UNPAID,
        OrderState.CONFIRMED,
        OrderState.DELIVERED,
        OrderState.CALLED_OFF,
    },
    OrderState.CONFIRMED: {OrderState.PLACED, OrderState.DELIVERED, OrderState.CALLED_OFF},
    OrderState.DELIVERED: {OrderState.PLACED, OrderState.CONFIRMED},  # something is delivered anew after a complaint
    OrderState.CALLED_OFF: set(),
}
HELD = (OrderState.AWAITING, OrderState.UNPAID)
"""The states in which nobody is asked to make it yet, and no capacity is taken."""
ENDED = (OrderState.DELIVERED, OrderState.CALLED_OFF)
"""The states in which nothing more is to come."""


class AssignmentState(StrEnum):
    """Where a member's part of an order stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    CALLED_OFF = "called_off"
    """The customer no longer wants any of it, or wants it on another day."""
    DELIVERED = "delivered"


ASSIGNMENT_MOVES = {
    AssignmentState.OFFERED: {
        AssignmentState.ACCEPTED,
        AssignmentState.DECLINED,
        AssignmentState.EXPIRED,
        AssignmentState.WITHDRAWN,
        AssignmentState.CALLED_OFF,
    },
    AssignmentState.ACCEPTED: {AssignmentState.DELIVERED, AssignmentState.WITHDRAWN, AssignmentState.CALLED_OFF},
    AssignmentState.DECLINED: set(),
    AssignmentState.EXPIRED: set(),
    AssignmentState.WITHDRAWN: set(),
    AssignmentState.CALLED_OFF: set(),
    AssignmentState.DELIVERED: set(),
}
TO_COME = (AssignmentState.OFFERED, AssignmentState.ACCEPTED)
"""The states in which something is still to be delivered."""
LIVE = (AssignmentState.OFFERED, AssignmentState.ACCEPTED, AssignmentState.DELIVERED)
"""The states in which an assignment holds goods and the member's capacity."""
IN_SWEDISH = {
    AssignmentState.OFFERED: "obesvarat",
    AssignmentState.ACCEPTED: "antaget",
    AssignmentState.DECLINED: "avböjt",
    AssignmentState.EXPIRED: "förfallet",
    AssignmentState.WITHDRAWN: "återtaget",
    AssignmentState.CALLED_OFF: "avbeställt",
    AssignmentState.DELIVERED: "levererat",
}


class EventKind(StrEnum):
    """What has happened to an order."""

    PLACED = "placed"
    APPROVAL_ASKED = "approval_asked"
    APPROVED = "approved"
    NOT_APPROVED = "not_approved"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    UNPLACED = "unplaced"
    ASKED_AGAIN = "asked_again"
    """Staff let the members be asked once more for what lay with nobody."""
    LESS = "less"
    """A member is to deliver less than before, or nothing: what was changed took it away."""
    CALLED_OFF = "called_off"
    DELIVERED = "delivered"
    INVOICED = "invoiced"
    CHANGED = "changed"
    """The customer, or staff for it, changed what is wanted, when, or how it is marked."""
    WEIGHED = "weighed"
    SOLD_OUT = "sold_out"
    ASKED = "asked"
    """A member asked the customer something."""
    AGREED = "agreed"
    REFUSED = "refused"
    COMPLAINED = "complained"
    REPLACED = "replaced"
    CHEAPER = "cheaper"
    COMPLAINT_DECLINED = "complaint_declined"
    WAY = "way"
    """How a parcel comes was chosen, or must be chosen anew."""
    CARRIAGE = "carriage"
    """What became of the carrying."""
    NOT_HOME = "not_home"
    RETURNED = "returned"
    """Something comes back, or has come back."""
    PAYMENT_ASKED = "payment_asked"
    PAID = "paid"
    """By card: held by the bank, or drawn."""
    NOT_PAID = "not_paid"
    REFUNDED = "refunded"
    """Money goes back to the customer's card."""
    CREDITED = "credited"
    """Something on an invoice was taken back by a credit note."""


class ComplaintState(StrEnum):
    """What became of a complaint."""

    OPEN = "open"
    REPLACED = "replaced"
    CHEAPER = "cheaper"
    DECLINED = "declined"


class QuestionKind(StrEnum):
    """What a member asks the customer."""

    MORE = "more"
    """It came out larger than the unit allows without asking."""
    SUBSTITUTE = "substitute"


class QuestionState(StrEnum):
    """Where a question to the customer stands."""

    OPEN = "open"
    YES = "yes"
    NO = "no"
    ENDED = "ended"
    """It was delivered before the customer had answered."""
