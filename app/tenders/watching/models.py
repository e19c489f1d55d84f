"""Profiles of what we look for, who reads about each, and the tenders that were found."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base
from app.money import Money
from app.tenders.tender import Tender

tender_profile_reader = Table(
    "tender_profile_reader",
    Base.metadata,
    Column("profile_id", ForeignKey("tender_profile.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class TenderProfile(Base):
    """What somebody looks for. What is left empty narrows nothing."""

    __tablename__ = "tender_profile"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    """One on each line; several words on a line must all be there."""
    cpv: Mapped[str] = mapped_column(default="")
    """First digits of CPV codes, with commas between."""
    counties: Mapped[str] = mapped_column(default="")
    """SCB's two digits, with commas between."""
    least: Mapped[Money | None]
    most: Mapped[Money | None]
    only_reserved: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)
    """Grows with each change, so that what is found for an older one is not kept."""
    created_at: Mapped[datetime]
    by_name: Mapped[str]
    readers: Mapped[list[User]] = relationship(secondary=tender_profile_reader, order_by=User.id)
    """Who gets the daily list."""


class TenderHit(Base):
    """A tender that a profile has found, on which day, and how well it fits."""

    __tablename__ = "tender_hit"
    __table_args__ = (
        UniqueConstraint("profile_id", "tender_id"),
        Index("ix_tender_hit_found_on_score", "found_on", "score"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("tender_profile.id", ondelete="CASCADE"))
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id", ondelete="CASCADE"), index=True)
    found_on: Mapped[date]
    score: Mapped[int]
    why: Mapped[str]
    """By what it was found on the first line, and then how it fits, a sentence a line."""
    told_at: Mapped[datetime | None]
    """When it stood in a daily list; what is there when a profile is made is shown on the page only."""
    profile: Mapped[TenderProfile] = relationship()
    tender: Mapped[Tender] = relationship()


class TenderWatchDay(Base):
    """A day on which was looked. The day is the key, so that it is once however many workers run."""

    __tablename__ = "tender_watch_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    job_id: Mapped[int | None]
    found: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
