"""Which reminders have been sent, and on which days was looked."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class DocumentReminder(Base):
    """A member was told that a paper runs out, so many days before. The key says that it is told once."""

    __tablename__ = "document_reminder"
    document_id: Mapped[int] = mapped_column(ForeignKey("member_document.id", ondelete="CASCADE"), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)
    told_at: Mapped[datetime]


class VaultDay(Base):
    """A day on which the vaults were looked through. The day is the key, so that it is once however many workers."""

    __tablename__ = "vault_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    told: Mapped[int] = mapped_column(default=0)
    """Of so many papers was told that day."""
