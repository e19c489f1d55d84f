"""What the routing goes by beside what members can: policies, customers' wishes, holds; and what it decided."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.models import Offering
from app.catalog.pricing.models import PriceList
from app.customers.models import Customer
from app.db import Base, Quantity
from app.members.models import Member
from app.orders.routing_values import PolicyKind


class Wish(StrEnum):
    """What a customer wants of a member."""

    PREFERRED = "preferred"
    BARRED = "barred"


class RoutingPolicy(Base):
    """How members are chosen under a framework agreement, or where no agreement says anything."""

    __tablename__ = "routing_policy"
    __table_args__ = (
        CheckConstraint("(house IS NULL) = (price_list_id IS NOT NULL)", name="house_or_agreement"),
        CheckConstraint("house IS NULL OR house", name="house_is_one"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    price_list_id: Mapped[int | None] = mapped_column(ForeignKey("price_list.id", ondelete="CASCADE"), unique=True)
    """The agreement's price list."""
    house: Mapped[bool | None] = mapped_column(unique=True)
    """True for the house's own, so that there is one; else none."""
    kind: Mapped[PolicyKind] = mapped_column(default=PolicyKind.FAIR)
    only_listed: Mapped[bool] = mapped_column(default=False)
    """Whether nobody without a place may be asked."""
    near_first: Mapped[bool] = mapped_column(default=False)
    """Whether a shorter way goes before the turn."""
    price_list: Mapped[PriceList | None] = relationship()
    places: Mapped[list[RoutingPlace]] = relationship(
        back_populates="policy", order_by="RoutingPlace.place, RoutingPlace.member_id", cascade="all, delete-orphan"
    )


class RoutingPlace(Base):
    """A member's rank, counted from 1, or its share in per mille."""

    __tablename__ = "routing_place"
    __table_args__ = (CheckConstraint("place BETWEEN 1 AND 1000", name="place_possible"),)
    policy_id: Mapped[int] = mapped_column(ForeignKey("routing_policy.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)
    place: Mapped[int]
    policy: Mapped[RoutingPolicy] = relationship(back_populates="places")
    member: Mapped[Member] = relationship()

    @property
    def per_cent(self) -> Decimal:
        """The share in per cent, where the place is one."""
        return Decimal(self.place) / 10


class CustomerWish(Base):
    """A member that a customer would rather have, or is not to have. Staff write it; the member never sees it."""

    __tablename__ = "customer_wish"
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)
    wish: Mapped[Wish]
    reason: Mapped[str]
    since: Mapped[datetime]
    customer: Mapped[Customer] = relationship()
    member: Mapped[Member] = relationship()


class CapacityHold(Base):
    """So much of a member's week is kept back: for an agreement's orders, or for what a bid has promised."""

    __tablename__ = "capacity_hold"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="in_order"),
        CheckConstraint("per_week > 0", name="per_week_positive"),
        Index("ix_capacity_hold_offering_last", "offering_id", "last_day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offering.id", ondelete="CASCADE"))
    price_list_id: Mapped[int | None] = mapped_column(ForeignKey("price_list.id", ondelete="CASCADE"), index=True)
    """The agreement whose own orders may use it; none when no order may."""
    first_day: Mapped[date]
    last_day: Mapped[date]
    per_week: Mapped[Quantity]
    why: Mapped[str]
    offering: Mapped[Offering] = relationship()
    price_list: Mapped[PriceList | None] = relationship()


class RoutingDecision(Base):
    """One sharing out, explained in the words of that day: who was thought of, why not, why this one."""

    __tablename__ = "routing_decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    told: Mapped[dict[str, Any]]
    """As `explaining.told` writes it."""
