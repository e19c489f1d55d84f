"""A framework agreement with its ceiling, its options, its members' rows, and each order line that was called off."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Article
from app.catalog.pricing.models import PriceList
from app.customers.models import Customer
from app.db import Base, Quantity
from app.members.models import Member, SellerModel
from app.members.selling import model_at
from app.money import NOUGHT, Money
from app.orders.models import OrderLine


class WhoUses(StrEnum):
    """Who may make use of an option to go on."""

    BUYER = "buyer"
    BOTH = "both"
    """It takes that both want to."""


class Noticed(StrEnum):
    """Of what staff have been reminded."""

    OPTION = "option"
    END = "end"
    REPORT = "report"
    WINDOW = "window"


class Agreement(Base):
    """A framework agreement: made from a bid that we won, with a price list from which its buyers call off."""

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint("ceiling > 0", name="ceiling_positive"),
        CheckConstraint("called_off >= 0", name="called_off_not_negative"),
        CheckConstraint("last_day >= first_day", name="days_in_order"),
        CheckConstraint("report_every IN (0, 1, 3, 6, 12)", name="report_every_possible"),
        CheckConstraint("index_part BETWEEN 0 AND 100000", name="index_part_possible"),
        Index("ix_agreement_last_day", "last_day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int | None] = mapped_column(ForeignKey("bid.id", ondelete="SET NULL"), unique=True)
    """The bid from which it was made: one bid becomes one agreement, however many press the button."""
    price_list_id: Mapped[int] = mapped_column(ForeignKey("price_list.id"), unique=True)
    """The newest version of its prices; it may begin later than today."""
    number: Mapped[str]
    """As its buyers write it."""
    name: Mapped[str]
    buyer_name: Mapped[str]
    ceiling: Mapped[Money]
    """The most that may be called off in all (EU-domstolen C-216/17 and C-23/20; HFD 2022:4), without VAT."""
    called_off: Mapped[Money] = mapped_column(default=NOUGHT)
    """What counts against the ceiling now. Only `ceilings.py` writes it, in one statement."""
    first_day: Mapped[date]
    last_day: Mapped[date]
    """With the options that have been used."""
    why_longer: Mapped[str] = mapped_column(default="")
    """The special reason of an agreement of more than four years (LOU 7 kap. 2 §)."""
    index_name: Mapped[str] = mapped_column(default="")
    """Which published series prices follow; empty where none."""
    index_base: Mapped[Quantity | None]
    """The figure that today's prices rest on."""
    index_threshold: Mapped[Quantity] = mapped_column(default=Decimal(0))
    """A change of fewer per cent is carried over to the next time."""
    index_part: Mapped[Quantity] = mapped_column(default=Decimal(100))
    """Per cent of the price that follow the index."""
    index_first: Mapped[date | None]
    """The first day on which prices may change; after that the same day each year."""
    index_opens: Mapped[int] = mapped_column(default=90)
    """So many days before is the first on which a rise may be asked for."""
    index_closes: Mapped[int] = mapped_column(default=30)
    """So many days before is the last. Whoever misses it has the old prices for another year."""
    report_every: Mapped[int] = mapped_column(default=0)
    """Months between statistics; nought where the buyer wants none."""
    report_within: Mapped[int] = mapped_column(default=15)
    """Working days after the period."""
    report_words: Mapped[str] = mapped_column(default="")
    """What is wanted, whither it goes, and what it costs to forget it."""
    seller_model: Mapped[SellerModel | None]
    """Who sells under it, where that is agreed; else as each member has it."""
    sold_before: Mapped[list[list[str]] | None] = mapped_column(JSON)
    """What the line above has been before (`app.members.selling`)."""
    looked_on: Mapped[date | None]
    """When it was last seen to that staff are reminded of its days."""
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    price_list: Mapped[PriceList] = relationship(foreign_keys=[price_list_id])
    lists: Mapped[list[AgreementList]] = relationship(back_populates="agreement")
    options: Mapped[list[AgreementOption]] = relationship(
        back_populates="agreement", order_by="AgreementOption.last_day", cascade="all, delete-orphan"
    )
    warnings: Mapped[list[CeilingWarning]] = relationship(order_by="CeilingWarning.percent")

    def sold_as(self, at: datetime | None) -> SellerModel | None:
        """Who sold what was handed over under it at that moment; None for as each member has it."""
        model = model_at(self.seller_model, self.sold_before, at)
        return SellerModel(model) if model else None

    @property
    def left(self) -> Money:
        """What can still be called off."""
        return max(self.ceiling - self.called_off, NOUGHT)

    @property
    def percent(self) -> Decimal:
        """How much of the ceiling has been called off, with one decimal, rounded down: 99,9 is not yet the end."""
        return Decimal(self.called_off.ore * 1000 // self.ceiling.ore) / 10

    @property
    def reached(self) -> list[CeilingWarning]:
        """The levels that staff were told of and that what is called off still reaches, the lowest first."""
        return [one for one in self.warnings if one.percent * self.ceiling.ore <= self.called_off.ore * 100]


class AgreementList(Base):
    """One version of an agreement's prices: each price list belongs to one agreement."""

    __tablename__ = "agreement_list"
    price_list_id: Mapped[int] = mapped_column(ForeignKey("price_list.id", ondelete="CASCADE"), primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"), index=True)
    agreement: Mapped[Agreement] = relationship(back_populates="lists")
    price_list: Mapped[PriceList] = relationship()


class AgreementOption(Base):
    """A possible extension: to which day, and until when it can be used."""

    __tablename__ = "agreement_option"
    __table_args__ = (UniqueConstraint("agreement_id", "last_day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"))
    last_day: Mapped[date]
    use_by: Mapped[date]
    """The last day on which it can be used."""
    whose: Mapped[WhoUses]
    used_at: Mapped[datetime | None]
    used_by: Mapped[str] = mapped_column(default="")
    agreement: Mapped[Agreement] = relationship(back_populates="options")


class AgreementPart(Base):
    """What a member makes of one of the agreement's articles, from a day; kept when somebody else takes over."""

    __tablename__ = "agreement_part"
    __table_args__ = (
        CheckConstraint("yearly > 0", name="yearly_positive"),
        Index("ix_agreement_part_agreement_member", "agreement_id", "member_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    ref: Mapped[str] = mapped_column(default="")
    """The row of the buyer's price schedule."""
    yearly: Mapped[Quantity]
    member_price: Mapped[Money | None]
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    """When it ended before the agreement did."""
    why: Mapped[str] = mapped_column(default="")
    member: Mapped[Member] = relationship()
    article: Mapped[Article] = relationship()


class CallOff(Base):
    """What an order line counts against its agreement's ceiling. Written with the line, and again as it changes."""

    __tablename__ = "call_off"
    __table_args__ = (
        CheckConstraint("counted >= 0", name="counted_not_negative"),
        CheckConstraint("fees >= 0", name="fees_not_negative"),
        Index("ix_call_off_agreement_day", "agreement_id", "day"),
        Index("ix_call_off_agreement_customer", "agreement_id", "customer_id"),
    )
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id", ondelete="CASCADE"), primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    day: Mapped[date]
    """The day of ordering."""
    counted: Mapped[Money]
    """Without VAT: what remains of the line, less what has been credited of it, and the fees that it carries."""
    credited: Mapped[Money] = mapped_column(default=NOUGHT)
    fees: Mapped[Money | None]
    """For bringing it, without VAT; one line carries those of its parcel. None where they did not count yet."""
    order_line: Mapped[OrderLine] = relationship()
    customer: Mapped[Customer] = relationship()


class CeilingWarning(Base):
    """So many per cent of the ceiling were reached: said once, however often it falls and rises again.

    Where the ceiling itself is changed, what is not reached any more is forgotten.
    """

    __tablename__ = "ceiling_warning"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True)
    percent: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    called_off: Mapped[Money]


class AgreementNotice(Base):
    """Staff have been reminded of something of a day, once."""

    __tablename__ = "agreement_notice"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[Noticed] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class IndexRise(Base):
    """A published figure was weighed: prices follow it from a day, or what it changed is carried over."""

    __tablename__ = "index_rise"
    __table_args__ = (UniqueConstraint("agreement_id", "from_day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"))
    from_day: Mapped[date]
    base: Mapped[Quantity]
    figure: Mapped[Quantity]
    source: Mapped[str]
    """Where the figure was published, and for which month."""
    percent: Mapped[Quantity]
    """By how much prices change; nought where it is carried over."""
    price_list_id: Mapped[int | None] = mapped_column(ForeignKey("price_list.id"), index=True)
    """The new version of the prices; none where it is carried over."""
    asked_on: Mapped[date]
    at: Mapped[datetime]
    by_name: Mapped[str]


class AgreementLeaving(Base):
    """A member leaves an agreement from a day, and who takes over what. What is written stays as it was."""

    __tablename__ = "agreement_leaving"
    __table_args__ = (UniqueConstraint("agreement_id", "member_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    from_day: Mapped[date]
    reason: Mapped[str]
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    """As `leaving.told` writes it: who takes over how much of what, and what nobody can carry."""
    at: Mapped[datetime]
    by_name: Mapped[str]
    member: Mapped[Member] = relationship()


class AgreementReport(Base):
    """Statistics of a period were sent to the buyer."""

    __tablename__ = "agreement_report"
    __table_args__ = (UniqueConstraint("agreement_id", "first_day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    value: Mapped[Money]
    sent_at: Mapped[datetime]
    by_name: Mapped[str]
