"""What has come by bank, as finance has read it off the bankgiro."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.money import Money


class BankReceipt(Base):
    """So much came for an invoice on a day. Never changed: one that was entered by mistake is undone, and stays."""

    __tablename__ = "bank_receipt"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(undone_at IS NULL) = (why_undone = '')", name="undone_with_reason"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    amount: Mapped[Money]
    """With VAT."""
    paid_on: Mapped[date]
    """The bank's day."""
    reference: Mapped[str]
    """By what the invoice was found, as it was typed."""
    ticket: Mapped[str] = mapped_column(unique=True)
    """Of the form, so that two presses are one receipt."""
    entered_at: Mapped[datetime]
    entered_by: Mapped[str]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(default="")
    why_undone: Mapped[str] = mapped_column(default="")
