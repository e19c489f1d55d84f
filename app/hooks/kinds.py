"""What a webhook can be told of: what happens to a customer's orders, and to a member's assignments. Pure."""

from __future__ import annotations

from app.orders.states import AssignmentState, EventKind

FOR_CUSTOMERS = (
    "order.placed",
    "order.accepted",
    "order.changed",
    "order.question",
    "order.delivered",
    "order.invoiced",
    "order.credited",
    "order.complaint",
)
FOR_MEMBERS = (
    "assignment.offered",
    "assignment.accepted",
    "assignment.declined",
    "assignment.changed",
    "assignment.withdrawn",
    "assignment.called_off",
    "assignment.delivered",
)
TEST = "test"
"""What the owner sends to see whether it arrives."""
_OF_EVENTS = {
    EventKind.PLACED: "order.placed",
    EventKind.ACCEPTED: "order.accepted",
    EventKind.ASKED: "order.question",
    EventKind.DELIVERED: "order.delivered",
    EventKind.INVOICED: "order.invoiced",
    EventKind.CREDITED: "order.credited",
    EventKind.COMPLAINED: "order.complaint",
    EventKind.REPLACED: "order.complaint",
    EventKind.CHEAPER: "order.complaint",
    EventKind.COMPLAINT_DECLINED: "order.complaint",
}
_OF_STATES = {
    AssignmentState.OFFERED: "assignment.offered",
    AssignmentState.ACCEPTED: "assignment.accepted",
    AssignmentState.DECLINED: "assignment.declined",
    AssignmentState.EXPIRED: "assignment.withdrawn",
    AssignmentState.WITHDRAWN: "assignment.withdrawn",
    AssignmentState.CALLED_OFF: "assignment.called_off",
    AssignmentState.DELIVERED: "assignment.delivered",
}


def of_event(kind: EventKind) -> str:
    """What the customer is told when an event of this kind is noted for it: a change, where nothing says better."""
    return _OF_EVENTS.get(kind, "order.changed")


def of_state(state: AssignmentState) -> str:
    """What a member is told when an assignment of its comes into this state."""
    return _OF_STATES[state]
