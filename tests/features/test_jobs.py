"""Work for later: saved with what it follows from, done once, and never lost."""

from __future__ import annotations

import re
from collections import Counter
from contextvars import Context
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import clock as app_clock
from app import jobs, workers
from app.db import db
from app.jobs import Job, JobState
from app.workers import RoutineRun, Worker
from config import ROOT
from tests.people import together

pytestmark = pytest.mark.both

ran: list[int] = []


@jobs.job
def note(number: int) -> None:
    """Leave a trace outside the database."""
    ran.append(number)


@jobs.job
def count_up(number: int) -> None:
    """Leave a trace in the database, and fail once when told to."""
    db.session.add(RoutineRun(name=f"trace-{number}-{len(ran)}", ran_at=app_clock.now()))
    db.session.flush()
    if number == 13:
        raise RuntimeError("the thirteenth fails")


@jobs.job
def give_up(number: int) -> None:
    raise jobs.Hopeless("nobody lives there")


@jobs.job
def let_another_take_over(number: int) -> None:
    """What happens when a worker is slow and taken for dead: its job is given to another."""
    db.session.add(RoutineRun(name="late", ran_at=app_clock.now()))
    row = db.session.scalars(select(Job)).one()
    row.claimed_by, row.attempts = "another", row.attempts + 1
    jobs.checkpoint()
    db.session.add(RoutineRun(name="too late", ran_at=app_clock.now()))


@pytest.fixture(autouse=True)
def _nothing_ran():
    ran.clear()


def enqueue(handler=note, **ids) -> Job:
    row = jobs.enqueue(handler, **(ids or {"number": 1}))
    db.session.commit()
    return row


def traces() -> int:
    return db.session.scalar(select(func.count()).where(RoutineRun.name.startswith("trace"))) or 0


def test_a_job_runs_only_after_the_commit(app, work_off):
    jobs.enqueue(note, number=1)
    db.session.rollback()
    assert work_off() == 0
    enqueue()
    assert (work_off(), ran) == (1, [1])
    assert work_off() == 0


def test_a_function_that_is_no_job_is_refused(app):
    with pytest.raises(ValueError, match="no job"):
        jobs.enqueue(lambda: None)


def test_every_job_that_is_named_by_its_path_is_there():
    written = "\n".join(path.read_text("utf-8") for path in (ROOT / "app").rglob("*.py"))
    paths = set(re.findall(r'^(?:PRINTING|PREVIEWING) = "(app\.[\w.]+)"$', written, re.MULTILINE))
    assert len(paths) == 9
    for path in paths:
        assert callable(jobs.handler_of(path))


@pytest.mark.parametrize(
    "name",
    ["app.catalog.imports.read_batch", "app.catalog.imports.write_batch", "app.catalog.printing.print_catalogue"],
)
def test_a_job_that_has_moved_is_found_under_the_name_it_was_written_down_with(name):
    assert jobs.handler_of(name).__name__ == name.rpartition(".")[2]


def test_the_queue_hears_of_a_job_at_the_commit_of_the_whole(app):
    storage = app.extensions[jobs.QUEUE].huey.storage
    jobs.enqueue(note, number=1)
    with db.session.begin_nested():
        jobs.enqueue(note, number=2)
    undone = db.session.begin_nested()
    jobs.enqueue(note, number=3)
    db.session.flush()
    undone.rollback()
    assert storage.queue_size() == 0
    db.session.commit()
    assert storage.queue_size() >= 2
    assert db.session.scalar(select(func.count(Job.id))) == 2


def test_of_two_workers_only_one_runs_a_job(app):
    job_ids = [enqueue(number=number).id for number in range(20)]
    queue = app.extensions[jobs.QUEUE]
    together(*[lambda: [queue.run(job_id) for job_id in job_ids]] * 3)
    assert Counter(ran) == Counter(range(20))
    assert set(db.session.scalars(select(Job.state))) == {JobState.DONE}


