"""A customer's system changes an order that is placed, and answers what a member asks about it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from app import adjustflow, changeflow, clock, units
from app.catalog.feed.prices import number as figure
from app.catalog.feed.prices import unit
from app.changeflow import Wish, marks_of
from app.orders import change_queries, queries
from app.orders.changes import Marks
from app.orders.handing import Group, groups
from app.orders.models import Order
from app.orders.question_models import OrderQuestion
from app.pages import web
from app.pages.api.catalogue import amount
from app.pages.api.forms import DAY, ID, LINES, NOTE, NUMBER, QUANTITY, REFERENCES, fields, one_line, titled
from app.pages.api.operations import offered
from app.pages.api.orders import told
from app.pages.api.own import customer
from app.pages.problems import Problem

WANTED = {
    **fields(
        ["quantity"],
        id={**ID, "description": "A line's, which is no part of a bundle"},
        bundle={**NUMBER, "description": "A bundle's number"},
        quantity={**QUANTITY, "description": "How much it is to be; 0 for none"},
    ),
    "oneOf": [{"required": ["id"]}, {"required": ["bundle"]}],
}
CHANGE = titled(
    "OrderChange",
    {
        **fields([], lines={**LINES, "items": WANTED}, day=DAY, references=REFERENCES, note=NOTE),
        "minProperties": 1,
        "description": "What is to be otherwise; what is left out stays as it is",
    },
)
ANSWER = titled("Answer", fields(["yes"], yes={"type": "boolean"}))


@offered("POST", "/orders/<int:number>/change", answer="Order", body=CHANGE)
def change_order(asked: dict[str, Any], number: int) -> dict[str, Any]:
    """More or less of something, another day or other references, while may_change_until has not passed."""
    order = queries.order_of(customer(), number, lock=True)
    changeflow.change(order, _wish(order, asked), by=web.user(), now=clock.now())
    return told(number)


@offered("GET", "/orders/<int:number>/questions", answer="Questions")
def list_questions(_asked: dict[str, Any], number: int) -> dict[str, Any]:
    """What members have asked about an order, oldest first."""
    order = queries.order_of(customer(), number)
    return {"data": [_question(one) for one in change_queries.questions_in(order)]}


@offered("POST", "/orders/<int:number>/questions/<int:question_id>/answer", answer="Order", body=ANSWER)
def answer_question(asked: dict[str, Any], number: int, question_id: int) -> dict[str, Any]:
    """Yes or no to what a member asks. After a no somebody else is asked for what is missing."""
    question = change_queries.question_in(queries.order_of(customer(), number, lock=True), question_id)
    adjustflow.answer(question, yes=asked["yes"], by=web.user(), now=clock.now())
    return told(number)


def _wish(order: Order, asked: dict[str, Any]) -> Wish:
    """How the order is to be. Private people mark nothing, so their references stay empty."""
    now, given = marks_of(order), asked.get("references", {}) if order.customer.has_references else {}
    marked = {name: one_line(given[name]) if name in given else getattr(now, name) for name in Marks.__slots__}
    marked["note"] = asked["note"].strip() if "note" in asked else now.note
    day = date.fromisoformat(asked["day"]) if "day" in asked else order.delivery_day
    return Wish(_quantities(order, asked.get("lines", [])), day, Marks(**marked))


def _quantities(order: Order, given: list[dict[str, Any]]) -> dict[int, Decimal]:
    """By the first line of what was bought as one. Raises Problem, which names each place that cannot be."""
    named = _by_name(order)
    counts = Counter(_name(one) for one in given)
    errors = []
    for at, one in enumerate(given):
        group = named.get(_name(one))
        if group is None:
            which = "id" if "id" in one else "bundle"
            errors.append((f"/lines/{at}/{which}", _not_there(order, one)))
        elif counts[_name(one)] > 1 and _name(one) in map(_name, given[:at]):
            errors.append((f"/lines/{at}", "stands twice"))
        elif wrong := _wrong_quantity(group, one["quantity"]):
            errors.append((f"/lines/{at}/quantity", wrong))
    if errors:
        raise Problem("invalid", errors=errors)
    return {named[_name(one)].lines[0].id: Decimal(one["quantity"]) for one in given}


def _by_name(order: Order) -> dict[int | str, Group]:
    return {one.bundle.number if one.bundle else one.lines[0].id: one for one in groups(order)}


def _name(one: dict[str, Any]) -> int | str:
    name: int | str = one["id"] if "id" in one else one["bundle"]
    return name


def _not_there(order: Order, one: dict[str, Any]) -> str:
    line = next((line for line in order.lines if line.id == one.get("id")), None)
    if line is not None and line.bundle is not None:
        return f"is a part of the bundle {line.bundle.number}"
    return "is not in the order"


def _wrong_quantity(group: Group, wanted: str) -> str:
    """What is wrong with it; nothing of something is always possible to ask for."""
    quantity = Decimal(wanted)
    try:
        if quantity:
            units.check_quantity((group.bundle or group.lines[0]).unit, quantity)
    except ValueError as wrong:
        return str(wrong)
    return ""


def _question(one: OrderQuestion) -> dict[str, Any]:
    """As the customer reads it: with what it would pay."""
    return {**question(one), "member": one.assignment.member.name, "sum": amount(one.new_net)}


def question(one: OrderQuestion) -> dict[str, Any]:
    """What both sides read of it."""
    return {
        "id": one.id,
        "kind": one.kind.value,
        "state": one.state.value,
        "line": one.order_line_id,
        "name": one.order_line.name,
        "quantity": figure(one.quantity),
        "instead": _instead(one),
        "why": one.why,
        "asked_at": one.asked_at.isoformat(),
        "answered_at": one.answered_at.isoformat() if one.answered_at else None,
    }


def _instead(one: OrderQuestion) -> dict[str, Any] | None:
    if one.offering is None or one.new_quantity is None or one.unit_price is None:
        return None
    article = one.offering.article
    return {
        "article": article.number,
        "name": article.name,
        "unit": unit(article.unit, article.unit_text),
        "quantity": figure(one.new_quantity),
        "unit_price": amount(one.unit_price),
    }
