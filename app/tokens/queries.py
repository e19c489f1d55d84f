"""Who stands behind a token, and which tokens a person has."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from app.accounts.models import Seat, User
from app.customers.models import Customer
from app.db import db
from app.errors import NotYours
from app.leaves import Leaf, leaf
from app.members.models import Member
from app.tokens.models import ApiReply, ApiToken

ROWS = 20


@dataclass(frozen=True, slots=True)
class Holder:
    """A token that holds, the person who made it, and for whom that person acts."""

    token: ApiToken
    user: User
    member: Member | None
    customer: Customer | None


def digest(secret: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def holder(secret: str, now: datetime) -> Holder | None:
    """Who acts by a token; None when it is unknown, revoked or old, or the account is closed. One statement."""
    query = (
        select(ApiToken, Member, Customer)
        .join(ApiToken.seat)
        .join(Seat.user)
        .outerjoin(Member, Seat.member_id == Member.id)
        .outerjoin(Customer, Seat.customer_id == Customer.id)
        .options(contains_eager(ApiToken.seat).contains_eager(Seat.user))
        .where(ApiToken.digest == digest(secret), User.active)
    )
    found = db.session.execute(query).first()
    if found is None or not found[0].holds(now):
        return None
    token, member, customer = found
    return Holder(token, token.seat.user, member, customer)


def tokens_of(user: User, number: int) -> Leaf[ApiToken]:
    """The person's tokens, newest first."""
    query = select(ApiToken).join(ApiToken.seat).where(Seat.user_id == user.id)
    return leaf(query.order_by(ApiToken.id.desc()), number, ROWS)


def token_of(user: User, token_id: int) -> ApiToken:
    """The person's own token, held for a change. Raises NotYours."""
    query = select(ApiToken).join(ApiToken.seat).where(ApiToken.id == token_id, Seat.user_id == user.id)
    found = db.session.scalar(query.with_for_update(of=ApiToken))
    if found is None:
        raise NotYours
    return found


def live_tokens(seat: Seat, now: datetime) -> Sequence[ApiToken]:
    """The seat's tokens that still hold."""
    query = select(ApiToken).where(ApiToken.seat_id == seat.id, ApiToken.revoked_at.is_(None))
    return db.session.scalars(query.where(ApiToken.expires_at > now)).all()


def seats_of(user: User, most: int) -> list[tuple[int, str]]:
    """The person's seats as (id, name of the organisation), by name. One statement."""
    name = func.coalesce(Member.name, Customer.name)
    query = (
        select(Seat.id, name)
        .outerjoin(Member, Seat.member_id == Member.id)
        .outerjoin(Customer, Seat.customer_id == Customer.id)
        .where(Seat.user_id == user.id)
    )
    return [(seat_id, called) for seat_id, called in db.session.execute(query.order_by(name, Seat.id).limit(most))]


def seat_of(user: User, member: Member | None, customer: Customer | None, *, lock: bool = False) -> Seat:
    """The seat in which the person acts for one of the two. Raises NotYours."""
    query = select(Seat).where(
        Seat.user_id == user.id,
        Seat.member_id.is_not_distinct_from(member.id if member else None),
        Seat.customer_id.is_not_distinct_from(None if member or not customer else customer.id),
    )
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotYours
    return found


def reply(seat_id: int, key: str) -> ApiReply | None:
    """What was answered to an idempotency key."""
    return db.session.scalar(select(ApiReply).where(ApiReply.seat_id == seat_id, ApiReply.key == key))
