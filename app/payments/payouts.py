"""Reading what members have earned of card payments, and what has been passed on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.db import db
from app.errors import NotYours
from app.members.models import Member
from app.money import NOUGHT, Money
from app.orders.models import OrderEntry, OrderEvent
from app.payments.models import Payment
from app.payments.payout_models import Payout, PayoutEntry, PayoutReversal
from app.payments.states import PayoutState

MOST = 50


def unclaimed(order_id: int) -> dict[int, list[OrderEntry]]:
    """What each member has earned of an order, more or less, and no payout has counted yet; by the member's id."""
    claimed = select(PayoutEntry.entry_id)
    query = (
        select(OrderEntry)
        .join(OrderEntry.event)
        .where(OrderEvent.order_id == order_id, OrderEntry.member_id.is_not(None), OrderEntry.earned != NOUGHT)
        .where(OrderEntry.id.not_in(claimed))
        .order_by(OrderEntry.id)
    )
    found: dict[int, list[OrderEntry]] = defaultdict(list)
    for one in db.session.scalars(query):
        if one.member_id is not None:
            found[one.member_id].append(one)
    return found


def members_in(ids: Collection[int]) -> Sequence[Member]:
    """Members by id, in order of name."""
    return db.session.scalars(select(Member).where(Member.id.in_(ids)).order_by(Member.name)).all() if ids else []


def payouts_of(payment: Payment, member: Member | None = None) -> Sequence[Payout]:
    """What has been passed on of a payment, the first first."""
    query = select(Payout).where(Payout.payment_id == payment.id).options(joinedload(Payout.member))
    if member is not None:
        query = query.where(Payout.member_id == member.id)
    return db.session.scalars(query.order_by(Payout.id)).all()


def passed_on(payment: Payment) -> Money:
    """How much of a payment members have got, or are to get, less what was taken back."""
    mine = (Payout.payment_id == payment.id, Payout.state != PayoutState.FAILED)
    return db.session.scalar(select(func.sum(Payout.amount - Payout.reversed)).where(*mine)) or NOUGHT


def the_payout(payout_id: int) -> Payout:
    """One of them, held. Raises NotYours."""
    found = db.session.scalar(select(Payout).where(Payout.id == payout_id).with_for_update())
    if found is None:
        raise NotYours
    return found


def stuck(before: datetime) -> tuple[Sequence[int], Sequence[int]]:
    """Payouts and reversals that Stripe should have answered since then, by id."""
    out = select(Payout.id).where(Payout.state == PayoutState.CREATED, Payout.made_at < before)
    back = select(PayoutReversal.id).where(PayoutReversal.state == PayoutState.CREATED, PayoutReversal.made_at < before)
    return db.session.scalars(out.limit(MOST)).all(), db.session.scalars(back.limit(MOST)).all()
