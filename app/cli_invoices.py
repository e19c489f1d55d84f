"""The command that writes a period's invoices into a folder; it carries the press for those not printed yet."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click

from app.cli_trouble import unwritten
from app.db import db
from app.errors import Refused
from app.invoicing import printing, queries
from app.invoicing.archive import Export
from app.invoicing.einvoice.inspecting import InspectorStopped
from app.settlement import commissions
from app.settlement import printing as commission_printing
from app.units import counted

LOST = ("fil saknas eller är skadad", "filer saknas eller är skadade")


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
    """Write every invoice and credit note of a period as PDF and XML, with a list of them; those to members too.

    The list says by which rules each XML has been checked: those of Peppol where it was made to be sent, else EN 16931.
    """
    if first and last and first > last:
        raise click.ClickException(f"Perioden slutar ({last}) innan den börjar ({first}).")
    for invoice_id in queries.unprinted_between(first, last):
        printing.print_invoice(invoice_id)
        db.session.commit()
    for invoice_id in commissions.unprinted_between(first, last):
        commission_printing.print_commission(invoice_id)
        db.session.commit()
    export = Export(folder, first, last, commissions.issued_between)
    try:
        export.run()
    except Refused as no:
        raise click.ClickException(str(no)) from no
    except OSError as trouble:
        raise unwritten(folder, trouble) from trouble
    except InspectorStopped as stopped:
        raise click.ClickException("Kontrollen av XML-filerna stannade. Kör kommandot igen.") from stopped
    _tell(export)
    if export.faults:
        raise click.ClickException(f"{counted(len(export.faults), *LOST)}.")


def _tell(export: Export) -> None:
    for words in (*export.faults, *export.remarks):
        click.echo(words, err=True)
    documents = counted(export.documents, "faktura eller kreditfaktura", "fakturor och kreditfakturor")
    click.echo(f"{export.folder}: {documents}, {export.sum} inkl. moms")
    click.echo(f"  {counted(export.written, 'fil', 'filer')} skrevs; förteckningen heter forteckning.csv")
