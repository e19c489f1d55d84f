"""What we answer a tender with: the bid, its parties, what they promise, and what we say to each requirement."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.db import Base, Quantity
from app.errors import Refused
from app.members.models import Member, MemberDocument
from app.money import Money
from app.orders.routing_models import CapacityHold
from app.tenders.calls.models import BudgetEntry, OfAnApplication
from app.tenders.joint.models import BidReckoning, BidRival, PartyLimit
from app.tenders.library.models import AnswerSource
from app.tenders.papers import Appendix, BidPreview, BidReference, BidVersion, Evidence
from app.tenders.tender import Tender, TenderLot, TenderPriceRow, TenderRequirement
from bids.kinds import BidForm, DocumentKind, PartyRole


class BidState(StrEnum):
    """Where a bid stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WON = "won"
    LOST = "lost"
    CANCELLED = "cancelled"


BID_MOVES = {
    BidState.DRAFT: {BidState.SUBMITTED, BidState.CANCELLED},
    BidState.SUBMITTED: {BidState.DRAFT, BidState.WON, BidState.LOST, BidState.CANCELLED},
    BidState.WON: {BidState.LOST, BidState.CANCELLED},
    BidState.LOST: {BidState.WON, BidState.CANCELLED},
    BidState.CANCELLED: set(),
}
BID_IN_SWEDISH = {
    BidState.DRAFT: "ett utkast",
    BidState.SUBMITTED: "lämnat",
    BidState.WON: "vunnet",
    BidState.LOST: "förlorat",
    BidState.CANCELLED: "avbrutet",
}


class PromiseState(StrEnum):
    """Where a party's share of a price row stands."""

    ASKED = "asked"
    PROMISED = "promised"
    DECLINED = "declined"


PROMISE_MOVES = {
    PromiseState.ASKED: {PromiseState.PROMISED, PromiseState.DECLINED},
    PromiseState.PROMISED: {PromiseState.ASKED, PromiseState.DECLINED},
    PromiseState.DECLINED: {PromiseState.ASKED, PromiseState.PROMISED},
}

bid_lot = Table(
    "bid_lot",
    Base.metadata,
    Column("bid_id", ForeignKey("bid.id", ondelete="CASCADE"), primary_key=True),
    Column("lot_id", ForeignKey("tender_lot.id", ondelete="CASCADE"), primary_key=True),
)

bid_hold = Table(
    "bid_hold",
    Base.metadata,
    Column("hold_id", ForeignKey("capacity_hold.id", ondelete="CASCADE"), primary_key=True),
    Column("bid_id", ForeignKey("bid.id", ondelete="CASCADE"), nullable=False, index=True),
)


