"""Files people hand in and documents we make: the bytes on disk by their hash, the facts in a row."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import get_ident
from typing import IO

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app import jobs
from app.db import Base, db


class StoredFile(Base):
    """One file as it was handed in or made; never changed afterwards."""

    __tablename__ = "stored_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    created_at: Mapped[datetime]


def save(data: bytes, *, name: str, media_type: str, now: datetime) -> StoredFile:
    """Keep the bytes and return their row. The bytes are on disk before the row is: a row never points at nothing."""
    digest = put(data)
    row = StoredFile(sha256=digest, name=tidy_name(name), media_type=media_type, size=len(data), created_at=now)
    db.session.add(row)
    db.session.flush()
    return row


def save_from(draft: Path, *, name: str, media_type: str, now: datetime) -> StoredFile:
    """Keep a file that was written beside the others, however large, and return its row; the draft is gone then."""
    with draft.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size, place = draft.stat().st_size, _place(digest)
    place.parent.mkdir(parents=True, exist_ok=True)
    draft.replace(place)
    row = StoredFile(sha256=digest, name=tidy_name(name), media_type=media_type, size=size, created_at=now)
    db.session.add(row)
    db.session.flush()
    return row


def opened(file: StoredFile) -> IO[bytes]:
    """The bytes as an open file, for those that are too large to hold. Raises FileNotFoundError."""
    return _place(file.sha256).open("rb")


def put(data: bytes) -> str:
    """Lay the bytes on the disk, and return their hash. Touches no database: who has many does it before a transaction.

    Bytes that nobody saves a row for are as good as not there, and may be taken away by whoever deletes the same.
    """
    digest = hashlib.sha256(data).hexdigest()
    place = _place(digest)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f"{digest}.{os.getpid()}.{get_ident()}")
        draft.write_bytes(data)
        draft.replace(place)
    return digest


def read(file: StoredFile) -> bytes:
    """The bytes. Raises FileNotFoundError when the disk has lost them."""
    return _place(file.sha256).read_bytes()


def folder() -> Path:
    """Where the bytes lie: the file with the hash ``ab12…`` is ``ab/ab12…``, also for a process without an app."""
    place: Path = current_app.config["FILES"]
    return place


def let_go(file: StoredFile) -> None:
    """Say that something needs a file no longer. A job deletes it after the commit, unless something else has it."""
    jobs.enqueue(delete_unused, file_id=file.id)


@jobs.job
def delete_unused(file_id: int) -> None:
    """Delete a file that nothing points at any longer: somebody may have asked for it (GDPR, article 17)."""
    file = db.session.get(StoredFile, file_id)
    if file is None:
        return
    with suppress(IntegrityError), db.session.begin_nested():
        _delete(file)


def _delete(file: StoredFile) -> None:
    """Delete a row, and the bytes if no other row has them. Only for a job: what is gone from the disk stays gone."""
    digest = file.sha256
    db.session.delete(file)
    db.session.flush()
    if db.session.scalar(select(StoredFile.id).where(StoredFile.sha256 == digest).limit(1)) is None:
        _place(digest).unlink(missing_ok=True)


def tidy_name(name: str) -> str:
    """A file name without folders, control characters or what a file system dislikes; at most 120 characters."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    clean = re.sub(r'[\x00-\x1f<>:"|?*]+', "", last).strip(". ")
    return clean[-120:] or "fil"


def _place(digest: str) -> Path:
    return folder() / digest[:2] / digest
