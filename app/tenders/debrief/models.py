"""What others in the tender got, why the buyer decided so, and which of its papers we have asked for."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Quantity
from app.mail import Letter
from app.money import Money
from app.tenders.bid import Bid
from app.tenders.tender import TenderLot
from bids.kinds import TenderKind


class AwardGround(StrEnum):
    """What decided, in the buyer's own reasons."""

    PRICE = "price"
    QUALITY = "quality"
    SOCIAL = "social"
    REFERENCES = "references"
    CAPACITY = "capacity"
    REQUIREMENT = "requirement"
    """A requirement was not met."""
    QUALIFICATION = "qualification"
    """The supplier did not qualify, or was shut out."""
    FORM = "form"
    """The bid was late, unsigned or incomplete."""
    OTHER = "other"
    NEED = "need"
    """Whom the project is for, and what they need. This and the following are funders' grounds."""
    PLAN = "plan"
    BUDGET = "budget"
    CO_FINANCING = "co_financing"
    PARTNERS = "partners"
    SCOPE = "scope"
    """How well the project fits the call."""
    COMPETITION = "competition"
    """There was not money enough for all that were good."""


_OF_BOTH = (AwardGround.SOCIAL, AwardGround.CAPACITY, AwardGround.FORM, AwardGround.OTHER)
_OF_FUNDERS = (
    AwardGround.NEED,
    AwardGround.PLAN,
    AwardGround.SCOPE,
    AwardGround.PARTNERS,
    AwardGround.BUDGET,
    AwardGround.CO_FINANCING,
    AwardGround.COMPETITION,
)
GROUNDS_OF: dict[TenderKind, tuple[AwardGround, ...]] = {
    TenderKind.PROCUREMENT: tuple(one for one in AwardGround if one not in _OF_FUNDERS),
    TenderKind.CALL: (*_OF_FUNDERS, *_OF_BOTH),
}
"""What a buyer's decision can rest on, and what a funder's."""


class RivalResult(Base):
    """What another supplier offered and got; without a lot it concerns the whole tender."""

    __tablename__ = "rival_result"
    __table_args__ = (
        CheckConstraint("price IS NULL OR price >= 0", name="price_not_negative"),
        CheckConstraint("points IS NULL OR points >= 0", name="points_not_negative"),
        CheckConstraint("place IS NULL OR place BETWEEN 1 AND 999", name="place_counted"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), index=True)
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("tender_lot.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    price: Mapped[Money | None]
    """Without VAT, as the buyer compared it."""
    points: Mapped[Quantity | None]
    place: Mapped[int | None]
    """In the buyer's ranking; 1 won."""
    bid: Mapped[Bid] = relationship()
    lot: Mapped[TenderLot | None] = relationship()


class GivenGround(Base):
    """One ground that the buyer gave, and whether it spoke for us."""

    __tablename__ = "given_ground"
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), primary_key=True)
    ground: Mapped[AwardGround] = mapped_column(primary_key=True)
    for_us: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")
    bid: Mapped[Bid] = relationship()


class PaperRequest(Base):
    """A letter in which we asked the buyer for its papers, and what came of it."""

    __tablename__ = "paper_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), index=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    asked_on: Mapped[date]
    by_name: Mapped[str]
    answered_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(default="")
    """What came, or why it was refused."""
    created_at: Mapped[datetime]
    bid: Mapped[Bid] = relationship()
    letter: Mapped[Letter] = relationship()
