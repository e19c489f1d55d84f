"""An assortment on its way in: handed in, read, fetched, checked; accepted, checked again, written - all or nothing.

Reading and checking may be run again from the start at any time. Writing is one transaction with the job's own end, so
a worker that is killed leaves nothing, and whoever takes the job over begins anew.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from app import audit, clock, files, jobs, pictures
from app.accounts.models import User
from app.catalog.imports import loading, looking
from app.catalog.imports import pictures as import_pictures
from app.catalog.imports.looking import House
from app.catalog.imports.models import BatchState, ImportBatch, ImportNote, ImportPicture
from app.catalog.imports.plan import Plan
from app.catalog.imports.report import keys, tell, told
from app.catalog.imports.rows import Reading
from app.catalog.imports.writing import carry_out, worked_out
from app.db import db
from app.errors import Refused
from app.files import StoredFile
from app.members.models import Member
from app.pictures import Picture
from app.spreadsheets import door

KEPT = timedelta(days=30)
"""So long a file and its report are kept."""
Upload = tuple[str, bytes]
"""A file's name and its bytes."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What a worker has in its hands, so that it need not ask the database again."""

    batch_id: int
    member_id: int
    sheet: bytes
    parcel: bytes | None


def hand_in(
    member: Member, sheet: Upload, parcel: Upload | None, ticket: str, *, by: User | None, now: datetime
) -> ImportBatch:
    """Keep a file and let a worker read it. A ticket used before gives the batch it made. Raises Refused."""
    batch = receive(member, sheet, parcel, ticket, by=by, now=now)
    if batch.job_id is None:
        batch.job_id = _enqueue("read_batch", batch)
    return batch


def receive(
    member: Member, sheet: Upload, parcel: Upload | None, ticket: str, *, by: User | None, now: datetime
) -> ImportBatch:
    """Keep a file, and leave the reading to the caller. Raises Refused."""
    there = db.session.scalar(select(ImportBatch).where(ImportBatch.ticket == ticket, ImportBatch.member == member))
    if there is not None:
        return there
    if len(sheet[1]) > door.LARGEST:
        raise Refused(door.TOO_LARGE)
    if not sheet[1]:
        raise Refused("Filen är tom.")
    batch = ImportBatch(
        ticket=ticket,
        member=member,
        by_id=by.id if by else None,
        file=_keep(sheet, now),
        pictures_file=_keep(parcel, now) if parcel and parcel[1] else None,
        created_at=now,
    )
    db.session.add(batch)
    audit.record(batch, "handed in", by=by, now=now, member_id=member.id, name=batch.file.name)
    return batch


def accept(batch: ImportBatch, *, by: User | None, now: datetime) -> ImportBatch:
    """Let a worker take in the good rows. Raises Refused."""
    say_yes(batch, by=by, now=now)
    batch.job_id = _enqueue("write_batch", batch)
    return batch


def say_yes(batch: ImportBatch, *, by: User | None, now: datetime) -> ImportBatch:
    """Decide that the good rows are taken in, and leave the writing to the caller, who holds the batch's row.

    Raises Refused when somebody has decided already.
    """
    if batch.state is BatchState.WRITING:
        raise Refused("Raderna tas redan in. Ladda om sidan.")
    if not batch.counts.get("good"):
        raise Refused("Ingen rad i filen går att ta in. Rätta den och ladda upp den igen.")
    if not batch.changes:
        raise Refused("Filen ändrar inget.")
    batch.state, batch.phase, batch.problem = BatchState.WRITING, "wait", None
    batch.done = batch.total = 0
    batch.by_id = by.id if by else None
    audit.record(batch, "accepted", by=by, now=now, good=batch.counts["good"], faulty=batch.counts["faulty"])
    return batch


def drop(batch: ImportBatch, *, by: User | None, now: datetime) -> ImportBatch:
    """Nothing of the file is taken in. Raises Refused when it has been."""
    batch.state = BatchState.DROPPED
    batch.finished_at = now
    audit.record(batch, "dropped", by=by, now=now)
    return batch


@jobs.job
def read_batch(batch_id: int) -> None:
    """Read the file, fetch its pictures and check every row; what was found waits for somebody's word."""
    batch = db.session.get(ImportBatch, batch_id)
    if batch is None or batch.state is not BatchState.READING:
        return
    try:
        held = _unpacked(batch_id)
        reading = _reading(batch, held)
        _fetch_pictures(batch, held, reading)
        _house, made = _planned(batch, held, reading)
    except Refused as no:
        db.session.refresh(batch)
        if batch.state is BatchState.READING:
            batch.state, batch.problem, batch.finished_at = BatchState.REFUSED, str(no), clock.now()
        return
    db.session.refresh(batch, with_for_update=True)
    if batch.state is BatchState.READING:
        tell(batch, made)
        batch.state = BatchState.CHECKED


