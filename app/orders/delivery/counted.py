"""Delivery fees of what is called off under an agreement: they count against its ceiling from the order on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from app.money import NOUGHT, Money
from app.orders.agreements import ceilings
from app.orders.delivery.models import OrderCharge, Parcel
from app.orders.delivery.queries import charges_in, parcels_in
from app.orders.delivery.states import ChargeKind
from app.orders.models import Order, OrderLine


def count_fees(order: Order, parcels: Sequence[Parcel] | None = None, *, now: datetime) -> None:
    """After parcels were promised or changed, and a fee was charged anew or credited. Raises Refused above a ceiling.

    A parcel's fee is carried by its first line that is called off from an agreement, and what is charged for another
    attempt by the order's first. It counts from the promise on, and no longer when nothing of it will come.
    """
    under = sorted((line for line in order.lines if line.agreement_id is not None), key=lambda line: line.id)
    if not under:
        return
    charges = charges_in(order)
    fees: dict[OrderLine, Money] = defaultdict(lambda: NOUGHT)
    fees[under[0]] = Money.total(one.charged for one in charges if _is_of_an_attempt(one))
    for parcel in parcels if parcels is not None else parcels_in(order):
        line = next((one for one in under if one.id in parcel.line_ids), None)
        if line is not None:
            fees[line] += _paid_for(parcel, order, charges)
    ceilings.carry(order, {line: max(fee, NOUGHT) for line, fee in fees.items()}, now=now)


def _paid_for(parcel: Parcel, order: Order, charges: Iterable[OrderCharge]) -> Money:
    """What was charged less what was credited; before it has come, what was promised."""
    mine = [one for one in charges if one.parcel_id == parcel.id]
    if mine:
        return Money.total(one.charged for one in mine)
    comes = any(line.remaining for line in order.lines if line.id in parcel.line_ids)
    return parcel.fee if comes else NOUGHT


def _is_of_an_attempt(one: OrderCharge) -> bool:
    """Whether it is for coming again, or a credit of that: a credit of a parcel names it, and one of goods its line."""
    is_credit = one.kind == ChargeKind.CREDITED and one.parcel_id is None and one.order_line_id is None
    return is_credit or one.kind == ChargeKind.AGAIN
