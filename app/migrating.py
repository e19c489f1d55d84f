"""Brings the tables up to date. Only commands come here: web processes need not carry Alembic."""

from __future__ import annotations

from pathlib import Path

import click
import flask_migrate
from flask import current_app

from app import clock, font_cutting
from app.catalog import edition_models, indexing, start, synonyms
from app.catalog.printing import models as print_models
from app.db import db
from app.payments import payout_models, refund_models
from config import ROOT

VERSIONS = ROOT / "app" / "migrations"
TABLES = (edition_models, print_models, payout_models, refund_models)
"""Files of tables that no page of the web process may have asked for yet: Alembic must know them all the same."""


def bring_up_to_date() -> None:
    """The tables, what the law says and they lack, and the typeface for the browser. The caller commits."""
    prepare()
    flask_migrate.upgrade()
    start.load_law()
    start.load_shelves()
    synonyms.load_usual(now=clock.now())
    indexing.bring_up_to_date()
    folder: Path = current_app.config["FONTS"]
    font_cutting.cut_all(folder)


def prepare() -> None:
    """Tell Alembic where our tables and migrations are."""
    flask_migrate.Migrate(current_app, db, directory=str(VERSIONS), render_as_batch=True)


@click.command()
def migrate() -> None:
    """Bring the tables up to date, and put in what the law says and the tables lack."""
    bring_up_to_date()
    db.session.commit()


@click.command("new-migration")
@click.argument("message")
def new_migration(message: str) -> None:
    """Write the next migration from what the models say and the database lacks. For developers."""
    prepare()
    flask_migrate.migrate(message=message)