@jobs.job
def write_batch(batch_id: int) -> None:
    """Check once more against what there is now, and write all rows; or say what has moved, and wait again."""
    batch = db.session.get(ImportBatch, batch_id)
    if batch is None or batch.state is not BatchState.WRITING:
        return
    held = _unpacked(batch_id)
    reading = _reading(batch, held)
    house, made = _planned(batch, held, reading)
    now = clock.now()
    with jobs.looking():
        before = told(batch_id)
    try:
        after, work = keys(made), worked_out(made.outcomes, held.member_id, now=now)
        _progress(batch, "save", 0, 0)
        loading.hold(batch.member)  # From here on others wait: what could be worked out has been.
        if not looking.stands_still(house):
            made = _planned_on_hold(held, reading)
            after, work = keys(made), worked_out(made.outcomes, held.member_id, now=now)
        if before != after:
            tell(batch, made, moved=after - before)
            batch.state = BatchState.CHECKED
            batch.problem = "Katalogen har ändrats sedan filen lästes. Inget är intaget. Läs igenom igen och bestäm."
            return
        with db.session.begin_nested():
            carry_out(work, batch.member, _pictures(batch), by=batch.by, now=now)
    except Refused as no:
        batch.state, batch.problem = BatchState.CHECKED, f"{no} Inget är intaget."
        return
    batch.state, batch.phase, batch.done, batch.finished_at = BatchState.DONE, "save", batch.total, now
    audit.record(batch, "taken in", by=batch.by, now=now, rows=len(made.outcomes))


@jobs.every_minute
def forget_old(now: datetime) -> None:
    """Batches, with their files and reports, are erased after a month; pictures that nothing shows go with them."""
    query = select(ImportBatch).where(ImportBatch.created_at < now - KEPT).order_by(ImportBatch.id).limit(20)
    for batch in db.session.scalars(query).all():
        erase(batch)


def erase(batch: ImportBatch) -> None:
    """Forget a batch as if nobody had handed it in; what it has written stays."""
    taken = list(_pictures(batch).values())
    kept = [file for file in (batch.file, batch.pictures_file) if file is not None]
    for table in (ImportNote, ImportPicture):
        db.session.execute(delete(table).where(table.batch_id == batch.id))
    db.session.delete(batch)
    db.session.flush()
    for file in kept:
        files.let_go(file)
    db.session.expire_all()
    for picture in taken:
        pictures.let_go(picture)


def _keep(upload: Upload, now: datetime) -> StoredFile:
    return files.save(upload[1], name=upload[0], media_type="application/octet-stream", now=now)


def _enqueue(name: str, batch: ImportBatch) -> int:
    job = jobs.enqueue(f"{__name__}.{name}", batch_id=batch.id)
    db.session.flush()
    return job.id


def _progress(batch: ImportBatch, phase: str, done: int, total: int) -> None:
    """Show how far it has come. Nothing else is in the transaction at these moments."""
    batch.phase, batch.done, batch.total = phase, done, total
    jobs.checkpoint()


def _unpacked(batch_id: int) -> _Held:
    """What lies in the files, as values."""
    with jobs.looking():
        batch = db.session.get_one(ImportBatch, batch_id)
        parcel = files.read(batch.pictures_file) if batch.pictures_file else None
        return _Held(batch_id, batch.member_id, files.read(batch.file), parcel)


def _reading(batch: ImportBatch, held: _Held) -> Reading:
    _progress(batch, "read", 0, 0)
    return looking.read(held.sheet)


def _fetch_pictures(batch: ImportBatch, held: _Held, reading: Reading) -> None:
    """Each picture once. While one is fetched no transaction is open; what is there from an earlier turn stays."""
    sources = looking.named(reading)
    if not sources:
        return
    origin = import_pictures.Source(held.parcel)
    with jobs.looking():
        there = set(db.session.scalars(select(ImportPicture.source).where(ImportPicture.batch_id == held.batch_id)))
    for done, source in enumerate(sources):
        if source not in there:
            _progress(batch, "pictures", done, len(sources))
            _fetch(held.batch_id, source, origin)
    _progress(batch, "pictures", len(sources), len(sources))


def _fetch(batch_id: int, source: str, origin: import_pictures.Source) -> None:
    try:
        found = looking.developed(origin, source)
        picture = pictures.take_in(found, now=clock.now())
    except Refused as no:
        db.session.add(ImportPicture(batch_id=batch_id, source=source, problem=str(no)))
    else:
        db.session.add(ImportPicture(batch_id=batch_id, source=source, picture=picture))
    jobs.checkpoint()


def _planned(batch: ImportBatch, held: _Held, reading: Reading) -> tuple[House, Plan]:
    """What the rows would change, and of what."""
    with jobs.looking():
        problems = _picture_problems(held.batch_id)
    house = looking.house_of(held.member_id, reading)
    return house, looking.compared(reading, house, problems, lambda *how_far: _progress(batch, *how_far))


def _planned_on_hold(held: _Held, reading: Reading) -> Plan:
    """The same, and nobody else changes anything of it until we are done."""
    house = looking.house_of(held.member_id, reading, within=nullcontext)
    return looking.compared(reading, house, _picture_problems(held.batch_id), looking.nobody_asks)


def _picture_problems(batch_id: int) -> dict[str, str]:
    failed = (ImportPicture.batch_id == batch_id, ImportPicture.picture_id.is_(None))
    query = select(ImportPicture.source, ImportPicture.problem).where(*failed)
    return {row.source: row.problem or "" for row in db.session.execute(query)}


def _pictures(batch: ImportBatch) -> dict[str, Picture]:
    query = select(ImportPicture).where(ImportPicture.batch_id == batch.id)
    return {row.source: row.picture for row in db.session.scalars(query) if row.picture is not None}
