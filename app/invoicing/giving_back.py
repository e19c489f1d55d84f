"""What a credit note does to orders: their time lines say what is charged and earned less, and money follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, select

from app.audit import Actor
from app.db import MoneyColumn, db
from app.errors import Refused
from app.invoicing.models import InvoiceLine
from app.members.models import Member
from app.money import NOUGHT, Money
from app.orders import actions as orders
from app.orders.complaint_queries import earned_of
from app.orders.delivery.counted import count_fees
from app.orders.delivery.models import OrderCharge
from app.orders.delivery.states import ChargeKind
from app.orders.models import Order, OrderEntry, OrderEvent
from app.orders.states import EventKind

Amounts = Mapping[InvoiceLine, Money]


def note(order: Order, entries: Iterable[OrderEntry] = (), *, by: Actor | None, now: datetime) -> OrderEvent:
    """A credit note in an order's time line. Its words are written when it has its number."""
    return orders.note(order, EventKind.CREDITED, now=now, by=by, for_customer=True, entries=list(entries))


def write(
    parts: Amounts, borne: Amounts, *, by: Actor, now: datetime
) -> tuple[dict[Order, OrderEvent], dict[InvoiceLine, OrderCharge]]:
    """Let each order charge so much less, and its members earn so much less. Amounts are without VAT.

    Returns each order's event, and what is given back of fees and deposits. Raises Refused where a member is to bear
    more than is credited or than it has earned by the line, and where nobody made it.
    """
    per_order: dict[Order, list[InvoiceLine]] = defaultdict(list)
    for line, amount in parts.items():
        if amount:
            per_order[line.order].append(line)
    events, charges = {}, {}
    for order, lines in sorted(per_order.items(), key=lambda pair: pair[0].number):
        entries = [_entry(line, parts[line], _borne(line, borne)) for line in lines if _is_goods(line)]
        events[order] = note(order, entries, by=by, now=now)
        for line in lines:
            if line.charge is not None and not _is_goods(line):
                charges[line] = _charge(line.charge, events[order], parts[line], _borne(line, borne))
        if charges:
            db.session.flush()
            count_fees(order, now=now)
    if any(amount > max(parts.get(line, NOUGHT), NOUGHT) for line, amount in borne.items()):
        raise Refused("Medlemmen kan inte stå för mer än det som krediteras på raden.")
    return events, charges


def _is_goods(line: InvoiceLine) -> bool:
    return line.charge is None or line.charge.kind == ChargeKind.RETURNED


def _entry(line: InvoiceLine, amount: Money, borne: Money) -> OrderEntry:
    if line.order_line is None:
        raise ValueError(f"invoice line {line.id} is about no order line")
    member = _member(line)
    return orders.entry(line.order_line, member=member.id if member else None, charged=-amount, earned=-borne)


def _charge(before: OrderCharge, event: OrderEvent, amount: Money, borne: Money) -> OrderCharge:
    made = OrderCharge(
        event=event,
        kind=ChargeKind.CREDITED,
        name=f"Kredit: {before.name}"[:200],
        parcel=before.parcel,
        order_line=before.order_line,
        member=before.member,
        vat_class=before.vat_class,
        charged=-amount,
        earned=-borne,
    )
    db.session.add(made)
    return made


def _member(line: InvoiceLine) -> Member | None:
    """Whose work the line charges; of what was charged anew at a higher price, only who sold it is known."""
    if line.assignment_line is not None:
        return line.assignment_line.assignment.member
    if line.charge is not None:
        return line.charge.member
    return line.complaint.assignment.member if line.complaint is not None else line.invoice.seller


def _borne(line: InvoiceLine, borne: Amounts) -> Money:
    """What a member is to bear of a line. Raises Refused."""
    amount = borne.get(line, NOUGHT)
    if not amount:
        return amount
    member = _member(line)
    most = _earned(line, member) if member else NOUGHT
    if not NOUGHT < amount <= most:
        raise Refused(f"Medlemmen kan bära högst det som den har tjänat på raden, {most} exkl. moms.")
    return amount


def _earned(line: InvoiceLine, member: Member) -> Money:
    """What the member earns by the line now."""
    total = func.sum
    if line.charge is not None and not _is_goods(line):
        back = select(total(OrderCharge.earned, type_=MoneyColumn())).join(
            InvoiceLine, InvoiceLine.charge_id == OrderCharge.id
        )
        return line.charge.earned + (db.session.scalar(back.where(InvoiceLine.credits_line_id == line.id)) or NOUGHT)
    return earned_of(line.order_line_id, member) if line.order_line_id is not None else NOUGHT
