"""Order windows as rows: articles made in batches, and when they can be ordered."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.catalog.models import Article
from app.db import Base, Quantity
from app.errors import Refused


class WindowState(StrEnum):
    """What became of a batch. Whether it can be ordered now, the clock says."""

    OPEN = "open"
    SENT = "sent"
    CALLED_OFF = "called_off"


class OrderWindow(Base):
    """Orders for some articles gather from one moment to another, and go to members together."""

    __tablename__ = "order_window"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="in_order"),
        CheckConstraint("least >= 0", name="least_not_negative"),
        Index("ix_order_window_state_closes", "state", "closes_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    delivery_day: Mapped[date]
    least: Mapped[Quantity]
    """With less than this of its articles together, the batch is called off."""
    state: Mapped[WindowState] = mapped_column(default=WindowState.OPEN)
    decided_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(default="")
    """Why it was called off, as customers read it."""
    articles: Mapped[list[Article]] = relationship(secondary="window_article", order_by="Article.name")

    @validates("state")
    def _legal_move(self, _key: str, to: WindowState) -> WindowState:
        if self.state is not None and self.state != WindowState.OPEN:
            raise Refused("Omgången är redan avgjord. Ladda om sidan.")
        return to

    def is_open(self, now: datetime) -> bool:
        """Whether its articles can be ordered now."""
        return self.state == WindowState.OPEN and self.opens_at <= now < self.closes_at


class WindowArticle(Base):
    """An article that is ordered in a window."""

    __tablename__ = "window_article"
    window_id: Mapped[int] = mapped_column(ForeignKey("order_window.id", ondelete="CASCADE"), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, index=True)


class BatchArticle(Base):
    """An article that is ordered in windows only, also when none is open."""

    __tablename__ = "batch_article"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime]
