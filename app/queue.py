"""Huey, which runs our jobs, behind one small door."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any

import structlog
from flask import Flask, current_app
from huey import RedisHuey, SqliteHuey, crontab
from huey.api import Huey

from app import clock, jobs, workers
from app.db import db

log = structlog.get_logger()

PATIENCE = 20
"""Seconds that a worker told to stop lets its jobs go on."""
InApp = Callable[[], AbstractContextManager[Any]]
Companion = Callable[[InApp, threading.Event], None]
"""What each worker does beside its jobs, in a thread of its own, until the event is set; it enters the app each time.

It is for what may wait long for others: however many of them hang, no job waits for it.
"""


def of_app() -> Queue:
    """The queue of the app that runs now."""
    found: Queue = current_app.extensions[jobs.QUEUE]
    return found


class Queue:
    """Huey behind one small door: SQLite beside the database by default, Redis when there is one."""

    def __init__(self, app: Flask, *, folder: str, redis_url: str | None, companions: Iterable[Companion] = ()) -> None:
        self.app = app
        self.companions = tuple(companions)
        self.worker_id = jobs.HERE
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
                    jobs.work(job_id, self.worker_id)
            finally:
                self.busy.discard(job_id)

    def _take(self, job_id: int) -> bool:
        with self.claiming:
            if job_id in self.busy or not jobs.claim(job_id, self.worker_id, clock.now()):
                return False
            self.busy.add(job_id)
            return True

    def recover(self) -> None:
        """Hand over what is due, also what this worker dropped because the database was away when it failed."""
        with self.claiming:
            ids = jobs.recover(clock.now(), worker=self.worker_id, busy=self.busy)
        self.hand_over(ids)

    def minute(self) -> None:
        """What a worker looks after each minute: lost jobs first, then the routines."""
        with self.app.app_context():
            self.recover()
            for routine in jobs.routines:
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
        for companion in self.companions:
            threading.Thread(target=companion, args=(self.app.app_context, stop), daemon=True).start()
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
