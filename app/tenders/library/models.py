"""Entries of the library, their versions, the words they are found by, and the answers that took text from them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, event, inspect
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from app.accounts.models import User
from app.db import Base
from app.files import StoredFile
from app.tenders.library.values import ReferenceFacts, facts_from


class EntryKind(StrEnum):
    """What an entry is."""

    ANSWER = "answer"
    REFERENCE = "reference"
    CV = "cv"
    POLICY = "policy"

    @property
    def is_proof(self) -> bool:
        """Whether it shows something, rather than telling it: then it must hold when the bid is handed in."""
        return self != EntryKind.ANSWER


class LibraryEntry(Base):
    """Something we say in bids. What it says lies in its versions; the latest is the one to use."""

    __tablename__ = "library_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[EntryKind]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    """Who sees to it that it stays true."""
    current: Mapped[int] = mapped_column(default=1)
    """The number of the latest version."""
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    """Since when it is no longer suggested; answers that took text from it keep it."""
    retired_by: Mapped[str] = mapped_column(default="")
    owner: Mapped[User | None] = relationship()
    versions: Mapped[list[LibraryVersion]] = relationship(
        back_populates="entry", order_by="LibraryVersion.number.desc()", cascade="all, delete-orphan"
    )


class LibraryVersion(Base):
    """What an entry said from a day on. It is never changed: a correction is a new version."""

    __tablename__ = "library_version"
    __table_args__ = (UniqueConstraint("entry_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("library_entry.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str]
    text: Mapped[str]
    valid_to: Mapped[date | None]
    """The last day on which it may be used, such as that of a certificate it speaks of."""
    review_on: Mapped[date | None]
    """When its owner should have read it again."""
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    """The CV or policy itself, where there is one."""
    reference: Mapped[dict[str, Any] | None]
    """Of a reference, its facts as `values.facts_from` reads them."""
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    entry: Mapped[LibraryEntry] = relationship(back_populates="versions")
    file: Mapped[StoredFile | None] = relationship()

    @property
    def facts(self) -> ReferenceFacts | None:
        """Of a reference, what it is beside its text."""
        return facts_from(self.reference)


@event.listens_for(LibraryVersion, "before_update")
def _stays_as_it_was(_mapper: Mapper[Any], _connection: object, version: LibraryVersion) -> None:
    """Raises RuntimeError: bids point at versions, and must find there what they took."""
    changed = [attribute.key for attribute in inspect(version).attrs if attribute.history.has_changes()]
    if changed:
        raise RuntimeError(f"version {version.id} of the library was to be changed: {', '.join(changed)}")


class LibraryToken(Base):
    """A word's root that an entry in use is found by, with how much it weighs there."""

    __tablename__ = "library_token"
    __table_args__ = (Index("ix_library_token_token", "token"),)
    entry_id: Mapped[int] = mapped_column(ForeignKey("library_entry.id", ondelete="CASCADE"), primary_key=True)
    token: Mapped[str] = mapped_column(primary_key=True)
    weight: Mapped[int]


class AnswerSource(Base):
    """A bid's answer took its text from this version."""

    __tablename__ = "answer_source"
    __table_args__ = (UniqueConstraint("answer_id", "entry_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("bid_answer.id", ondelete="CASCADE"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("library_entry.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("library_version.id"), index=True)
    taken_at: Mapped[datetime]
    taken_by: Mapped[str] = mapped_column(default="")
    entry: Mapped[LibraryEntry] = relationship()
    version: Mapped[LibraryVersion] = relationship()
