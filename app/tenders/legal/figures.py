"""The buyer's figures to qualify by, as facts of the tender: turnover, insurance, references, right to practise."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.money import Money
from bids.kinds import DocumentKind
from bids.legal_values import QualificationKind


class TenderFigure(Base):
    """One figure, for a lot or for the whole tender; `bids.legal_values.Qualification` tells what its parts mean."""

    __tablename__ = "tender_figure"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("number >= 0", name="number_not_negative"),
        CheckConstraint("years BETWEEN 1 AND 10", name="years_possible"),
        CheckConstraint("contract_value > 0", name="contract_value_positive"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id", ondelete="CASCADE"), index=True)
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("tender_lot.id", ondelete="CASCADE"), index=True)
    kind: Mapped[QualificationKind]
    amount: Mapped[Money | None]
    number: Mapped[int] = mapped_column(default=0)
    years: Mapped[int] = mapped_column(default=1)
    ref: Mapped[str] = mapped_column(default="")
    """The number of the requirement that it stands in."""
    each: Mapped[bool] = mapped_column(default=False)
    contract_value: Mapped[Money | None]
    document: Mapped[DocumentKind] = mapped_column(default=DocumentKind.REGISTER_EXTRACT)
