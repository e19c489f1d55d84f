"""From an assignment to its parcels: what goes to the customer, and what to whoever makes the next step.

Pure over rows already read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from app import clock, units
from app.formats import quantity as figure
from app.members.models import Member
from app.orders import handing
from app.orders.handing import Handover
from app.orders.models import Assignment, AssignmentLine, Order, OrderLine
from app.orders.sheets.values import Fetched, How, Item, Parcel, Place
from app.orders.states import AssignmentState

Door = tuple[int, str, str]
"""Customer, street and postcode: by these a place of delivery is known again."""
Coming = tuple[str, How]
"""Between which hours a parcel comes to the customer, and how."""
TO_CUSTOMER, TO_NOBODY = 0, -1
"""Beside the ids of members: where a line goes."""


def door(order: Order) -> Door:
    """The place to which an order goes."""
    return order.customer_id, order.street, order.postcode


def parcels_of(
    assignment: Assignment, notes: Mapping[Door, str], returned: Mapping[int, Sequence[str]], coming: Coming | None
) -> Iterator[Parcel]:
    """Its parcels, the customer's first.

    `notes` says what is known of a door, and `returned` by order line what it replaces: that is fetched. `coming` is
    how the customer's parcel comes, where something was promised of it.
    """
    going, receivers = _going(assignment)
    order = assignment.order
    known = "\n".join(filter(None, (order.note, notes.get(door(order), ""))))
    for goal in sorted(going, key=lambda one: (one != TO_CUSTOMER, one)):
        receiver, shares = receivers.get(goal), going[goal]
        window, how = coming if coming and goal == TO_CUSTOMER else ("", How())
        yield Parcel(
            assignment=assignment.id,
            order=order.number,
            ordered_on=clock.local_date(order.placed_at),
            day=assignment.delivery_day,
            member=assignment.member.name,
            customer=order.customer.name,
            org_number=order.customer.org_number or "",
            to=_customers_place(order) if goal == TO_CUSTOMER else _members_place(order, receiver),
            to_member=goal != TO_CUSTOMER,
            own=goal == assignment.member_id,
            items=tuple(_item(share, quantity) for share, quantity in shares),
            done=assignment.state == AssignmentState.DELIVERED,
            note=known if goal == TO_CUSTOMER else "",
            order_reference=order.order_reference,
            buyer_reference=order.buyer_reference,
            cost_centre=order.cost_centre,
            window=window,
            how=how,
            waits_for=tuple(_coming(assignment)),
            fetched=tuple(_fetched(shares, returned)),
        )


def unit_name(line: OrderLine) -> str:
    """What one is called on paper, which is Swedish."""
    return line.unit_text or units.UNITS[line.unit].symbol_sv


def _going(assignment: Assignment) -> tuple[dict[int, list[tuple[AssignmentLine, Decimal]]], dict[int, Member]]:
    """What goes to each place, and the members among them."""
    going: dict[int, list[tuple[AssignmentLine, Decimal]]] = defaultdict(list)
    receivers: dict[int, Member] = {}
    for share in assignment.lines:
        if not share.quantity:
            continue
        handover = handing.handover(share.order_line)
        if handover is None:
            going[TO_CUSTOMER].append((share, share.quantity))
            continue
        receivers |= {one.member.id: one.member for one in handover.receivers}
        for goal, quantity in onwards(share, handover):
            going[goal].append((share, quantity))
    return going, receivers


def onwards(share: AssignmentLine, handover: Handover) -> Iterator[tuple[int, Decimal]]:
    """How much of a step each maker of the next one gets from this member, by the member's id.

    Where several make a step and several the next, the first fill up the first, so that all their papers agree.
    What nobody takes yet goes to nobody.
    """
    line, following = share.order_line, handover.next_line
    before, left = _held_before(share), share.quantity
    for receiver in handover.receivers:
        wanted = receiver.quantity / following.priced_per * line.priced_per
        skipped = min(before, wanted)
        before -= skipped
        given = min(left, wanted - skipped)
        if given:
            yield receiver.member.id, given
            left -= given
    if left:
        yield TO_NOBODY, left


def _held_before(share: AssignmentLine) -> Decimal:
    """What members that were asked earlier make of the same line."""
    held = (
        other.quantity
        for assignment in share.order_line.order.assignments
        if assignment.is_live and assignment.id < share.assignment.id
        for other in assignment.lines
        if other.order_line is share.order_line
    )
    return sum(held, Decimal(0))


def _item(share: AssignmentLine, quantity: Decimal) -> Item:
    line = share.order_line
    return Item(
        number=line.number,
        name=line.name,
        unit=unit_name(line),
        quantity=quantity,
        ordered=line.remaining,
        earlier=_delivered_by_others(share),
        unit_price=line.unit_price,
        per=line.priced_per,
        deposit=bool(line.article.deposit),
    )


def _delivered_by_others(share: AssignmentLine) -> Decimal:
    """What had been delivered of the line before this assignment was."""
    until = share.assignment.delivered_at
    done = (
        other.quantity
        for assignment in share.order_line.order.assignments
        if assignment is not share.assignment and assignment.state == AssignmentState.DELIVERED
        if until is None or (assignment.delivered_at is not None and assignment.delivered_at <= until)
        for other in assignment.lines
        if other.order_line is share.order_line
    )
    return sum(done, Decimal(0))


def _coming(assignment: Assignment) -> Iterator[str]:
    """Whose step must come to the member first, and with what."""
    for share in assignment.lines:
        before = handing.previous_of(share.order_line)
        for sender in handing.waiting_for(share.order_line) if before is not None else ():
            held = sum((one.quantity for one in sender.lines if one.order_line is before), Decimal(0))
            if sender.member_id != assignment.member_id and before is not None:
                yield f"{figure(held)} {unit_name(before)} {before.name}, {sender.member.name}"


def _fetched(
    shares: Sequence[tuple[AssignmentLine, Decimal]], returned: Mapping[int, Sequence[str]]
) -> Iterator[Fetched]:
    for share, quantity in shares:
        for name in returned.get(share.order_line_id, ()):
            yield Fetched(name, quantity, unit_name(share.order_line))


def _customers_place(order: Order) -> Place:
    return Place(
        order.delivery_name, order.street, order.postcode, order.city, order.municipality, order.customer.phone
    )


def place_of(member: Member) -> Place:
    """Where a member is."""
    return Place(member.name, member.street, member.postcode, member.city, member.municipality, member.phone)


def _members_place(order: Order, member: Member | None) -> Place:
    """Where the next step is made; without a name while nobody has taken it on."""
    if member is None:
        return Place("", "", "", "", order.municipality)
    return place_of(member)
