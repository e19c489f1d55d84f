"""Naming a webhook, pausing it and letting it go on, and what becomes of each attempt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, update

from app import audit, jobs, posting
from app.accounts.models import Seat, User
from app.db import db
from app.errors import Refused
from app.hooks import queries, signing
from app.hooks.kinds import FOR_CUSTOMERS, FOR_MEMBERS, TEST
from app.hooks.models import DeliveryState, HookAttempt, HookMessage, HookState, Webhook
from app.hooks.telling import message
from app.posting import Answer

LEASE = timedelta(seconds=90)
"""So long a worker holds a webhook: longer than all that it sends in one go can take."""
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 5 * 60, 10 * 60, 14 * 60, 18 * 60, 22 * 60))
"""After each failed attempt; together about three days."""
KEPT = timedelta(days=30)
GONE = 410
"""By this status the other side says that it wants nothing more, ever."""


class Outcome(StrEnum):
    """What follows from an attempt."""

    GOES_ON = "goes on"
    WAITS = "waits"
    PAUSED = "paused"
    """It has failed too often, or wants nothing more: its owner is to be told."""


def kinds_for(seat: Seat) -> tuple[str, ...]:
    """What a seat's webhooks can be told of."""
    return FOR_MEMBERS if seat.member_id else FOR_CUSTOMERS


def add(seat: Seat, address: str, wanted: Iterable[str], *, by: User, now: datetime) -> Webhook:
    """Name an address. The caller holds the seat. Raises Refused for an address or a choice that will not do."""
    address = address.strip()
    posting.check_address(address)
    chosen = [kind for kind in kinds_for(seat) if kind in set(wanted)]
    if not chosen:
        raise Refused("Välj minst en sak att få veta.")
    if len(queries.hooks_of(seat)) >= queries.MOST_HOOKS:
        raise Refused(f"Du har redan {queries.MOST_HOOKS} webhookar. Ta bort en som inte används först.")
    hook = Webhook(
        seat_id=seat.id, address=address, wanted=" ".join(chosen), secret=signing.new_secret(), created_at=now
    )
    db.session.add(hook)
    audit.record(hook, "webhook added", by=by, now=now, address=address)
    return hook


def pause(hook: Webhook, *, by: User, now: datetime) -> Webhook:
    """Nothing more is told until it goes on; what waits is kept."""
    if hook.state == HookState.ACTIVE:
        hook.state = HookState.PAUSED
        audit.record(hook, "webhook paused", by=by, now=now)
    return hook


def resume(hook: Webhook, *, by: User, now: datetime) -> Webhook:
    """Go on where it stopped, at once."""
    if hook.state == HookState.PAUSED:
        hook.state, hook.failures, hook.failing_since, hook.retry_at = HookState.ACTIVE, 0, None, None
        audit.record(hook, "webhook resumed", by=by, now=now)
    return hook


def remove(hook: Webhook, *, by: User, now: datetime) -> None:
    """Forget it, with its log."""
    audit.record(hook, "webhook removed", by=by, now=now, address=hook.address)
    db.session.execute(delete(Webhook).where(Webhook.id == hook.id).execution_options(synchronize_session=False))
    db.session.expunge(hook)


def test(hook: Webhook, *, now: datetime) -> HookMessage:
    """Send something that means nothing."""
    sent = message(hook, TEST, {}, now)
    db.session.add(sent)
    return sent


def send_again(sent: HookMessage, hook: Webhook) -> HookMessage:
    """Send a message once more, and do not wait any longer after failures."""
    sent.state, hook.retry_at = DeliveryState.WAITING, None
    return sent


def claim(hook_id: int, now: datetime) -> bool:
    """Take a webhook to send to; False when another worker was quicker, or nothing may be sent to it."""
    taken = update(Webhook).where(Webhook.id == hook_id, *queries.may_be_sent(now)).values(claimed_until=now + LEASE)
    done = db.session.execute(taken.execution_options(synchronize_session=False))
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def release(hook_id: int) -> None:
    """Others may send to it."""
    freed = update(Webhook).where(Webhook.id == hook_id).values(claimed_until=None)
    db.session.execute(freed.execution_options(synchronize_session=False))


def note_attempt(message_id: int, answer: Answer, milliseconds: int, *, now: datetime) -> Outcome:
    """Write down what an attempt came to.

    After a failure everything to that address waits, longer each time, and comes in its order later. When it has
    failed for three days, or wants nothing more, it is paused.
    """
    sent = db.session.get(HookMessage, message_id)
    hook = db.session.get(Webhook, sent.webhook_id, with_for_update=True, populate_existing=True) if sent else None
    if sent is None or hook is None:  # Removed while we sent.
        return Outcome.WAITS
    db.session.add(
        HookAttempt(message_id=message_id, at=now, status=answer.status, milliseconds=milliseconds, answer=answer.said)
    )
    if answer.is_taken:
        sent.state, sent.delivered_at = DeliveryState.DELIVERED, now
        hook.failures, hook.failing_since, hook.retry_at = 0, None, None
        return Outcome.GOES_ON if hook.state == HookState.ACTIVE else Outcome.WAITS
    return _note_failure(hook, answer, now)


def _note_failure(hook: Webhook, answer: Answer, now: datetime) -> Outcome:
    hook.failures += 1
    hook.failing_since = hook.failing_since or now
    if hook.failures <= len(DELAYS) and answer.status != GONE:
        hook.retry_at = now + DELAYS[hook.failures - 1]
        return Outcome.WAITS
    if hook.state == HookState.ACTIVE:
        hook.state, hook.retry_at = HookState.PAUSED, None
        audit.record(hook, "webhook paused", by=None, now=now, failures=hook.failures)
        return Outcome.PAUSED
    return Outcome.WAITS


@jobs.every_minute
def forget_old_messages(now: datetime) -> None:
    """The log reaches a month back."""
    db.session.execute(delete(HookMessage).where(HookMessage.created_at < now - KEPT))
