"""A member's system reports what became otherwise: weight, a part, sold out, something else, nobody at home."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from app import adjustflow, clock, deliveryflow
from app.orders import adjusting, change_queries
from app.orders.delivery import carriages
from app.orders.delivery.proofs import Shown
from app.orders.models import Assignment, AssignmentLine
from app.orders.question_models import OrderQuestion
from app.orders.questions import Instead
from app.pages import web
from app.pages.api.assignments import RECEIVED_BY, after, own, quantities, told
from app.pages.api.changes import question
from app.pages.api.forms import DAY, ID, NUMBER, QUANTITY, fields, needed, text, titled
from app.pages.api.operations import offered
from app.pages.problems import Problem

LINE = {**ID, "description": "One of the assignment's lines"}
WHY = needed(500, description="To the customer")
PART = titled(
    "PartDelivered",
    fields(
        ["lines", "rest_on"],
        lines={
            "type": "array",
            "minItems": 1,
            "maxItems": 100,
            "items": fields(["id", "quantity"], id=ID, quantity=QUANTITY),
            "description": "What is handed over now; nothing of the lines that are left out",
        },
        rest_on={**DAY, "description": "When the rest comes"},
        received_by=RECEIVED_BY,
    ),
)
WEIGHT = titled(
    "Weight",
    fields(
        ["line", "quantity"],
        line=LINE,
        quantity={**QUANTITY, "description": "What it came out at"},
        why=text(500, description="To the customer, who is asked where it is much more"),
    ),
)
SOLD_OUT = titled(
    "SoldOut",
    fields(
        ["line", "left", "why"],
        line=LINE,
        left={**QUANTITY, "description": "What can still be delivered; 0 for nothing"},
        why=needed(500, description="To us"),
    ),
)
PROPOSAL = titled(
    "Proposal",
    fields(
        ["line", "quantity", "instead", "why"],
        line=LINE,
        quantity={**QUANTITY, "description": "How much of it cannot be delivered"},
        instead=fields(["article", "quantity"], article=NUMBER, quantity=QUANTITY),
        why=WHY,
    ),
)
NOBODY = titled("NobodyHome", fields(["words"], words=WHY))


@offered("POST", "/assignments/<int:assignment_id>/deliver-part", answer="Parted", body=PART)
def deliver_part(asked: dict[str, Any], assignment_id: int) -> dict[str, Any]:
    """Report that some is handed over now, and when the rest comes: that stays in this assignment."""
    assignment = _going_on(assignment_id)
    now, rest_on = quantities(assignment, asked["lines"]), date.fromisoformat(asked["rest_on"])
    shown = Shown(asked.get("received_by", ""))
    part = adjustflow.deliver_part(assignment, now, rest_on, shown, by=web.user(), now=clock.now())
    rest = after(assignment_id)
    return {"delivered": told(own(part.id)), "rest": rest}


@offered("POST", "/assignments/<int:assignment_id>/weigh", answer="Adjusted", body=WEIGHT)
def weigh(asked: dict[str, Any], assignment_id: int) -> dict[str, Any]:
    """Report what a line weighs. Where it is more than a tenth too much, the customer is asked first."""
    share = _share(_going_on(assignment_id), asked)
    quantity, why = Decimal(asked["quantity"]), asked.get("why", "")
    return _adjusted(assignment_id, adjustflow.weigh(share, quantity, why, by=web.user(), now=clock.now()))


@offered("POST", "/assignments/<int:assignment_id>/sold-out", answer="Assignment", body=SOLD_OUT)
def report_sold_out(asked: dict[str, Any], assignment_id: int) -> dict[str, Any]:
    """Report that less of a line can be delivered; somebody else is asked for the rest."""
    share = _share(_going_on(assignment_id), asked)
    adjustflow.sold_out(share, Decimal(asked["left"]), asked["why"], by=web.user(), now=clock.now())
    return after(assignment_id)


@offered("POST", "/assignments/<int:assignment_id>/propose", answer="Adjusted", body=PROPOSAL)
def propose(asked: dict[str, Any], assignment_id: int) -> dict[str, Any]:
    """Propose something else of the member's own; the customer says yes or no."""
    assignment = _going_on(assignment_id)
    share, number = _share(assignment, asked), asked["instead"]["article"]
    sold = change_queries.offered_instead(assignment)
    offering = next((one for one in sold if one.article.number == number), None)
    if offering is None:
        raise Problem("invalid", errors=[("/instead/article", "is not sold by this member")])
    instead = Instead(offering, Decimal(asked["instead"]["quantity"]))
    quantity = Decimal(asked["quantity"])
    made = adjustflow.propose(share, quantity, instead, asked["why"], by=web.user(), now=clock.now())
    return _adjusted(assignment_id, made)


@offered("GET", "/assignments/<int:assignment_id>/questions", answer="OwnQuestions")
def list_own_questions(_asked: dict[str, Any], assignment_id: int) -> dict[str, Any]:
    """What the member has asked the customer about an assignment, oldest first, with the answers."""
    assignment = own(assignment_id)
    asked = change_queries.questions_in(assignment.order)
    return {"data": [question(one) for one in asked if one.assignment_id == assignment.id]}


@offered("POST", "/assignments/<int:assignment_id>/nobody-home", answer="Assignment", body=NOBODY)
def report_nobody_home(asked: dict[str, Any], assignment_id: int) -> dict[str, Any]:
    """Report that nobody took the goods; the customer is asked what now."""
    assignment = own(assignment_id, lock=True)
    carriages.check_not_carried(assignment)
    deliveryflow.nobody_home(assignment, web.member(), asked["words"], None, by=web.user(), now=clock.now())
    return after(assignment_id)


def _going_on(assignment_id: int) -> Assignment:
    assignment = own(assignment_id, lock=True)
    adjusting.check_going_on(assignment)
    return assignment


def _share(assignment: Assignment, asked: dict[str, Any]) -> AssignmentLine:
    found = next((one for one in assignment.lines if one.id == asked["line"] and one.quantity), None)
    if found is None:
        raise Problem("invalid", errors=[("/line", "is no line of the assignment")])
    return found


def _adjusted(assignment_id: int, asked: OrderQuestion | None) -> dict[str, Any]:
    """The assignment as it is now, and what the customer was asked, if anything."""
    now = after(assignment_id)
    return {"assignment": now, "question": question(asked) if asked else None}
