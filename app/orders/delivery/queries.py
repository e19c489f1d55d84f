"""Reading the parcels of orders, and what is charged beside the lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from app.errors import NotYours
from app.money import Money
from app.orders.delivery.models import Carriage, OrderCharge, Parcel
from app.orders.delivery.states import ChargeKind
from app.orders.models import Assignment, Order, OrderEvent
from app.vat import VatClass

FEES = VatClass.STANDARD
"""Carriage is a supply of its own, whatever is carried."""
Extra = tuple[Money, VatClass]
"""So much without VAT, and its class."""


def parcels_in(order: Order) -> Sequence[Parcel]:
    """The order's parcels, in the order in which they were promised."""
    query = select(Parcel).where(Parcel.order_id == order.id).order_by(Parcel.id)
    return db.session.scalars(query.options(joinedload(Parcel.member), joinedload(Parcel.carrier))).all()


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


def charges_in(order: Order) -> Sequence[OrderCharge]:
    """What has been charged beside the lines, oldest first."""
    query = select(OrderCharge).join(OrderCharge.event).where(OrderEvent.order_id == order.id)
    return db.session.scalars(query.options(joinedload(OrderCharge.event)).order_by(OrderCharge.id)).all()


def extras_of(orders: Collection[Order]) -> dict[int, list[Extra]]:
    """What each order costs beside its lines, by its id: what has been charged, and what was promised for the rest.

    What is promised for goods that will not come costs nothing. Two statements, however many the orders.
    """
    ids = [order.id for order in orders]
    found: dict[int, list[Extra]] = defaultdict(list)
    charged = set()
    query = select(OrderEvent.order_id, OrderCharge).join(OrderCharge.event).where(OrderEvent.order_id.in_(ids))
    for order_id, one in db.session.execute(query):
        found[order_id].append((one.charged, one.vat_class))
        charged |= {one.parcel_id} if one.kind == ChargeKind.DELIVERY else set()
    wanted = {line.id for order in orders for line in order.lines if line.remaining}
    for parcel in db.session.scalars(select(Parcel).where(Parcel.order_id.in_(ids), Parcel.fee > Money(0))):
        if parcel.id not in charged and parcel.line_ids & wanted:
            found[parcel.order_id].append((parcel.fee, FEES))
    return found


def carriage_of(carrier_id: int, carriage_id: int) -> Carriage:
    """The carrier's own assignment to carry. Raises NotYours."""
    found = db.session.scalar(select(Carriage).where(Carriage.id == carriage_id, Carriage.carrier_id == carrier_id))
    if found is None:
        raise NotYours
    return found
