"""Commands for the catalogue: procurement codes, made-up articles, and the search index."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import click
from flask import current_app

from app import clock, cpv
from app.catalog import indexing, start
from app.catalog.seed import seed as plant
from app.db import db

LARGEST_LIST = 20 * 1024 * 1024


@click.command("import-cpv")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_cpv(file: Path) -> None:
    """Read a list of CPV codes with the columns code, check_digit, label_en and label_sv.

    One wrong line, and nothing is stored.
    """
    if file.stat().st_size > LARGEST_LIST:
        raise click.ClickException("Filen är större än 20 MB och kan inte vara en CPV-lista.")
    try:
        codes = cpv.read_cpv(StringIO(file.read_text(encoding="utf-8"), newline=""))
    except UnicodeDecodeError as wrong:
        raise click.ClickException("Filen är inte text i UTF-8.") from wrong
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from wrong
    added, changed = start.import_cpv(codes)
    indexing.reindex_all()
    db.session.commit()
    click.echo(f"{len(codes)} koder lästa, {added} nya, {changed} med ändrad text.")


@click.command("seed")
@click.option("--articles", type=click.IntRange(0, 1_000_000), default=20_000, show_default=True)
@click.option("--members", type=click.IntRange(1, 9999), default=200, show_default=True)
def seed(articles: int, members: int) -> None:
    """Fill the catalogue with made-up articles, to measure with. Never in production."""
    if current_app.config["PRODUCTION"]:
        raise click.ClickException("Påhittade artiklar hör inte hemma i skarp drift.")
    new_articles, new_members = plant(articles, members, now=clock.now())
    db.session.commit()
    _look_through()
    click.echo(f"{new_articles} artiklar och {new_members} medlemmar lades till.")


def _look_through() -> None:
    """Tell the database how much there is, so that it plans rightly, and bring its index into order."""
    statement = "ANALYZE" if db.engine.dialect.name == "sqlite" else "VACUUM ANALYZE"
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(statement)


@click.command("reindex")
def reindex() -> None:
    """Write the search index anew."""
    done = indexing.reindex_all()
    db.session.commit()
    click.echo(f"{done} artiklar går att söka efter.")
