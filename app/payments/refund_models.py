"""What goes back to customers, line by line, with each member's part."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.db import Base
from app.errors import Refused
from app.members.models import Member
from app.money import NOUGHT, Money
from app.orders.models import OrderLine
from app.payments.models import Payment
from app.payments.states import REFUND_MOVES, RefundSource, RefundState


class Refund(Base):
    """So much of a payment goes back. It counts against what can be given back from the moment it is decided."""

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("ix_refund_state", "state", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    amount: Mapped[Money]
    """With VAT."""
    state: Mapped[RefundState] = mapped_column(default=RefundState.CREATED)
    source: Mapped[RefundSource]
    reason: Mapped[str]
    ticket: Mapped[str] = mapped_column(unique=True)
    """Of the form that asked for it, so that two presses are one refund; or of what brought it about."""
    stripe_id: Mapped[str | None] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(default="")
    done_at: Mapped[datetime | None]
    credit_note_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"), index=True)
    """The credit note that goes with it."""
    payment: Mapped[Payment] = relationship()
    lines: Mapped[list[RefundLine]] = relationship(back_populates="refund", order_by="RefundLine.id")

    @validates("state")
    def _legal_move(self, _key: str, to: RefundState) -> RefundState:
        if self.state is not None and to != self.state and to not in REFUND_MOVES[self.state]:
            raise Refused("Återbetalningen är redan avgjord.")
        return to

    @property
    def key(self) -> str:
        """The idempotency key of the request for it."""
        return f"refund-{self.id}-{self.payment.mark}"


class RefundLine(Base):
    """What of a line is given back, and what of that the member bears."""

    __tablename__ = "refund_line"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("borne >= 0", name="borne_not_negative"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    refund_id: Mapped[int] = mapped_column(ForeignKey("refund.id"), index=True)
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"), index=True)
    invoice_line_id: Mapped[int | None] = mapped_column(ForeignKey("invoice_line.id"), index=True)
    amount: Mapped[Money]
    """Without VAT."""
    borne: Mapped[Money] = mapped_column(default=NOUGHT)
    """What the member earns less, without VAT."""
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    refund: Mapped[Refund] = relationship(back_populates="lines")
    order_line: Mapped[OrderLine | None] = relationship()
    member: Mapped[Member | None] = relationship()
