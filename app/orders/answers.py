"""What becomes of an assignment: the member says yes, no or nothing, staff take it back, the member delivers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from app import audit, units
from app.audit import Actor
from app.errors import Refused
from app.orders.actions import entry, note, settle_state
from app.orders.delivery.carriages import check_not_carried
from app.orders.delivery.parcels import charge
from app.orders.handing import not_here_yet
from app.orders.models import Assignment, AssignmentLine, OrderEntry, OrderLine
from app.orders.states import AssignmentState, EventKind
from app.units import figure


def accept(
    assignment: Assignment, quantities: Mapping[int, Decimal], *, by: Actor, now: datetime
) -> dict[OrderLine, Decimal]:
    """The member takes on so much of each line (by assignment line id); returns what it leaves.

    Raises Refused when the assignment is no longer open, the deadline has passed, a quantity cannot be, or nothing
    is taken on: that is a decline, and wants a reason.
    """
    _check_open(assignment, now)
    left = {line.order_line: _take_on(line, quantities.get(line.id, line.offered)) for line in assignment.lines}
    if all(line.quantity == 0 for line in assignment.lines):
        raise Refused("Du har satt allt till noll. Tacka nej i stället, och skriv varför.")
    assignment.state, assignment.answered_at = AssignmentState.ACCEPTED, now
    left = {line: quantity for line, quantity in left.items() if quantity}
    for line, quantity in left.items():
        line.unassigned += quantity
    name, words = assignment.member.name, "en del" if left else ""
    note(assignment.order, EventKind.ACCEPTED, now=now, by=by, member=name, words=words, for_customer=True)
    audit.record(assignment, "accepted", by=by, now=now, part=int(bool(left)))
    settle_state(assignment.order)
    return left


def decline(assignment: Assignment, reason: str, *, by: Actor, now: datetime) -> Assignment:
    """A member says no. The lines are routed again by the story, not here."""
    _check_open(assignment, now)
    if not reason.strip():
        raise Refused("Skriv varför du tackar nej. Det räcker med ett par ord.")
    return _release(assignment, AssignmentState.DECLINED, reason, by=by, now=now)


def expire(assignment: Assignment, *, now: datetime) -> Assignment:
    """Nobody answered in time."""
    return _release(assignment, AssignmentState.EXPIRED, "Inget svar i tid.", by=None, now=now)


def withdraw(assignment: Assignment, reason: str, *, by: Actor, now: datetime) -> Assignment:
    """Staff take the work back from a member, with a reason."""
    if not reason.strip():
        raise Refused("Skriv varför uppdraget flyttas.")
    return _release(assignment, AssignmentState.WITHDRAWN, reason, by=by, now=now)


def deliver(
    assignment: Assignment,
    *,
    by: Actor,
    now: datetime,
    for_customer: bool = True,
    words: str = "",
    by_carrier: bool = False,
) -> Assignment:
    """The member reports that everything it took on has been handed over, on the day or before it.

    What goes to another member for the next step is no delivery in the customer's eyes: then `for_customer` is False.
    The invoice has the VAT of the day on which this is reported, not of the day that was planned.
    Raises Refused also when the step before has not come: nobody hands on what is not there, and the customer must not
    get a letter and an invoice for work that somebody else still has in hand. What another member carries is reported
    by the carrier. What was promised for bringing it is charged by the same event.
    """
    if assignment.state == AssignmentState.OFFERED:
        raise Refused("Svara ja till uppdraget först. Sedan kan du rapportera leveransen.")
    if assignment.state == AssignmentState.ACCEPTED:
        _check_step_before(assignment)
    if not by_carrier:
        check_not_carried(assignment)
    assignment.state, assignment.delivered_at = AssignmentState.DELIVERED, now
    name = assignment.member.name
    entries = [_delivered(line) for line in assignment.lines if line.quantity]
    event = note(
        assignment.order,
        EventKind.DELIVERED,
        now=now,
        by=by,
        member=name,
        words=words,
        for_customer=for_customer,
        entries=entries,
    )
    charge(assignment, event)
    audit.record(assignment, "delivered", by=by, now=now)
    settle_state(assignment.order)
    return assignment


def _delivered(share: AssignmentLine) -> OrderEntry:
    line = share.order_line
    sums = {"charged": line.price_of(share.quantity), "earned": share.pay}
    return entry(line, member=share.assignment.member_id, delivered=share.quantity, **sums)


def _check_step_before(assignment: Assignment) -> None:
    for before, senders in not_here_yet(assignment):
        who = " och ".join(one.member.name for one in senders)
        them = f"Be {who} rapportera det först, eller ring oss." if who else "Ring oss, för ingen gör det steget än."
        raise Refused(f"{before.name}, steget före ert, är inte rapporterat som lämnat. {them} Ingenting är sparat.")


def _check_open(assignment: Assignment, now: datetime) -> None:
    if assignment.state != AssignmentState.OFFERED:
        raise Refused("Någon har redan svarat på uppdraget, eller så har det gått vidare. Ladda om sidan.")
    if now > assignment.answer_before:
        raise Refused("Svarstiden har gått ut. Ring oss så hjälps vi åt.")


def _take_on(line: AssignmentLine, quantity: Decimal) -> Decimal:
    """Set what the line holds, and return what is left of it."""
    if quantity:
        try:
            units.check_quantity(line.order_line.unit, quantity)
        except ValueError as wrong:
            raise Refused(f"{line.order_line.name}: {wrong}") from wrong
    whole = line.order_line.indivisible
    if whole and quantity % whole:
        raise Refused(f"{line.order_line.name}: ta ett jämnt antal, {figure(whole)} i taget.")
    if quantity > line.offered:
        raise Refused(f"{line.order_line.name}: du kan ta högst {figure(line.offered)}.")
    line.quantity = quantity
    return line.offered - quantity


def _release(
    assignment: Assignment, state: AssignmentState, reason: str, *, by: Actor | None, now: datetime
) -> Assignment:
    """The assignment ends, and what it held lies with staff until it is routed again."""
    assignment.state, assignment.answered_at, assignment.declined_because = state, now, reason.strip()[:500]
    for line in assignment.lines:
        line.order_line.unassigned += line.quantity
    kind = EventKind(state.value)
    note(assignment.order, kind, now=now, by=by, member=assignment.member.name, words=assignment.declined_because)
    audit.record(assignment, state.value, by=by, now=now)
    settle_state(assignment.order)
    return assignment
