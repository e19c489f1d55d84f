"""The command line: ``flask --app wsgi …``."""

from __future__ import annotations

import click
from flask import Flask

from app import jobs


def init_app(app: Flask) -> None:
    """Make the commands known to Flask."""
    for command in (worker,):
        app.cli.add_command(command)


@click.command()
def worker() -> None:
    """Do the work that waits: letters, documents, deadlines. Runs until it is stopped."""
    jobs.queue().work()
