"""Articles, which customers buy, and offerings, by which members make them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.catalog.kinds import ArticleKind, Withdrawal
from app.db import Base, Quantity
from app.errors import Refused
from app.members.models import Member
from app.money import Money
from app.places import swedish_order
from app.reliefs import Work
from app.treatments import Division
from app.vat import VatClass, VatKey, VatPart, VatRule, key_of


class Category(Base):
    """A shelf of the catalogue."""

    __tablename__ = "category"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name_sv: Mapped[str]
    name_en: Mapped[str]
    illustration: Mapped[str]
    position: Mapped[int]


class CpvCode(Base):
    """A code of the common procurement vocabulary, with its check digit: 03222000-3."""

    __tablename__ = "cpv_code"
    code: Mapped[str] = mapped_column(primary_key=True)
    label_sv: Mapped[str]
    label_en: Mapped[str]


class VatRate(Base):
    """One row of the dated VAT table."""

    __tablename__ = "vat_rate"
    __table_args__ = (UniqueConstraint("vat_class", "valid_from"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    vat_class: Mapped[VatClass]
    valid_from: Mapped[date]
    parts: Mapped[dict[str, Any]]
    """``{"parts": [[share, rate, category], …]}``"""
    note: Mapped[str] = mapped_column(default="")

    @property
    def rule(self) -> VatRule:
        """The row as a value for the pure rules."""
        parts = tuple(VatPart(*part) for part in self.parts["parts"])
        return VatRule(self.vat_class, self.valid_from, parts, self.note)


class VatDivision(Base):
    """Of what an article's price consists from a day on, by our own calculation. A later one does not change it."""

    __tablename__ = "vat_division"
    __table_args__ = (UniqueConstraint("article_id", "valid_from"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    valid_from: Mapped[date]
    shares: Mapped[dict[str, Any]]
    """``{"restaurant": 60, "standard": 40}``, in per cent."""
    why: Mapped[str]
    """How it was reckoned."""
    set_at: Mapped[datetime]
    set_by: Mapped[str]

    @property
    def value(self) -> Division:
        """The row as a value for the pure rules."""
        return Division(self.article_id, self.valid_from, tuple((VatClass(k), v) for k, v in self.shares.items()))


class ApprovalState(StrEnum):
    """Where something that a member proposes stands with staff."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    SOLD = "sold"
    """A single piece that somebody has ordered."""
    MEMBERS = "members"
    """An article that members alone see and buy. What is for everybody asks for what is approved, and misses it."""
    AGREED = "agreed"
    """An article that stands in a framework agreement alone: only who may call off from it sees and buys it."""


MOVES = {
    ApprovalState.PROPOSED: {ApprovalState.APPROVED, ApprovalState.DECLINED, ApprovalState.WITHDRAWN},
    ApprovalState.APPROVED: {ApprovalState.WITHDRAWN, ApprovalState.SOLD, ApprovalState.MEMBERS},
    ApprovalState.DECLINED: {ApprovalState.PROPOSED},
    ApprovalState.WITHDRAWN: {ApprovalState.APPROVED, ApprovalState.PROPOSED, ApprovalState.MEMBERS},
    ApprovalState.SOLD: {ApprovalState.APPROVED},
    ApprovalState.MEMBERS: {ApprovalState.APPROVED, ApprovalState.WITHDRAWN},
    ApprovalState.AGREED: {ApprovalState.APPROVED, ApprovalState.WITHDRAWN},
}
ON_SALE = (ApprovalState.APPROVED, ApprovalState.MEMBERS, ApprovalState.AGREED)
"""The states of an article that somebody can buy."""
IN_SWEDISH = {
    ApprovalState.PROPOSED: "föreslagen",
    ApprovalState.APPROVED: "godkänd",
    ApprovalState.DECLINED: "avböjd",
    ApprovalState.WITHDRAWN: "borttagen",
    ApprovalState.SOLD: "såld",
    ApprovalState.MEMBERS: "bara för medlemmar",
    ApprovalState.AGREED: "bara i ett ramavtal",
}


class NeedsApproval:
    """What an article and an offering have in common: staff say yes before anybody can buy."""

    state: Mapped[ApprovalState]
    declined_because: Mapped[str | None]

    @validates("state")
    def _legal_move(self, _key: str, to: ApprovalState) -> ApprovalState:
        if self.state is not None and to != self.state and to not in MOVES[self.state]:
            raise Refused(f"Den är {IN_SWEDISH[self.state]} och kan inte bli {IN_SWEDISH[to]}.")
        return to


class Article(NeedsApproval, Base):
    """What customers buy from the sales company."""

    __tablename__ = "article"
    __table_args__ = (
        CheckConstraint("price > 0", name="price_positive"),
        CheckConstraint("min_quantity > 0", name="min_quantity_positive"),
        CheckConstraint("quantity_step > 0", name="quantity_step_positive"),
        CheckConstraint("pack_size > 0", name="pack_size_positive"),
        CheckConstraint("deposit >= 0", name="deposit_not_negative"),
        CheckConstraint("labour_percent BETWEEN 1 AND 100", name="labour_per_cent"),
        CheckConstraint("(work IS NULL) = (labour_percent IS NULL)", name="work_whole"),
        CheckConstraint("(content IS NULL) = (content_unit IS NULL)", name="content_whole"),
        Index("ix_article_state_sort_name", "state", "sort_name", "id"),
        Index("ix_article_state_category_sort_name", "state", "category_id", "sort_name", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    sort_name: Mapped[str] = mapped_column(String().with_variant(String(collation="C"), "postgresql"))
    """The name as a Swedish index sorts it, compared sign by sign on both databases. It follows from the name."""
    description: Mapped[str]
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    cpv: Mapped[str | None] = mapped_column(ForeignKey("cpv_code.code"), index=True)
    unit: Mapped[str]
    """UN/ECE Rec 20 code."""
    unit_text: Mapped[str] = mapped_column(default="")
    """What the unit is called where Rec 20 has no word for it: "trapphus och månad"."""
    vat_class: Mapped[VatClass]
    price: Mapped[Money]
    """Per unit, without VAT."""
    kind: Mapped[ArticleKind] = mapped_column(default=ArticleKind.GOODS)
    min_quantity: Mapped[Quantity | None]
    """The least that can be ordered, in the article's unit."""
    quantity_step: Mapped[Quantity | None]
    """Above the least, orders grow by so much."""
    pack_size: Mapped[Quantity | None]
    """So many units lie in a package; only whole packages are sold."""
    content: Mapped[Quantity | None]
    """How much of `content_unit` one unit holds: 5 kg in a basket. The comparison price follows from it."""
    content_unit: Mapped[str | None]
    """One of `kinds.COMPARED_IN`."""
    ingredients: Mapped[str] = mapped_column(default="")
    allergens: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Keys of `kinds.ALLERGENS`, in their order."""
    withdrawal: Mapped[Withdrawal] = mapped_column(default=Withdrawal.RIGHT)
    deposit: Mapped[Money] = mapped_column(default=Money(0))
    """Per unit without VAT, for what must come back, such as a basket."""
    rut: Mapped[bool] = mapped_column(default=False)
    """Whether private people may get the tax deduction for household work (IL 67 kap. 13 §)."""
    work: Mapped[Work | None]
    """Which household work it is, where we make the deduction; staff say so, and customers' orders keep it."""
    labour_percent: Mapped[int | None]
    """Of its price that is labour: only that gives a deduction (IL 67 kap. 18 §)."""
    version: Mapped[int] = mapped_column(default=0)
    """The number of the version that customers see; 0 until something has been published."""
    state: Mapped[ApprovalState] = mapped_column(default=ApprovalState.PROPOSED)
    declined_because: Mapped[str | None]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    created_at: Mapped[datetime]
    category: Mapped[Category] = relationship()
    proposed_by: Mapped[Member | None] = relationship()
    offerings: Mapped[list[Offering]] = relationship(back_populates="article", order_by="Offering.id")
    parts: Mapped[list[BundlePart]] = relationship(
        back_populates="bundle",
        order_by="BundlePart.position",
        cascade="all, delete-orphan",
        foreign_keys="BundlePart.bundle_id",
    )

    @property
    def vat_key(self) -> VatKey:
        """By what the VAT table is asked about it."""
        return key_of(self.vat_class, self.id)

    @validates("name")
    def _sort_by(self, _key: str, name: str) -> str:
        self.sort_name = swedish_order(name)
        return name


class BundlePart(Base):
    """One of the articles that are sold together, and its place in the chain."""

    __tablename__ = "bundle_part"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("bundle_id <> article_id", name="not_itself"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bundle_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    quantity: Mapped[Quantity]
    """Of the part's own unit, in one unit of the bundle."""
    position: Mapped[int]
    to_next: Mapped[bool] = mapped_column(default=False)
    """Whether who makes this part delivers it to who makes the next one, and not to the customer."""
    bundle: Mapped[Article] = relationship(back_populates="parts", foreign_keys=[bundle_id])
    article: Mapped[Article] = relationship(foreign_keys=[article_id])


IS_PROPOSED = "state = 'proposed'"
"""Few wait among very many, so they have an index of their own."""


class Offering(NeedsApproval, Base):
    """A member's ability to produce an article."""

    __tablename__ = "offering"
    __table_args__ = (
        UniqueConstraint("article_id", "member_id"),
        CheckConstraint("member_price > 0", name="member_price_positive"),
        CheckConstraint("capacity_per_week > 0", name="capacity_positive"),
        CheckConstraint("lead_days BETWEEN 0 AND 365", name="lead_days_sane"),
        Index("ix_offering_member_state", "member_id", "state"),
        Index("ix_offering_article_state_lead_days", "article_id", "state", "lead_days", "member_id"),
        Index("ix_offering_proposed", "id", sqlite_where=text(IS_PROPOSED), postgresql_where=text(IS_PROPOSED)),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    member_price: Mapped[Money]
    """What the member is paid per unit, without VAT."""
    capacity_per_week: Mapped[Quantity]
    """Units of the article from Monday to Sunday."""
    lead_days: Mapped[int]
    """Working days from order to delivery."""
    version: Mapped[int] = mapped_column(default=0)
    """The number of the version that holds; 0 until staff have approved one."""
    state: Mapped[ApprovalState] = mapped_column(default=ApprovalState.PROPOSED)
    declined_because: Mapped[str | None]
    created_at: Mapped[datetime]
    article: Mapped[Article] = relationship(back_populates="offerings")
    member: Mapped[Member] = relationship()
    areas: Mapped[list[OfferingArea]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    pauses: Mapped[list[OfferingPause]] = relationship(back_populates="offering", passive_deletes=True)

    @property
    def municipalities(self) -> frozenset[str]:
        """The SCB codes of the municipalities served."""
        return frozenset(area.municipality for area in self.areas)


class OfferingArea(Base):
    """A municipality that an offering serves."""

    __tablename__ = "offering_area"
    __table_args__ = (Index("ix_offering_area_municipality", "municipality", "offering_id"),)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offering.id", ondelete="CASCADE"), primary_key=True)
    municipality: Mapped[str] = mapped_column(primary_key=True)


class OfferingPause(Base):
    """Days on which a member does not make an article, first and last day included. It holds at once."""

    __tablename__ = "offering_pause"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="in_order"),
        Index("ix_offering_pause_offering", "offering_id", "last_day"),
        Index("ix_offering_pause_last_day", "last_day", "first_day", "offering_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offering.id", ondelete="CASCADE"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    offering: Mapped[Offering] = relationship(back_populates="pauses")


class CatalogEdition(Base):
    """Which edition of the catalogue is out. Every change makes a new one, so that all processes know what is old."""

    __tablename__ = "catalog_edition"
    id: Mapped[int] = mapped_column(primary_key=True)
    """Always 1: there is one catalogue."""
    number: Mapped[int]
