"""What parties may have of a bid, what we reckon with beside the rows, and rivals whose prices we assume."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Quantity
from app.money import Money
from app.tenders.tender import TenderLot
from bids.evaluation import Model

party_area = Table(
    "party_area",
    Base.metadata,
    Column("party_id", ForeignKey("party_limit.party_id", ondelete="CASCADE"), primary_key=True),
    Column("lot_id", ForeignKey("tender_lot.id", ondelete="CASCADE"), primary_key=True, index=True),
)
"""The lots where a party works; a party without any works everywhere."""


class PartyLimit(Base):
    """What a party may have of the bid's worth, in per cent; where nothing is written it may have anything."""

    __tablename__ = "party_limit"
    __table_args__ = (
        CheckConstraint(
            "smallest BETWEEN 0 AND 100000 AND largest BETWEEN 0 AND 100000 AND wish BETWEEN 0 AND 100000",
            name="within_whole",
        ),
        CheckConstraint("smallest <= largest", name="in_order"),
    )
    party_id: Mapped[int] = mapped_column(ForeignKey("bid_party.id", ondelete="CASCADE"), primary_key=True)
    smallest: Mapped[Quantity | None]
    largest: Mapped[Quantity | None]
    wish: Mapped[Quantity | None]
    """What the party would rather stay under."""
    under_line: Mapped[bool] = mapped_column(default=False)
    """Whether it must stay where no sanctions declaration is asked for: at a tenth of the value."""
    areas: Mapped[list[TenderLot]] = relationship(secondary=party_area, viewonly=True, order_by=TenderLot.id)
    """The lots where the party works; none means everywhere."""


class BidReckoning(Base):
    """What staff reckon with: the lowest cost of an hour, the index clause, and the buyer's evaluation model."""

    __tablename__ = "bid_reckoning"
    __table_args__ = (
        CheckConstraint("labour_floor > 0", name="labour_positive"),
        CheckConstraint("index_base > 0", name="index_positive"),
        CheckConstraint("price_weight BETWEEN 0 AND 100000", name="weight_within_whole"),
        CheckConstraint("our_quality BETWEEN 0 AND 100000", name="quality_within_whole"),
    )
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), primary_key=True)
    labour_floor: Mapped[Money | None]
    index_name: Mapped[str] = mapped_column(default="")
    index_base: Mapped[Quantity | None]
    index_threshold: Mapped[Quantity] = mapped_column(default=Decimal(2))
    index_part: Mapped[Quantity] = mapped_column(default=Decimal(100))
    index_fixed_years: Mapped[int] = mapped_column(default=1)
    index_values: Mapped[str] = mapped_column(default="")
    """The values that we assume, in the order of the years, with spaces between and points for commas."""
    model: Mapped[Model] = mapped_column(default=Model.LOWEST_PRICE)
    price_weight: Mapped[Quantity] = mapped_column(default=Decimal(100))
    full_at: Mapped[Money | None]
    none_at: Mapped[Money | None]
    our_quality: Mapped[Quantity] = mapped_column(default=Decimal(0))


class BidRival(Base):
    """Somebody else who may bid, and what we believe of that bid."""

    __tablename__ = "bid_rival"
    __table_args__ = (
        CheckConstraint("price > 0", name="price_positive"),
        CheckConstraint("deductions >= 0", name="deductions_not_negative"),
        CheckConstraint("quality BETWEEN 0 AND 100000", name="quality_within_whole"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    price: Mapped[Money]
    """A year, without VAT."""
    deductions: Mapped[Money]
    quality: Mapped[Quantity] = mapped_column(default=Decimal(0))
