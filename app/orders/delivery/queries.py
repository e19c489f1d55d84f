"""Reading the parcels of orders, and what is charged beside the lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from app.db import db
from app.errors import NotYours
from app.members.models import Member
from app.money import NOUGHT, Money
from app.orders.delivery.models import Carriage, OrderCharge, Parcel
from app.orders.delivery.states import ChargeKind
from app.orders.delivery.ways import WayKind
from app.orders.models import Assignment, Order, OrderEvent
from app.orders.queries import PAGE, hold
from app.orders.states import AssignmentState, EventKind
from app.vat import VatClass

FEES = VatClass.STANDARD
"""Carriage is a supply of its own, whatever is carried."""
AFTERWARDS = (ChargeKind.AGAIN, ChargeKind.DEPOSIT)
"""What may be charged when the invoice is out already."""
MOST_COUNTED = 1000
MOST_REMEMBERED = 50
"""Orders back in which a customer's habit is looked for."""
Extra = tuple[Money, VatClass]
"""So much without VAT, and its class."""


def parcels_in(order: Order) -> Sequence[Parcel]:
    """The order's parcels, in the order in which they were promised. The order's events tell whether there are any."""
    if not _has(order, EventKind.WAY, EventKind.NOT_HOME):
        return []
    query = select(Parcel).where(Parcel.order_id == order.id).order_by(Parcel.id)
    return db.session.scalars(query.options(joinedload(Parcel.member), joinedload(Parcel.carrier))).all()


def promised_fees(order: Order) -> Money:
    """What the ways in which the order comes cost together, without VAT."""
    return Money.total(parcel.fee for parcel in parcels_in(order))


def parcel_in(order: Order, parcel_id: int) -> Parcel:
    """One of the order's parcels. Raises NotYours."""
    found = next((one for one in parcels_in(order) if one.id == parcel_id), None)
    if found is None:
        raise NotYours
    return found


def parcel_of(parcels: Iterable[Parcel], assignment: Assignment) -> Parcel | None:
    """The parcel in which a member's part lies; none where nothing was promised, or where it goes to another member."""
    lines = {share.order_line_id for share in assignment.lines if share.quantity}
    mine = (one for one in parcels if one.member_id == assignment.member_id and lines & one.line_ids)
    return next(mine, None)


def carriers_in(order: Order, parcels: Sequence[Parcel]) -> dict[int, str]:
    """Who brings what another member has made, by the id of its part."""
    lying = {one.id: parcel_of(parcels, one) for one in order.assignments}
    return {id_: one.carrier.name for id_, one in lying.items() if one and one.kind == WayKind.CARRIED and one.carrier}


def charges_in(order: Order) -> Sequence[OrderCharge]:
    """What has been charged beside the lines, oldest first. The order's events tell whether there can be any."""
    if not _has(order, EventKind.WAY, EventKind.NOT_HOME, EventKind.RETURNED, EventKind.CREDITED):
        return []
    query = select(OrderCharge).join(OrderCharge.event).where(OrderEvent.order_id == order.id)
    return db.session.scalars(query.options(joinedload(OrderCharge.event)).order_by(OrderCharge.id)).all()


def extras_of(orders: Collection[Order]) -> dict[int, list[Extra]]:
    """What each order costs beside its lines, by its id. Two statements, however many the orders."""
    ids = [order.id for order in orders]
    charges: dict[int, list[OrderCharge]] = defaultdict(list)
    query = select(OrderEvent.order_id, OrderCharge).join(OrderCharge.event).where(OrderEvent.order_id.in_(ids))
    for order_id, one in db.session.execute(query):
        charges[order_id].append(one)
    parcels: dict[int, list[Parcel]] = defaultdict(list)
    for parcel in db.session.scalars(select(Parcel).where(Parcel.order_id.in_(ids), Parcel.fee > Money(0))):
        parcels[parcel.order_id].append(parcel)
    return {order.id: extras(order, parcels[order.id], charges[order.id]) for order in orders}


