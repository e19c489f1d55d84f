"""An assortment is taken in once and as a whole, whoever presses twice and whatever breaks."""

from __future__ import annotations

import importlib
import signal
from contextvars import Context
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app.audit import AuditEvent
from app.catalog.imports import actions as imports
from app.catalog.imports import writing as import_writing
from app.catalog.imports.models import BatchState, ImportBatch
from app.catalog.models import Article, Offering
from app.db import db, only_reading
from app.jobs import Job
from config import from_env
from tests import make, sheets
from tests.features.import_case import (
    DESK,
    count,
    faults,
    hand_in,
    newest,
)
from tests.people import text
from tests.servers import environment, flask, running, wait_until
from tests.sheets import BASKET

pytestmark = pytest.mark.both


def test_two_presses_take_it_in_once(read, visit, kim, work_off):
    batch = read(BASKET)
    kims = visit(kim.email)
    first, second = (kims.post(f"{DESK}/{batch.id}/ta-in") for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 409)
    work_off()
    assert kims.post(f"{DESK}/{batch.id}/ta-in").status_code == 409
    work_off()
    assert count(Article) == 1


def test_a_form_that_is_sent_twice_hands_in_once(visit, kim, work_off):
    kims = visit(kim.email)
    places = {hand_in(kims, sheets.assortment(BASKET), ticket="samma").headers["Location"] for _ in range(2)}
    assert len(places) == 1
    assert count(ImportBatch) == 1


def test_what_breaks_in_the_middle_leaves_nothing_and_is_done_again(read, visit, kim, work_off, clock, monkeypatch):
    batch = read(BASKET, {**BASKET, "Namn": "Päron"})
    visit(kim.email).post(f"{DESK}/{batch.id}/ta-in")

    def breaks(*_args: object) -> None:
        raise OSError("strömmen gick")

    with monkeypatch.context() as patch:
        patch.setattr(import_writing.indexing, "reindex_many", breaks)
        work_off()
        assert (count(Article), count(Offering), newest().state) == (0, 0, BatchState.WRITING)
    clock.move(minutes=5)
    work_off()
    assert (count(Article), newest().state) == (2, BatchState.DONE)


def test_many_rows_are_written_in_as_many_statements_as_few(read, visit, kim, work_off, queries):
    """Whoever else wants to save waits so long: new articles, and changes that hold at once."""
    told: list[int] = []
    for rows in (10, 60):
        for capacity in (20, 30):
            named = [
                {**BASKET, "Namn": f"{rows} {n}", "Ert artikelnummer": f"{rows}-{n}", "Kapacitet per vecka": capacity}
                for n in range(rows)
            ]
            batch = read(*named)
            assert faults() == []
            visit(kim.email).post(f"{DESK}/{batch.id}/ta-in")
            with queries() as asked:
                work_off()
            assert newest().state is BatchState.DONE
            told.append(len(asked))
    assert told[2] - told[0] <= 3
    assert told[3] - told[1] <= 3
    assert set(db.session.scalars(select(Offering.capacity_per_week))) == {Decimal(30)}
    assert count(AuditEvent, AuditEvent.what == "terms changed") == 70
    assert count(AuditEvent, AuditEvent.what == "proposed", AuditEvent.subject_kind == "Article") == 70


def test_a_job_that_has_been_given_up_is_shown_as_broken(visit, kim):
    kims = visit(kim.email)
    place = hand_in(kims, sheets.assortment(BASKET)).headers["Location"]
    job = db.session.get_one(Job, newest().job_id)
    job.state = "failed"
    assert "Något gick sönder hos oss" in text(kims.page(place))
    assert kims.get(f"{place}/lage").json["moving"] is False


# A real worker process from here on.


def test_a_worker_killed_while_it_writes_leaves_nothing_and_the_next_takes_all_in_once(house, tmp_path):
    environ = environment(tmp_path, DATABASE_URL=house.another(tmp_path, "law"))
    app = importlib.import_module("app.factory").create_app(from_env(environ))
    Context().run(_hand_in_and_accept, app, 4000)
    with running(flask("worker"), environ, tmp_path / "worker.log") as process:
        wait_until(lambda: _is_stopped_in_writing(process, app), seconds=90, what="the writing")
        process.kill()
        process.wait(10)
    killed = Context().run(_batch, app)
    assert (killed.state, Context().run(_articles, app)) == (BatchState.WRITING, 0)
    with running(flask("worker"), environ, tmp_path / "worker.log"):
        wait_until(lambda: Context().run(_batch, app).state is BatchState.DONE, seconds=120, what="all rows")
    assert Context().run(_articles, app) == 4000
    with app.app_context():
        db.engine.dispose()


def _is_stopped_in_writing(process, app) -> bool:
    """It stands still while we look, or would be through with it before we have looked on a busy machine."""
    process.send_signal(signal.SIGSTOP)
    if Context().run(_batch, app).phase == "save":
        return True
    process.send_signal(signal.SIGCONT)
    return False


def _hand_in_and_accept(app, rows: int) -> None:
    with app.app_context():
        make.make_category(slug="frukt", name_sv="Frukt", name_en="Fruit")
        data = sheets.assortment(*({**BASKET, "Namn": f"Korg {number}"} for number in range(rows)))
        sheet = ("sortiment.xlsx", data)
        batch = imports.receive(make.make_ljungbacken(), sheet, None, "en", by=None, now=app_clock.now())
        db.session.commit()
        imports.read_batch(batch.id)
        imports.accept(batch, by=None, now=app_clock.now())
        db.session.commit()


def _batch(app) -> ImportBatch:
    """Only looked at: whoever might write would have to wait until the worker has written."""
    only_reading.set(True)
    with app.app_context():
        batch = db.session.scalars(select(ImportBatch)).one()
        db.session.expunge(batch)
        return batch


def _articles(app) -> int:
    only_reading.set(True)
    with app.app_context():
        return count(Article)
