"""The house in which all tests live: a clean database, a stopped clock, people, and letters to read."""

from __future__ import annotations

import gc
import importlib
import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import Context
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import hypothesis
import pytest
from flask import Flask
from sqlalchemy import event, select

from app import clock as app_clock
from app import jobs
from app.db import db
from app.mail import Letter
from config import from_env
from tests.databases import open_database
from tests.furnished import cases_of
from tests.house import MONDAY, House
from tests.people import Visitor, save

hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], derandomize=True
)
hypothesis.settings.load_profile("house")  # No test of ours fails because a machine is busy.


@dataclass
class Clock:
    """A clock that stands still until the test moves it."""

    now: datetime = MONDAY

    def set(self, moment: datetime) -> None:
        """Put it at an aware moment."""
        assert moment.tzinfo is not None
        self.now = moment

    def move(self, **how_far: float) -> datetime:
        """Move it by hours=…, days=… and so on, and return the new moment."""
        self.now += timedelta(**how_far)
        return self.now


class Outbox:
    """The letters written so far, oldest first."""

    def __iter__(self) -> Iterator[Letter]:
        """All of them."""
        return iter(db.session.scalars(select(Letter).order_by(Letter.id)).all())

    def to(self, address: str) -> list[Letter]:
        """Those to one address."""
        return [letter for letter in self if letter.to_address == address]

    def subjects_to(self, address: str) -> list[str]:
        """What those to one address are about."""
        return [letter.subject for letter in self.to(address)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """So that `make test` can choose among the features what is tried on which database."""
    for item in items:
        if "features" in item.path.parts:
            item.add_marker("feature")


@pytest.fixture(scope="session", autouse=True)
def _only_this_machine() -> Iterator[None]:
    """Tests that reach for the net are refused: they would fail on somebody's train, and tell others of us."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        yield


def _guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(str(address[0])):
            raise RuntimeError(f"a test reaches for {address[0]}")
        return connect(self, address)

    return guarded


def _is_here(host: str) -> bool:
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The app and its database, made once for the run."""
    factory = importlib.import_module("app.factory")  # Late: the pure tests need no page, and no wait for one.
    folder = tmp_path_factory.mktemp("instance")
    database = open_database(folder)
    environ = {"SAMSALJ_INSTANCE": str(folder), "DATABASE_URL": database.url, "SAMSALJ_URL": "http://localhost"}
    app = factory.create_app(from_env(environ))
    app.testing = True
    app.test_client_class = Visitor
    gc.collect()
    gc.freeze()  # All that is loaded by now stays: to look through it again and again takes a tenth of the run.
    yield House(app, database, folder)
    with app.app_context():
        db.engine.dispose()
    database.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time stands still on Monday 23 November 2026, nine o'clock in Sweden."""
    stopped = Clock()
    monkeypatch.setattr(app_clock, "now", lambda: stopped.now)
    return stopped


def _opened(house: House, begin: Callable[[], None]) -> Iterator[Flask]:
    settings = dict(house.app.config)
    house.app.config["WTF_CSRF_ENABLED"] = False
    for limiter in house.app.extensions["limiter"]:
        limiter.enabled = False
    begin()
    with house.app.app_context():
        yield house.app
        db.session.rollback()
        db.session.remove()
    house.app.config.clear()
    house.app.config.update(settings)


@pytest.fixture
def own_tables(app: Flask, house: House) -> Iterator[None]:
    """For a test that changes the tables themselves, as a migration does."""
    db.session.remove()
    with house.own_tables():
        yield
        db.session.remove()


@pytest.fixture
def app(house: House, clock: Clock, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """A house with the test's cases, else an empty one: tables and what the law says. Its context is open."""
    cases = cases_of(request)
    yield from _opened(house, lambda: house.furnish(cases))


@pytest.fixture
def demo_app(house: House, clock: Clock) -> Iterator[Flask]:
    """The house with the demonstration company in it. Its context is open."""
    yield from _opened(house, lambda: house.open("demo"))


@pytest.fixture
def demo(demo_app: Flask) -> Flask:
    """The same under a shorter name."""
    return demo_app


@pytest.fixture
def visit(house: House, request: pytest.FixtureRequest) -> Callable[[str | None], Visitor]:
    """``visit("salj@samklang.example")`` is that person's browser, signed in; ``visit(None)`` a stranger's."""
    if "app" not in request.fixturenames and "demo_app" not in request.fixturenames:
        request.getfixturevalue("demo_app")
    return house.visit


@pytest.fixture
def outbox() -> Outbox:
    """The letters written so far."""
    return Outbox()


@pytest.fixture
def work_off(house: House) -> Callable[[], int]:
    """Be the worker for a moment: do all jobs that are due, and return how many there were."""

    def work() -> int:
        save()
        return Context().run(_work, house.app)

    return work


def _work(app: Flask) -> int:
    with app.app_context():
        return jobs.work_off()


@pytest.fixture
def queries() -> Callable[[], AbstractContextManager[list[str]]]:
    """Called in a with statement it gives a list of the SQL that runs there, without what only begins a transaction."""
    return _queries


@contextmanager
def _queries() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
