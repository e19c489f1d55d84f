"""How far each line of an order has come, as the customer may see it. Pure over rows already read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.orders.handing import groups
from app.orders.models import Order, OrderBundle, OrderLine
from app.orders.states import AssignmentState


@dataclass(frozen=True, slots=True)
class Part:
    """A member that has said yes, how much it takes, and whether it has delivered."""

    member: str
    quantity: Decimal
    delivered: bool


@dataclass(frozen=True, slots=True)
class LineProgress:
    """One line: who has taken it on, what waits for an answer, and what lies with us."""

    line: OrderLine
    parts: tuple[Part, ...]
    waiting: Decimal
    """Offered to members that have not answered. Who they are is not the customer's business."""

    @property
    def with_us(self) -> Decimal:
        """What nobody could take yet: we come back about it."""
        return Decimal(0) if self.line.waits_for_window else self.line.unassigned

    @property
    def gathering(self) -> Decimal:
        """What waits until its batch closes."""
        return self.line.unassigned if self.line.waits_for_window else Decimal(0)


def progress(order: Order) -> list[LineProgress]:
    """One entry a line, in the order's own order."""
    return [LineProgress(line, _parts(order, line), _waiting(order, line)) for line in order.lines]


def by_purchase(order: Order) -> list[tuple[OrderBundle | None, list[LineProgress]]]:
    """The same as it was bought: a bundle with its parts, or a line by itself."""
    found = {one.line.id: one for one in progress(order)}
    return [(group.bundle, [found[line.id] for line in group.lines]) for group in groups(order)]


def _parts(order: Order, line: OrderLine) -> tuple[Part, ...]:
    return tuple(
        Part(assignment.member.name, share.quantity, assignment.state == AssignmentState.DELIVERED)
        for assignment in order.assignments
        if assignment.state in {AssignmentState.ACCEPTED, AssignmentState.DELIVERED}
        for share in assignment.lines
        if share.order_line_id == line.id and share.quantity
    )


def _waiting(order: Order, line: OrderLine) -> Decimal:
    return sum(
        (
            share.quantity
            for assignment in order.assignments
            if assignment.state == AssignmentState.OFFERED
            for share in assignment.lines
            if share.order_line_id == line.id
        ),
        Decimal(0),
    )
