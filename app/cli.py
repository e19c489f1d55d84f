"""The command line: ``flask --app wsgi …``.

Each command is fetched when it is called for: a web process knows their names and carries nothing of them.
"""

from __future__ import annotations

import importlib

import click
from flask import Flask
from flask.cli import AppGroup

COMMANDS = {
    "up": "app.serve:up",
    "migrate": "app.migrating:migrate",
    "new-migration": "app.migrating:new_migration",
    "demo": "app.serve:demo",
    "worker": "app.serve:worker",
    "open-house": "app.cli_house:open_house",
    "import-cpv": "app.cli_catalog:import_cpv",
    "reseal-personal-data": "app.cli_house:reseal",
    "seed": "app.cli_catalog:seed",
    "reindex": "app.cli_catalog:reindex",
    "catalogue-pdf": "app.cli_catalogue_pdf:catalogue_pdf",
    "import-offerings": "app.cli_imports:import_offerings",
    "import-notice": "app.cli_tenders:import_notice",
    "check-einvoice": "app.cli_einvoices:check_einvoice",
    "bid-pdf": "app.cli_tenders:bid_pdf",
    "bid-package": "app.cli_tenders:bid_package",
    "export-invoices": "app.cli_invoices:export_invoices",
}


class Commands(AppGroup):
    """The house's own commands, beside those that extensions add."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names."""
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Fetch one; `with_appcontext` stands on those of click, as Flask does it for its own."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


def init_app(app: Flask) -> None:
    """Make the commands known to Flask."""
    extensions = app.cli.commands
    app.cli = Commands(app.name, commands=extensions)
