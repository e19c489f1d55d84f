"""Assortments that are on their way in: the file, how far it has come, and what was found in it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.accounts.models import User
from app.db import Base
from app.errors import Refused
from app.files import StoredFile
from app.members.models import Member
from app.pictures import Picture


class BatchState(StrEnum):
    """Where a file stands."""

    READING = "reading"
    REFUSED = "refused"
    """Nothing in it can be read."""
    CHECKED = "checked"
    """Somebody has to say yes or no."""
    WRITING = "writing"
    DONE = "done"
    DROPPED = "dropped"


MOVES = {
    BatchState.READING: {BatchState.REFUSED, BatchState.CHECKED, BatchState.DROPPED},
    BatchState.REFUSED: {BatchState.DROPPED},
    BatchState.CHECKED: {BatchState.WRITING, BatchState.DROPPED},
    BatchState.WRITING: {BatchState.CHECKED, BatchState.DONE},
    BatchState.DONE: set(),
    BatchState.DROPPED: set(),
}
IN_SWEDISH = {
    BatchState.READING: "läses",
    BatchState.REFUSED: "gick inte att läsa",
    BatchState.CHECKED: "väntar på ert besked",
    BatchState.WRITING: "tas in",
    BatchState.DONE: "är redan intagen",
    BatchState.DROPPED: "är avbruten",
}


class ImportBatch(Base):
    """One file that somebody has handed in for a member."""

    __tablename__ = "import_batch"
    __table_args__ = (Index("ix_import_batch_member_id_id", "member_id", "id"), UniqueConstraint("ticket"))
    id: Mapped[int] = mapped_column(primary_key=True)
    ticket: Mapped[str]
    """Drawn with the page; a form that is sent twice finds the batch it has made."""
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    pictures_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    state: Mapped[BatchState] = mapped_column(default=BatchState.READING)
    phase: Mapped[str] = mapped_column(default="wait")
    """What is being done: wait, read, pictures, check, save."""
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    """Of what the phase counts."""
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Rows by what becomes of them: rows, good, faulty, new, offer, change, unchanged, live, ask, moved."""
    problem: Mapped[str | None]
    """Why the file cannot be read, or what has moved since it was."""
    job_id: Mapped[int | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    member: Mapped[Member] = relationship()
    by: Mapped[User | None] = relationship()
    file: Mapped[StoredFile] = relationship(foreign_keys=[file_id])
    pictures_file: Mapped[StoredFile | None] = relationship(foreign_keys=[pictures_file_id])

    @validates("state")
    def _legal_move(self, _key: str, to: BatchState) -> BatchState:
        if self.state is not None and to != self.state and to not in MOVES[self.state]:
            raise Refused(f"Filen {IN_SWEDISH[self.state]}. Ladda om sidan.")
        return to

    @property
    def changes(self) -> int:
        """How many of its rows would change anything."""
        return int(self.counts.get("good", 0)) - int(self.counts.get("unchanged", 0))

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has it."""
        return self.state in {BatchState.READING, BatchState.WRITING}


class ImportNote(Base):
    """Something to tell about a row: a fault in a cell, or what will become of it."""

    __tablename__ = "import_note"
    __table_args__ = (Index("ix_import_note_batch_id_kind_position", "batch_id", "kind", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="CASCADE"))
    kind: Mapped[str]
    """``fault``, ``moved``, or a kind of `plan.Kind`."""
    position: Mapped[int]
    row: Mapped[int]
    address: Mapped[str] = mapped_column(default="")
    heading: Mapped[str] = mapped_column(default="")
    value: Mapped[str] = mapped_column(default="")
    text: Mapped[str]


class ImportPicture(Base):
    """A picture that a row names: fetched and kept, or why it could not be."""

    __tablename__ = "import_picture"
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="CASCADE"), primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"), index=True)
    problem: Mapped[str | None]
    picture: Mapped[Picture | None] = relationship()


class OwnNumber(Base):
    """What a member calls an article in its own books, so that its next file is recognised."""

    __tablename__ = "own_number"
    __table_args__ = (UniqueConstraint("member_id", "number"),)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, index=True)
    number: Mapped[str]
