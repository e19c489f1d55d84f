"""What a buyer asks for: the tender, its lots, requirements and price rows."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.db import Base, Quantity
from app.errors import Refused
from app.files import StoredFile
from app.money import Money
from app.tenders.calls.models import OfACall
from app.tenders.legal.figures import TenderFigure
from app.tenders.working.addenda import TenderAddendum
from bids.kinds import AwardBasis, RequirementKind, RequirementStage


class TenderState(StrEnum):
    """Where we stand with a tender."""

    NOTICED = "noticed"
    BIDDING = "bidding"
    SUBMITTED = "submitted"
    WON = "won"
    LOST = "lost"
    CANCELLED = "cancelled"
    """The buyer has called the tender off."""
    DECLINED = "declined"
    """We have chosen not to bid."""


TENDER_MOVES = {
    TenderState.NOTICED: {TenderState.BIDDING, TenderState.DECLINED, TenderState.CANCELLED},
    TenderState.BIDDING: {TenderState.SUBMITTED, TenderState.DECLINED, TenderState.CANCELLED},
    TenderState.SUBMITTED: {TenderState.BIDDING, TenderState.WON, TenderState.LOST, TenderState.CANCELLED},
    TenderState.WON: {TenderState.LOST, TenderState.CANCELLED},
    TenderState.LOST: {TenderState.WON, TenderState.CANCELLED},
    TenderState.CANCELLED: set(),
    TenderState.DECLINED: {TenderState.NOTICED, TenderState.BIDDING},
}
TENDER_IN_SWEDISH = {
    TenderState.NOTICED: "bevakad",
    TenderState.BIDDING: "under arbete",
    TenderState.SUBMITTED: "lämnad",
    TenderState.WON: "vunnen",
    TenderState.LOST: "förlorad",
    TenderState.CANCELLED: "avbruten",
    TenderState.DECLINED: "avböjd",
}


class Tender(OfACall, Base):
    """One procurement, entered by hand or read from an eForms notice; or a funder's call for projects."""

    __tablename__ = "tender"
    __table_args__ = (
        CheckConstraint("term_years >= 0", name="term_not_negative"),
        CheckConstraint("most_rate BETWEEN 0 AND 100000", name="rate_within_whole"),
        CheckConstraint("most_indirect BETWEEN 0 AND 100000", name="indirect_within_whole"),
        Index("ix_tender_state_deadline", "state", "deadline"),
        Index("ix_tender_deadline", "deadline"),
        Index("ix_tender_required_validity", "required_validity"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[TenderState] = mapped_column(default=TenderState.NOTICED)
    title: Mapped[str]
    buyer_name: Mapped[str]
    buyer_org_number: Mapped[str] = mapped_column(default="")
    diary_number: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    procedure: Mapped[str] = mapped_column(default="")
    cpv: Mapped[str] = mapped_column(default="")
    """CPV codes with commas between."""
    place: Mapped[str] = mapped_column(default="")
    deadline: Mapped[datetime | None]
    """None while the notice is only a plan."""
    zone: Mapped[str] = mapped_column(default="Europe/Stockholm")
    """The IANA name of the zone in which we show the deadline."""
    zone_as_written: Mapped[str] = mapped_column(default="")
    """As the notice has it: ``+01:00`` or ``Z``."""
    required_validity: Mapped[date | None]
    award_on: Mapped[date | None]
    """When the buyer decides, where somebody knows it; `bids.dates` reckons with a likely day else."""
    ceiling: Mapped[Money | None]
    term_years: Mapped[int] = mapped_column(default=0)
    options: Mapped[str] = mapped_column(default="")
    """The years of each possible extension: ``1+1``."""
    reserved: Mapped[bool] = mapped_column(default=False)
    """Participation is reserved (LOU 4:18 first paragraph 1)."""
    reserved_execution: Mapped[bool] = mapped_column(default=False)
    """Performance is reserved to sheltered employment (LOU 4:18 first paragraph 2)."""
    above_threshold: Mapped[bool] = mapped_column(default=False)
    espd_asked_at: Mapped[datetime | None]
    """Since when the buyer's ESPD request is here that counts; what was declared before answers another one."""
    upload_limits: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the buyer's e-tender system takes; `packing.limits` tells."""
    joint_liability: Mapped[bool] = mapped_column(default=False)
    """Whether the buyer wants the parties to answer for the whole contract together (LOU 14:8)."""
    award_basis: Mapped[AwardBasis] = mapped_column(default=AwardBasis.PRICE)
    documents_url: Mapped[str] = mapped_column(default="")
    submission_url: Mapped[str] = mapped_column(default="")
    system: Mapped[str] = mapped_column(default="")
    """In which e-tender system the bid is handed in."""
    notice_id: Mapped[str] = mapped_column(default="", index=True)
    notice_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    missing_facts: Mapped[str] = mapped_column(default="")
    """What the notice did not say, one thing a line, as it was when it was read."""
    declined_because: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    notice_file: Mapped[StoredFile | None] = relationship()
    lots: Mapped[list[TenderLot]] = relationship(
        back_populates="tender", order_by="TenderLot.position, TenderLot.id", cascade="all, delete-orphan"
    )
    requirements: Mapped[list[TenderRequirement]] = relationship(
        back_populates="tender",
        order_by="TenderRequirement.position, TenderRequirement.id",
        cascade="all, delete-orphan",
    )
    rows: Mapped[list[TenderPriceRow]] = relationship(
        back_populates="tender", order_by="TenderPriceRow.position, TenderPriceRow.id", cascade="all, delete-orphan"
    )
    criteria: Mapped[list[TenderCriterion]] = relationship(
        back_populates="tender", order_by="TenderCriterion.id", cascade="all, delete-orphan"
    )
    deductions: Mapped[list[TenderDeduction]] = relationship(
        back_populates="tender", order_by="TenderDeduction.id", cascade="all, delete-orphan"
    )
    addenda: Mapped[list[TenderAddendum]] = relationship(order_by=TenderAddendum.number, cascade="all, delete-orphan")
    figures: Mapped[list[TenderFigure]] = relationship(
        order_by=TenderFigure.id, cascade="all, delete-orphan", lazy="selectin"
    )
    """What the buyer puts figures on: every look at a bid weighs them."""

    @validates("state")
    def _legal_move(self, _key: str, to: TenderState) -> TenderState:
        if self.state is not None and to != self.state and to not in TENDER_MOVES[self.state]:
            what = "Utlysningen" if self.is_call else "Upphandlingen"
            raise Refused(f"{what} är {TENDER_IN_SWEDISH[self.state]} och kan inte bli {TENDER_IN_SWEDISH[to]}.")
        return to

    @property
    def basis_is_known(self) -> bool:
        """Whether the award basis was entered or read, and is no guess of ours."""
        return "Tilldelningskriterier saknas" not in self.missing_facts

    @property
    def is_known(self) -> bool:
        """Whether what the buyer says still matters to us: it may move its last day after we have handed in."""
        return self.state not in {TenderState.CANCELLED, TenderState.DECLINED}

    @property
    def option_years(self) -> tuple[int, ...]:
        """The years of each possible extension."""
        return tuple(int(years) for years in self.options.split("+") if years)

    @property
    def whole_term(self) -> int:
        """Years, with every extension."""
        return self.term_years + sum(self.option_years)


class TenderLot(Base):
    """A part of the tender that may be bid for by itself."""

    __tablename__ = "tender_lot"
    id: Mapped[int] = mapped_column(primary_key=True)
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id", ondelete="CASCADE"), index=True)
    ref: Mapped[str]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    cpv: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    tender: Mapped[Tender] = relationship(back_populates="lots")


class TenderRequirement(Base):
    """One of the buyer's numbered requirements; without a lot it concerns the whole tender."""

    __tablename__ = "tender_requirement"
    id: Mapped[int] = mapped_column(primary_key=True)
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id", ondelete="CASCADE"), index=True)
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("tender_lot.id", ondelete="CASCADE"), index=True)
    ref: Mapped[str]
    kind: Mapped[RequirementKind]
    stage: Mapped[RequirementStage]
    text: Mapped[str]
    proof_required: Mapped[bool] = mapped_column(default=False)
    most_characters: Mapped[int] = mapped_column(default=0)
    """How long our answer may be, spaces counted; nought where nobody has said."""
    followed_up: Mapped[bool] = mapped_column(default=False)
    """The buyer has marked it for special follow-up while the contract runs."""
    withdrawn: Mapped[bool] = mapped_column(default=False)
    """The buyer's newer form has it no longer. It stays with what we answered, and is in no bid."""
    earlier_text: Mapped[str] = mapped_column(default="")
    """As the buyer wrote it before the last change."""
    position: Mapped[int] = mapped_column(default=0)
    tender: Mapped[Tender] = relationship(back_populates="requirements")
    lot: Mapped[TenderLot | None] = relationship()


class TenderPriceRow(Base):
    """A row of the buyer's price schedule. ``unit`` is a Rec 20 code; ``quantity`` is per year."""

    __tablename__ = "tender_price_row"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        ForeignKeyConstraint(
            ["article_id", "article_version"],
            ["article_version.article_id", "article_version.number"],
            name="fk_tender_price_row_article_version",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id", ondelete="CASCADE"), index=True)
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("tender_lot.id", ondelete="CASCADE"), index=True)
    ref: Mapped[str]
    text: Mapped[str]
    unit: Mapped[str]
    unit_text: Mapped[str] = mapped_column(default="")
    quantity: Mapped[Quantity]
    article_id: Mapped[int | None]
    """What of our catalogue answers to the row, if anything does."""
    article_version: Mapped[int | None]
    """The version that it was when the two were tied; the article may have moved on since."""
    position: Mapped[int] = mapped_column(default=0)
    tender: Mapped[Tender] = relationship(back_populates="rows")
    lot: Mapped[TenderLot | None] = relationship()


class TenderCriterion(Base):
    """A criterion of award as the notice states it."""

    __tablename__ = "tender_criterion"
    id: Mapped[int] = mapped_column(primary_key=True)
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id", ondelete="CASCADE"), index=True)
    lot_ref: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    weight: Mapped[str] = mapped_column(default="")
    tender: Mapped[Tender] = relationship(back_populates="criteria")


class TenderDeduction(Base):
    """An added value: the buyer deducts up to ``max_amount`` from the price, and we reckon with a share of it."""

    __tablename__ = "tender_deduction"
    __table_args__ = (CheckConstraint("share_percent >= 0 AND share_percent <= 100", name="share_within_whole"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id", ondelete="CASCADE"), index=True)
    requirement_ref: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    max_amount: Mapped[Money]
    share_percent: Mapped[int] = mapped_column(default=0)
    tender: Mapped[Tender] = relationship(back_populates="deductions")
