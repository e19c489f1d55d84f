"""Notices that have come in, what they changed or would change, how the buyer decided, and batches of files."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.files import StoredFile
from app.money import Money
from app.tenders.tender import Tender

HAS_ID = "notice_id <> ''"


class TenderNotice(Base):
    """One version of one notice, as it came. A tender has as many as its buyer has published and we have been given."""

    __tablename__ = "tender_notice"
    __table_args__ = (
        Index(
            "uq_tender_notice_notice_id_version",
            "notice_id",
            "version",
            unique=True,
            sqlite_where=text(HAS_ID),
            postgresql_where=text(HAS_ID),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    """In the order in which notices reached us; one that came twice has used one up."""
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id", ondelete="CASCADE"), index=True)
    notice_id: Mapped[str]
    version: Mapped[str]
    folder: Mapped[str] = mapped_column(index=True)
    """Names the procedure; the same in all its notices."""
    changes: Mapped[str] = mapped_column(default="", index=True)
    """The notice that this one corrects, with its version: ``…-01``."""
    kind: Mapped[str]
    """A value of `bids.notice_values.NoticeKind`."""
    issued_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    by_name: Mapped[str] = mapped_column(default="")
    holds: Mapped[bool]
    """Whether the tender's facts follow from it: it was the newest when it came, and no result."""
    words: Mapped[str]
    """What became of it."""
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    file: Mapped[StoredFile | None] = relationship()
    tender: Mapped[Tender] = relationship()

    @property
    def name(self) -> str:
        """As a notice that corrects it calls it."""
        return f"{self.notice_id}-{self.version}"


class ChangeState(StrEnum):
    """What became of something that a notice says anew."""

    APPLIED = "applied"
    KEPT = "kept"
    """We had another value, entered by hand, and still have it: somebody has to choose."""
    TAKEN = "taken"
    """Somebody has chosen the notice's value."""
    TOLD = "told"
    """There is nothing to write; people have to know."""


class TenderChange(Base):
    """One thing that a later notice says otherwise than what we had, with both values in words."""

    __tablename__ = "tender_change"
    __table_args__ = (
        Index("ix_tender_change_tender_id_seen_at", "tender_id", "seen_at"),
        Index("ix_tender_change_notice_id", "notice_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id", ondelete="CASCADE"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("tender_notice.id", ondelete="CASCADE"))
    position: Mapped[int]
    """Deadlines first."""
    field: Mapped[str]
    """A fact's name, or what else it is about: lot, said, outcome, reason, criteria."""
    lot_ref: Mapped[str] = mapped_column(default="")
    label: Mapped[str]
    before: Mapped[str] = mapped_column(default="")
    after: Mapped[str] = mapped_column(default="")
    value: Mapped[str] = mapped_column(default="")
    """The notice's value as `facts.decoded` reads it, where it was kept out."""
    state: Mapped[ChangeState]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[str] = mapped_column(default="")
    notice: Mapped[TenderNotice] = relationship()


class TenderOutcome(Base):
    """How a lot ended by the buyer's notice: one row for each tender that won, or one that says why none did."""

    __tablename__ = "tender_outcome"
    id: Mapped[int] = mapped_column(primary_key=True)
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id", ondelete="CASCADE"), index=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("tender_notice.id", ondelete="CASCADE"), index=True)
    lot_ref: Mapped[str]
    verdict: Mapped[str]
    """A value of `bids.notice_results.LotVerdict`."""
    reason: Mapped[str] = mapped_column(default="")
    winner: Mapped[str] = mapped_column(default="")
    org_numbers: Mapped[str] = mapped_column(default="")
    """Of all who won together, with commas between."""
    amount: Mapped[Money | None]
    amount_text: Mapped[str] = mapped_column(default="")
    received: Mapped[int | None]
    decided_on: Mapped[date | None]


class BatchState(StrEnum):
    """Where a batch of files stands."""

    WAITING = "waiting"
    DONE = "done"


class NoticeBatch(Base):
    """Files that somebody has handed in together; a worker takes them in one by one."""

    __tablename__ = "notice_batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    ticket: Mapped[str] = mapped_column(unique=True)
    """Drawn with the page; a form that is sent twice finds the batch it has made."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    state: Mapped[BatchState] = mapped_column(default=BatchState.WAITING)
    phase: Mapped[str] = mapped_column(default="wait")
    """What is being done: wait, read, save."""
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(default="")
    """What could not be opened at all."""
    job_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    files: Mapped[list[NoticeBatchFile]] = relationship(order_by="NoticeBatchFile.id", cascade="all, delete-orphan")


class NoticeBatchFile(Base):
    """A file of a batch as it was handed in: a notice, or a zip file with notices."""

    __tablename__ = "notice_batch_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("notice_batch.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    file: Mapped[StoredFile] = relationship()


class NoticeBatchLine(Base):
    """What became of one notice of a batch."""

    __tablename__ = "notice_batch_line"
    __table_args__ = (Index("ix_notice_batch_line_batch_id_outcome_position", "batch_id", "outcome", "position"),)
    batch_id: Mapped[int] = mapped_column(ForeignKey("notice_batch.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    """In the order in which they lay there."""
    name: Mapped[str]
    outcome: Mapped[str]
    """A value of `receipt.Outcome`."""
    words: Mapped[str]
    tender_id: Mapped[int | None] = mapped_column(ForeignKey("tender.id", ondelete="SET NULL"), index=True)
