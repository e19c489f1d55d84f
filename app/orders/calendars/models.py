"""The secret addresses of calendars."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.customers.models import Site
from app.db import Base
from app.members.models import Member


class CalendarAddress(Base):
    """That there is a calendar of a member's deliveries, or of those to a customer's site.

    The address itself lies in no row: it is the mark, signed. With another mark the old one leads nowhere.
    """

    __tablename__ = "calendar_address"
    __table_args__ = (CheckConstraint("(member_id IS NULL) <> (site_id IS NULL)", name="of_one"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), unique=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), unique=True)
    mark: Mapped[str] = mapped_column(unique=True)
    """Drawn by lot, and never given again."""
    made_at: Mapped[datetime]
    by_name: Mapped[str]
    member: Mapped[Member | None] = relationship()
    site: Mapped[Site | None] = relationship()
