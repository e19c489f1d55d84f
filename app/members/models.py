"""The social enterprises that own the sales company, and the sales company itself as a legal entity."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.files import StoredFile
from app.members.selling import model_at
from app.money import Money
from app.treatments import VatSeller, VatStatus

SHARE_GATE = 30
"""Per cent of those occupied who must be of the target group in a reserved tender (LOU 4:18)."""


class MemberKind(StrEnum):
    """A producing member, or the sales company that they own together."""

    MEMBER = "member"
    SALES_COMPANY = "sales_company"


class Reach(StrEnum):
    """How letters come to a member, and whether it answers by itself."""

    CONNECTED = "connected"
    """People of its own sign in; letters say where."""
    LINK = "link"
    """Nobody signs in: each letter about an assignment has a link by which that one is answered."""
    PAPER = "paper"
    """Nobody signs in, and letters are printed. Staff write down what the member says."""


class SellerModel(StrEnum):
    """Who sells what a member makes (ML 5 kap. 3 and 27 §§)."""

    OWN_NAME = "own_name"
    """The sales company buys from the member and sells in its own name."""
    AGENT = "agent"
    """The member sells; the sales company invoices in the member's name and takes a commission."""


class Member(Base):
    """One legal entity. The sales company is one too: it can be a tenderer, with its own papers and head counts."""

    __tablename__ = "member"
    __table_args__ = (
        CheckConstraint("work_share > 0", name="work_share_positive"),
        Index(
            "uq_member_one_sales_company",
            "kind",
            unique=True,
            sqlite_where=text("kind = 'sales_company'"),
            postgresql_where=text("kind = 'sales_company'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[MemberKind] = mapped_column(default=MemberKind.MEMBER)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(index=True)
    org_number: Mapped[str] = mapped_column(unique=True)
    """Ten digits with a hyphen before the last four."""
    legal_form: Mapped[str]
    vat_number: Mapped[str | None]
    f_tax: Mapped[bool] = mapped_column(default=True)
    vat_status: Mapped[VatStatus] = mapped_column(default=VatStatus.REGISTERED)
    vat_since: Mapped[date | None]
    """From which day of supply it stands so to VAT; none for always."""
    vat_before: Mapped[VatStatus] = mapped_column(default=VatStatus.REGISTERED)
    """How it stood until that day."""
    about: Mapped[str] = mapped_column(default="")
    purpose: Mapped[str] = mapped_column(default="")
    """The purpose clause of the statutes, as a reserved bid quotes it (LOU 4:18)."""
    street: Mapped[str]
    postcode: Mapped[str]
    city: Mapped[str]
    municipality: Mapped[str] = mapped_column(index=True)
    """SCB's four digits."""
    email: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    contact_name: Mapped[str] = mapped_column(default="")
    signatories: Mapped[str] = mapped_column(default="")
    bankgiro: Mapped[str | None]
    work_share: Mapped[int] = mapped_column(default=1)
    """How large a part of the common work the member is due, against the others."""
    reached_by: Mapped[Reach] = mapped_column(default=Reach.CONNECTED)
    seller_model: Mapped[SellerModel] = mapped_column(default=SellerModel.OWN_NAME)
    """Whose name stands on invoices for its work, where an agreement says nothing else."""
    sold_before: Mapped[list[list[str]] | None] = mapped_column(JSON)
    """What the line above has been before (`app.members.selling`): a delivery is sold as it stood when it was made."""
    stripe_account: Mapped[str | None]
    """Its own account with Stripe, to which card money is passed on; none where it is paid in another way."""
    head_counts: Mapped[list[HeadCount]] = relationship(
        back_populates="member", order_by="HeadCount.counted_on.desc()", cascade="all, delete-orphan"
    )
    years: Mapped[list[MemberYear]] = relationship(
        back_populates="member", order_by="MemberYear.year", cascade="all, delete-orphan"
    )
    documents: Mapped[list[MemberDocument]] = relationship(
        back_populates="member", order_by="MemberDocument.id", cascade="all, delete-orphan"
    )
    absences: Mapped[list[Absence]] = relationship(
        back_populates="member", order_by="Absence.first_day", cascade="all, delete-orphan"
    )
    workplaces: Mapped[list[Workplace]] = relationship(
        back_populates="member", order_by="Workplace.id", cascade="all, delete-orphan"
    )

    @property
    def current_documents(self) -> list[MemberDocument]:
        """The papers in the vault that no newer one has replaced."""
        replaced = {document.replaces_id for document in self.documents}
        return [document for document in self.documents if document.id not in replaced]

    def sold_as(self, at: datetime | None) -> SellerModel:
        """Who sold what it handed over at that moment, where an agreement says nothing else."""
        return SellerModel(model_at(self.seller_model, self.sold_before, at) or SellerModel.OWN_NAME)

    @property
    def vat_seller(self) -> VatSeller:
        """How it stands to VAT, as a value for the pure rules."""
        return VatSeller(self.vat_status, self.vat_since, self.vat_before)

    @property
    def is_sales_company(self) -> bool:
        """Whether this is the sales company itself."""
        return self.kind == MemberKind.SALES_COMPANY

    @property
    def is_managed(self) -> bool:
        """Whether nobody there signs in, so that staff act for it."""
        return self.reached_by != Reach.CONNECTED

    @property
    def is_on_paper(self) -> bool:
        """Whether its letters take the days that the post takes."""
        return self.reached_by == Reach.PAPER


class HeadCount(Base):
    """How many were occupied on a day, and how many of them were of the target group: numbers, never persons."""

    __tablename__ = "head_count"
    __table_args__ = (
        UniqueConstraint("member_id", "counted_on"),
        CheckConstraint("occupied > 0", name="occupied_positive"),
        CheckConstraint("target_group >= 0 AND target_group <= occupied", name="target_group_within_occupied"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    counted_on: Mapped[date]
    occupied: Mapped[int]
    target_group: Mapped[int]
    method: Mapped[str]
    counted_by: Mapped[str] = mapped_column(default="")
    """Who wrote it down."""
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    """A paper that shows how it was counted, with numbers only."""
    verified_by: Mapped[str] = mapped_column(default="")
    verified_at: Mapped[datetime | None]
    evidence: Mapped[StoredFile | None] = relationship()
    member: Mapped[Member] = relationship(back_populates="head_counts")

    @property
    def percent(self) -> int:
        """The share in whole per cent, rounded down: a gate is passed or it is not."""
        return self.target_group * 100 // self.occupied

    @property
    def is_verified(self) -> bool:
        """Whether somebody else than who wrote it down has looked at it."""
        return self.verified_at is not None


class MemberYear(Base):
    """What a year's accounts say; tenders ask for up to three years (LOU 15:10)."""

    __tablename__ = "member_year"
    __table_args__ = (UniqueConstraint("member_id", "year"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    year: Mapped[int]
    turnover: Mapped[Money]
    employees: Mapped[int]
    member: Mapped[Member] = relationship(back_populates="years")


class MemberDocument(Base):
    """A paper in the member's vault, used in many bids. A newer one takes its place, and it stays as it was."""

    __tablename__ = "member_document"
    __table_args__ = (Index("ix_member_document_valid_to", "valid_to"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    """A value of `bids.offer.DocumentKind`."""
    title: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    insured: Mapped[Money | None]
    """The sum that an insurance covers."""
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(default="")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("member_document.id", ondelete="SET NULL"), unique=True)
    """The older paper in whose place this one was laid."""
    checked_at: Mapped[datetime | None]
    checked_by: Mapped[str] = mapped_column(default="")
    """Who of the staff looked at it last, and found it right or, with a `fault`, wrong."""
    signed_text: Mapped[str] = mapped_column(default="")
    """The SHA-256 of the text that the member has signed on screen; empty for a paper that was handed in."""
    fault: Mapped[str] = mapped_column(default="")
    """What is wrong with it, in words for the member. It proves nothing then, and no new bid takes it."""
    for_bid_id: Mapped[int | None] = mapped_column(ForeignKey("bid.id", ondelete="SET NULL"), index=True)
    """For which bid alone it was given or signed, where it is such a paper and somebody has said so."""
    member: Mapped[Member] = relationship(back_populates="documents")
    file: Mapped[StoredFile | None] = relationship()

    @property
    def is_usable(self) -> bool:
        """Whether there is a file, and staff have not found it wrong."""
        return self.file_id is not None and not self.fault

    def holds_on(self, day: date) -> bool:
        """Whether it is valid on the day; an open end covers everything."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)


class Absence(Base):
    """Days on which the member takes no work, first and last day included."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="in_order"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")
    member: Mapped[Member] = relationship(back_populates="absences")


class Workplace(Base):
    """A place where the member works, beside the address of the member itself. The way to a customer counts from it."""

    __tablename__ = "workplace"
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    street: Mapped[str]
    postcode: Mapped[str]
    city: Mapped[str]
    municipality: Mapped[str]
    member: Mapped[Member] = relationship(back_populates="workplaces")
