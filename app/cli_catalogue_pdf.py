"""The command that prints a catalogue; it carries the printing press, which the other commands need not."""

from __future__ import annotations

from pathlib import Path

import click

from app import places
from app.catalog import facets
from app.catalog.printing import terms as print_terms
from app.catalog.printing import worker as printing
from app.catalog.printing.values import PrintedPrices, PrintOptions
from app.cli_trouble import unwritten
from app.customers.models import CustomerKind
from app.db import db
from app.errors import Refused


@click.command("catalogue-pdf")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--audience", required=True, type=click.Choice([kind.value for kind in CustomerKind]))
@click.option("--municipality", help="Name or SCB code; only what is delivered there.")
@click.option("--category", help="The last part of its address, such as stadning.")
@click.option(
    "--prices", type=click.Choice([kind.value for kind in PrintedPrices]), help="Gross for private, else net."
)
@click.option("--price-list", help="The name of a framework agreement's, customer's or group's list.")
def catalogue_pdf(
    *,
    output: Path,
    audience: str,
    municipality: str | None,
    category: str | None,
    prices: str | None,
    price_list: str | None,
) -> None:
    """Print the catalogue for an audience."""
    kind = CustomerKind(audience)
    usual = PrintedPrices.GROSS if kind == CustomerKind.PRIVATE else PrintedPrices.NET
    try:
        options = PrintOptions(
            kind,
            PrintedPrices(prices) if prices else usual,
            _municipality(municipality),
            _category(category),
            None if price_list is None else print_terms.list_named(price_list),
        )
        data = printing.made_at_once(options)
    except Refused as no:
        db.session.rollback()
        raise click.ClickException(str(no)) from no
    try:
        output.write_bytes(data)
    except OSError as trouble:
        raise unwritten(output, trouble) from trouble
    click.echo(f"{output}: {printing.pages_of(data)} sidor, {len(data)} byte")


def _municipality(typed: str | None) -> str | None:
    if typed is None:
        return None
    found = places.by_name(typed)
    return found.code if found else typed


def _category(slug: str | None) -> int | None:
    if slug is None:
        return None
    found = next((shelf.id for shelf in facets.shelves() if shelf.slug == slug), None)
    if found is None:
        known = ", ".join(shelf.slug for shelf in facets.shelves())
        raise Refused(f"Kategorin {slug} finns inte. Det finns {known}.")
    return found
