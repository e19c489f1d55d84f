"""The command that takes in a member's assortment from a file."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

import click
from sqlalchemy import or_, select

from app import clock, files, jobs
from app.catalog.imports import actions as imports
from app.catalog.imports import looking as import_looking
from app.catalog.imports import pictures as import_pictures
from app.catalog.imports import queries as import_queries
from app.catalog.imports import report as import_report
from app.catalog.imports.actions import Upload
from app.catalog.imports.models import BatchState, ImportBatch
from app.db import db
from app.errors import Refused
from app.members.models import Member, MemberKind
from app.spreadsheets import door
from app.units import counted

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_WORDS = {
    "rows": ("rad", "rader"),
    "faulty": ("rad", "rader"),
    "new": ("ny artikel", "nya artiklar"),
    "offer": ("nytt erbjudande", "nya erbjudanden"),
    "live": ("ändring som gäller direkt", "ändringar som gäller direkt"),
    "ask": ("ändring som behöver godkännas", "ändringar som behöver godkännas"),
    "unchanged": ("rad oförändrad", "rader oförändrade"),
}
Told = tuple[str, str, str, str]
"""A fault: the cell, its heading, what stands there, and what is wrong."""


@click.command("import-offerings")
@click.argument("file", type=_FILE)
@click.option("--member", "named", required=True, metavar="NAME", help="Name, address name or organisation number.")
@click.option("--check", is_flag=True, help="Only tell what would happen; save nothing.")
@click.option("--images", type=_FILE, help="A zip file with the pictures that the file names.")
@click.option("--accept-good", is_flag=True, help="Take in the good rows although others are faulty.")
def import_offerings(file: Path, named: str, *, check: bool, images: Path | None, accept_good: bool) -> None:
    """Take in a member's assortment from an xlsx or csv file.

    Each faulty cell is told, and nothing is saved then; the exit code is 1. Files are read to their end before the
    database is asked for anything: one that comes slowly, as from a pipe, keeps nobody waiting.
    """
    sheet = (file.name, _bytes_of(file, door.LARGEST, door.TOO_LARGE))
    parcel = (images.name, _bytes_of(images, import_pictures.MOST_UNPACKED, import_pictures.BOMB)) if images else None
    member_id = _member(named)
    try:
        if check:
            _only_check(member_id, sheet, parcel)
        else:
            _take_in(member_id, sheet, parcel, accept_good=accept_good)
    except Refused as no:
        db.session.rollback()
        raise click.ClickException(str(no)) from no


def _bytes_of(file: Path, most: int, sentence: str) -> bytes:
    """All bytes of a file. One more than `most` is enough to know that it is too large, whatever it says of itself."""
    with file.open("rb") as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise click.ClickException(sentence)
    return data


def _member(named: str) -> int:
    """The id of the producing member with this name. Raises ClickException when there is none, or more than one."""
    called = or_(Member.name == named, Member.slug == named, Member.org_number == named)
    with jobs.looking():
        found = db.session.scalars(select(Member.id).where(called, Member.kind == MemberKind.MEMBER)).all()
    if len(found) != 1:
        raise click.ClickException(f"Ingen medlem heter {named}." if not found else f"Flera medlemmar heter {named}.")
    return found[0]


def _only_check(member_id: int, sheet: Upload, parcel: Upload | None) -> None:
    made = import_looking.look(member_id, sheet[1], parcel[1] if parcel else None)
    said = import_report.counts(made, 0)
    _report(
        said, ((fault.address or f"Rad {fault.row}", fault.heading, fault.value, fault.reason) for fault in made.faults)
    )
    _saved_nothing(said)


def _saved_nothing(said: Mapping[str, int]) -> None:
    click.echo("Inget är sparat.")
    raise SystemExit(1 if said["faulty"] else 0)


def _take_in(member_id: int, sheet: Upload, parcel: Upload | None, *, accept_good: bool) -> None:
    batch_id = _handed_in(member_id, sheet, parcel)
    imports.read_batch(batch_id)
    said, faults = _found(batch_id)
    _report(said, faults)
    if (said["faulty"] and not accept_good) or said["good"] == said["unchanged"]:
        _forget(batch_id)
        _saved_nothing(said)
    imports.say_yes(db.session.get_one(ImportBatch, batch_id), by=None, now=clock.now())
    db.session.commit()
    imports.write_batch(batch_id)
    db.session.commit()
    with jobs.looking():
        batch = db.session.get_one(ImportBatch, batch_id)
        taken, problem = batch.state is BatchState.DONE, batch.problem
    if not taken:
        raise Refused(problem or "Inget är sparat.")
    click.echo(f"{counted(said['good'], 'rad är intagen', 'rader är intagna')}.")


def _handed_in(member_id: int, sheet: Upload, parcel: Upload | None) -> int:
    """The id of the file's batch. Bytes are on the disk before the database is asked for anything."""
    for upload in (sheet, parcel):
        if upload:
            files.put(upload[1])
    member, ticket = db.session.get_one(Member, member_id), secrets.token_urlsafe(12)
    batch = imports.receive(member, sheet, parcel, ticket, by=None, now=clock.now())
    db.session.flush()
    batch_id = batch.id
    db.session.commit()
    return batch_id


def _found(batch_id: int) -> tuple[dict[str, int], list[Told]]:
    """What was found in a file. Raises ClickException for one that cannot be read, and forgets it."""
    with jobs.looking():
        batch = db.session.get_one(ImportBatch, batch_id)
        readable, problem, said = batch.state is BatchState.CHECKED, batch.problem, dict(batch.counts)
        faults = [
            (one.address or f"Rad {one.row}", one.heading, one.value, one.text) for one in import_queries.faults(batch)
        ]
    if not readable:
        _forget(batch_id)
        raise click.ClickException(problem or "Filen går inte att läsa.")
    return said, faults


def _forget(batch_id: int) -> None:
    imports.erase(db.session.get_one(ImportBatch, batch_id))
    db.session.commit()


def _report(said: Mapping[str, int], faults: Iterable[Told]) -> None:
    """Each faulty cell, and what becomes of the rows. No transaction is open: whoever reads it may take long."""
    for fault in faults:
        click.echo("\t".join(fault))
    figures = {key: counted(said[key], *words) for key, words in _WORDS.items()}
    click.echo("{rows}, {faulty} med fel. {new}, {offer}, {live}, {ask}, {unchanged}.".format(**figures))
