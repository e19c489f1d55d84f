"""Tokens, of which only a digest is kept, and the answers to requests that may come twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Seat
from app.db import Base


class ApiToken(Base):
    """What a system shows to act as a person in one of the person's seats. It ends with the seat."""

    __tablename__ = "api_token"
    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    """What its owner calls it, such as the name of the system."""
    prefix: Mapped[str]
    """The first signs, by which the owner knows it again."""
    digest: Mapped[str] = mapped_column(unique=True)
    """SHA-256. The token is drawn by lot from 256 bits, so that nobody finds it by trying."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    """To within a few minutes: a request that only reads should seldom write."""
    revoked_at: Mapped[datetime | None]
    seat: Mapped[Seat] = relationship()

    def holds(self, now: datetime) -> bool:
        """Whether it still opens the door."""
        return self.revoked_at is None and now < self.expires_at


class ApiReply(Base):
    """What was answered to a request with an idempotency key, so that the same one is answered the same again."""

    __tablename__ = "api_reply"
    __table_args__ = (UniqueConstraint("seat_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id", ondelete="CASCADE"))
    key: Mapped[str]
    asked: Mapped[str]
    """A digest of what was asked: method, address and body."""
    status: Mapped[int]
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
