"""What comes back: goods, and what they lay in. The member says in what state, and the money follows.

Goods that come back in order are given back, by customer and member alike. A basket or a box that does not come back
in order costs its deposit. What came back otherwise changes nothing by itself: staff have complaints for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app import audit, units
from app.audit import Actor
from app.db import QuantityColumn, db
from app.errors import NotYours, Refused
from app.members.models import Member
from app.money import NOUGHT, Money
from app.orders.actions import note
from app.orders.agreements import ceilings
from app.orders.changes import said
from app.orders.complaint_queries import delivered_in
from app.orders.delivery.event_models import GoodsReturn
from app.orders.delivery.models import OrderCharge
from app.orders.delivery.queries import FEES
from app.orders.delivery.states import ChargeKind, ReturnKind, ReturnState
from app.orders.deposits import deposits
from app.orders.handing import next_of
from app.orders.models import Assignment, AssignmentLine, Order, OrderEvent
from app.orders.queries import PAGE
from app.orders.states import AssignmentState, EventKind
from app.units import figure

NONE = Decimal(0)
WHAT = {ReturnKind.GOODS: "", ReturnKind.DEPOSIT: "Emballage med pant till "}


@dataclass(frozen=True, slots=True)
class Returnable:
    """So much that has come can come back, or what it lay in can."""

    kind: ReturnKind
    share: AssignmentLine
    left: Decimal

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.kind.value}-{self.share.id}"


def returnable_in(order: Order) -> list[Returnable]:
    """What has come, without what was complained about, and is not registered to come back already."""
    done = [
        share
        for assignment in order.assignments
        if assignment.state == AssignmentState.DELIVERED
        for share in assignment.lines
        if share.quantity and next_of(share.order_line) is None
    ]
    if not done:
        return []
    gone, with_deposit = _registered(order), deposits(order, with_vat=False)
    good = {one.share.id: one.left for one in delivered_in(order)}
    found = []
    for share in done:
        whole = {ReturnKind.GOODS: good.get(share.id, NONE), ReturnKind.DEPOSIT: share.quantity}
        if share.order_line_id not in with_deposit:
            del whole[ReturnKind.DEPOSIT]
        for kind, most in whole.items():
            left = most - gone.get((share.assignment_id, share.order_line_id, kind), NONE)
            if left > 0:
                found.append(Returnable(kind, share, left))
    return found


def register(one: Returnable, quantity: Decimal, words: str, *, by: Actor | None, now: datetime) -> GoodsReturn:
    """So much comes back. Raises Refused for a quantity that cannot be."""
    line = one.share.order_line
    try:
        quantity = units.check_quantity(line.unit, quantity)
    except ValueError as wrong:
        raise Refused(f"{line.name}: {wrong}") from wrong
    if quantity > one.left:
        raise Refused(f"{line.name}: högst {figure(one.left)} kan komma tillbaka.")
    made = GoodsReturn(
        kind=one.kind,
        state=ReturnState.REGISTERED,
        order_line=line,
        assignment=one.share.assignment,
        quantity=quantity,
        words=words.strip()[:500],
        registered_at=now,
        registered_by=by.name if by else line.order.customer.name,
    )
    db.session.add(made)
    words = f"{WHAT[one.kind]}{said(line, quantity)} kommer tillbaka. {made.words}".strip()
    note(line.order, EventKind.RETURNED, now=now, by=by, words=words, for_customer=True)
    audit.record(made, "registered", by=by, now=now, order=line.order.number)
    return made


def receive(
    one: GoodsReturn, in_order: Decimal, answer: str, *, most: Money | None = None, by: Actor, now: datetime
) -> OrderCharge | None:
    """The member has got it back, so much of it in order; the money follows by the same event. Raises Refused.

    `most` is what is left to give back of goods that were charged, where some of it may have been credited already.
    Returns what the event charges or gives back, where that is anything.
    """
    line = one.order_line
    if not NONE <= in_order <= one.quantity:
        raise Refused(f"{line.name}: skriv ett antal mellan 0 och {figure(one.quantity)}.")
    if in_order < one.quantity and not answer.strip():
        raise Refused("Skriv vad som inte är som det ska. Kunden läser det.")
    one.state, one.in_order, one.answer = ReturnState.RECEIVED, in_order, answer.strip()[:500]
    one.received_at, one.received_by = now, by.name
    charged, earned = _money(one, most)
    one.amount = charged
    words = (
        f"{WHAT[one.kind]}{said(line, one.quantity)} är tillbaka, {figure(in_order)} i ordning. {one.answer}".strip()
    )
    member = one.assignment.member
    event = note(line.order, EventKind.RETURNED, now=now, by=by, member=member.name, words=words, for_customer=True)
    if one.kind != ReturnKind.DEPOSIT:
        ceilings.credit(line, -charged, now=now)
    charge = _charge(one, event, charged, earned) if charged else None
    audit.record(one, "received", by=by, now=now, in_order=str(in_order), ore=charged.ore)
    return charge


def _charge(one: GoodsReturn, event: OrderEvent, charged: Money, earned: Money) -> OrderCharge:
    deposit, line = one.kind == ReturnKind.DEPOSIT, one.order_line
    made = OrderCharge(
        event=event,
        kind=ChargeKind.DEPOSIT if deposit else ChargeKind.RETURNED,
        name=f"{'Pant' if deposit else 'Retur'}: {line.name}",
        order_line=line,
        member=one.assignment.member,
        vat_class=FEES if deposit else line.vat_class,
        charged=charged,
        earned=earned,
    )
    db.session.add(made)
    return made


def returns_in(order: Order) -> Sequence[GoodsReturn]:
    """The order's returns, oldest first. Its events tell whether there are any."""
    if not any(event.kind == EventKind.RETURNED for event in order.events):
        return ()
    query = select(GoodsReturn).join(GoodsReturn.assignment).where(Assignment.order_id == order.id)
    return db.session.scalars(query.options(joinedload(GoodsReturn.order_line)).order_by(GoodsReturn.id)).all()


