"""Who hands over to whom in a bundle that is made step by step. Pure over rows already read.

Nothing of this is stored but the order of the lines: when a step goes to another member, whoever makes the step before
sees the new address at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.members.models import Member
from app.orders.models import Assignment, Order, OrderBundle, OrderLine
from app.orders.states import AssignmentState


@dataclass(frozen=True, slots=True)
class Group:
    """A bundle with its lines, or a line by itself."""

    bundle: OrderBundle | None
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """Lines that are shared out together: for the same day and place."""

    lines: tuple[OrderLine, ...]
    day: date
    start: date
    """When the work can begin: today, or when the step before is handed over."""
    municipality: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """A member that takes a line further, and how much of it."""

    member: Member
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Handover:
    """Where a member's line goes: to the members of the next step, or to nobody yet."""

    line: OrderLine
    next_line: OrderLine
    receivers: tuple[Receiver, ...]


def groups(order: Order) -> list[Group]:
    """The order's lines as they were bought."""
    found: list[Group] = []
    for line in order.lines:
        if line.bundle is not None and found and found[-1].bundle is line.bundle:
            found[-1] = Group(line.bundle, (*found[-1].lines, line))
        else:
            found.append(Group(line.bundle, (line,)))
    return found


def next_of(line: OrderLine) -> OrderLine | None:
    """The line that this one is handed on to; None when it goes to the customer. What is called off is passed over."""
    chain = _bundle_of(line)
    for place in range(chain.index(line), len(chain) - 1):
        if not chain[place].to_next:
            return None
        if chain[place + 1].remaining:
            return chain[place + 1]
    return None


def previous_of(line: OrderLine) -> OrderLine | None:
    """The line that is handed on to this one, if there is one."""
    return next((one for one in _bundle_of(line) if one.remaining and next_of(one) is line), None)


def stages(order: Order, lines: Sequence[OrderLine], *, today: date) -> Iterator[Stage]:
    """What is to be shared out, in turn: what goes to the customer first, then each chain from its end.

    Read one at a time: where a step is to be delivered shows only when the next one has somebody.
    """
    alone = [line for line in lines if next_of(line) is None and previous_of(line) is None]
    for day in sorted({line.day for line in alone}):  # what is delivered anew has a day of its own
        yield Stage(tuple(line for line in alone if line.day == day), day, today, order.municipality)
    for line in reversed([line for line in lines if line not in alone]):
        before, receivers = previous_of(line), handover(line)
        place = receivers.receivers[0].member.municipality if receivers and receivers.receivers else order.municipality
        yield Stage((line,), line.day, max(today, before.day) if before else today, place)


def handover(line: OrderLine) -> Handover | None:
    """To whom the line is handed on; None when it goes to the customer."""
    following = next_of(line)
    if following is None:
        return None
    held = [
        Receiver(assignment.member, share.quantity)
        for assignment in line.order.assignments
        if assignment.is_live
        for share in assignment.lines
        if share.order_line is following and share.quantity
    ]
    return Handover(line, following, tuple(held))


def handovers(assignment: Assignment) -> list[Handover]:
    """All in a member's assignment that goes to another member."""
    found = (handover(share.order_line) for share in assignment.lines)
    return [one for one in found if one is not None]


def reaches_customer(assignment: Assignment) -> bool:
    """Whether the customer gets any of it from this member's hand."""
    return len(handovers(assignment)) < len(assignment.lines)


def waiting_for(line: OrderLine) -> list[Assignment]:
    """The assignments of the step before whose goods are still to come to this line."""
    before = previous_of(line)
    return [
        assignment
        for assignment in line.order.assignments
        if before is not None and assignment.state in {AssignmentState.OFFERED, AssignmentState.ACCEPTED}
        if any(share.order_line is before and share.quantity for share in assignment.lines)
    ]


def not_here_yet(assignment: Assignment) -> list[tuple[OrderLine, list[Assignment]]]:
    """The lines that must be handed over first, each with the assignments that are to do it.

    A member can hand on no more than has come to it: so many bundles' worth of the step before, from whoever made it.
    When all of that step that will ever come is there, nothing is waited for.
    """
    found = []
    for share in assignment.lines:
        before = previous_of(share.order_line)
        if before is None or not share.quantity:
            continue
        handed_on = _bundles_done(share.order_line) + share.quantity / share.order_line.priced_per
        if _done(before) < before.remaining and handed_on > _bundles_done(before):
            found.append((before, waiting_for(share.order_line)))
    return found


def last_of(line: OrderLine) -> OrderLine:
    """The line by which this one reaches the customer; itself when it is not handed on."""
    following = next_of(line)
    return line if following is None else last_of(following)


def _bundle_of(line: OrderLine) -> list[OrderLine]:
    if line.bundle_id is None:
        return [line]
    return [one for one in line.order.lines if one.bundle_id == line.bundle_id]


def _done(line: OrderLine) -> Decimal:
    """How much of the line has been handed over."""
    return sum(
        (
            share.quantity
            for assignment in line.order.assignments
            if assignment.state == AssignmentState.DELIVERED
            for share in assignment.lines
            if share.order_line is line
        ),
        Decimal(0),
    )


def _bundles_done(line: OrderLine) -> Decimal:
    return _done(line) / line.priced_per
