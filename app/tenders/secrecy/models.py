"""The papers about secrecy: the request and the masked copy, of a draft to look at and of a version once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.files import StoredFile
from app.jobs import Job, JobState


class PrintKind(StrEnum):
    """Which of the two."""

    REQUEST = "request"
    MASKED = "masked"


class SecrecyPrint(Base):
    """One of the papers. With a version it belongs to what was handed in and is made once; else it may be thrown away.

    ``problem`` is why it could not be made, in words, when the reason lies in the bid and not in the machine.
    """

    __tablename__ = "secrecy_print"
    __table_args__ = (UniqueConstraint("version_id", "kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("bid_version.id", ondelete="CASCADE"))
    kind: Mapped[PrintKind]
    offer_json: Mapped[str]
    """The draft as it stood; empty for a version, which has its own."""
    asked_at: Mapped[datetime]
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    problem: Mapped[str] = mapped_column(default="")
    job: Mapped[Job | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    @property
    def is_being_made(self) -> bool:
        """Whether a worker is at it, or will be."""
        return self.file_id is None and not self.has_failed

    @property
    def has_failed(self) -> bool:
        """Whether nothing more is to be waited for."""
        return bool(self.problem) or (
            self.file_id is None and self.job is not None and self.job.state == JobState.FAILED
        )