class Bid(OfAnApplication, Base):
    """Our bid on a tender. What it says while it is a draft; what was handed in lies in its versions."""

    __tablename__ = "bid"
    __table_args__ = (
        CheckConstraint("fee_percent >= 0 AND margin_percent >= 0", name="percent_not_negative"),
        CheckConstraint("fee_percent + margin_percent < 100000", name="percent_under_whole"),
        CheckConstraint("granted >= 0", name="granted_not_negative"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id", ondelete="CASCADE"), unique=True)
    form: Mapped[BidForm]
    state: Mapped[BidState] = mapped_column(default=BidState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    """The number that the draft gets when it is handed in."""
    offered_validity: Mapped[date | None]
    fee_percent: Mapped[Quantity] = mapped_column(default=Decimal(0))
    """The framework fee, per cent of the bid price."""
    margin_percent: Mapped[Quantity] = mapped_column(default=Decimal(0))
    """What the sales company keeps, per cent of the bid price."""
    letter: Mapped[str] = mapped_column(default="")
    delivery_plan: Mapped[str] = mapped_column(default="")
    quality_plan: Mapped[str] = mapped_column(default="")
    price_terms: Mapped[str] = mapped_column(default="")
    social_commitments: Mapped[str] = mapped_column(default="")
    contact_name: Mapped[str] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(default="")
    contact_phone: Mapped[str] = mapped_column(default="")
    points: Mapped[Quantity | None]
    winner: Mapped[str] = mapped_column(default="")
    winner_price: Mapped[Money | None]
    decided_on: Mapped[date | None]
    outcome_note: Mapped[str] = mapped_column(default="")
    found_beside: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Warnings from what lies beside the bid, other bids and what members have promised there; `legal.beside` tells."""
    looked_beside_at: Mapped[datetime | None]
    secrecy: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """For which rows, appendices and references secrecy is asked; `secrecy.claims` tells."""
    created_at: Mapped[datetime]
    tender: Mapped[Tender] = relationship()
    lots: Mapped[list[TenderLot]] = relationship(secondary=bid_lot, order_by="TenderLot.position, TenderLot.id")
    holds: Mapped[list[CapacityHold]] = relationship(secondary=bid_hold, order_by=CapacityHold.id)
    """What is kept back of its parties' weeks from when it is handed in; `bid_holds` tells."""
    parties: Mapped[list[BidParty]] = relationship(
        back_populates="bid", order_by="BidParty.id", cascade="all, delete-orphan"
    )
    row_prices: Mapped[list[RowPrice]] = relationship(back_populates="bid", cascade="all, delete-orphan")
    answers: Mapped[list[BidAnswer]] = relationship(
        back_populates="bid", order_by="BidAnswer.id", cascade="all, delete-orphan"
    )
    budget: Mapped[list[BudgetEntry]] = relationship(order_by=BudgetEntry.id, cascade="all, delete-orphan")
    """The rows of a project's budget; none in a bid."""
    appendices: Mapped[list[Appendix]] = relationship(order_by="Appendix.number", cascade="all, delete-orphan")
    references: Mapped[list[BidReference]] = relationship(order_by="BidReference.id", cascade="all, delete-orphan")
    versions: Mapped[list[BidVersion]] = relationship(order_by="BidVersion.number.desc()", cascade="all, delete-orphan")
    reckoning: Mapped[BidReckoning | None] = relationship(cascade="all, delete-orphan", single_parent=True)
    rivals: Mapped[list[BidRival]] = relationship(order_by=BidRival.id, cascade="all, delete-orphan")
    previews: Mapped[list[BidPreview]] = relationship(order_by="BidPreview.id.desc()", cascade="all, delete-orphan")

    @validates("state")
    def _legal_move(self, _key: str, to: BidState) -> BidState:
        if self.state is not None and to != self.state and to not in BID_MOVES[self.state]:
            what = "Ansökan" if self.form == BidForm.APPLICATION else "Anbudet"
            raise Refused(f"{what} är {BID_IN_SWEDISH[self.state]} och kan inte bli {BID_IN_SWEDISH[to]}.")
        return to

    def may_be_for(self, paper: MemberDocument) -> bool:
        """Whether a paper is meant for this bid: a power of attorney or a promise of one's capacity names a tender.

        Where nobody has said for which bid, one that lay in the vault before this one was begun was given for another;
        and so was a declaration that lay there before the buyer's request for one was read.
        """
        asked = self.tender.espd_asked_at
        if paper.kind == DocumentKind.ESPD and asked is not None:
            return paper.for_bid_id == self.id or (paper.for_bid_id is None and paper.added_at >= asked)
        if not any(kind.names_a_tender for kind in DocumentKind if kind == paper.kind):
            return True
        if paper.for_bid_id is not None or paper.signed_text:
            return paper.for_bid_id == self.id
        return paper.added_at >= self.created_at

    @property
    def is_draft(self) -> bool:
        """Whether it may still be changed."""
        return self.state == BidState.DRAFT


class BidParty(Base):
    """A legal entity in the bid: what it is, what it does, and why it could not bid alone (competition law)."""

    __tablename__ = "bid_party"
    __table_args__ = (UniqueConstraint("bid_id", "member_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    role: Mapped[PartyRole]
    does: Mapped[str] = mapped_column(default="")
    why_not_alone: Mapped[str] = mapped_column(default="")
    invited_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    declined_because: Mapped[str] = mapped_column(default="")
    lot_reasons: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Why it could not bid alone, lot by lot: by the lot's id as text (empty without lots) its `kinds` and `words`."""
    bids_too: Mapped[bool | None]
    """Whether it hands in another bid in the same lots; none while it has not said."""
    bids_too_words: Mapped[str] = mapped_column(default="")
    bids_too_lots: Mapped[list[int]] = mapped_column(JSON, default=list)
    """In which of the bid's lots, by id."""
    bids_too_at: Mapped[datetime | None]
    bids_too_by: Mapped[str] = mapped_column(default="")
    bid: Mapped[Bid] = relationship(back_populates="parties")
    member: Mapped[Member] = relationship()
    promises: Mapped[list[Promise]] = relationship(
        back_populates="party", order_by="Promise.id", cascade="all, delete-orphan"
    )
    limit: Mapped[PartyLimit | None] = relationship(cascade="all, delete-orphan", single_parent=True)

    @property
    def has_declined(self) -> bool:
        """Whether the party has said no to the whole."""
        return bool(self.declined_because)


class Promise(Base):
    """A party's share of a price row: asked by us, promised and signed by the party."""

    __tablename__ = "promise"
    __table_args__ = (
        UniqueConstraint("party_id", "row_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("member_price > 0", name="price_positive"),
        CheckConstraint("yearly_capacity >= 0", name="capacity_not_negative"),
        ForeignKeyConstraint(
            ["offering_id", "offering_version"],
            ["offering_version.offering_id", "offering_version.number"],
            name="fk_promise_offering_version",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("bid_party.id", ondelete="CASCADE"), index=True)
    row_id: Mapped[int] = mapped_column(ForeignKey("tender_price_row.id", ondelete="CASCADE"), index=True)
    state: Mapped[PromiseState] = mapped_column(default=PromiseState.ASKED)
    quantity: Mapped[Quantity]
    """What we ask the party to deliver in a year."""
    member_price: Mapped[Money | None]
    yearly_capacity: Mapped[Quantity | None]
    signed_by: Mapped[str] = mapped_column(default="")
    signed_at: Mapped[datetime | None]
    entered_by: Mapped[str] = mapped_column(default="")
    """Who wrote the promise down, when it was staff on the party's behalf."""
    offering_id: Mapped[int | None]
    """The party's own offering of the row's article when it promised, if it has one."""
    offering_version: Mapped[int | None]
    party: Mapped[BidParty] = relationship(back_populates="promises")
    row: Mapped[TenderPriceRow] = relationship()

    @validates("state")
    def _legal_move(self, _key: str, to: PromiseState) -> PromiseState:
        if self.state is not None and to != self.state and to not in PROMISE_MOVES[self.state]:
            raise Refused("Löftet kan inte ändras så.")
        return to


class RowPrice(Base):
    """What differs for one row from the bid's common fee and margin, and what it costs beside the member price."""

    __tablename__ = "row_price"
    __table_args__ = (UniqueConstraint("bid_id", "row_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), index=True)
    row_id: Mapped[int] = mapped_column(ForeignKey("tender_price_row.id", ondelete="CASCADE"), index=True)
    margin_percent: Mapped[Quantity | None]
    fixed_unit_price: Mapped[Money | None]
    transport: Mapped[Money | None]
    """What it costs to bring a unit."""
    hours: Mapped[Quantity | None]
    """How much work lies in a unit."""
    loss_from: Mapped[Money | None]
    """At this unit price or a higher one the row may run at a loss, for the reason beside it."""
    loss_reason: Mapped[str] = mapped_column(default="")
    bid: Mapped[Bid] = relationship(back_populates="row_prices")


class BidAnswer(Base):
    """What we say to a requirement. ``revision`` grows with each save, so that nobody overwrites another unseen."""

    __tablename__ = "bid_answer"
    __table_args__ = (UniqueConstraint("bid_id", "requirement_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), index=True)
    requirement_id: Mapped[int] = mapped_column(ForeignKey("tender_requirement.id", ondelete="CASCADE"), index=True)
    says: Mapped[bool | None]
    text: Mapped[str] = mapped_column(default="")
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("bid_party.id", ondelete="SET NULL"))
    confidential: Mapped[bool] = mapped_column(default=False)
    confidential_reason: Mapped[str] = mapped_column(default="")
    confidential_until: Mapped[date | None]
    look_again: Mapped[bool] = mapped_column(default=False)
    """The buyer has changed the requirement since; whoever saves the answer again has looked."""
    revision: Mapped[int] = mapped_column(default=1)
    saved_by: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime]
    reviewed_by: Mapped[str] = mapped_column(default="")
    """Who has read it through as it stands; any change takes the mark away."""
    reviewed_at: Mapped[datetime | None]
    bid: Mapped[Bid] = relationship(back_populates="answers")
    requirement: Mapped[TenderRequirement] = relationship()
    responsible: Mapped[BidParty | None] = relationship()
    evidence: Mapped[list[Evidence]] = relationship(order_by="Evidence.id", cascade="all, delete-orphan")
    sources: Mapped[list[AnswerSource]] = relationship(order_by="AnswerSource.id", cascade="all, delete-orphan")
    """The versions in the answer library from which text was taken."""
