"""Who works: worker processes that say that they live, and which of them looks after a routine."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, db

log = structlog.get_logger()

HEARTBEAT = timedelta(seconds=5)
SILENCE = timedelta(seconds=30)
"""A worker that has been silent for so long is dead, and its jobs go to another."""


class Worker(Base):
    """One worker process, and when it last said that it lives."""

    __tablename__ = "worker"
    id: Mapped[str] = mapped_column(primary_key=True)
    host: Mapped[str]
    """The machine and the process: ``name:4711``."""
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class RoutineRun(Base):
    """When a routine last ran. The row is the lock that lets one of many workers run it."""

    __tablename__ = "routine_run"
    name: Mapped[str] = mapped_column(primary_key=True)
    ran_at: Mapped[datetime]


def living(now: datetime) -> Select[str]:
    """The ids of the workers that have spoken within the last half minute."""
    return select(Worker.id).where(Worker.seen_at > now - SILENCE)


def alive(now: datetime) -> bool:
    """Whether at least one worker lives."""
    return db.session.scalar(living(now).limit(1)) is not None


def sign_in(worker_id: str, now: datetime) -> None:
    """Say that a worker lives, and forget those that have been silent for a day."""
    found = db.session.get(Worker, worker_id)
    if found is None:
        host = f"{socket.gethostname()}:{os.getpid()}"
        db.session.add(Worker(id=worker_id, host=host, started_at=now, seen_at=now))
        db.session.execute(delete(Worker).where(Worker.seen_at < now - timedelta(days=1)))
    else:
        found.seen_at = now


def sign_out(worker_id: str) -> None:
    """A worker leaves; what it held may be taken up at once."""
    db.session.execute(delete(Worker).where(Worker.id == worker_id))


def bury_the_dead() -> None:
    """A worker of this machine whose process is gone is dead, however lately it spoke: its jobs need not wait."""
    for row in db.session.scalars(select(Worker).where(Worker.host.startswith(f"{socket.gethostname()}:"))):
        if not Path(f"/proc/{row.host.rpartition(':')[2]}").exists():
            db.session.delete(row)


def carry_out(routine: Callable[[datetime], None], now: datetime) -> None:
    """Run a routine in a transaction of its own, unless another worker has this minute. Its failure ends there."""
    name = f"{routine.__module__}.{routine.__name__}"
    try:
        if _is_turn_for(name, now):
            routine(now)
        db.session.commit()
    except Exception:
        db.session.rollback()
        log.exception("routine failed", routine=name)


def _is_turn_for(routine: str, now: datetime) -> bool:
    """The row stays locked until the transaction ends, so that the next worker waits and then finds it done."""
    last = db.session.get(RoutineRun, routine, with_for_update=True)
    if last is None:
        db.session.add(RoutineRun(name=routine, ran_at=now))
        db.session.flush()
        return True
    if now - last.ran_at < timedelta(seconds=50):
        return False
    last.ran_at = now
    return True