def extras(order: Order, parcels: Iterable[Parcel], charges: Iterable[OrderCharge]) -> list[Extra]:
    """What has been charged beside the lines, and what was promised for the parcels that are still to come.

    What was promised for goods that will not come costs nothing.
    """
    charged = list(charges)
    done = {one.parcel_id for one in charged if one.kind == ChargeKind.DELIVERY}
    wanted = {line.id for line in order.lines if line.remaining}
    promised = [one.fee for one in parcels if one.fee and one.id not in done and one.line_ids & wanted]
    return [*((one.charged, one.vat_class) for one in charged), *((fee, FEES) for fee in promised)]


def brought_last(customer_id: int, street: str, postcode: str) -> bool | None:
    """Whether the customer last had something brought for a fee, or collected it; to the same address if there is one.

    None where neither has happened lately: what is brought for nothing tells of no choice.
    """
    orders = select(Order.id).where(Order.customer_id == customer_id)
    lately = orders.order_by(Order.placed_at.desc()).limit(MOST_REMEMBERED)
    told = (Parcel.kind == WayKind.COLLECT) | (Parcel.fee > NOUGHT)
    elsewhere = case((and_(Order.street == street, Order.postcode == postcode), 0), else_=1)
    query = select(Parcel.kind).join(Parcel.order).where(Order.id.in_(lately), told)
    kind = db.session.scalar(query.order_by(elsewhere, Parcel.id.desc()).limit(1))
    return None if kind is None else kind != WayKind.COLLECT


def carriage_of(carrier: Member, carriage_id: int, *, lock: bool = False) -> Carriage:
    """The carrier's own assignment to carry. With `lock` the whole order is held first. Raises NotYours."""
    found = db.session.scalar(select(Carriage).where(Carriage.id == carriage_id, Carriage.carrier_id == carrier.id))
    if found is None:
        raise NotYours
    if lock:
        hold(found.parcel.order_id)
        db.session.refresh(found)
    return found


def carriages_of(carrier: Member, *states: AssignmentState, newest: bool = False) -> Sequence[Carriage]:
    """What the member is asked to carry, or carries, the most urgent first; or what it carried last."""
    query = select(Carriage).where(Carriage.carrier_id == carrier.id, Carriage.state.in_(states))
    with_order = joinedload(Carriage.parcel).joinedload(Parcel.order)
    order_by = (Carriage.id.desc(),) if newest else (Carriage.delivery_day, Carriage.id)
    return db.session.scalars(
        query.options(with_order, joinedload(Carriage.sender)).order_by(*order_by).limit(PAGE)
    ).all()


def asked_again() -> Sequence[Parcel]:
    """The parcels whose way has to be chosen anew, the oldest first."""
    query = select(Parcel).where(Parcel.asked_again != "").options(joinedload(Parcel.order).joinedload(Order.customer))
    return db.session.scalars(query.order_by(Parcel.id).limit(PAGE)).all()


def asked_again_count() -> int:
    """How many there are; counted only as far as a person would read."""
    some = select(Parcel.id).where(Parcel.asked_again != "").limit(MOST_COUNTED).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def charges_due() -> Sequence[OrderCharge]:
    """What was charged after the order's invoice, as deposits are: it stands on no invoice yet. The oldest first."""
    invoiced = aliased(OrderEvent)
    query = (
        select(OrderCharge)
        .join(OrderCharge.event)
        .join(invoiced, (invoiced.order_id == OrderEvent.order_id) & (invoiced.kind == EventKind.INVOICED))
        .where(OrderCharge.kind.in_(AFTERWARDS), OrderEvent.id > invoiced.id)
        .options(contains_eager(OrderCharge.event).joinedload(OrderEvent.order).joinedload(Order.customer))
    )
    return db.session.scalars(query.order_by(OrderCharge.id).limit(PAGE)).all()


def _has(order: Order, *kinds: EventKind) -> bool:
    return any(event.kind in kinds for event in order.events)
