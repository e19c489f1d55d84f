"""The command that checks e-invoices, whoever wrote them."""

from __future__ import annotations

from pathlib import Path

import click

from app.invoicing.einvoice import inspecting
from app.invoicing.einvoice.findings import Finding, Rulebook, Severity
from app.invoicing.einvoice.reading import NoEInvoice, read, rulebook_of
from app.units import counted
from bids.safe_xml import LARGEST

BY = {
    Rulebook.PEPPOL: "Kontrollerad mot Peppol BIS Billing 3.",
    Rulebook.EUROPEAN: "Kontrollerad mot EN 16931. Filen säger sig inte följa Peppol, så de reglerna är inte prövade.",
}
IN_WORDS = {Severity.FATAL: "FEL", Severity.WARNING: "varning"}


@click.command("check-einvoice")
@click.argument("papers", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
def check_einvoice(papers: tuple[Path, ...]) -> None:
    """Check UBL invoices and credit notes by the schema and EN 16931.

    What says that it is written for Peppol is also checked by Peppol BIS Billing 3 and the Swedish rules. Each finding
    is printed with the id of its rule. Ends with 1 when a file may not be sent or cannot be read.
    """
    right = [_check(paper) for paper in papers]
    if not all(right):
        raise SystemExit(1)


def _check(paper: Path) -> bool:
    """Whether it may be sent."""
    try:
        data = _bytes_of(paper)
        by = rulebook_of(read(data))
        found = inspecting.check(data, by)
    except OSError as trouble:
        click.echo(f"{paper}: {_why(trouble)}")
        return False
    except NoEInvoice as no:
        click.echo(f"{paper}: {no}")
        return False
    _tell(paper, found, by)
    return not any(one.is_fatal for one in found)


def _why(trouble: OSError) -> str:
    if isinstance(trouble, FileNotFoundError):
        return "Filen finns inte."
    if isinstance(trouble, PermissionError):
        return "Du får inte läsa filen."
    return f"Filen går inte att läsa ({trouble.strerror})."


def _bytes_of(paper: Path) -> bytes:
    """What is in it, or enough of it to see that it is too large."""
    if paper.exists() and not paper.is_file():
        raise NoEInvoice("Det är ingen fil.")
    with paper.open("rb") as file:
        return file.read(LARGEST + 1)


def _tell(paper: Path, found: list[Finding], by: Rulebook) -> None:
    if not found:
        click.echo(f"{paper}: Inga fel. {BY[by]}")
        return
    faults = sum(one.is_fatal for one in found)
    warnings = counted(len(found) - faults, "varning", "varningar")
    click.echo(f"{paper}: {counted(faults, 'fel', 'fel')}, {warnings}. {BY[by]}")
    for one in found:
        click.echo(f"  {IN_WORDS[one.severity]} {one.rule}: {one.words}")
        if one.where:
            click.echo(f"    {one.where}")
        if one.official:
            click.echo(f"    {one.official}")
