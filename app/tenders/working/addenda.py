"""What the buyer adds while bids are written: addenda, and what each of them touches."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.files import StoredFile


class TenderAddendum(Base):
    """An addendum: it must be acknowledged, and what it touches be looked at again."""

    __tablename__ = "tender_addendum"
    __table_args__ = (UniqueConstraint("tender_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id", ondelete="CASCADE"))
    number: Mapped[int]
    """The buyer's own number, from 1."""
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    received_at: Mapped[datetime]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    new_deadline: Mapped[datetime | None]
    """The last day, when the addendum moved it."""
    entered_by: Mapped[str]
    acknowledged_by: Mapped[str] = mapped_column(default="")
    acknowledged_at: Mapped[datetime | None]
    file: Mapped[StoredFile | None] = relationship(lazy="joined")
    touches: Mapped[list[AddendumTouch]] = relationship(
        order_by="AddendumTouch.id", cascade="all, delete-orphan", lazy="joined"
    )


class AddendumTouch(Base):
    """One requirement, price row or lot that an addendum touches, and who has looked at it since."""

    __tablename__ = "addendum_touch"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN requirement_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN row_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN lot_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_thing",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    addendum_id: Mapped[int] = mapped_column(ForeignKey("tender_addendum.id", ondelete="CASCADE"), index=True)
    requirement_id: Mapped[int | None] = mapped_column(
        ForeignKey("tender_requirement.id", ondelete="CASCADE"), index=True
    )
    row_id: Mapped[int | None] = mapped_column(ForeignKey("tender_price_row.id", ondelete="CASCADE"), index=True)
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("tender_lot.id", ondelete="CASCADE"), index=True)
    confirmed_by: Mapped[str] = mapped_column(default="")
    confirmed_at: Mapped[datetime | None]
