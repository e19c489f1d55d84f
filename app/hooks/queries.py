"""A person's webhooks, their logs, and what is to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import selectinload

from app.accounts.models import Seat, User
from app.db import db
from app.errors import NotYours
from app.hooks.models import DeliveryState, HookMessage, HookState, Webhook
from app.leaves import Leaf, leaf

ROWS = 20
MOST_HOOKS = 10
AT_ONCE = 50


def hooks_of(seat: Seat) -> Sequence[Webhook]:
    """The webhooks of a seat, oldest first."""
    query = select(Webhook).where(Webhook.seat_id == seat.id).order_by(Webhook.id)
    return db.session.scalars(query.limit(MOST_HOOKS)).all()


def hook_of(seat: Seat, hook_id: int, *, lock: bool = False) -> Webhook:
    """One of the seat's webhooks. Raises NotYours."""
    query = select(Webhook).where(Webhook.id == hook_id, Webhook.seat_id == seat.id)
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotYours
    return found


def log_of(hook: Webhook, number: int) -> Leaf[HookMessage]:
    """What has been told or is to be, newest first, with each attempt."""
    query = select(HookMessage).where(HookMessage.webhook_id == hook.id).options(selectinload(HookMessage.attempts))
    return leaf(query.order_by(HookMessage.id.desc()), number, ROWS)


def message_of(hook: Webhook, message_id: int) -> HookMessage:
    """One of a webhook's messages. Raises NotYours."""
    query = select(HookMessage).where(HookMessage.id == message_id, HookMessage.webhook_id == hook.id)
    found = db.session.scalar(query)
    if found is None:
        raise NotYours
    return found


def due(now: datetime) -> Sequence[int]:
    """The ids of the webhooks to which something is to be sent now, and to which nobody sends."""
    waiting = exists().where(HookMessage.webhook_id == Webhook.id, HookMessage.state == DeliveryState.WAITING)
    query = select(Webhook.id).join(Webhook.seat).join(Seat.user).where(User.active, *may_be_sent(now), waiting)
    return db.session.scalars(query.order_by(Webhook.id).limit(AT_ONCE)).all()


def may_be_sent(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Whether a webhook is neither paused, resting after a failure, nor held by a worker."""
    return (
        Webhook.state == HookState.ACTIVE,
        or_(Webhook.retry_at.is_(None), Webhook.retry_at <= now),
        or_(Webhook.claimed_until.is_(None), Webhook.claimed_until <= now),
    )


def next_message(hook_id: int) -> HookMessage | None:
    """The oldest message that waits."""
    query = select(HookMessage).where(HookMessage.webhook_id == hook_id, HookMessage.state == DeliveryState.WAITING)
    return db.session.scalar(query.order_by(HookMessage.id).limit(1))


def hook_with(hook_id: int) -> Webhook:
    """Any webhook, for who sends."""
    return db.session.get_one(Webhook, hook_id)


def target(hook_id: int) -> tuple[str, str]:
    """Where to send, and the key to sign with."""
    found = db.session.execute(select(Webhook.address, Webhook.secret).where(Webhook.id == hook_id)).one()
    return found.address, found.secret
