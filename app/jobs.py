"""Work for later: a row in the caller's transaction, run by Huey after the commit, and again until it succeeds."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import structlog
from flask import Flask, current_app
from huey import RedisHuey, SqliteHuey, crontab
from huey.api import Huey
from sqlalchemy import ColumnElement, Index, Result, and_, event, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app import clock, workers
from app.db import Base, db

log = structlog.get_logger()

MOST_ATTEMPTS = 8
PATIENCE = 20
"""Seconds that a worker told to stop lets its jobs go on."""

HERE = "here"
"""Who works when no worker process does, as in tests."""

Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}
_routines: list[Callable[[datetime], None]] = []


class Hopeless(Exception):  # noqa: N818  it is a verdict, as Refused is
    """A job says that trying again cannot help: it fails at once, and staff see why."""


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


def job(handler: Handler) -> Handler:
    """Register a function that takes ids and may run twice."""
    _handlers[f"{handler.__module__}.{handler.__name__}"] = handler
    return handler


def every_minute(routine: Callable[[datetime], None]) -> Callable[[datetime], None]:
    """Register something that one of the workers looks after each minute; it gets the present moment."""
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
        self.worker_id = HERE
        self.busy: set[int] = set()
        self.claiming = threading.Lock()
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
        except Exception as trouble:  # The order is already saved; nothing here may undo it.
            log.warning("jobs not handed over", trouble=str(trouble))

    def run(self, job_id: int) -> None:
        """Run one job in a transaction of its own; the claim is atomic, so two workers never run the same one."""
        with self.app.app_context():
            try:
                if self._take(job_id):
                    _work(job_id, self.worker_id)
            finally:
                self.busy.discard(job_id)

    def _take(self, job_id: int) -> bool:
        with self.claiming:
            if job_id in self.busy or not _claim(job_id, self.worker_id, clock.now()):
                return False
            self.busy.add(job_id)
            return True

    def recover(self) -> None:
        """Hand over what is due, also what this worker dropped because the database was away when it failed."""
        with self.claiming:
            ids = recover(clock.now(), worker=self.worker_id, busy=self.busy)
        self.hand_over(ids)

    def minute(self) -> None:
        """What a worker looks after each minute: lost jobs first, then the routines."""
        with self.app.app_context():
            self.recover()
            for routine in _routines:
                workers.carry_out(routine, clock.now())

    def beat(self, stop: threading.Event) -> None:
        """Say that this worker lives until it is told to stop. A database that is away for a while comes back."""
        while not stop.wait(workers.HEARTBEAT.total_seconds()):
            try:
                with self.app.app_context():
                    workers.sign_in(self.worker_id, clock.now())
                    db.session.commit()
            except Exception as trouble:  # A worker whose heart stops while it works would be taken for dead.
                log.warning("heartbeat failed", trouble=str(trouble))

    def work(self) -> None:
        """Be a worker until told to stop; what runs then may end within PATIENCE, what does not is taken up again."""
        self.worker_id = uuid.uuid4().hex
        stop = threading.Event()
        with self.app.app_context():
            workers.bury_the_dead()
            workers.sign_in(self.worker_id, clock.now())
            db.session.commit()
            self.recover()
        threading.Thread(target=self.beat, args=(stop,), daemon=True).start()
        consumer = self.huey.create_consumer(
            workers=2, periodic=True, max_delay=1.0, graceful_signal="TERM", shutdown_timeout=PATIENCE
        )
        try:
            consumer.run()
        finally:
            stop.set()
            with self.app.app_context():
                workers.sign_out(self.worker_id)
                db.session.commit()


def queue() -> Queue:
    """The queue of the app that runs now."""
    found: Queue = current_app.extensions["samsalj.queue"]
    return found


def recover(now: datetime, *, worker: str = HERE, busy: Iterable[int] = ()) -> list[int]:
    """Take back what dead workers held and what this one holds without doing it; return the ids of all due jobs."""
    db.session.execute(
        update(Job)
        .where(Job.state == JobState.RUNNING, _abandoned(now, worker, busy))
        .values(state=JobState.WAITING, claimed_by=None)
        .execution_options(synchronize_session=False)
    )
    due = select(Job.id).where(Job.state == JobState.WAITING, Job.run_after <= now).order_by(Job.id).limit(500)
    ids = list(db.session.scalars(due))
    db.session.commit()
    return ids


def _abandoned(now: datetime, worker: str, busy: Iterable[int]) -> ColumnElement[bool]:
    dropped = and_(Job.claimed_by == worker, Job.id.not_in(list(busy)))
    return or_(Job.claimed_by.not_in(workers.living(now)), dropped)


def work_off(now: datetime | None = None, *, rounds: int = 20) -> int:
    """Run everything that is due in this process, with what that brings about; returns how many jobs ran."""
    ran = 0
    for _ in range(rounds):
        ids = recover(now or clock.now())
        if not ids:
            break
        for job_id in ids:
            if _claim(job_id, HERE, now or clock.now()):
                _work(job_id, HERE)
                ran += 1
    return ran


def retry(job_id: int, *, now: datetime) -> Job | None:
    """Let a failed job start over; None when it is not there or has not failed."""
    row = db.session.scalar(select(Job).where(Job.id == job_id, Job.state == JobState.FAILED).with_for_update())
    if row is not None:
        row.state, row.attempts, row.run_after, row.error = JobState.WAITING, 0, now, None
        _note_for_later(db.session(), row)
    return row


def failed(limit: int = 100) -> Sequence[Job]:
    """Jobs that nobody will try again by themselves, newest first."""
    query = select(Job).where(Job.state == JobState.FAILED).order_by(Job.id.desc()).limit(limit)
    return db.session.scalars(query).all()


def worker_alive(now: datetime) -> bool:
    """Whether at least one worker has said so within the last half minute."""
    return workers.alive(now)


def _claim(job_id: int, worker: str, now: datetime) -> bool:
    claimed = db.session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.WAITING, Job.run_after <= now)
        .values(state=JobState.RUNNING, claimed_by=worker, attempts=Job.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return _hit(claimed)


def _work(job_id: int, worker: str) -> None:
    """The job's effects and its 'done' are one transaction, and count only while the job is still this worker's."""
    row = db.session.get_one(Job, job_id)
    turn = row.attempts
    try:
        _handlers[row.name](**row.args)
        if _close(job_id, worker, turn, state=JobState.DONE, finished_at=clock.now(), error=None):
            db.session.commit()
        else:
            log.warning("another worker has taken the job over", job=job_id)
            db.session.rollback()
    except Exception as trouble:
        db.session.rollback()
        log.exception("job failed", job=job_id)
        _put_back(job_id, worker, turn, trouble)


def _hit(result: Result[Any]) -> bool:
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]


def _put_back(job_id: int, worker: str, turn: int, trouble: Exception) -> None:
    """To be tried again in half a minute, a minute, two … until it has failed too often."""
    given_up = turn >= MOST_ATTEMPTS or isinstance(trouble, Hopeless)
    _close(
        job_id,
        worker,
        turn,
        state=JobState.FAILED if given_up else JobState.WAITING,
        finished_at=clock.now() if given_up else None,
        run_after=clock.now() + timedelta(seconds=15 * 2**turn),
        claimed_by=None,
        error=f"{type(trouble).__name__}: {trouble}"[:2000],
    )
    db.session.commit()


def _close(job_id: int, worker: str, turn: int, **values: object) -> bool:
    """Write down how a turn ended; False when the job has meanwhile been given to another."""
    mine = (Job.id == job_id, Job.state == JobState.RUNNING, Job.claimed_by == worker, Job.attempts == turn)
    closed = db.session.execute(update(Job).where(*mine).values(**values).execution_options(synchronize_session=False))
    return _hit(closed)


def _note_for_later(session: Session, row: Job) -> None:
    session.info.setdefault("new_jobs", []).append(row)


@event.listens_for(Session, "after_flush")
def _notice_new_jobs(session: Session, _flush: object) -> None:
    for row in session.new:
        if isinstance(row, Job):
            _note_for_later(session, row)


@event.listens_for(Session, "before_commit")
def _learn_ids(session: Session) -> None:
    """Ids are read before the commit, which would expire them. The end of a savepoint is no commit."""
    if session.in_nested_transaction():
        return
    session.flush()
    due = [row.id for row in session.info.pop("new_jobs", []) if row.run_after <= clock.now()]
    session.info["jobs_to_hand_over"] = due


@event.listens_for(Session, "after_commit")
def _hand_over(session: Session) -> None:
    if session.in_nested_transaction():
        return
    if ids := session.info.pop("jobs_to_hand_over", []):
        queue().hand_over(ids)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.info.pop("new_jobs", None)
    session.info.pop("jobs_to_hand_over", None)
