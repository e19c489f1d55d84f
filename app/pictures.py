"""Photographs that people hand in: pressed anew in fixed widths, kept once, served under what their bytes are."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import files
from app.apart import read_apart
from app.db import Base, db
from app.errors import NotYours, Refused
from app.files import StoredFile

LARGEST = 15 * 1024 * 1024
"""Bytes of a picture that is handed in."""
PATIENCE = 40
"""Seconds."""
CARD, PAGE, LARGE = 400, 800, 1600
"""Widths in pixels that pages ask for; a narrow picture has fewer."""
MEDIA_TYPE = "image/jpeg"
UNREADABLE = "Bilden går inte att läsa. Spara den på nytt och välj den igen."
_NAME = re.compile(r"([0-9a-f]{64})\.jpg")


class Picture(Base):
    """What can be seen of a picture that was handed in. The same picture handed in twice is the same row."""

    __tablename__ = "picture"
    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    """Of the file as it was handed in. That file itself is not kept: it may tell where somebody was."""
    width: Mapped[int]
    height: Mapped[int]
    """Pixels of the picture as it was handed in, upright."""
    created_at: Mapped[datetime]
    files: Mapped[list[PictureFile]] = relationship(
        order_by="PictureFile.width", lazy="selectin", cascade="all, delete-orphan"
    )

    def looks_like(self, other: Picture) -> bool:
        """Whether the same is seen. Files that differ in what nobody sees, as camera or place, give the same prints."""
        return self.id == other.id or self.files[-1].file.sha256 == other.files[-1].file.sha256


class PictureFile(Base):
    """A picture in one width, as JPEG."""

    __tablename__ = "picture_file"
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id", ondelete="CASCADE"), primary_key=True)
    width: Mapped[int] = mapped_column(primary_key=True)
    height: Mapped[int]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)

    @property
    def address(self) -> str:
        """Where pages find it."""
        return address_of(self.file.sha256)


@dataclass(frozen=True, slots=True)
class Developed:
    """A picture as the press gives it: its own size, and (width, height, JPEG) for each width."""

    sha256: str
    """Of the file as it was handed in."""
    width: int
    height: int
    prints: tuple[tuple[int, int, bytes], ...]


@dataclass(frozen=True, slots=True)
class Face:
    """The first picture of something, as its card shows it: a value, so that it may be remembered."""

    description: str
    prints: tuple[tuple[int, int, str], ...]
    """(width, height, address), the narrowest first."""

    @property
    def srcset(self) -> str:
        """What a browser chooses from."""
        return ", ".join(f"{address} {width}w" for width, _height, address in self.prints)


def faces(rows: Iterable[Any]) -> dict[Any, Face]:
    """Rows of (whose, description, width, height, sha256), the narrowest first, as a face for each."""
    found: dict[Any, tuple[str, list[tuple[int, int, str]]]] = {}
    for whose, description, width, height, sha256 in rows:
        found.setdefault(whose, (description, []))[1].append((width, height, address_of(sha256)))
    return {whose: Face(description, tuple(prints)) for whose, (description, prints) in found.items()}


def take_in(data: bytes | Developed, *, now: datetime) -> Picture:
    """The row of a picture, kept if it was not there. Raises Refused, with a sentence, for what cannot be shown.

    Whoever holds the database meanwhile, as a page that saves does, should develop first and hand in the result.
    """
    if isinstance(data, Developed):
        return _with_original(data.sha256) or _keep(data, now)
    _must_fit(data)
    return _with_original(hashlib.sha256(data).hexdigest()) or _keep(develop(data), now)


def is_known(data: bytes) -> bool:
    """Whether the same file has been taken in before, so that it need not be developed again."""
    return _with_original(hashlib.sha256(data).hexdigest()) is not None


def let_go(picture: Picture) -> None:
    """Forget a picture that nothing shows any longer; one that something else still points at stays.

    Its addresses lead nowhere as soon as the caller commits; a job deletes the bytes after that.
    """
    prints = [one.file for one in picture.files]
    try:
        with db.session.begin_nested():
            db.session.delete(picture)
    except IntegrityError:
        return
    for file in prints:
        files.let_go(file)


def develop(data: bytes) -> Developed:
    """What can be seen of a file, in all widths, made by a process of its own; touches no database.

    The same bytes give the same bytes. Raises Refused for all but a still JPEG, PNG or WebP of at most 15 MB and
    40 megapixels.
    """
    _must_fit(data)
    answer, body = read_apart("app.picture_press", data, seconds=PATIENCE, unreadable=UNREADABLE)
    original = hashlib.sha256(data).hexdigest()
    return Developed(original, answer["width"], answer["height"], _cut(body, answer["files"]))


def read(picture: Picture, width: int) -> bytes:
    """A JPEG for a document: the narrowest at least so wide, else the widest there is."""
    return files.read(print_of(picture, width).file)


def address(picture: Picture, width: int) -> str:
    """Where a page finds that JPEG: ``/bild/….jpg``, which never shows anything else."""
    return print_of(picture, width).address


def address_of(sha256: str) -> str:
    """The address of a JPEG by the hash of its bytes, for lists that have no rows at hand."""
    return f"/bild/{sha256}.jpg"


def print_of(picture: Picture, width: int) -> PictureFile:
    """The narrowest print at least so wide, else the widest there is."""
    return next((file for file in picture.files if file.width >= width), picture.files[-1])


def named(name: str) -> Sequence[PictureFile]:
    """The prints with the bytes that an address names: one, or more of pictures that only differed in their remarks.

    Raises NotYours for any other name.
    """
    found = _NAME.fullmatch(name)
    query = select(PictureFile).join(StoredFile, PictureFile.file_id == StoredFile.id)
    rows = db.session.scalars(query.where(StoredFile.sha256 == found[1])).all() if found else []
    if not rows:
        raise NotYours
    return rows


def bytes_of(row: PictureFile) -> bytes:
    """What a JPEG holds."""
    return files.read(row.file)


def _must_fit(data: bytes) -> None:
    if len(data) > LARGEST:
        raise Refused("Bilden är större än 15 MB. Spara den i mindre storlek och välj den igen.")


def _cut(body: bytes, sizes: list[tuple[int, int, int]]) -> tuple[tuple[int, int, bytes], ...]:
    prints, start = [], 0
    for width, height, length in sizes:
        prints.append((width, height, body[start : start + length]))
        start += length
    return tuple(prints)


def _with_original(digest: str) -> Picture | None:
    return db.session.scalar(select(Picture).where(Picture.sha256 == digest))


def _keep(developed: Developed, now: datetime) -> Picture:
    """Two people may hand in the same picture at the same moment: the database says who came first."""
    size = {"width": developed.width, "height": developed.height}
    picture = Picture(sha256=developed.sha256, **size, created_at=now)
    try:
        with db.session.begin_nested():
            for width, height, data in developed.prints:
                kept = files.save(data, name=f"bild-{width}.jpg", media_type=MEDIA_TYPE, now=now)
                picture.files.append(PictureFile(width=width, height=height, file=kept))
            db.session.add(picture)
    except IntegrityError as second:
        first = _with_original(developed.sha256)
        if first is None:
            raise Refused("Någon annan sparade något liknande i samma stund. Försök igen.") from second
        return first
    return picture
