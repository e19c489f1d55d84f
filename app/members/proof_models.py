"""What shows that a member is a social enterprise: criteria, certificates, and what came of it year by year."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.members.models import Member


class Criterion(StrEnum):
    """The four criteria of a work-integrating social enterprise, as Sweden defines it (Tillväxtverket; Skoopi)."""

    PURPOSE = "purpose"
    PARTICIPATION = "participation"
    REINVESTMENT = "reinvestment"
    INDEPENDENCE = "independence"


class SocialProof(Base):
    """What the sales company found when it last looked at one criterion."""

    __tablename__ = "social_proof"
    __table_args__ = (UniqueConstraint("member_id", "criterion"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    criterion: Mapped[Criterion]
    fulfilled: Mapped[bool]
    how: Mapped[str]
    """What shows it, as everybody may read it: "Paragraf 3 i stadgarna, antagna 2019"."""
    checked_on: Mapped[date]
    checked_by: Mapped[str]
    """The name, as it was."""
    member: Mapped[Member] = relationship()


class Certificate(Base):
    """A certificate from outside, such as Skoopi's (SIS PAS 10:2018)."""

    __tablename__ = "member_certificate"
    __table_args__ = (
        UniqueConstraint("member_id", "number"),
        CheckConstraint("valid_to >= issued_on", name="in_order"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    number: Mapped[str]
    issued_on: Mapped[date]
    valid_to: Mapped[date]
    member: Mapped[Member] = relationship()

    def holds_on(self, day: date) -> bool:
        """Whether it is valid on a day, the last one included."""
        return self.issued_on <= day <= self.valid_to


class OutcomeYear(Base):
    """What came of a year: numbers, never persons. Nobody outside sees it before staff have checked it."""

    __tablename__ = "outcome_year"
    __table_args__ = (
        UniqueConstraint("member_id", "year"),
        CheckConstraint("places >= 0 AND hours >= 0 AND to_work >= 0 AND to_studies >= 0", name="not_negative"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    year: Mapped[int]
    places: Mapped[int]
    """People who had work, training or practice here some time in the year."""
    hours: Mapped[int]
    """Hours they were occupied, all together."""
    to_work: Mapped[int]
    """Those who went on to work elsewhere."""
    to_studies: Mapped[int]
    """Those who went on to studies."""
    checked_on: Mapped[date | None]
    checked_by: Mapped[str] = mapped_column(default="")
    member: Mapped[Member] = relationship()

    @property
    def is_checked(self) -> bool:
        """Whether staff have checked it, so that everybody may see it."""
        return self.checked_on is not None
