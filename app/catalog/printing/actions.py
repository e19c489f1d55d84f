"""What staff do with printed catalogues: ask for one, publish it, take it away."""

from __future__ import annotations

from datetime import datetime

from app import audit, clock, files, jobs
from app.accounts.models import User
from app.catalog.facets import shelves_by_id
from app.catalog.printing.gathering import check_size
from app.catalog.printing.models import CataloguePrint, PrintState
from app.catalog.printing.terms import terms_of
from app.catalog.printing.values import PrintOptions
from app.db import db
from app.errors import Refused

PRINTING = "app.catalog.printing.worker.print_catalogue"


def order_print(options: PrintOptions, *, by: User, now: datetime) -> CataloguePrint:
    """Let a worker print a catalogue. Raises Refused for one that must not or cannot be."""
    if options.category_id is not None and options.category_id not in shelves_by_id():
        raise Refused("Välj kategorin i listan.")
    check_size(options)
    terms_of(options, clock.local_date(now))
    row = CataloguePrint(
        audience=options.audience,
        prices=options.prices,
        municipality=options.municipality,
        category_id=options.category_id,
        price_list_id=options.price_list_id,
        asked_at=now,
        by_name=by.name,
    )
    db.session.add(row)
    db.session.flush()
    row.job = jobs.enqueue(PRINTING, print_id=row.id)
    audit.record(row, "asked for", by=by, now=now)
    return row


def publish(row: CataloguePrint, *, by: User, now: datetime) -> CataloguePrint:
    """Let customers of its kind fetch it.

    Raises Refused while it is not ready, for a part of the catalogue, and for prices that not everybody has.
    """
    if row.state != PrintState.READY:
        raise Refused("Katalogen är inte klar än.")
    if row.category_id is not None or row.municipality is not None:
        raise Refused("Bara en katalog med alla kommuner och kategorier kan visas för alla kunder.")
    if row.price_list_id is not None:
        raise Refused("Katalogen har priser som bara några kunder har. Ge den till dem själv.")
    row.published_at = now
    audit.record(row, "published", by=by, now=now)
    return row


def unpublish(row: CataloguePrint, *, by: User, now: datetime) -> CataloguePrint:
    """Customers fetch the one before it, if there is one."""
    row.published_at = None
    audit.record(row, "unpublished", by=by, now=now)
    return row


def remove(row: CataloguePrint, *, by: User, now: datetime) -> None:
    """Take a print away, with its file. A worker that still prints it will find nothing to put it into."""
    audit.record(row, "removed", by=by, now=now)
    stored = row.file
    db.session.delete(row)
    db.session.flush()
    if stored is not None:
        files.let_go(stored)
