"""Standing orders as rows. What was agreed is never overwritten: a change from a date is a new version."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.catalog.models import Article
from app.customers.models import Customer
from app.db import Base, Quantity
from app.orders.delivery.states import WayWish
from app.orders.models import Order
from app.orders.standing.rhythm import Every, HolidayRule, Rhythm, Season

MONTH = 100
"""A day of the year is kept as month times a hundred and day."""


class OccurrenceState(StrEnum):
    """What became of one time."""

    COMING = "coming"
    ORDERED = "ordered"
    FAILED = "failed"
    """It could not be ordered; it is tried again each day as long as there is time."""
    MISSED = "missed"
    """Its day came before it could be ordered."""
    SKIPPED = "skipped"
    """The customer, or staff for it, wants nothing this once."""


TO_ORDER = (OccurrenceState.COMING, OccurrenceState.FAILED)


class StandingOrder(Base):
    """What a customer wants again and again, until it says otherwise."""

    __tablename__ = "standing_order"
    __table_args__ = (
        CheckConstraint("notice_days BETWEEN 0 AND 90", name="notice_sane"),
        Index("ix_standing_order_customer", "customer_id", "last_day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    ticket: Mapped[str] = mapped_column(unique=True)
    """Drawn with the page; a form sent twice finds what it already made."""
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    placed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    """In whose name its orders are placed."""
    made_at: Mapped[datetime]
    name: Mapped[str]
    """What the customer calls it."""
    notice_days: Mapped[int]
    """So many working days before it, the customer may pause, change or end it by itself."""
    last_day: Mapped[date | None]
    """Nothing is named for a later day. None: until further notice."""
    planned_to: Mapped[date]
    """So far its times are written down."""
    customer: Mapped[Customer] = relationship()
    placed_by: Mapped[User | None] = relationship()
    versions: Mapped[list[StandingVersion]] = relationship(
        back_populates="standing_order", order_by="StandingVersion.id", cascade="all, delete-orphan"
    )
    pauses: Mapped[list[StandingPause]] = relationship(
        back_populates="standing_order", order_by="StandingPause.first_day", cascade="all, delete-orphan"
    )

    def version_on(self, nominal: date) -> StandingVersion | None:
        """What holds for a named day: the last that was agreed of those that had begun."""
        return next((one for one in reversed(self.versions) if one.valid_from <= nominal), None)

    def holds_on(self, today: date) -> StandingVersion:
        """What is shown as agreed: what holds that day, or what it will begin with."""
        return self.version_on(today) or self.versions[0]

    def versions_after(self, today: date) -> list[StandingVersion]:
        """What will hold later instead of that, and from when."""
        coming = [one for one in self.versions if one.valid_from > today and self.version_on(one.valid_from) is one]
        return [one for one in coming if one is not self.holds_on(today)]

    def rests_on(self, nominal: date) -> bool:
        """Whether a named day lies in a pause."""
        return any(one.holds(nominal) for one in self.pauses)


class StandingVersion(Base):
    """What is wanted, how often and where to, from a day on."""

    __tablename__ = "standing_version"
    __table_args__ = (
        CheckConstraint("step BETWEEN 1 AND 52", name="step_sane"),
        CheckConstraint("(season_first IS NULL) = (season_last IS NULL)", name="season_whole"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    standing_order_id: Mapped[int] = mapped_column(ForeignKey("standing_order.id", ondelete="CASCADE"), index=True)
    valid_from: Mapped[date]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    every: Mapped[Every]
    step: Mapped[int]
    anchor: Mapped[date]
    weekdays: Mapped[list[int]] = mapped_column(JSON)
    month_day: Mapped[int]
    nth: Mapped[int]
    season_first: Mapped[int | None]
    season_last: Mapped[int | None]
    holiday: Mapped[HolidayRule]
    delivery_name: Mapped[str]
    street: Mapped[str]
    postcode: Mapped[str]
    city: Mapped[str]
    municipality: Mapped[str]
    buyer_reference: Mapped[str]
    order_reference: Mapped[str]
    cost_centre: Mapped[str]
    note: Mapped[str]
    consent: Mapped[str]
    """By these words a private person has let services begin before the days of withdrawal have passed."""
    wished_way: Mapped[WayWish | None]
    """How each time should come; None for the best way there is."""
    standing_order: Mapped[StandingOrder] = relationship(back_populates="versions")
    lines: Mapped[list[StandingLine]] = relationship(
        back_populates="version", order_by="StandingLine.id", cascade="all, delete-orphan"
    )

    @property
    def rhythm(self) -> Rhythm:
        """As a value for the pure rules."""
        season = None
        if self.season_first is not None and self.season_last is not None:
            season = Season(divmod(self.season_first, MONTH), divmod(self.season_last, MONTH))
        return Rhythm(
            every=self.every,
            step=self.step,
            anchor=self.anchor,
            weekdays=frozenset(self.weekdays),
            month_day=self.month_day,
            nth=self.nth,
            season=season,
            holiday=self.holiday,
        )


class StandingLine(Base):
    """So much of an article, each time."""

    __tablename__ = "standing_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        UniqueConstraint("version_id", "article_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("standing_version.id", ondelete="CASCADE"))
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    quantity: Mapped[Quantity]
    version: Mapped[StandingVersion] = relationship(back_populates="lines")
    article: Mapped[Article] = relationship()


class StandingPause(Base):
    """Named days on which nothing comes, first and last included. Without a last day until it goes on."""

    __tablename__ = "standing_pause"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="in_order"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    standing_order_id: Mapped[int] = mapped_column(ForeignKey("standing_order.id", ondelete="CASCADE"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    standing_order: Mapped[StandingOrder] = relationship(back_populates="pauses")

    def holds(self, nominal: date) -> bool:
        """Whether it covers a named day."""
        return self.first_day <= nominal and (self.last_day is None or nominal <= self.last_day)


class StandingOccurrence(Base):
    """One time that something comes. The named day is its key, so that it becomes one order and never two."""

    __tablename__ = "standing_occurrence"
    __table_args__ = (
        UniqueConstraint("standing_order_id", "nominal"),
        Index("ix_standing_occurrence_state_place_on", "state", "place_on"),
        Index("ix_standing_occurrence_state_day", "state", "day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    standing_order_id: Mapped[int] = mapped_column(ForeignKey("standing_order.id", ondelete="CASCADE"))
    version_id: Mapped[int] = mapped_column(ForeignKey("standing_version.id", ondelete="CASCADE"), index=True)
    nominal: Mapped[date]
    """The day that the rhythm names."""
    day: Mapped[date]
    """When it is delivered; another where the named day is a holiday."""
    place_on: Mapped[date]
    """On this day, or the next time somebody looks, it is ordered."""
    state: Mapped[OccurrenceState] = mapped_column(default=OccurrenceState.COMING)
    handed_over_at: Mapped[datetime | None]
    """When a worker was last told to order it."""
    order_id: Mapped[int | None] = mapped_column(ForeignKey("order.id", ondelete="SET NULL"), unique=True)
    why: Mapped[str] = mapped_column(default="")
    """Why it was not ordered, in words for customer and staff."""
    standing_order: Mapped[StandingOrder] = relationship()
    version: Mapped[StandingVersion] = relationship()
    order: Mapped[Order | None] = relationship()
