"""The command that writes a period's invoices into a folder; it carries the press for those not printed yet."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click

from app.db import db
from app.errors import Refused
from app.invoicing import printing, queries
from app.invoicing.archive import Export


class Day(click.ParamType[date]):
    """A day such as 2026-12-31."""

    name = "DATE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read it; what is no day is refused in words."""
        written = str(value)
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written) is None:
                raise ValueError(written)
            return date.fromisoformat(written)
        except ValueError:
            self.fail(f"{written[:40]} är inget datum. Skriv det som 2026-12-31.", param, ctx)


@click.command("export-invoices")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--from", "first", type=Day(), help="The first day, as 2026-01-01.")
@click.option("--to", "last", type=Day(), help="The last day, as 2026-12-31.")
def export_invoices(folder: Path, first: date | None, last: date | None) -> None:
    """Write every invoice and credit note of a period as PDF and XML, with a list of them."""
    if first and last and first > last:
        raise click.ClickException(f"Perioden slutar ({last}) innan den börjar ({first}).")
    for invoice_id in queries.unprinted_between(first, last):
        printing.print_invoice(invoice_id)
        db.session.commit()
    export = Export(folder, first, last)
    try:
        export.run()
    except Refused as no:
        raise click.ClickException(str(no)) from no
    except OSError as trouble:
        raise click.ClickException(f"{trouble.filename or folder}: {trouble.strerror}") from trouble
    for fault in export.faults:
        click.echo(fault, err=True)
    click.echo(f"{folder}: {export.documents} fakturor och kreditfakturor, {export.sum} inkl. moms")
    click.echo(f"  {export.written} filer skrevs; förteckningen heter forteckning.csv")
    if export.faults:
        raise click.ClickException(f"{len(export.faults)} filer saknas eller är skadade.")
