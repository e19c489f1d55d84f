"""Many notices at once: loose files and zip files, each looked at by itself, the one sent first taken in first."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812  the library's name

from sqlalchemy import select

from app import audit, files, jobs
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.spreadsheets import parcels
from app.tenders import importing
from app.tenders.noticing import queries
from app.tenders.noticing.models import NoticeBatch, NoticeBatchFile
from app.tenders.paper_actions import Upload
from bids.safe_xml import LARGEST

MOST_UNPACKED = 600 * 1024 * 1024
TOO_MUCH = "Zip-filen packar upp till mer än vi tar emot: högst 3 000 filer och 600 MB. Dela upp den i flera."
NO_NOTICE = "Filens namn slutar inte på .xml, så den är inte läst."
KEPT = timedelta(days=30)
"""So long a batch and its report are kept; the notices themselves stay."""
ZIP = b"PK\x03\x04"
LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that may be a notice. `read` gives its bytes, of one that is too large only as many as show it."""

    position: int
    name: str
    read: Callable[[], bytes]


def hand_in(uploads: Sequence[Upload], ticket: str, *, by: User, now: datetime) -> NoticeBatch:
    """Keep the files for a worker. A ticket used before gives the batch it made. Raises Refused for no file at all."""
    there = db.session.scalar(select(NoticeBatch).where(NoticeBatch.ticket == ticket))
    if there is not None:
        return there
    if not uploads:
        raise Refused("Välj minst en fil.")
    batch = NoticeBatch(ticket=ticket, by_id=by.id, created_at=now)
    for upload in uploads:
        kept = files.save(upload.data, name=upload.name, media_type="application/octet-stream", now=now)
        batch.files.append(NoticeBatchFile(file=kept))
    db.session.add(batch)
    audit.record(batch, "handed in", by=by, now=now, files=len(uploads))
    return batch


def papers_of(batch: NoticeBatch) -> tuple[list[Paper], list[str]]:
    """What lies in the batch's files, and a sentence for each zip file that cannot be opened."""
    found: list[tuple[str, Callable[[], bytes]]] = []
    problems: list[str] = []
    for one in batch.files:
        data = files.read(one.file)
        try:
            found += _parts(data) if data.startswith(ZIP) else [(one.file.name, _given(data))]
        except Refused as no:
            problems.append(f"{one.file.name}: {no}")
    return [Paper(position, name, read) for position, (name, read) in enumerate(found)], problems


def papers_in(folder: Path) -> tuple[list[Paper], int]:
    """The XML files of a folder and of those in it, by name; and how many files there are of other kinds."""
    there = sorted(path for path in folder.rglob("*") if path.is_file())
    notices = [path for path in there if path.suffix.lower() == ".xml"]
    papers = [Paper(n, readable(path.relative_to(folder)), paper_at(path)) for n, path in enumerate(notices)]
    return papers, len(there) - len(notices)


def readable(path: Path) -> str:
    """A file's name as text; what is no UTF-8 in it is a sign that says so."""
    return os.fsencode(path).decode("utf-8", "replace")


def paper_at(path: Path) -> Callable[[], bytes]:
    """How a file on the disk is read."""

    def read() -> bytes:
        try:
            with path.open("rb") as stream:
                return stream.read(LARGEST + 1)
        except OSError as trouble:
            raise Refused(f"Filen går inte att läsa: {trouble.strerror}.") from trouble

    return read


def in_order(papers: Iterable[Paper]) -> Iterator[Paper]:
    """Those sent first come first, so that a correction finds what it corrects whatever the files are called."""
    return iter(
        [paper for _key, paper in sorted(((_sent(paper), paper) for paper in papers), key=lambda pair: pair[0])]
    )


def _sent(paper: Paper) -> tuple[datetime, int]:
    try:
        issued = importing.read(paper.read()).issued
    except Refused:
        issued = None
    return issued or LAST, paper.position


def forget_old(now: datetime) -> None:
    """Erase batches of more than a month ago, with their files."""
    for batch in queries.old_batches(now - KEPT):
        kept = [one.file for one in batch.files]
        db.session.delete(batch)
        db.session.flush()
        for file in kept:
            files.let_go(file)


def enqueue(batch: NoticeBatch, job: Callable[..., None]) -> None:
    """Let a worker take the files in, once."""
    if batch.job_id is None:
        row = jobs.enqueue(job, batch_id=batch.id)
        db.session.flush()
        batch.job_id = row.id


def _parts(data: bytes) -> list[tuple[str, Callable[[], bytes]]]:
    """What lies in a zip file. Raises Refused for one that we do not open.

    A part is read no further than a notice can be long, whatever its list of contents says: one that is too large, or
    a bomb, is refused by itself.
    """
    parcel = parcels.opened(data, sentence=TOO_MUCH)
    if sum(min(part.file_size, LARGEST + 1) for part in parcel.infolist()) > MOST_UNPACKED:
        raise Refused(TOO_MUCH)
    shown = [part for part in parcel.infolist() if not part.is_dir() and not _is_litter(part.filename)]
    return [(part.filename[-200:], _packed(parcel, part)) for part in shown]


def _is_litter(name: str) -> bool:
    """What Macs put beside the files themselves."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def _packed(parcel: ZipFile, part: ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        if not part.filename.lower().endswith(".xml"):
            raise Refused(NO_NOTICE)
        if part.flag_bits & 1:
            raise Refused("Filen är låst med lösenord. Packa den utan lösenord.")
        try:
            with parcel.open(part) as stream:
                return stream.read(LARGEST + 1)
        except (BadZipFile, LargeZipFile, ZlibError, EOFError, NotImplementedError) as trouble:
            raise Refused(parcels.DAMAGED) from trouble

    return read


def _given(data: bytes) -> Callable[[], bytes]:
    return lambda: data
