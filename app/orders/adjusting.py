"""What a member changes in its own part: the weight, a part that is sold out, a delivery in two.

What the customer has not asked for wants the customer's yes; all the rest is the member's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal

from app import audit, clock, units
from app.audit import Actor
from app.db import db
from app.errors import Refused
from app.formats import swedish_day
from app.orders.actions import entry, note, settle_state
from app.orders.change_queries import weighed_before
from app.orders.changes import said, shrink
from app.orders.checks import check_day
from app.orders.models import Assignment, AssignmentLine, OrderLine
from app.orders.states import AssignmentState, EventKind
from app.units import UNITS_BY_KIND, UnitKind, figure

TOLERANCE = Decimal("0.10")
"""What is weighed may come out so much more or less without anybody being asked."""
NONE = Decimal(0)


def is_weighed(line: OrderLine) -> bool:
    """Whether its quantity shows only when it is weighed or measured."""
    return line.unit in UNITS_BY_KIND[UnitKind.WEIGHT] and line.bundle_id is None and not line.indivisible


def room(share: AssignmentLine) -> tuple[Decimal, Decimal]:
    """The least and the most that a weighed part may come out at; weighing again gives no more room."""
    base = share.quantity - weighed_before(share)
    step = Decimal(1).scaleb(-units.unit(share.order_line.unit).decimals)
    slack = (base * TOLERANCE / step).to_integral_value(ROUND_FLOOR) * step
    return base - slack, base + slack


def weigh(share: AssignmentLine, quantity: Decimal, *, by: Actor, now: datetime) -> AssignmentLine:
    """The part came out at so much; the customer pays for that. Raises Refused beyond what the unit allows."""
    line, assignment = share.order_line, share.assignment
    check_going_on(assignment)
    if not is_weighed(line):
        raise Refused(f"{line.name} vägs inte. Är det färre än ni lovat, rapportera resten som slut.")
    least, most = room(share)
    if quantity < least:
        raise Refused(f"{line.name}: under {figure(least)} är mer än vägningen tillåter. Rapportera resten som slut.")
    if quantity > most:
        raise Refused(f"{line.name}: mer än {figure(most)} måste kunden säga ja till.")
    before = share.quantity
    note_resized(share, EventKind.WEIGHED, resize(share, quantity), f"i stället för {figure(before)}", by=by, now=now)
    return share


def report_sold_out(share: AssignmentLine, left: Decimal, why: str, *, by: Actor | None, now: datetime) -> OrderLine:
    """The member can make no more than `left` of its part; the rest lies with nobody until the story shares it out."""
    line, assignment = share.order_line, share.assignment
    check_going_on(assignment)
    if not why.strip():
        raise Refused("Skriv varför. Det räcker med ett par ord.")
    if not NONE <= left < share.quantity:
        raise Refused(f"{line.name}: skriv ett antal mellan 0 och {figure(share.quantity)}.")
    if line.indivisible and left % line.indivisible:
        raise Refused(f"{line.name}: räkna i hela {figure(line.indivisible)}.")
    line.unassigned += share.quantity - left
    words = f"{said(line, share.quantity - left)}. {why.strip()[:500]}"
    share.quantity = left
    note(line.order, EventKind.SOLD_OUT, now=now, by=by, member=assignment.member.name, words=words)
    audit.record(assignment, "sold out", by=by, now=now, line=line.id, left=str(left))
    if not any(one.quantity for one in assignment.lines):
        assignment.state, assignment.declined_because = AssignmentState.WITHDRAWN, words[:500]
    settle_state(line.order)
    return line


def split_off(
    assignment: Assignment, quantities: Mapping[int, Decimal], rest_on: date, *, by: Actor, now: datetime
) -> Assignment:
    """Part an assignment in two, so that one can be delivered now; what stays is for `rest_on`.

    `quantities` is what is handed over now, by assignment line id. Raises Refused when that is nothing or everything.
    """
    check_going_on(assignment)
    check_day(rest_on, now)
    going = [(share, quantities.get(share.id, NONE)) for share in assignment.lines]
    for share, quantity in going:
        _check_part(share, quantity)
    if not any(quantity for _share, quantity in going):
        raise Refused("Skriv hur mycket ni levererar nu.")
    if all(quantity == share.quantity for share, quantity in going):
        raise Refused("Det är allt. Rapportera hela uppdraget som levererat i stället.")
    part = _twin(assignment)
    db.session.add(part)
    part.lines = [_copy(share, quantity) for share, quantity in going if quantity]
    for share, quantity in going:
        if quantity:
            shrink(share, quantity)
    assignment.delivery_day = rest_on
    audit.record(part, "split off", by=by, now=now, from_assignment=assignment.id)
    audit.record(assignment, "parted", by=by, now=now, rest_on=rest_on.isoformat(), part=part.id)
    return part


def rest_words(rest: Assignment, now: datetime) -> str:
    """What is still to come after a part, for the time line and the letter."""
    listed = ", ".join(said(share.order_line, share.quantity) for share in rest.lines if share.quantity)
    return f"Resten, {listed}, kommer {swedish_day(rest.delivery_day, clock.local_date(now))}."


def check_going_on(assignment: Assignment) -> None:
    """Raises Refused unless the member has said yes and has not delivered."""
    if assignment.state != AssignmentState.ACCEPTED:
        raise Refused("Det går bara att ändra i ett uppdrag som ni har sagt ja till och inte har levererat.")


def resize(share: AssignmentLine, quantity: Decimal) -> Decimal:
    """Let a part be another quantity, with the line; returns by how much it grew. What it loses is called off."""
    move = quantity - share.quantity
    share.order_line.quantity += max(move, NONE)
    share.order_line.called_off += max(-move, NONE)
    share.offered += move
    share.quantity = quantity
    return move


def note_resized(
    share: AssignmentLine, kind: EventKind, move: Decimal, more: str, *, by: Actor | None, now: datetime
) -> None:
    """Enter that a part grew, or shrank, by so much."""
    line, member = share.order_line, share.assignment.member
    entries = [entry(line, member=member.id, ordered=max(move, NONE), called_off=max(-move, NONE))]
    words = f"{said(line, share.quantity)} {more}."
    note(line.order, kind, now=now, by=by, member=member.name, words=words, for_customer=True, entries=entries)
    audit.record(share.assignment, kind.value, by=by, now=now, line=line.id, to=str(share.quantity))


def _check_part(share: AssignmentLine, quantity: Decimal) -> None:
    line = share.order_line
    if not NONE <= quantity <= share.quantity:
        raise Refused(f"{line.name}: ni har lovat {figure(share.quantity)}. Skriv högst så mycket.")
    if line.indivisible and quantity % line.indivisible:
        raise Refused(f"{line.name}: räkna i hela {figure(line.indivisible)}.")


def _twin(assignment: Assignment) -> Assignment:
    return Assignment(
        order=assignment.order,
        member=assignment.member,
        state=AssignmentState.ACCEPTED,
        delivery_day=assignment.delivery_day,
        offered_at=assignment.offered_at,
        answer_before=assignment.answer_before,
        answered_at=assignment.answered_at,
    )


def _copy(share: AssignmentLine, quantity: Decimal) -> AssignmentLine:
    return AssignmentLine(
        order_line=share.order_line,
        offering=share.offering,
        offering_version=share.offering_version,
        offered=quantity,
        quantity=quantity,
        member_price=share.member_price,
        chosen_because=share.chosen_because,
    )
