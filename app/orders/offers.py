"""Members are asked for their shares of an order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm.attributes import set_committed_value

from app import audit
from app.catalog.models import Offering
from app.db import db
from app.members.models import Member
from app.new_rows import write_new
from app.orders.actions import note_many
from app.orders.deadlines import answer_before
from app.orders.models import Assignment, AssignmentLine, Order, OrderLine
from app.orders.routing_values import Share
from app.orders.states import AssignmentState, EventKind


def offer(order: Order, shares: Sequence[Share], *, day: date, now: datetime) -> list[Assignment]:
    """Ask each member for its shares, for that day; one assignment per member, with a deadline to answer."""
    per_member: dict[int, list[Share]] = defaultdict(list)
    for share in shares:
        per_member[share.member].append(share)
    offerings = {share.offering: db.session.get_one(Offering, share.offering) for share in shares}
    members = [offerings[given[0].offering].member for given in per_member.values()]
    db.session.flush()  # What is written now points at what waits, and stands after it.
    made = write_new(Assignment, [_assignment(order, member, day, now) for member in members])
    _give(dict(zip(made, per_member.values(), strict=True)), order, offerings)
    for assignment, member in zip(made, members, strict=True):
        set_committed_value(assignment, "order", order)
        set_committed_value(assignment, "member", member)
    if "assignments" in order.__dict__:
        set_committed_value(order, "assignments", [*order.assignments, *made])
    note_many(order, [_told(assignment) for assignment in made], now=now)
    audit.record_many(Assignment, {one.id: {"order": order.number} for one in made}, "offered", by=None, now=now)
    return made


def _give(given: Mapping[Assignment, Sequence[Share]], order: Order, offerings: Mapping[int, Offering]) -> None:
    """Write the lines of the assignments."""
    lines = {line.id: line for line in order.lines}
    each = [(assignment, share) for assignment, shares in given.items() for share in shares]
    rows = [_line(one, share, lines[share.line], offerings[share.offering]) for one, share in each]
    held: dict[Assignment, list[AssignmentLine]] = defaultdict(list)
    for (assignment, share), line in zip(each, write_new(AssignmentLine, rows), strict=True):
        set_committed_value(line, "assignment", assignment)
        set_committed_value(line, "order_line", lines[share.line])
        held[assignment].append(line)
    for assignment in given:
        set_committed_value(assignment, "lines", held[assignment])


def _assignment(order: Order, member: Member, day: date, now: datetime) -> dict[str, Any]:
    return {
        "order_id": order.id,
        "member_id": member.id,
        "state": AssignmentState.OFFERED,
        "delivery_day": day,
        "offered_at": now,
        "answer_before": answer_before(now, day, by_post=member.is_on_paper),
    }


def _line(assignment: Assignment, share: Share, line: OrderLine, offering: Offering) -> dict[str, Any]:
    return {
        "assignment_id": assignment.id,
        "order_line_id": line.id,
        "offering_id": offering.id,
        "offering_version": offering.version or None,
        "offered": share.quantity,
        "quantity": share.quantity,
        "member_price": line.agreed_cost or offering.member_price,
        "chosen_because": share.reason,
    }


def _told(assignment: Assignment) -> dict[str, Any]:
    words = " ".join(dict.fromkeys(line.chosen_because for line in assignment.lines))
    return {"kind": EventKind.OFFERED, "member_name": assignment.member.name, "words": words}
