"""Work for later: a row in the caller's transaction, run by Huey after the commit, and again until it succeeds."""

from __future__ import annotations

import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import structlog
from flask import Flask, current_app
from huey import RedisHuey, SqliteHuey, crontab
from huey.api import Huey
from sqlalchemy import Index, event, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app import clock
from app.db import Base, db

log = structlog.get_logger()

MOST_ATTEMPTS = 8
HEARTBEAT = timedelta(seconds=5)
SILENCE = timedelta(seconds=30)
"""A worker that has been silent for so long is dead, and its jobs go to another."""

Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}
_routines: list[Callable[[datetime], None]] = []


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """One piece of work, written together with what it follows from."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_run_after", "state", "run_after"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    args: Mapped[dict[str, Any]]
    state: Mapped[JobState] = mapped_column(default=JobState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[datetime]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    error: Mapped[str | None]


class Worker(Base):
    """One worker process, and when it last said that it lives."""

    __tablename__ = "worker"
    id: Mapped[str] = mapped_column(primary_key=True)
    host: Mapped[str]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]


def job(handler: Handler) -> Handler:
    """Register a function that takes ids and may run twice."""
    _handlers[f"{handler.__module__}.{handler.__name__}"] = handler
    return handler


def every_minute(routine: Callable[[datetime], None]) -> Callable[[datetime], None]:
    """Register something that a worker looks after each minute; it gets the present moment."""
    _routines.append(routine)
    return routine


def enqueue(handler: Handler, *, after: datetime | None = None, **ids: int) -> Job:
    """Write down work in the caller's transaction: it runs after the commit, or never."""
    name = f"{handler.__module__}.{handler.__name__}"
    if name not in _handlers:
        raise ValueError(f"{name} is no job")
    now = clock.now()
    row = Job(name=name, args=ids, run_after=after or now, created_at=now)
    db.session.add(row)
    return row


def checkpoint() -> None:
    """Save in the midst of a job, before a step that cannot be undone, such as handing a letter to a server."""
    db.session.commit()


class Queue:
    """Huey behind one small door: SQLite beside the database by default, Redis when there is one."""

    def __init__(self, app: Flask, *, folder: str, redis_url: str | None) -> None:
        self.app = app
        self.worker_id: str | None = None
        self.huey: Huey = (
            RedisHuey("samsalj", url=redis_url, results=False)
            if redis_url
            else SqliteHuey("samsalj", filename=f"{folder}/queue.db", results=False, timeout=20)
        )
        self._run = self.huey.task(name="run")(self.run)
        self.huey.periodic_task(crontab(), name="minute")(self.minute)

    def hand_over(self, job_ids: Iterable[int]) -> None:
        """Tell the workers of new jobs. When that fails the rows still lie there, and the next minute finds them."""
        try:
            for job_id in job_ids:
                self._run(job_id)
        except Exception as trouble:  # noqa: BLE001  the order is already saved; nothing here may undo it
            log.warning("jobs not handed over", trouble=str(trouble))

    def run(self, job_id: int) -> None:
        """Run one job in a transaction of its own; the claim is atomic, so two workers never run the same one."""
        with self.app.app_context():
            if _claim(job_id, self.worker_id or "here", clock.now()):
                _work(job_id)

    def minute(self) -> None:
        """What a worker looks after each minute: lost jobs first, then the routines."""
        with self.app.app_context():
            self.hand_over(recover(clock.now()))
            for routine in _routines:
                _carry_out(routine)

    def beat(self, stop: threading.Event) -> None:
        """Say that this worker lives until it is told to stop."""
        while not stop.wait(HEARTBEAT.total_seconds()):
            with self.app.app_context():
                _sign_in(self.worker_id or "here")

    def work(self) -> None:
        """Be a worker until told to stop."""
        self.worker_id = uuid.uuid4().hex
        stop = threading.Event()
        with self.app.app_context():
            _sign_in(self.worker_id)
        threading.Thread(target=self.beat, args=(stop,), daemon=True).start()
        with self.app.app_context():
            self.hand_over(recover(clock.now()))
        consumer = self.huey.create_consumer(workers=2, periodic=True, max_delay=1.0, check_worker_health=True)
        try:
            consumer.run()
        finally:
            stop.set()
            with self.app.app_context():
                db.session.execute(Worker.__table__.delete().where(Worker.id == self.worker_id))
                db.session.commit()


def queue() -> Queue:
    """The queue of the app that runs now."""
    found: Queue = current_app.extensions["samsalj.queue"]
    return found


