"""``flask --app wsgi import-offerings``: the same rules as in the browser, for whoever has many files."""

from __future__ import annotations

import os
import resource
import time
from contextvars import Context
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from click.testing import Result
from sqlalchemy import event, func, select

from app import fetching
from app.catalog.imports import pictures as import_pictures
from app.catalog.imports.models import BatchState, ImportBatch
from app.catalog.models import Article
from app.db import db, only_reading
from app.jobs import Job
from app.pictures import Picture
from app.spreadsheets import door
from tests import make, sheets
from tests.furnished import furnished
from tests.people import save
from tests.photos import photo
from tests.servers import free_port
from tests.sheets import BASKET

PATIENCE = 10
"""Seconds; the database's own is twenty."""


@furnished
def member(app):
    make.make_category(slug="frukt", name_sv="Frukt", name_en="Fruit")
    return make.make_ljungbacken()


@pytest.fixture
def run(app, member, tmp_path):
    def running(*rows, options=(), named="ljungbacken", data=None):
        path = tmp_path / "sortiment.xlsx"
        path.write_bytes(sheets.assortment(*rows) if data is None else data)
        save()
        db.session.remove()
        return app.test_cli_runner().invoke(args=["import-offerings", str(path), "--member", named, *options])

    return running


def articles() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Article.name).order_by(Article.id)))


@pytest.mark.parametrize("named", ["ljungbacken", "769999-0011", "Ljungbacken Frukt ek. för."])
def test_a_clean_file_is_taken_in(run, named):
    result = run(BASKET, {**BASKET, "Namn": "Päron"}, named=named)
    assert (result.exit_code, articles()) == (0, ["Fruktkorg", "Päron"])
    assert "2 rader är intagna" in result.output
    assert db.session.scalars(select(ImportBatch.state)).all() == [BatchState.DONE]
    assert db.session.scalar(select(func.count()).select_from(Job)) == 0


def test_one_fault_and_nothing_is_saved(run):
    result = run(BASKET, {**BASKET, "Namn": "Päron", "Enhet": "kilo", "Ert pris exkl. moms": -3})
    assert (result.exit_code, articles()) == (1, [])
    assert "C3\tEnhet\tkilo\tEnheten finns inte." in result.output
    assert "Inget är sparat." in result.output
    assert db.session.scalar(select(func.count()).select_from(ImportBatch)) == 0


def test_the_good_rows_are_taken_in_when_somebody_says_so(run):
    result = run(BASKET, {**BASKET, "Namn": "Päron", "Enhet": "kilo"}, options=["--accept-good"])
    assert (result.exit_code, articles()) == (0, ["Fruktkorg"])
    assert "1 rad är intagen." in result.output


def test_checking_saves_nothing(run):
    result = run(BASKET, options=["--check"])
    assert (result.exit_code, articles()) == (0, [])
    said = "1 rad, 0 rader med fel. 1 ny artikel, 0 nya erbjudanden, 0 ändringar som gäller direkt"
    assert said in result.output
    assert run({**BASKET, "Enhet": "kilo"}, options=["--check"]).exit_code == 1
    assert db.session.scalar(select(func.count()).select_from(ImportBatch)) == 0


def test_what_cannot_be_read_or_belongs_to_nobody(run, monkeypatch):
    assert "Ingen medlem heter Okänd" in run(BASKET, named="Okänd").output
    assert "går inte att läsa" in run(data=b"PK\x03\x04").output or "skadad" in run(data=b"PK\x03\x04").output
    monkeypatch.setattr(door, "LARGEST", 100)
    result = run(BASKET)
    assert result.exit_code == 1
    assert "större än 20 MB" in result.output
    assert articles() == []


# Nobody waits for a slow file, and no file is larger than it may be.


@pytest.fixture
def pipe(tmp_path):
    place = tmp_path / "sortiment.xlsx"
    os.mkfifo(place)
    return place


def invoke(app, answers: list[Result], *arguments: str) -> None:
    with app.app_context():
        answers.append(app.test_cli_runner().invoke(args=["import-offerings", *arguments]))


def write_something(app) -> float:
    """Seconds that another writer waits."""
    began = time.monotonic()
    with app.app_context():
        make.make_category(slug="annat", name_sv="Annat", name_en="Other")
        db.session.commit()
    return time.monotonic() - began


@pytest.mark.parametrize("options", [(), ("--check",)])
def test_nobody_waits_for_a_file_that_comes_slowly(app, member, pipe, options):
    save()
    db.session.remove()
    answers: list[Result] = []
    command = (app, answers, str(pipe), "--member", "ljungbacken", *options)
    thread = Thread(target=Context().run, args=(invoke, *command))  # Beside the test, as a process of its own.
    thread.start()
    with pipe.open("wb") as slow:
        data = sheets.assortment(BASKET)
        slow.write(data[:100])
        slow.flush()
        waited = write_something(app)
        slow.write(data[100:])
    thread.join(60)
    assert answers[0].exit_code == 0
    assert waited < PATIENCE
    assert articles() == ([] if options else ["Fruktkorg"])


@pytest.mark.parametrize("options", [(), ("--check",)])
def test_nobody_waits_for_a_picture_that_comes_slowly(app, run, monkeypatch, options):
    waited: list[float] = []

    class Web(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            waited.append(Context().run(write_something, app))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(photo())

        def log_message(self, *_args: object) -> None:
            """Nobody reads it."""

    monkeypatch.setattr(fetching, "CHILD", "tests.fetching_here")
    monkeypatch.setattr(fetching, "target", lambda address: address)
    with HTTPServer(("127.0.0.1", free_port()), Web) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        seen = {"Bilder": f"http://127.0.0.1:{server.server_port}/korg.jpg", "Bildbeskrivningar": "En korg"}
        result = run({**BASKET, **seen}, options=options)
        server.shutdown()
    assert result.exit_code == 0, result.output
    assert len(waited) == 1
    assert waited[0] < PATIENCE
    assert db.session.scalar(select(func.count()).select_from(Picture)) == (0 if options else 1)


def test_checking_writes_nothing_and_takes_no_writers_place(run, member, queries):
    with queries() as asked:
        result = run(BASKET, {**BASKET, "Namn": "Päron", "Enhet": "kilo"}, options=["--check"])
    assert result.exit_code == 1
    reading = ("SELECT", "BEGIN", "WITH", "SET")
    assert [one for one in asked if not one.lstrip("( \n").upper().startswith(reading)] == []


def test_checking_begins_only_to_read(app, run):
    begun: list[bool] = []

    def note(_connection: object) -> None:
        begun.append(only_reading.get())

    save()
    event.listen(db.engine, "begin", note)
    try:
        run(BASKET, options=["--check"])
    finally:
        event.remove(db.engine, "begin", note)
    assert begun
    assert all(begun[begun.index(True) :])


@pytest.mark.parametrize("option", ["file", "--images"])
def test_no_more_is_read_of_a_file_without_end_than_it_may_have(app, run, member, tmp_path, monkeypatch, option):
    monkeypatch.setattr(door, "LARGEST", 50_000)
    monkeypatch.setattr(import_pictures, "MOST_UNPACKED", 50_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if option == "file":
        save()
        result = app.test_cli_runner().invoke(args=["import-offerings", "/dev/zero", "--member", "ljungbacken"])
    else:
        result = run(BASKET, options=["--images", "/dev/zero"])
    assert result.exit_code == 1
    assert ("större än 20 MB" if option == "file" else "packar upp till mer") in result.output
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
