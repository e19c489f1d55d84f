"""Payments, all that happened to them, and to which invoice each krona went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Connection, ForeignKey, Index, event, text
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship, validates

from app.db import Base
from app.errors import Refused
from app.money import NOUGHT, Money
from app.orders.models import Order
from app.payments.states import (
    DISPUTED_BECAUSE,
    IN_SWEDISH,
    PAYMENT_MOVES,
    DisputeState,
    EventOutcome,
    MoveKind,
    PaymentState,
    PaymentWay,
    TaskKind,
)

_PAYS = "state IN ('authorised', 'capturing', 'captured')"


class Payment(Base):
    """One try to pay an order. All amounts are with VAT."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("captured >= 0 AND captured <= amount", name="captured_within_amount"),
        CheckConstraint("to_capture IS NULL OR (to_capture > 0 AND to_capture <= amount)", name="to_capture_within"),
        CheckConstraint("currency = 'sek'", name="in_kronor"),
        Index("ix_payment_state", "state", "id"),
        Index(  # An order is paid once.
            "uq_payment_pays",
            "order_id",
            unique=True,
            sqlite_where=text(_PAYS),
            postgresql_where=text(_PAYS),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), index=True)
    way: Mapped[PaymentWay] = mapped_column(default=PaymentWay.CARD)
    state: Mapped[PaymentState] = mapped_column(default=PaymentState.OPENED)
    amount: Mapped[Money]
    """What the customer was asked for."""
    currency: Mapped[str] = mapped_column(default="sek")
    at_delivery: Mapped[bool]
    """Held when the customer pays and drawn when it has come; else drawn at once."""
    to_capture: Mapped[Money | None]
    """What is to be drawn, once it has been decided: Stripe lets an amount that is held be drawn once."""
    captured: Mapped[Money] = mapped_column(default=NOUGHT)
    mark: Mapped[str] = mapped_column(unique=True)
    """Drawn by lot with the row. With its id it makes each request to Stripe the same however often it is sent."""
    session_id: Mapped[str | None] = mapped_column(unique=True)
    session_url: Mapped[str | None]
    intent_id: Mapped[str | None] = mapped_column(unique=True)
    charge_id: Mapped[str | None]
    opened_at: Mapped[datetime]
    open_until: Mapped[datetime]
    """When Stripe stops waiting for the customer."""
    held_until: Mapped[datetime | None]
    """When the bank lets go of what it holds."""
    looked_at: Mapped[datetime]
    """When we last asked Stripe, or began to."""
    ways: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """How the parcels are to come, as the customer chose, for when it is paid."""
    order: Mapped[Order] = relationship()
    moves: Mapped[list[PaymentEvent]] = relationship(back_populates="payment", order_by="PaymentEvent.id")

    @validates("state")
    def _legal_move(self, _key: str, to: PaymentState) -> PaymentState:
        if self.state is not None and to != self.state and to not in PAYMENT_MOVES[self.state]:
            raise Refused(f"Betalningen är {IN_SWEDISH[self.state]} och kan inte bli {IN_SWEDISH[to]}.")
        return to

    def key(self, what: str) -> str:
        """The idempotency key of a request about it."""
        return f"payment-{self.id}-{self.mark}-{what}"


class PaymentEvent(Base):
    """One line of a payment's time line. Never changed, never taken away."""

    __tablename__ = "payment_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[MoveKind]
    amount: Mapped[Money | None]
    words: Mapped[str] = mapped_column(default="")
    by_name: Mapped[str] = mapped_column(default="")
    payment: Mapped[Payment] = relationship(back_populates="moves")


class StripeEvent(Base):
    """Something that Stripe told us, once. Only what it concerns is kept: what is true is asked for anew."""

    __tablename__ = "stripe_event"
    __table_args__ = (Index("ix_stripe_event_outcome", "outcome", "received_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    stripe_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    object_id: Mapped[str]
    intent_id: Mapped[str | None]
    payment_id: Mapped[int | None]
    """Which payment of ours it says it is about. It only tells where to look."""
    created_at: Mapped[datetime]
    received_at: Mapped[datetime]
    dealt_at: Mapped[datetime | None]
    outcome: Mapped[EventOutcome] = mapped_column(default=EventOutcome.WAITING)


class Dispute(Base):
    """A customer who objects at its bank to what was drawn. Stripe takes the money while it is being decided."""

    __tablename__ = "dispute"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    stripe_id: Mapped[str] = mapped_column(unique=True)
    amount: Mapped[Money]
    state: Mapped[DisputeState]
    reason: Mapped[str]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    payment: Mapped[Payment] = relationship()

    @property
    def why(self) -> str:
        """The reason in Swedish; as Stripe calls it where it is a rare one."""
        return DISPUTED_BECAUSE.get(self.reason, self.reason)


class PaymentAllocation(Base):
    """So much of a payment pays an invoice, or so much of a refund is what a credit note gives back. With VAT."""

    __tablename__ = "payment_allocation"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(payment_id IS NULL) <> (refund_id IS NULL)", name="of_one"),
        Index("uq_payment_allocation_payment", "payment_id", "invoice_id", unique=True),
        Index("uq_payment_allocation_refund", "refund_id", "invoice_id", unique=True),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refund.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    amount: Mapped[Money]
    at: Mapped[datetime]


class MoneyTask(Base):
    """Something about money that only a person can decide. `mark` names what it is about, so that it is told once."""

    __tablename__ = "money_task"
    __table_args__ = (Index("ix_money_task_done_at", "done_at", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TaskKind]
    mark: Mapped[str] = mapped_column(unique=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"), index=True)
    """The invoice that it is about, where it is about one that is paid by bank."""
    words: Mapped[str]
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    """What was done, in the words of who did it."""
    payment: Mapped[Payment | None] = relationship()


@event.listens_for(PaymentEvent, "before_update")
@event.listens_for(PaymentEvent, "before_delete")
def _never(_mapper: Mapper[Any], _connection: Connection, what: PaymentEvent) -> None:
    """Raises ValueError: what has happened has happened."""
    raise ValueError(f"payment event {what.id} is history")
