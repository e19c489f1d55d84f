"""A member's system answers offers of work and reports what has been delivered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import url_for

from app import clock, deliveryflow, orderflow
from app.catalog.feed.prices import number as figure
from app.catalog.feed.prices import unit
from app.db import db
from app.orders import queries
from app.orders.delivery.proofs import LONGEST_NAME, Shown
from app.orders.handing import Handover, handovers, reaches_customer
from app.orders.listing import assignments_after
from app.orders.models import Assignment
from app.orders.states import AssignmentState
from app.pages import web
from app.pages.api.catalogue import amount
from app.pages.api.forms import ID, QUANTITY, fields, needed, text, titled
from app.pages.api.operations import offered
from app.pages.api.own import member_only, place
from app.pages.api.pages import following, limit_of, paged, place_of
from app.pages.problems import Problem

TAKEN = fields(
    ["id", "quantity"], id=ID, quantity={**QUANTITY, "description": "How much of it is taken on; 0 for none"}
)
MOST = 100
ACCEPTED = titled(
    "Acceptance",
    fields(
        [],
        lines={
            "type": "array",
            "items": TAKEN,
            "maxItems": MOST,
            "description": "Lines of which not all is taken on; all that was offered of the others",
        },
    ),
)
DECLINED = titled("Decline", fields(["reason"], reason=needed(500)))
RECEIVED_BY = text(LONGEST_NAME, description="The name of whoever took it")
DELIVERED = titled("HandedOver", fields([], received_by=RECEIVED_BY))
LISTED = paged(state={"enum": [one.value for one in AssignmentState], "description": "Only those in this state"})


@offered("GET", "/assignments", answer="AssignmentPage", query=LISTED)
def list_assignments(asked: dict[str, Any]) -> dict[str, Any]:
    """The member's assignments, newest first."""
    member_only()
    limit, state = limit_of(asked), AssignmentState(asked["state"]) if "state" in asked else None
    found = assignments_after(web.member(), place_of(asked), state=state, limit=limit + 1)
    more = found[limit - 1].id if len(found) > limit else None
    return {"data": [told(one) for one in found[:limit]], "next": following(more)}


@offered("GET", "/assignments/<int:assignment_id>", answer="Assignment")
def show_assignment(_asked: dict[str, Any], assignment_id: int) -> dict[str, Any]:
    """One assignment."""
    return told(own(assignment_id))


@offered("POST", "/assignments/<int:assignment_id>/accept", answer="Assignment", body=ACCEPTED)
def accept_assignment(asked: dict[str, Any], assignment_id: int) -> dict[str, Any]:
    """Take on all, or less of some lines; what is left goes to somebody else."""
    assignment = own(assignment_id, lock=True)
    orderflow.accept(assignment, quantities(assignment, asked.get("lines", [])), by=web.user(), now=clock.now())
    return after(assignment_id)


@offered("POST", "/assignments/<int:assignment_id>/decline", answer="Assignment", body=DECLINED)
def decline_assignment(asked: dict[str, Any], assignment_id: int) -> dict[str, Any]:
    """Say no; somebody else is asked at once. The customer never sees who declined."""
    orderflow.decline(own(assignment_id, lock=True), asked["reason"], by=web.user(), now=clock.now())
    return after(assignment_id)


@offered("POST", "/assignments/<int:assignment_id>/deliver", answer="Assignment", body=DELIVERED)
def deliver_assignment(asked: dict[str, Any], assignment_id: int) -> dict[str, Any]:
    """Report that all of it has been handed over, and to whom where the customer wants to know."""
    shown = Shown(asked.get("received_by", ""))
    deliveryflow.deliver(own(assignment_id, lock=True), shown, by=web.user(), now=clock.now())
    return after(assignment_id)


def quantities(assignment: Assignment, given: list[dict[str, Any]]) -> dict[int, Decimal]:
    """So much of each line that was named, by its id. Raises Problem for lines of something else."""
    known = {line.id for line in assignment.lines}
    unknown = [
        (f"/lines/{at}/id", "is no line of the assignment") for at, one in enumerate(given) if one["id"] not in known
    ]
    if unknown or len({one["id"] for one in given}) < len(given):
        raise Problem("invalid", errors=unknown or [("/lines", "the same line stands twice")])
    return {one["id"]: Decimal(one["quantity"]) for one in given}


def own(assignment_id: int, *, lock: bool = False) -> Assignment:
    """The member's own assignment. Raises Problem for a customer's token, and NotYours."""
    member_only()
    return queries.assignment_of(web.member(), assignment_id, lock=lock)


def after(assignment_id: int) -> dict[str, Any]:
    """The assignment as it is after an act."""
    db.session.flush()
    db.session.expire_all()
    return told(own(assignment_id))


def told(one: Assignment) -> dict[str, Any]:
    """As its member may see it: whoever no longer has the work need not know where the customer lives."""
    order, to_customer = one.order, one.is_live and reaches_customer(one)
    return {
        "id": one.id,
        "url": url_for("api.show_assignment", assignment_id=one.id),
        "order": order.number,
        "state": one.state.value,
        "customer": order.customer.name if to_customer else "",
        "day": one.delivery_day.isoformat(),
        "place": place(order, order.delivery_name) if to_customer else None,
        "note": order.note if to_customer else "",
        "hand_on": [_handed_on(handover) for handover in handovers(one)] if one.is_live else [],
        "offered_at": one.offered_at.isoformat(),
        "answer_before": one.answer_before.isoformat(),
        "answered_at": one.answered_at.isoformat() if one.answered_at else None,
        "delivered_at": one.delivered_at.isoformat() if one.delivered_at else None,
        "pay": amount(one.pay),
        "lines": [
            {
                "id": share.id,
                "article": share.order_line.number,
                "name": share.order_line.name,
                "unit": unit(share.order_line.unit, share.order_line.unit_text),
                "offered": figure(share.offered),
                "quantity": figure(share.quantity),
                "member_price": amount(share.member_price),
                "pay": amount(share.pay),
            }
            for share in one.lines
        ],
    }


def _handed_on(handover: Handover) -> dict[str, Any]:
    return {
        "article": handover.line.number,
        "next_article": handover.next_line.number,
        "to": [
            {
                "quantity": figure(receiver.quantity),
                "place": place(receiver.member, receiver.member.name),
                "phone": receiver.member.phone,
            }
            for receiver in handover.receivers
        ],
    }
