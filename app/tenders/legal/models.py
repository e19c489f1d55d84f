"""What is kept of a joint bid for the law's sake: who saw which prices, who left, and which shares we warned of."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.members.models import Member


class PriceSight(Base):
    """Somebody of ours has opened a page that shows what members ask; one row an hour for each page and bid.

    Or has taken out a file of what members are paid: a row each time, and of no bid.
    """

    __tablename__ = "price_sight"
    __table_args__ = (UniqueConstraint("hour", "by_id", "bid_id", "page"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    hour: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    by_name: Mapped[str]
    """As it was, also when the account is gone."""
    bid_id: Mapped[int | None] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), index=True)
    bid_name: Mapped[str]
    """What the bid or the file is called."""
    page: Mapped[str]
    whose: Mapped[list[str]] = mapped_column(JSON)
    """The members whose prices stood there, by name."""


class Withdrawal(Base):
    """A member that is in the bid no longer, and what it had promised until then."""

    __tablename__ = "withdrawal"
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    by_name: Mapped[str]
    role: Mapped[str]
    reason: Mapped[str]
    promised: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """The rows that it had promised or was asked for, as `withdrawing.kept` writes them."""
    opened: Mapped[list[str]] = mapped_column(JSON)
    """What was missing from then on and was not before, in words."""
    member: Mapped[Member] = relationship()


class ShareTrouble(StrEnum):
    """What is wrong with the share of a tenderer while a reserved contract runs (LOU 4:18)."""

    UNDER = "under"
    OLD = "old"
    MISSING = "missing"


class ShareWarning(Base):
    """We have told staff of a share once; a new count that is wrong as well is told anew."""

    __tablename__ = "share_warning"
    __table_args__ = (
        UniqueConstraint("bid_id", "member_id", "trouble", "counted_on"),
        Index("ix_share_warning_member_id", "member_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    trouble: Mapped[ShareTrouble]
    counted_on: Mapped[date]
    """Of the count that is wrong; of the decision, where there has never been one."""
    at: Mapped[datetime]
