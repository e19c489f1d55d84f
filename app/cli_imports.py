"""The command that takes in a member's assortment from a file."""

from __future__ import annotations

import secrets
from pathlib import Path

import click
from sqlalchemy import or_, select

from app import clock
from app.catalog import import_pictures, import_queries, imports
from app.catalog.import_models import BatchState, ImportBatch
from app.db import db
from app.errors import Refused
from app.members.models import Member, MemberKind
from app.spreadsheets import door

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import-offerings")
@click.argument("file", type=_FILE)
@click.option("--member", "named", required=True, metavar="NAME", help="Name, address name or organisation number.")
@click.option("--check", is_flag=True, help="Only tell what would happen; save nothing.")
@click.option("--images", type=_FILE, help="A zip file with the pictures that the file names.")
@click.option("--accept-good", is_flag=True, help="Take in the good rows although others are faulty.")
def import_offerings(file: Path, named: str, *, check: bool, images: Path | None, accept_good: bool) -> None:
    """Take in a member's assortment from an xlsx or csv file.

    Each faulty cell is told, and nothing is saved then; the exit code is 1.
    """
    member = _member(named)
    batch = _handed_in(file, images, member)
    try:
        imports.read_batch(batch.id)
        db.session.commit()
        _report(batch)
        faulty = int(batch.counts["faulty"])
        if check or (faulty and not accept_good) or not batch.counts["good"]:
            imports.erase(batch)
            db.session.commit()
            click.echo("Inget är sparat.")
            raise SystemExit(1 if faulty else 0)
        _take_in(batch)
    except Refused as no:
        db.session.rollback()
        raise click.ClickException(str(no)) from no


def _member(named: str) -> Member:
    """The producing member with this name. Raises ClickException when there is none, or more than one."""
    called = or_(Member.name == named, Member.slug == named, Member.org_number == named)
    found = db.session.scalars(select(Member).where(called, Member.kind == MemberKind.MEMBER)).all()
    if len(found) != 1:
        raise click.ClickException(f"Ingen medlem heter {named}." if not found else f"Flera medlemmar heter {named}.")
    return found[0]


def _handed_in(file: Path, images: Path | None, member: Member) -> ImportBatch:
    """The file as a batch. Sizes are looked at before anything is read."""
    if file.stat().st_size > door.LARGEST:
        raise click.ClickException(door.TOO_LARGE)
    if images is not None and images.stat().st_size > import_pictures.MOST_UNPACKED:
        raise click.ClickException(import_pictures.BOMB)
    pictures = (images.name, images.read_bytes()) if images else None
    sheet, ticket = (file.name, file.read_bytes()), secrets.token_urlsafe(12)
    try:
        batch = imports.receive(member, sheet, pictures, ticket, by=None, now=clock.now())
    except Refused as no:
        raise click.ClickException(str(no)) from no
    db.session.commit()
    return batch


def _report(batch: ImportBatch) -> None:
    """Each faulty cell, and what becomes of the rows. Raises ClickException for a file that cannot be read."""
    if batch.state is not BatchState.CHECKED:
        problem = batch.problem
        imports.erase(batch)
        db.session.commit()
        raise click.ClickException(problem or "Filen går inte att läsa.")
    for fault in import_queries.faults(batch):
        click.echo(f"{fault.address}\t{fault.heading}\t{fault.value}\t{fault.text}")
    said = batch.counts
    click.echo(
        f"{said['rows']} rader, {said['faulty']} med fel. {said['new']} nya artiklar, {said['offer']} nya erbjudanden, "
        f"{said['live']} ändringar som gäller direkt, {said['ask']} som behöver godkännas, "
        f"{said['unchanged']} oförändrade."
    )


def _take_in(batch: ImportBatch) -> None:
    imports.say_yes(batch, by=None, now=clock.now())
    db.session.commit()
    imports.write_batch(batch.id)
    db.session.commit()
    if batch.state is not BatchState.DONE:
        raise Refused(batch.problem or "Inget är sparat.")
    click.echo(f"{batch.counts['good']} rader är intagna.")
