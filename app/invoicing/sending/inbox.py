"""Looks into the access point's inbox every other minute, beside the jobs, and keeps the answers that lie there."""

from __future__ import annotations

import threading
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app import beside, clock, jobs, outlets
from app.db import db
from app.invoicing.sending import access_point, answering, queries
from app.queue import InApp
from app.workers import RoutineRun

THE_INBOX = 1


def run(in_app: InApp, stop: threading.Event) -> None:
    """Beside the jobs: look each second whether it is time."""
    beside.look_after(in_app, stop, what="invoice-responses", due=_due, do=_look_at, side_by_side=1)


def _due() -> list[int]:
    return [THE_INBOX] if outlets.access_point() and queries.is_inbox_due(clock.now()) else []


def _look_at(_inbox: int) -> None:
    look()


def look() -> int:
    """Read what has come, one message a transaction; returns how many answers were new.

    A message is said to be taken only once it is kept. When we die in between it is offered again, and known.
    """
    point = outlets.access_point()
    if point is None or not _claim(clock.now()):
        db.session.rollback()
        return 0
    jobs.checkpoint()
    new = 0
    for inbox_id in access_point.inbox(point):
        data = access_point.fetch(point, inbox_id)
        if data is not None:
            new += answering.store(inbox_id, data, now=clock.now()) is not None
            jobs.checkpoint()
            access_point.take(point, inbox_id)
    return new


def _claim(now: datetime) -> bool:
    """Take the turn to look into the inbox; False when it is another worker's or too early."""
    early = RoutineRun.ran_at <= now - queries.EVERY
    turn = update(RoutineRun).where(RoutineRun.name == queries.INBOX, early).values(ran_at=now)
    done = db.session.execute(turn.execution_options(synchronize_session=False))
    if done.rowcount == 1:  # type: ignore[attr-defined]
        return True
    if not queries.is_inbox_due(now):
        return False
    try:
        with db.session.begin_nested():
            db.session.add(RoutineRun(name=queries.INBOX, ran_at=now))
    except IntegrityError:
        return False
    return True
