"""``flask --app wsgi import-offerings``: the same rules as in the browser, for whoever has many files."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.catalog.import_models import BatchState, ImportBatch
from app.catalog.models import Article
from app.db import db
from app.jobs import Job
from app.spreadsheets import door
from tests import make, sheets
from tests.people import save
from tests.sheets import BASKET


@pytest.fixture
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


def test_checking_saves_nothing(run):
    result = run(BASKET, options=["--check"])
    assert (result.exit_code, articles()) == (0, [])
    assert "1 nya artiklar" in result.output
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
