"""What of a card payment has been passed on to members by Stripe Connect, and taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.db import Base
from app.errors import Refused
from app.members.models import Member
from app.money import NOUGHT, Money
from app.payments.models import Payment
from app.payments.states import PAYOUT_MOVES, PayoutState


class Payout(Base):
    """What a member has earned of one card payment, on its way to the member's account, with the VAT that it charges.

    Its entries are the claim: an entry of the order's ledger stands under one payout, so nothing is paid out twice.
    """

    __tablename__ = "payout"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("reversed >= 0 AND reversed <= amount", name="reversed_within_amount"),
        Index("ix_payout_state", "state", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    account: Mapped[str]
    """The member's account at Stripe, as it was then."""
    amount: Mapped[Money]
    reversed: Mapped[Money] = mapped_column(default=NOUGHT)
    """What has been taken back of it, or is to be."""
    state: Mapped[PayoutState] = mapped_column(default=PayoutState.CREATED)
    stripe_id: Mapped[str | None] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(default="")
    done_at: Mapped[datetime | None]
    why_not: Mapped[str] = mapped_column(default="")
    member: Mapped[Member] = relationship()
    payment: Mapped[Payment] = relationship()
    entries: Mapped[list[PayoutEntry]] = relationship(back_populates="payout", order_by="PayoutEntry.id")
    reversals: Mapped[list[PayoutReversal]] = relationship(back_populates="payout", order_by="PayoutReversal.id")

    @validates("state")
    def _legal_move(self, _key: str, to: PayoutState) -> PayoutState:
        if self.state is not None and to != self.state and to not in PAYOUT_MOVES[self.state]:
            raise Refused("Utbetalningen är redan avgjord.")
        return to

    @property
    def vat(self) -> Money:
        """What of it is VAT, less what was taken back, and that on our commission."""
        return Money.total(one.vat for one in self.entries)

    @property
    def key(self) -> str:
        """The idempotency key of the request for it. When it is asked for anew it is another request."""
        return f"payout-{self.id}-{self.payment.mark}-{int(self.made_at.timestamp())}"


class PayoutEntry(Base):
    """What an event of the order earned the member, or took from it, counted in a payout. Its place here claims it."""

    __tablename__ = "payout_entry"
    __table_args__ = (CheckConstraint("(entry_id IS NULL) <> (charge_id IS NULL)", name="of_one"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("order_entry.id"), unique=True)
    charge_id: Mapped[int | None] = mapped_column(ForeignKey("order_charge.id"), unique=True)
    """What it earned beside the lines, as by bringing goods."""
    net: Mapped[Money]
    """Without VAT, as it was counted then."""
    vat: Mapped[Money]
    """What the member charged in VAT on it, less what it was charged in VAT on our commission."""
    payout: Mapped[Payout] = relationship(back_populates="entries")


class PayoutReversal(Base):
    """What of a payout is taken back, after the customer has got it."""

    __tablename__ = "payout_reversal"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"), index=True)
    amount: Mapped[Money]
    state: Mapped[PayoutState] = mapped_column(default=PayoutState.CREATED)
    stripe_id: Mapped[str | None] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    payout: Mapped[Payout] = relationship(back_populates="reversals")

    @property
    def key(self) -> str:
        """The idempotency key of the request for it."""
        return f"reversal-{self.id}-{self.payout.payment.mark}"
