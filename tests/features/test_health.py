"""Whoever watches over the house asks /halsa whether it is well."""

from __future__ import annotations

import pytest
from sqlalchemy import func
from sqlalchemy.exc import OperationalError

from app import clock as app_clock
from app import workers
from app.db import db

pytestmark = pytest.mark.both


def test_all_is_well_while_a_worker_lives(app, visit, clock):
    workers.sign_in("one", app_clock.now())
    answer = visit(None).get("/halsa")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "database": True, "worker": True})
    clock.move(seconds=31)
    answer = visit(None).get("/halsa")
    assert (answer.status_code, answer.json) == (503, {"status": "trouble", "database": True, "worker": False})


def test_a_worker_that_stops_is_missed(app, visit):
    workers.sign_in("one", app_clock.now())
    workers.sign_out("one")
    assert visit(None).get("/halsa").status_code == 503


@pytest.fixture
def no_database(app, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OperationalError("SELECT 1", {}, Exception("the server is gone"))

    monkeypatch.setattr(db.engine.dialect, "do_execute", fail)


def test_without_a_database_the_answer_is_no_page_of_errors(app, visit, no_database):
    answer = visit(None).get("/halsa")
    assert (answer.status_code, answer.json) == (503, {"status": "trouble", "database": False, "worker": False})


def test_a_connection_that_the_server_has_ended_is_not_used_again(app):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no server")
    db.session.rollback()
    with db.engine.connect() as one:
        ended = one.scalar(func.pg_backend_pid().select())
        with db.engine.connect() as other:
            one.close()
            assert other.scalar(func.pg_terminate_backend(ended, 5000).select())
    with db.engine.connect() as one, db.engine.connect() as other:
        assert ended not in {one.scalar(func.pg_backend_pid().select()), other.scalar(func.pg_backend_pid().select())}
