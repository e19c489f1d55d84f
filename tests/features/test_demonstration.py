"""The demonstration: loaded once it is whole, loaded again it changes nothing, and in production it is refused."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.accounts.models import User
from app.db import Base, db
from app.demo.load import accounts
from tests.people import save, text

pytestmark = pytest.mark.both


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    db.session.rollback()
    tables = Base.metadata.sorted_tables
    return {table.name: sorted(map(tuple, db.session.execute(select(table))), key=repr) for table in tables}


def run(app):
    save()
    db.session.remove()
    return app.test_cli_runner().invoke(args=["demo"])


def test_a_second_run_changes_nothing(demo_app):
    before = everything()
    answer = run(demo_app)
    assert answer.exit_code == 0, answer.output
    assert everything() == before
    assert db.session.scalar(select(func.count(User.id))) == len(list(accounts())) == 19


def test_members_have_asked_for_changes_that_wait(demo_app, visit):
    page = text(visit("salj@samklang.example").page("/personal/katalog/forslag")).replace("\xa0", " ")
    for words in ("Ändringar av artiklar 1", "Ändringar av erbjudanden 1", "Äpplen och päron har blivit dyrare"):
        assert words in page, words


def test_production_gets_no_account_that_all_the_world_knows(app):
    app.config["PRODUCTION"] = True
    answer = run(app)
    assert answer.exit_code == 1
    assert "do not belong in production" in answer.output
    assert db.session.scalar(select(func.count(User.id))) == 0
