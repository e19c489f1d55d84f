"""Papers that are too long to be waited for: what was asked for, and the file once a worker has made it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.files import StoredFile
from app.jobs import Job, JobState
from app.orders.sheets.values import SheetKind


class SheetPrint(Base):
    """One paper of one day."""

    __tablename__ = "sheet_print"
    __table_args__ = (Index("ix_sheet_print_member_id", "member_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[SheetKind]
    day: Mapped[date]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    """Whose; None for all members', which staff alone may have."""
    prices: Mapped[bool]
    labels: Mapped[dict[str, Any] | None]
    """`LabelSheet` by its fields."""
    asked_at: Mapped[datetime]
    by_name: Mapped[str]
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"), index=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    job: Mapped[Job | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    @property
    def waits(self) -> bool:
        """Whether a worker is still to make it."""
        return self.file_id is None and self.job is not None and self.job.state in {JobState.WAITING, JobState.RUNNING}
