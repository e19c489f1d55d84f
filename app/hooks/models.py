"""Webhooks, what is to be told to each, and how it went."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Seat
from app.db import Base


class HookState(StrEnum):
    """Whether anything is told."""

    ACTIVE = "active"
    PAUSED = "paused"


class DeliveryState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"


class Webhook(Base):
    """An address that a person has named for an organisation, and what it wants to know. It ends with the seat."""

    __tablename__ = "webhook"
    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id", ondelete="CASCADE"), index=True)
    address: Mapped[str]
    wanted: Mapped[str]
    """The kinds of events, with spaces between them."""
    secret: Mapped[str]
    """Messages are signed with it, so it must be kept as it is."""
    state: Mapped[HookState] = mapped_column(default=HookState.ACTIVE)
    created_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)
    """So many attempts have failed since the last that did not."""
    failing_since: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    """After a failure nothing is sent before then."""
    claimed_until: Mapped[datetime | None]
    """A worker sends just now; when it has died, another may from then on."""
    seat: Mapped[Seat] = relationship()

    @property
    def kinds(self) -> frozenset[str]:
        """What it wants to know."""
        return frozenset(self.wanted.split())


class HookMessage(Base):
    """Something that happened, as it is told to one webhook: written with what happened, or not at all."""

    __tablename__ = "webhook_message"
    __table_args__ = (Index("ix_webhook_message_webhook_state", "webhook_id", "state", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(unique=True)
    """``webhook-id``: the same at each attempt, so that the other side knows what it has had."""
    kind: Mapped[str]
    body: Mapped[str]
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.WAITING)
    created_at: Mapped[datetime] = mapped_column(index=True)
    delivered_at: Mapped[datetime | None]
    attempts: Mapped[list[HookAttempt]] = relationship(order_by="HookAttempt.id", viewonly=True)


class HookAttempt(Base):
    """One attempt to deliver a message, and what the other side said."""

    __tablename__ = "webhook_attempt"
    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("webhook_message.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    status: Mapped[int | None]
    """Of HTTP; None when there was no answer."""
    milliseconds: Mapped[int]
    answer: Mapped[str]
    """The first of what was answered, or why there was no answer."""
