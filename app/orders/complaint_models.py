"""Complaints about what was delivered, with photographs, and what staff decided."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.db import Base, Quantity
from app.errors import Refused
from app.money import NOUGHT, Money
from app.orders.models import Assignment, OrderLine
from app.orders.states import ComplaintState
from app.pictures import Picture


class Complaint(Base):
    """So much of what a member delivered of a line was not as it should be."""

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        Index("ix_complaint_state", "state", "made_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ComplaintState] = mapped_column(default=ComplaintState.OPEN)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id", ondelete="CASCADE"), index=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), index=True)
    quantity: Mapped[Quantity]
    words: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    answer: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(default="")
    amount: Mapped[Money] = mapped_column(default=NOUGHT)
    """What the customer pays less, without VAT."""
    borne: Mapped[Money] = mapped_column(default=NOUGHT)
    """What the member earns less, without VAT."""
    new_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id", ondelete="SET NULL"))
    """What is delivered instead, at no cost."""
    order_line: Mapped[OrderLine] = relationship(foreign_keys=[order_line_id])
    new_line: Mapped[OrderLine | None] = relationship(foreign_keys=[new_line_id])
    assignment: Mapped[Assignment] = relationship()
    pictures: Mapped[list[ComplaintPicture]] = relationship(
        order_by="ComplaintPicture.picture_id", cascade="all, delete-orphan"
    )

    @validates("state")
    def _legal_move(self, _key: str, to: ComplaintState) -> ComplaintState:
        if self.state is not None and self.state != ComplaintState.OPEN:
            raise Refused("Reklamationen är redan avgjord. Ladda om sidan.")
        return to


class ComplaintPicture(Base):
    """What it looked like."""

    __tablename__ = "complaint_picture"
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id", ondelete="CASCADE"), primary_key=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id"), primary_key=True, index=True)
    picture: Mapped[Picture] = relationship(lazy="joined", innerjoin=True)
