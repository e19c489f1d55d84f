"""The job that prints a catalogue. Only workers and the command line come here: the press is large."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pikepdf
from sqlalchemy import select, update

from app import clock, files, jobs
from app.catalog.printing.gathering import gather
from app.catalog.printing.models import CataloguePrint
from app.catalog.printing.press import print_apart
from app.catalog.printing.setting import file_name
from app.catalog.printing.values import CatalogueEdition, PrintOptions
from app.db import db
from app.errors import Refused


@jobs.job
def print_catalogue(print_id: int) -> None:
    """Make the file of a print that was asked for, once, and tell how far it has come.

    Nothing is held in the database while the press works: others must be able to sell meanwhile. What is asked for
    but cannot be printed is told in words and not tried again.
    """
    row = db.session.scalar(select(CataloguePrint).where(CataloguePrint.id == print_id))
    if row is None or row.file_id is not None:
        return
    try:
        edition = gather(row.options, now=clock.now())
    except Refused as no:
        row.problem = str(no)
        return
    data = make(edition, lambda done: _tell(print_id, done))
    ready = db.session.scalar(select(CataloguePrint).where(CataloguePrint.id == print_id).with_for_update())
    if ready is None or ready.file_id is not None:
        return  # Somebody took it away, or another worker was quicker.
    ready.file = files.save(data, name=file_name(edition), media_type="application/pdf", now=clock.now())
    ready.pages, ready.articles, ready.done = pages_of(data), len(edition.articles), ready.total


def make(edition: CatalogueEdition, tell: Callable[[int], None] = lambda _done: None) -> bytes:
    """The catalogue's PDF. `tell` hears how many per cent are done, and the transaction that was open ends here."""
    jobs.checkpoint()
    return print_apart(edition, files.folder(), tell)


def made_at_once(options: PrintOptions) -> bytes:
    """A catalogue for the command line. Raises Refused."""
    return make(gather(options, now=clock.now()))


def pages_of(data: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(BytesIO(data)) as book:
        return len(book.pages)


def _tell(print_id: int, done: int) -> None:
    """A short transaction of its own, so that nobody waits for the press."""
    db.session.execute(
        update(CataloguePrint).where(CataloguePrint.id == print_id, CataloguePrint.file_id.is_(None)).values(done=done)
    )
    jobs.checkpoint()