def test_a_job_of_a_dead_worker_goes_to_another(app, work_off, clock):
    row = enqueue()
    row.state, row.claimed_by, row.attempts = JobState.RUNNING, "dead", 1
    db.session.add(Worker(id="dead", host="elsewhere:1", started_at=app_clock.now(), seen_at=app_clock.now()))
    assert work_off() == 0
    clock.move(seconds=31)
    assert (work_off(), ran) == (1, [1])


def test_a_worker_whose_process_is_gone_is_buried_at_once(app):
    now = app_clock.now()
    workers.sign_in("me", now)
    here = db.session.get_one(Worker, "me").host.rpartition(":")[0]
    db.session.add(Worker(id="gone", host=f"{here}:999999999", started_at=now, seen_at=now))
    db.session.add(Worker(id="far", host="elsewhere:999999999", started_at=now, seen_at=now))
    db.session.flush()
    workers.bury_the_dead()
    db.session.flush()
    assert set(db.session.scalars(select(Worker.id))) == {"me", "far"}


def test_a_job_that_its_own_worker_dropped_is_taken_up_again(app):
    row = enqueue()
    row.state, row.claimed_by, row.attempts = JobState.RUNNING, "me", 1
    workers.sign_in("me", app_clock.now())
    db.session.commit()
    assert jobs.recover(app_clock.now(), worker="me", busy={row.id}) == []
    assert jobs.recover(app_clock.now(), worker="me") == [row.id]


def test_a_worker_that_was_taken_for_dead_leaves_no_half_done_work(app, work_off):
    workers.sign_in("another", app_clock.now())
    row = enqueue(let_another_take_over)
    work_off()
    assert (row.state, row.claimed_by) == (JobState.RUNNING, "another")
    assert set(db.session.scalars(select(RoutineRun.name))) == {"late"}


def test_what_a_failed_job_did_is_undone_and_it_is_tried_ever_more_seldom(app, work_off, clock):
    row = enqueue(count_up, number=13)
    begun, waits = app_clock.now(), []
    while row.state != JobState.FAILED:
        before = clock.now
        assert work_off() == 1
        waits.append((row.run_after - before).total_seconds())
        clock.set(row.run_after)
    assert waits[:3] == [30, 60, 120]
    assert len(waits) == jobs.MOST_ATTEMPTS
    assert clock.now - begun > timedelta(hours=1)
    assert row.error == "RuntimeError: the thirteenth fails"
    assert traces() == 0
    clock.move(days=2)
    assert work_off() == 0


def test_a_hopeless_job_is_not_tried_again(app, work_off):
    row = enqueue(give_up)
    work_off()
    assert (row.state, row.attempts) == (JobState.FAILED, 1)
    assert "nobody lives there" in row.error


def test_staff_may_let_a_failed_job_start_over(app, work_off):
    row = enqueue(give_up)
    assert jobs.retry(row.id, now=app_clock.now()) is None
    work_off()
    jobs.retry(row.id, now=app_clock.now())
    assert work_off() == 1
    assert row.attempts == 1


def test_a_job_that_nobody_knows_any_more_fails_and_is_seen(app, work_off):
    row = enqueue()
    row.name = "app.gone.job"
    work_off()
    assert (row.state, row.error) == (JobState.WAITING, "ValueError: app.gone.job is no job")


def test_a_routine_runs_once_a_minute_however_many_workers_there_are(app, clock):
    def tidy(_now):
        ran.append(1)

    def once():
        with app.app_context():
            workers.carry_out(tidy, app_clock.now())

    Context().run(once)
    together(once, once, once)
    assert len(ran) == 1
    clock.move(minutes=1)
    together(once, once, once)
    assert len(ran) == 2


def test_a_routine_that_fails_does_not_stop_the_others(app, clock):
    def broken(_now):
        db.session.add(RoutineRun(name="trace-half", ran_at=app_clock.now()))
        raise RuntimeError("broken")

    workers.carry_out(broken, app_clock.now())
    assert traces() == 0