def return_of(member: Member, return_id: int, *, lock: bool = False) -> GoodsReturn:
    """A return that comes back to the member. Raises NotYours."""
    query = select(GoodsReturn).join(GoodsReturn.assignment)
    query = query.where(GoodsReturn.id == return_id, Assignment.member_id == member.id)
    found = db.session.scalar(query.with_for_update(of=GoodsReturn) if lock else query)
    if found is None:
        raise NotYours
    return found


def coming_back(member: Member | None = None) -> Sequence[GoodsReturn]:
    """What is registered and not received, to one member or to all, the oldest first."""
    query = select(GoodsReturn).join(GoodsReturn.assignment).where(GoodsReturn.state == ReturnState.REGISTERED)
    if member is not None:
        query = query.where(Assignment.member_id == member.id)
    whole = joinedload(GoodsReturn.assignment)
    return db.session.scalars(
        query.options(joinedload(GoodsReturn.order_line), whole.joinedload(Assignment.order))
        .options(whole.joinedload(Assignment.member))
        .order_by(GoodsReturn.id)
        .limit(PAGE)
    ).all()


def _money(one: GoodsReturn, most: Money | None) -> tuple[Money, Money]:
    """What the customer pays more and the member earns more by it; less than nought where it is less."""
    line, in_order = one.order_line, one.in_order or NONE
    if one.kind == ReturnKind.DEPOSIT:
        lost = deposits(line.order, with_vat=False).get(line.id, NOUGHT).times(one.quantity - in_order)
        return lost, lost
    share = next(each for each in one.assignment.lines if each.order_line_id == line.id)
    price, pay = line.price_of(in_order), share.member_price.times(in_order)
    if most is None or most >= price:
        return -price, -pay
    return -most, -pay.times(Decimal(most.ore) / price.ore)


def _registered(order: Order) -> dict[tuple[int, int, ReturnKind], Decimal]:
    quantity = func.sum(GoodsReturn.quantity, type_=QuantityColumn())
    keys = (GoodsReturn.assignment_id, GoodsReturn.order_line_id, GoodsReturn.kind)
    query = select(*keys, quantity).join(GoodsReturn.assignment).where(Assignment.order_id == order.id).group_by(*keys)
    return {(assignment, line, kind): total for assignment, line, kind, total in db.session.execute(query)}
