"""The command line: ``flask --app wsgi …``."""

from __future__ import annotations

import click
from flask import Flask

from app import cli_catalog, cli_tenders, queue, serve


def init_app(app: Flask) -> None:
    """Make the commands known to Flask."""
    for command in (
        serve.up,
        serve.migrate,
        serve.demo,
        worker,
        cli_catalog.import_cpv,
        cli_catalog.seed,
        cli_catalog.reindex,
        cli_tenders.import_notice,
        cli_tenders.bid_pdf,
    ):
        app.cli.add_command(command)


@click.command()
def worker() -> None:
    """Do the work that waits: letters, documents, deadlines. Runs until it is stopped."""
    queue.of_app().work()
