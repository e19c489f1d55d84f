"""The package of a version, and the receipt that the buyer's system gave."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.files import StoredFile
from app.jobs import Job, JobState


class BidPackage(Base):
    """The files of a version that was handed in, as one zip. It can be made anew for other limits of the system.

    ``files`` and ``problems`` tell what is in it and what the system will not take; ``problem`` why it could not be
    made, in words.
    """

    __tablename__ = "bid_package"
    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("bid_version.id", ondelete="CASCADE"), unique=True)
    limits: Mapped[dict[str, Any]] = mapped_column(JSON)
    asked_at: Mapped[datetime]
    by_name: Mapped[str]
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"))
    done: Mapped[int] = mapped_column(default=0)
    """So many of a hundred."""
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Each with ``path``, ``what``, ``size``, ``sha256`` and ``upload``."""
    problems: Mapped[list[str]] = mapped_column(JSON, default=list)
    problem: Mapped[str] = mapped_column(default="")
    job: Mapped[Job | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    @property
    def has_failed(self) -> bool:
        """Whether nothing more is to be waited for."""
        return bool(self.problem) or (
            self.file_id is None and self.job is not None and self.job.state == JobState.FAILED
        )


class BidReceipt(Base):
    """What the buyer's system gave for a version. The bid is locked by it until it is withdrawn there and here."""

    __tablename__ = "bid_receipt"
    __table_args__ = (
        Index(
            "uq_bid_receipt_one_that_holds",
            "bid_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("bid_version.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    received_at: Mapped[datetime]
    """When the system says that the bid came in."""
    reference: Mapped[str] = mapped_column(default="")
    """The system's own number for it."""
    noted_at: Mapped[datetime]
    noted_by: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = mapped_column(default="")
    withdrawn_because: Mapped[str] = mapped_column(default="")
    file: Mapped[StoredFile] = relationship()

    @property
    def holds(self) -> bool:
        """Whether the bid lies with the buyer."""
        return self.withdrawn_at is None
