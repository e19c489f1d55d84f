"""Commands about tenders: read a notice, write a bid's PDF."""

from __future__ import annotations

from pathlib import Path

import click

from app import bidflow, clock, files
from app.db import db
from app.errors import NotYours, Refused
from app.tenders import paper_actions, printing, queries
from app.tenders.models import Bid
from app.tenders.offers import offer_of
from bids.appendices import AppendixRefused


@click.command("import-notice")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_notice(file: Path) -> None:
    """Read a tender from an eForms notice, and tell what the notice does not say."""
    try:
        tender = bidflow.notice_from_file(file.read_bytes(), file.name, by=None, now=clock.now())
    except Refused as no:
        db.session.rollback()
        raise click.ClickException(str(no)) from no
    db.session.commit()
    click.echo(f"Upphandling {tender.id}: {tender.title}, {tender.buyer_name}")
    for line in tender.missing_facts.splitlines():
        click.echo(f"  Saknas: {line}")


@click.command("bid-pdf")
@click.argument("bid_id", type=int)
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path))
def bid_pdf(bid_id: int, output: Path) -> None:
    """Write a bid's PDF: the version handed in, or the draft while there is none."""
    try:
        data = _pdf(bid_id)
    except NotYours as nothing:
        raise click.ClickException(f"Det finns inget anbud {bid_id}.") from nothing
    except (Refused, AppendixRefused) as no:
        raise click.ClickException(str(no)) from no
    try:
        output.write_bytes(data)
    except OSError as trouble:
        raise click.ClickException(f"{output}: {trouble.strerror}") from trouble
    click.echo(f"{output}: {len(data)} byte")


def _pdf(bid_id: int) -> bytes:
    """The frozen version while that is what counts; a new draft is shown as a draft."""
    bid = queries.bid_by_id(bid_id)
    if bid.is_draft:
        return _draft(bid)
    version = queries.versions_of(bid)[0]
    printing.make_pdf(version.id)
    db.session.commit()
    if version.pdf is None:
        raise Refused("PDF-filen finns inte.")
    return files.read(version.pdf)


def _draft(bid: Bid) -> bytes:
    """As it would be handed in, with the papers that go with it by themselves; nothing of that is kept."""
    now = clock.now()
    paper_actions.attach_wanted(bid, offer_of(bid, now=now), by=None, now=now)
    data = printing.draft_pdf(offer_of(bid, now=now), bid.id)
    db.session.rollback()
    return data
