"""Work for later: a row in the caller's transaction, run by Huey after the commit, and again until it succeeds."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import ColumnElement, Index, Result, and_, event, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app import clock, workers
from app.db import Base, db, only_reading, write_rows

log = structlog.get_logger()

MOST_ATTEMPTS = 8
WRITTEN = "jobs written at once"
QUEUE = "samsalj.queue"
"""Under this name the app keeps what is told of new jobs (app.queue)."""

HERE = "here"
"""Who works when no worker process does, as in tests."""

Handler = Callable[..., None]
MOVED = {
    "app.catalog.imports": "app.catalog.imports.actions",
    "app.catalog.printing": "app.catalog.printing.worker",
}
"""Where jobs lie now that were written down when they lay elsewhere, and may still wait or be tried again."""
_handlers: dict[str, Handler] = {}
routines: list[Callable[[datetime], None]] = []


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
    routines.append(routine)
    return routine


def enqueue(handler: Handler | str, *, after: datetime | None = None, **ids: int) -> Job:
    """Write down work in the caller's transaction: it runs after the commit, or never.

    A job that only a worker can do is named by its path, ``app.room.file.function``, so that a web process need not
    carry what the work takes, such as a printing press.
    """
    name = handler if isinstance(handler, str) else f"{handler.__module__}.{handler.__name__}"
    if not isinstance(handler, str) and name not in _handlers:
        raise ValueError(f"{name} is no job")
    now = clock.now()
    row = Job(name=name, args=ids, run_after=after or now, created_at=now)
    db.session.add(row)
    return row


def enqueue_many(handler: Handler, each: Sequence[dict[str, int]]) -> None:
    """The same work for each of these ids. Nobody goes on with the rows, so that they are written at once."""
    now = clock.now()
    same = {"name": f"{handler.__module__}.{handler.__name__}", "run_after": now, "created_at": now}
    rows = [{**same, "args": ids, "state": JobState.WAITING, "attempts": 0} for ids in each]
    if rows:
        db.session().info.setdefault(WRITTEN, []).extend(write_rows(Job, rows))


def handler_of(name: str) -> Handler:
    """The job with this path. Raises ValueError when there is none."""
    file, _, function = name.rpartition(".")
    file = MOVED.get(file, file)
    path = f"{file}.{function}"
    if path not in _handlers:
        with suppress(ModuleNotFoundError):
            importlib.import_module(file)
    if path not in _handlers:
        raise ValueError(f"{name} is no job")
    return _handlers[path]


def checkpoint() -> None:
    """Save in the midst of a job, before a step that cannot be undone, such as handing a letter to a server."""
    db.session.commit()


@contextmanager
def looking() -> Iterator[None]:
    """Save what has been done, and then only read: on SQLite whoever writes does not have to wait meanwhile.

    What is read must be made into values before it ends: rows are forgotten then, and so is any change of them.
    """
    checkpoint()
    before = only_reading.set(True)
    try:
        yield
    finally:
        only_reading.reset(before)
        db.session.rollback()


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
            if claim(job_id, HERE, now or clock.now()):
                work(job_id, HERE)
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


def claim(job_id: int, worker: str, now: datetime) -> bool:
    """Take a job that waits and is due; False when another worker was quicker."""
    claimed = db.session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.WAITING, Job.run_after <= now)
        .values(state=JobState.RUNNING, claimed_by=worker, attempts=Job.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return _hit(claimed)


def work(job_id: int, worker: str) -> None:
    """The job's effects and its 'done' are one transaction, and count only while the job is still this worker's."""
    row = db.session.get_one(Job, job_id)
    turn = row.attempts
    try:
        handler_of(row.name)(**row.args)
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
    session.info["jobs_to_hand_over"] = [*session.info.pop(WRITTEN, []), *due]


@event.listens_for(Session, "after_commit")
def _hand_over(session: Session) -> None:
    if session.in_nested_transaction():
        return
    if ids := session.info.pop("jobs_to_hand_over", []):
        current_app.extensions[QUEUE].hand_over(ids)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.info.pop("new_jobs", None)
    session.info.pop(WRITTEN, None)
    session.info.pop("jobs_to_hand_over", None)
