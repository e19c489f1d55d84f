"""A member's system answers offers of work and reports what has been delivered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import url_for

from app import clock, orderflow
from app.catalog.feed.prices import number as figure
from app.catalog.feed.prices import unit
from app.db import db
from app.orders import queries
from app.orders.handing import Handover, handovers, reaches_customer
from app.orders.listing import assignments_after
from app.orders.models import Assignment
from app.orders.states import AssignmentState
from app.pages import web
from app.pages.api.catalogue import QUANTITY, amount
from app.pages.api.operations import offered
from app.pages.api.own import member_only, place
from app.pages.api.pages import following, limit_of, paged, place_of
from app.pages.problems import Problem

TAKEN = {
    "type": "object",
    "properties": {
        "id": {"type": "integer", "minimum": 1, "maximum": web.LARGEST_ID},
        "quantity": {**QUANTITY, "description": "How much of it is taken on; 0 for none"},
    },
    "required": ["id", "quantity"],
    "additionalProperties": False,
}
ACCEPTED = {
    "title": "Acceptance",
    "type": "object",
    "properties": {
        "lines": {
            "type": "array",
            "items": TAKEN,
            "maxItems": 100,
            "description": "Lines of which not all is taken on; all that was offered of the others",
        }
    },
    "additionalProperties": False,
}
DECLINED = {
    "title": "Decline",
    "type": "object",
    "properties": {"reason": {"type": "string", "pattern": "\\S", "maxLength": 500}},
    "required": ["reason"],
    "additionalProperties": False,
}
LISTED = paged(state={"enum": [one.value for one in AssignmentState], "description": "Only those in this state"})


@offered("GET", "/assignments", answer="AssignmentPage", query=LISTED)
def list_assignments(asked: dict[str, Any]) -> dict[str, Any]:
    """The member's assignments, newest first."""
    member_only()
    limit, state = limit_of(asked), AssignmentState(asked["state"]) if "state" in asked else None
    found = assignments_after(web.member(), place_of(asked), state=state, limit=limit + 1)
    more = found[limit - 1].id if len(found) > limit else None
    return {"data": [_told(one) for one in found[:limit]], "next": following(more)}


@offered("GET", "/assignments/<int:assignment_id>", answer="Assignment")
def show_assignment(_asked: dict[str, Any], assignment_id: int) -> dict[str, Any]:
    """One assignment."""
    return _told(_own(assignment_id))


@offered("POST", "/assignments/<int:assignment_id>/accept", answer="Assignment", body=ACCEPTED)
def accept_assignment(asked: dict[str, Any], assignment_id: int) -> dict[str, Any]:
    """Take on all, or less of some lines; what is left goes to somebody else."""
    assignment = _own(assignment_id, lock=True)
    known = {line.id for line in assignment.lines}
    given = asked.get("lines", [])
    unknown = [
        (f"/lines/{at}/id", "is no line of the assignment") for at, one in enumerate(given) if one["id"] not in known
    ]
    if unknown or len({one["id"] for one in given}) < len(given):
        raise Problem("invalid", errors=unknown or [("/lines", "the same line stands twice")])
    orderflow.accept(assignment, {one["id"]: Decimal(one["quantity"]) for one in given}, by=web.user(), now=clock.now())
    return _after(assignment_id)


@offered("POST", "/assignments/<int:assignment_id>/decline", answer="Assignment", body=DECLINED)
def decline_assignment(asked: dict[str, Any], assignment_id: int) -> dict[str, Any]:
    """Say no; somebody else is asked at once. The customer never sees who declined."""
    orderflow.decline(_own(assignment_id, lock=True), asked["reason"], by=web.user(), now=clock.now())
    return _after(assignment_id)


@offered("POST", "/assignments/<int:assignment_id>/deliver", answer="Assignment")
def deliver_assignment(_asked: dict[str, Any], assignment_id: int) -> dict[str, Any]:
    """Report that all of it has been handed over."""
    orderflow.deliver(_own(assignment_id, lock=True), by=web.user(), now=clock.now())
    return _after(assignment_id)


def _own(assignment_id: int, *, lock: bool = False) -> Assignment:
    member_only()
    return queries.assignment_of(web.member(), assignment_id, lock=lock)


def _after(assignment_id: int) -> dict[str, Any]:
    """The assignment as it is after an act."""
    db.session.flush()
    db.session.expire_all()
    return _told(_own(assignment_id))


def _told(one: Assignment) -> dict[str, Any]:
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