def recover(now: datetime) -> list[int]:
    """Take back what dead workers held, and return the ids of all jobs that are due."""
    living = select(Worker.id).where(Worker.seen_at > now - SILENCE)
    db.session.execute(
        update(Job)
        .where(Job.state == JobState.RUNNING, Job.claimed_by.not_in(living))
        .values(state=JobState.WAITING, claimed_by=None)
        .execution_options(synchronize_session=False)
    )
    due = select(Job.id).where(Job.state == JobState.WAITING, Job.run_after <= now).order_by(Job.id).limit(500)
    ids = list(db.session.scalars(due))
    db.session.commit()
    return ids


def work_off(now: datetime | None = None, *, rounds: int = 20) -> int:
    """Run everything that is due in this process, with what that brings about; returns how many jobs ran."""
    ran = 0
    for _ in range(rounds):
        ids = recover(now or clock.now())
        if not ids:
            break
        for job_id in ids:
            if _claim(job_id, "here", now or clock.now()):
                _work(job_id)
                ran += 1
    return ran


def retry(job_id: int, *, now: datetime) -> Job | None:
    """Let a failed job start over; None when it is not there or has not failed."""
    row = db.session.scalar(select(Job).where(Job.id == job_id, Job.state == JobState.FAILED).with_for_update())
    if row is not None:
        row.state, row.attempts, row.run_after, row.error = JobState.WAITING, 0, now, None
        _note_for_later(db.session(), row)
    return row


def worker_alive(now: datetime) -> bool:
    """Whether at least one worker has said so within the last half minute."""
    return db.session.scalar(select(Worker.id).where(Worker.seen_at > now - SILENCE).limit(1)) is not None


def _sign_in(worker_id: str) -> None:
    now = clock.now()
    found = db.session.get(Worker, worker_id)
    if found is None:
        host = f"{socket.gethostname()}:{os.getpid()}"
        db.session.add(Worker(id=worker_id, host=host, started_at=now, seen_at=now))
        db.session.execute(Worker.__table__.delete().where(Worker.seen_at < now - timedelta(days=1)))
    else:
        found.seen_at = now
    db.session.commit()


def _claim(job_id: int, worker: str, now: datetime) -> bool:
    claimed = db.session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.WAITING, Job.run_after <= now)
        .values(state=JobState.RUNNING, claimed_by=worker, attempts=Job.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return claimed.rowcount == 1  # type: ignore[attr-defined]


def _work(job_id: int) -> None:
    """The job's effects and its 'done' are one transaction."""
    row = db.session.get_one(Job, job_id)
    try:
        _handlers[row.name](**row.args)
        row.state, row.finished_at, row.error = JobState.DONE, clock.now(), None
        db.session.commit()
    except Exception as trouble:
        db.session.rollback()
        log.exception("job failed", job=job_id)
        _put_back(job_id, f"{type(trouble).__name__}: {trouble}")


def _put_back(job_id: int, error: str) -> None:
    row = db.session.get_one(Job, job_id)
    given_up = row.attempts >= MOST_ATTEMPTS
    row.state = JobState.FAILED if given_up else JobState.WAITING
    row.finished_at = clock.now() if given_up else None
    row.run_after = clock.now() + timedelta(seconds=15 * 2**row.attempts)
    row.claimed_by, row.error = None, error[:2000]
    db.session.commit()


def _carry_out(routine: Callable[[datetime], None]) -> None:
    try:
        routine(clock.now())
        db.session.commit()
    except Exception:
        db.session.rollback()
        log.exception("routine failed", routine=routine.__name__)


def _note_for_later(session: Session, row: Job) -> None:
    session.info.setdefault("new_jobs", []).append(row)


@event.listens_for(Session, "after_flush")
def _notice_new_jobs(session: Session, _flush: object) -> None:
    for row in session.new:
        if isinstance(row, Job):
            _note_for_later(session, row)


@event.listens_for(Session, "before_commit")
def _learn_ids(session: Session) -> None:
    """Ids are read before the commit, which would expire them."""
    session.flush()
    due = [row.id for row in session.info.pop("new_jobs", []) if row.run_after <= clock.now()]
    session.info["jobs_to_hand_over"] = due


@event.listens_for(Session, "after_commit")
def _hand_over(session: Session) -> None:
    if ids := session.info.pop("jobs_to_hand_over", []):
        queue().hand_over(ids)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("new_jobs", None)
    session.info.pop("jobs_to_hand_over", None)
