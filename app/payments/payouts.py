"""Reading what members have earned of card payments, and what has been passed on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.db import MoneyColumn, db
from app.errors import NotYours
from app.members.models import Member
from app.money import NOUGHT, Money
from app.payments.models import Payment
from app.payments.payout_models import Payout, PayoutReversal
from app.payments.states import PayoutState

MOST = 50


def members_in(ids: Collection[int]) -> Sequence[Member]:
    """Members by id, in order of name."""
    return db.session.scalars(select(Member).where(Member.id.in_(ids)).order_by(Member.name)).all() if ids else []


def payouts_of(payment: Payment, member: Member | None = None) -> Sequence[Payout]:
    """What has been passed on of a payment, the first first."""
    whole = joinedload(Payout.member), selectinload(Payout.entries)
    query = select(Payout).where(Payout.payment_id == payment.id).options(*whole)
    if member is not None:
        query = query.where(Payout.member_id == member.id)
    return db.session.scalars(query.order_by(Payout.id)).all()


def passed_on(payment: Payment) -> Money:
    """How much of a payment members have got, or are to get, less what was taken back."""
    mine = (Payout.payment_id == payment.id, Payout.state != PayoutState.FAILED)
    return (
        db.session.scalar(select(func.sum(Payout.amount - Payout.reversed, type_=MoneyColumn())).where(*mine)) or NOUGHT
    )


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
