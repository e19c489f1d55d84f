"""Files people hand in and documents we make: the bytes on disk by their hash, the facts in a row."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from datetime import datetime
from pathlib import Path
from threading import get_ident

from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

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
    digest = hashlib.sha256(data).hexdigest()
    place = _place(digest)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f"{digest}.{os.getpid()}.{get_ident()}")
        draft.write_bytes(data)
        draft.replace(place)
    row = StoredFile(sha256=digest, name=tidy_name(name), media_type=media_type, size=len(data), created_at=now)
    db.session.add(row)
    db.session.flush()
    return row


def read(file: StoredFile) -> bytes:
    """The bytes. Raises FileNotFoundError when the disk has lost them."""
    return _place(file.sha256).read_bytes()


def tidy_name(name: str) -> str:
    """A file name without folders, control characters or what a file system dislikes; at most 120 characters."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    clean = re.sub(r'[\x00-\x1f<>:"|?*]+', "", last).strip(". ")
    return clean[-120:] or "fil"


def _place(digest: str) -> Path:
    folder: Path = current_app.config["FILES"]
    return folder / digest[:2] / digest
