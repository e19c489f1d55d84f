"""What a call has beside what every tender has, and the rows of a project's budget."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Quantity
from app.money import Money
from bids.kinds import BudgetKind, TenderKind


class OfACall:
    """The columns of a tender by which it is a call, and what the funder allows there; empty for a procurement."""

    kind: Mapped[TenderKind] = mapped_column(default=TenderKind.PROCUREMENT)
    project_from: Mapped[date | None]
    project_to: Mapped[date | None]
    most_rate: Mapped[Quantity | None]
    """How many per cent of the costs the funder pays at most."""
    most_indirect: Mapped[Quantity | None]
    """How many per cent of the staff costs the indirect costs may be."""
    least_grant: Mapped[Money | None]
    """The least that one can apply for; the most is the tender's ceiling."""
    programme: Mapped[str] = mapped_column(default="")
    """Of which of the funder's programmes the money is; calls are counted by it, as procurements are by CPV code."""

    @property
    def is_call(self) -> bool:
        """Whether a funder calls for projects, and no buyer procures."""
        return self.kind == TenderKind.CALL


class OfAnApplication:
    """The columns of a bid by which a funder's decision is remembered; empty for a bid, and before the decision."""

    applied_for: Mapped[Money | None]
    """What was applied for, as the budget stood when it was decided."""
    granted: Mapped[Money | None]
    """Nought where the funder refused."""

    @property
    def is_partly_granted(self) -> bool:
        """Whether the funder gave less than was applied for, but gave something."""
        return bool(self.granted and self.granted.ore and self.applied_for and self.granted < self.applied_for)


class BudgetEntry(Base):
    """A row of a project's budget: asked of a party and answered by it as a price is, or paid from outside."""

    __tablename__ = "budget_entry"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("percent >= 0 AND percent <= 100000", name="percent_within_whole"),
        CheckConstraint("amount IS NULL OR percent IS NULL", name="amount_or_percent"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), index=True)
    party_id: Mapped[int | None] = mapped_column(ForeignKey("bid_party.id", ondelete="CASCADE"), index=True)
    """None where the money comes from outside the project."""
    kind: Mapped[BudgetKind]
    text: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    """Who pays, outside the project."""
    year: Mapped[int]
    amount: Mapped[Money | None]
    percent: Mapped[Quantity | None]
    """Of the party's staff costs that year; of indirect costs only."""
    appendix_id: Mapped[int | None] = mapped_column(ForeignKey("appendix.id", ondelete="SET NULL"))
    """What shows that somebody outside pays."""
    declined: Mapped[bool] = mapped_column(default=False)
    """The party does not take the row; it is in no application."""
    signed_by: Mapped[str] = mapped_column(default="")
    signed_at: Mapped[datetime | None]
    entered_by: Mapped[str] = mapped_column(default="")
    """Who wrote the answer down, when it was staff on the party's behalf."""

    @property
    def waits(self) -> bool:
        """Whether its party has not answered for it."""
        return self.party_id is not None and not self.signed_by and not self.declined

    @property
    def in_words(self) -> str:
        """What it is, for whoever reads of it in a list."""
        return ", ".join(filter(None, (self.kind.label, str(self.year), self.text)))

    def set_amount(self, amount: Money | None, percent: Decimal | None) -> None:
        """One of the two, or neither while nobody has said."""
        self.percent = Quantity(percent) if percent is not None else None
        self.amount = None if percent is not None else amount
