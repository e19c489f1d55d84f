"""What happens at the door and afterwards: proof that it came, nobody at home, and what comes back."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.customers.models import Customer
from app.db import Base, Quantity
from app.errors import Refused
from app.members.models import Member
from app.money import NOUGHT, Money
from app.orders.delivery.states import AfterMissed, ReturnKind, ReturnState
from app.orders.models import Assignment, OrderLine
from app.pictures import Picture


class DeliveryRule(Base):
    """What must be shown when something is handed over, for one customer or for all, and what a second try costs."""

    __tablename__ = "delivery_rule"
    __table_args__ = (
        CheckConstraint("(house IS NULL) <> (customer_id IS NULL)", name="one_owner"),
        CheckConstraint("again_fee >= 0", name="again_fee_not_negative"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    house: Mapped[bool | None] = mapped_column(unique=True)
    """Set on the one row that holds where a customer has none of its own."""
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), unique=True)
    needs_photograph: Mapped[bool] = mapped_column(default=False)
    needs_name: Mapped[bool] = mapped_column(default=False)
    needs_signature: Mapped[bool] = mapped_column(default=False)
    again_fee: Mapped[Money] = mapped_column(default=NOUGHT)
    """Without VAT."""
    customer: Mapped[Customer | None] = relationship()


class DeliveryProof(Base):
    """That a member's part came into somebody's hands. The customer, staff and whoever delivered see it."""

    __tablename__ = "delivery_proof"
    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), unique=True)
    received_by: Mapped[str] = mapped_column(default="")
    photograph_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"), index=True)
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"), index=True)
    at: Mapped[datetime]
    by_name: Mapped[str]
    assignment: Mapped[Assignment] = relationship()
    photograph: Mapped[Picture | None] = relationship(foreign_keys=[photograph_id])
    signature: Mapped[Picture | None] = relationship(foreign_keys=[signature_id])


IS_UNDECIDED = "choice IS NULL"
"""Few are, among all that ever were, so they have an index of their own."""


class MissedVisit(Base):
    """Somebody came with the goods and nobody took them; the customer chooses what now."""

    __tablename__ = "missed_visit"
    __table_args__ = (
        Index("ix_missed_visit_open", "id", sqlite_where=text(IS_UNDECIDED), postgresql_where=text(IS_UNDECIDED)),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    """Who drove."""
    words: Mapped[str]
    photograph_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"), index=True)
    at: Mapped[datetime]
    by_name: Mapped[str]
    fee: Mapped[Money] = mapped_column(default=NOUGHT)
    """What a second try costs, as it was said that day."""
    choice: Mapped[AfterMissed | None]
    new_day: Mapped[date | None]
    chosen_at: Mapped[datetime | None]
    chosen_by: Mapped[str] = mapped_column(default="")
    assignment: Mapped[Assignment] = relationship()
    member: Mapped[Member] = relationship()
    photograph: Mapped[Picture | None] = relationship()

    @validates("choice")
    def _once(self, _key: str, to: AfterMissed | None) -> AfterMissed | None:
        if self.choice is not None:
            raise Refused("Det är redan valt. Ladda om sidan.")
        return to


class GoodsReturn(Base):
    """So much of what a member delivered comes back, or of what it lay in."""

    __tablename__ = "goods_return"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("in_order >= 0 AND in_order <= quantity", name="in_order_within_quantity"),
        Index("ix_goods_return_state", "state", "registered_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ReturnKind]
    state: Mapped[ReturnState] = mapped_column(default=ReturnState.REGISTERED)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id", ondelete="CASCADE"), index=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), index=True)
    quantity: Mapped[Quantity]
    words: Mapped[str] = mapped_column(default="")
    registered_at: Mapped[datetime]
    registered_by: Mapped[str]
    in_order: Mapped[Quantity | None]
    """How much of it the member got back as it should be."""
    answer: Mapped[str] = mapped_column(default="")
    received_at: Mapped[datetime | None]
    received_by: Mapped[str] = mapped_column(default="")
    amount: Mapped[Money] = mapped_column(default=NOUGHT)
    """What the customer pays more, or less when below nought, without VAT."""
    order_line: Mapped[OrderLine] = relationship()
    assignment: Mapped[Assignment] = relationship()

    @validates("state")
    def _legal_move(self, _key: str, to: ReturnState) -> ReturnState:
        if self.state == ReturnState.RECEIVED:
            raise Refused("Det är redan mottaget. Ladda om sidan.")
        return to
