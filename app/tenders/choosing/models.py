"""Rows of thresholds that staff have entered, and of each choice to bid or not, with its reasons."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.money import Money
from app.tenders.choosing.thresholds import LimitKind, Row


class Verdict(StrEnum):
    """Whether we bid."""

    GO = "go"
    NO_GO = "no_go"


class Ground(StrEnum):
    """What speaks for a bid or against it."""

    FIT = "fit"
    CAPACITY = "capacity"
    PLACE = "place"
    PRICE = "price"
    RESERVED = "reserved"
    REQUIREMENTS = "requirements"
    TIME = "time"
    RISK = "risk"
    OTHER = "other"


GROUND_IN_SWEDISH = {
    Ground.FIT: "Vi har inte det som efterfrågas",
    Ground.CAPACITY: "Kapaciteten räcker inte",
    Ground.PLACE: "Platsen passar inte",
    Ground.PRICE: "Prisnivån fungerar inte",
    Ground.RESERVED: "Vi klarar inte kraven för en reserverad upphandling",
    Ground.REQUIREMENTS: "Vi uppfyller inte kraven",
    Ground.TIME: "Tiden räcker inte",
    Ground.RISK: "Risken är för stor",
    Ground.OTHER: "Annat",
}
"""Why we leave a tender, as it is written down with the tender."""


class Weighed(StrEnum):
    """What a ground says."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Threshold(Base):
    """An amount that staff have entered into the dated table; it goes before what the program brought."""

    __tablename__ = "threshold"
    __table_args__ = (
        UniqueConstraint("kind", "valid_from"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[LimitKind]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    amount: Mapped[Money]
    euro: Mapped[int | None]
    source: Mapped[str]
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]

    @property
    def row(self) -> Row:
        """As the rules know it."""
        return Row(
            kind=self.kind,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            amount=self.amount,
            euro=self.euro,
            source=self.source,
            entered_by=self.entered_by,
        )


class TenderChoice(Base):
    """That we bid or do not, as it was decided then. A later choice is a row of its own; none is ever changed."""

    __tablename__ = "tender_choice"
    id: Mapped[int] = mapped_column(primary_key=True)
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id", ondelete="CASCADE"), index=True)
    verdict: Mapped[Verdict]
    main_ground: Mapped[Ground | None]
    """What decided it, where we do not bid."""
    because: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    by_name: Mapped[str]
    at: Mapped[datetime]
    grounds: Mapped[list[ChoiceGround]] = relationship(
        back_populates="choice", order_by="ChoiceGround.place", cascade="all, delete-orphan"
    )

    @property
    def why_not(self) -> str:
        """Why we do not bid, in a sentence; empty when we do."""
        if self.main_ground is None:
            return ""
        if self.main_ground == Ground.OTHER and self.because:
            return self.because
        ground = GROUND_IN_SWEDISH[self.main_ground]
        return f"{ground}: {self.because}" if self.because else f"{ground}."


class ChoiceGround(Base):
    """What one ground said when we chose."""

    __tablename__ = "choice_ground"
    choice_id: Mapped[int] = mapped_column(ForeignKey("tender_choice.id", ondelete="CASCADE"), primary_key=True)
    ground: Mapped[Ground] = mapped_column(primary_key=True)
    place: Mapped[int]
    """In which order they were weighed."""
    says: Mapped[Weighed]
    note: Mapped[str] = mapped_column(default="")
    choice: Mapped[TenderChoice] = relationship(back_populates="grounds")
