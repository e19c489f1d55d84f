"""Saved baskets. They hold articles and quantities, never prices: those are of the day on which one is opened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

MOST_DRAFTS = 100
"""Of one organisation."""


class BasketDraft(Base):
    """One saved basket. Everybody in the organisation sees it."""

    __tablename__ = "basket_draft"
    __table_args__ = (UniqueConstraint("customer_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    name: Mapped[str]
    saved_at: Mapped[datetime]
    saved_by: Mapped[str]
    content: Mapped[dict[str, Any]]
    """Article id -> quantity, both as text."""
