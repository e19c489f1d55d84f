"""The limit that an organisation has set, and what became of the orders above it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.customers.models import Customer
from app.db import Base
from app.errors import Refused
from app.money import Money
from app.orders.models import Order


class DecisionState(StrEnum):
    """What another person in the organisation has said."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"
    """Whoever ordered no longer wants it."""


DECIDED = {
    DecisionState.APPROVED: "redan godkänd",
    DecisionState.DECLINED: "redan avslagen",
    DecisionState.TAKEN_BACK: "återtagen",
}


class ApprovalRule(Base):
    """Above so much, without VAT, an order of this customer needs another person. Without a row there is no limit."""

    __tablename__ = "approval_rule"
    __table_args__ = (CheckConstraint('"limit" >= 0', name="limit_not_negative"),)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True)
    limit: Mapped[Money]
    set_by: Mapped[str]
    set_at: Mapped[datetime]
    customer: Mapped[Customer] = relationship()


class OrderApproval(Base):
    """An order that was above the limit, as it was that day. A later limit does not let it through."""

    __tablename__ = "order_approval"
    __table_args__ = (Index("ix_order_approval_state", "state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="CASCADE"), unique=True)
    state: Mapped[DecisionState] = mapped_column(default=DecisionState.WAITING)
    limit: Mapped[Money]
    net: Mapped[Money]
    """What the order came to without VAT, which is what was approved."""
    asked_by: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    decided_by: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    ways: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """How each parcel was to come: by its key the way's key, the fee in öre and the time; None if none was seen."""
    order: Mapped[Order] = relationship()

    @validates("state")
    def _legal_move(self, _key: str, to: DecisionState) -> DecisionState:
        if self.state is not None and self.state != DecisionState.WAITING:
            by = f" av {self.decided_by}" if self.decided_by else ""
            raise Refused(f"Beställningen är {DECIDED[self.state]}{by}. Ladda om sidan.")
        return to
