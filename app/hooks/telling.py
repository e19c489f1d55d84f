"""Whatever is noted for a customer in an order's time line, or happens to a member's assignment, is told to webhooks.

It is read off the rows themselves as they are written, so that no act can forget it, and it is written in the same
transaction. Who may see what has been decided by who wrote the rows: events that are not for the customer stay here.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import event, inspect, or_, select
from sqlalchemy.orm import Session

from app import clock, new_rows
from app.accounts.models import Seat, User
from app.db import Question, several
from app.hooks import kinds
from app.hooks.models import HookMessage, HookState, Webhook
from app.orders.models import Assignment, AssignmentLine, OrderEvent

NOTICED = "happenings"
API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that was written, and what it is called."""

    row: OrderEvent | Assignment
    kind: str


@event.listens_for(Session, "after_flush")
def _notice(session: Session, _flush: object) -> None:
    _keep(session, [*_new(session.new), *_changed(session.dirty)])


def _notice_new(session: Session, rows: Iterable[Any]) -> None:
    _keep(session, list(_new(rows)))


new_rows.observers.append(_notice_new)


def _keep(session: Session, found: list[Happening]) -> None:
    if found:
        session.info.setdefault(NOTICED, []).extend(found)


def _new(rows: Iterable[Any]) -> Iterator[Happening]:
    for row in rows:
        if isinstance(row, OrderEvent) and row.for_customer:
            yield Happening(row, kinds.of_event(row.kind))
        elif isinstance(row, Assignment):
            yield Happening(row, kinds.of_state(row.state))


def _changed(rows: Iterable[Any]) -> Iterator[Happening]:
    """An event is never changed."""
    for row in rows:
        if isinstance(row, Assignment) and inspect(row).attrs.state.history.added:
            yield Happening(row, kinds.of_state(row.state))
        elif isinstance(row, AssignmentLine) and inspect(row).attrs.quantity.history.deleted:
            yield Happening(row.assignment, "assignment.changed")


@event.listens_for(Session, "before_commit", insert=True)  # before new jobs are counted
def _tell(session: Session) -> None:
    """One question for the whole transaction, and none where nothing happened. The end of a savepoint is no commit."""
    if session.in_nested_transaction():
        return
    session.flush()
    noticed: list[Happening] = session.info.pop(NOTICED, [])
    there = [one for one in dict.fromkeys(noticed) if one.row in session]
    if there:
        session.add_all(_messages(session, list(_without_repeats(there)), clock.now()))


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(NOTICED, None)


def _without_repeats(happenings: list[Happening]) -> Iterator[Happening]:
    """That an assignment holds another quantity goes without saying where it has come into another state."""
    moved = {id(one.row) for one in happenings if one.kind != "assignment.changed"}
    for one in happenings:
        if one.kind != "assignment.changed" or id(one.row) not in moved:
            yield one


def _messages(session: Session, happenings: list[Happening], now: datetime) -> list[HookMessage]:
    customers = {one.row.order.customer_id for one in happenings if isinstance(one.row, OrderEvent)}
    members = {one.row.member_id for one in happenings if isinstance(one.row, Assignment)}
    asked = {"customers": list(customers), "members": list(members)}
    return [
        message(hook, one.kind, _told(one.row), now)
        for hook, customer_id, member_id in session.execute(_listening(), asked)
        for one in happenings
        if one.kind in hook.kinds and _concerns(one.row, customer_id, member_id)
    ]


@cache
def _listening() -> Question:
    """Put together once: each act asks it."""
    return (
        select(Webhook, Seat.customer_id, Seat.member_id)
        .join(Webhook.seat)
        .join(Seat.user)
        .where(Webhook.state == HookState.ACTIVE, User.active)
        .where(or_(Seat.customer_id.in_(several("customers")), Seat.member_id.in_(several("members"))))
        .order_by(Webhook.id)
    )


def message(hook: Webhook, kind: str, told: dict[str, Any], now: datetime) -> HookMessage:
    """Something to be told to a webhook, as it will be sent each time."""
    body = {"type": kind, "timestamp": now.isoformat(), "data": told}
    key, text = f"msg_{secrets.token_hex(16)}", json.dumps(body, ensure_ascii=False)
    return HookMessage(webhook_id=hook.id, key=key, kind=kind, body=text, created_at=now)


def _concerns(row: OrderEvent | Assignment, customer_id: int | None, member_id: int | None) -> bool:
    if isinstance(row, OrderEvent):
        return customer_id is not None and row.order.customer_id == customer_id
    return member_id is not None and row.member_id == member_id


def _told(row: OrderEvent | Assignment) -> dict[str, Any]:
    """Little, and where the rest can be read: a message that comes late must not be believed more than the order."""
    number = row.order.number
    if isinstance(row, OrderEvent):
        return {
            "order": number,
            "event": row.kind.value,
            "state": row.order.state.value,
            "member": row.member_name,
            "words": row.words,
            "url": f"{API}/orders/{number}",
        }
    return {"assignment": row.id, "order": number, "state": row.state.value, "url": f"{API}/assignments/{row.id}"}
