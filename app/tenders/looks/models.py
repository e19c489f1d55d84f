"""Sections of a bid in their order, its pictures, and the style of the sales company."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.pictures import Picture


class BidSection(Base):
    """A section in its place. A bid that nobody has arranged has none, and is printed in the usual order."""

    __tablename__ = "bid_section"
    __table_args__ = (UniqueConstraint("bid_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"))
    name: Mapped[str]
    """As `bids.chapters` knows it, or ``own-1`` and so on for one that was written for this bid."""
    position: Mapped[int]
    shown: Mapped[bool] = mapped_column(default=True)
    title: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    """Markdown."""
    saved_by: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime]


class BidPicture(Base):
    """A picture that the bid's own texts can show, by its number."""

    __tablename__ = "bid_picture"
    __table_args__ = (UniqueConstraint("bid_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"))
    number: Mapped[int]
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id"), index=True)
    description: Mapped[str]
    picture: Mapped[Picture] = relationship(lazy="joined", innerjoin=True)


class HouseStyle(Base):
    """How a sales company's bids look."""

    __tablename__ = "house_style"
    __table_args__ = (CheckConstraint("length(colour) = 7", name="colour_is_hex"),)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    colour: Mapped[str]
    """``#rrggbb``, dark enough for white text."""
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"), index=True)
    logo: Mapped[Picture | None] = relationship(lazy="joined")
