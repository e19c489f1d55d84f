"""Orders and the assignments by which members carry them out."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.catalog.models import Article, Offering
from app.catalog.pricing.models import PriceRow
from app.customers.models import Customer
from app.db import Base, Quantity
from app.errors import Refused
from app.members.models import Member
from app.money import NOUGHT, Money
from app.orders.delivery.states import WayWish
from app.orders.states import ASSIGNMENT_MOVES, IN_SWEDISH, LIVE, ORDER_MOVES, AssignmentState, EventKind, OrderState
from app.orders.windows.models import OrderWindow, WindowState
from app.vat import VatClass


class Order(Base):
    """What a customer asked for in one go."""

    __tablename__ = "order"
    __table_args__ = (
        Index("ix_order_customer_placed", "customer_id", "placed_at"),
        Index("ix_order_customer_day", "customer_id", "delivery_day"),
        Index("ix_order_state_day", "state", "delivery_day"),
        Index("ix_order_state_number", "state", "number"),
        Index("ix_order_reference_number", "order_reference", "number"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    ticket: Mapped[str] = mapped_column(unique=True)
    """Drawn with the checkout page; a form sent twice finds the order it already made."""
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    placed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    placed_at: Mapped[datetime]
    state: Mapped[OrderState] = mapped_column(default=OrderState.PLACED)
    delivery_day: Mapped[date]
    delivery_name: Mapped[str]
    street: Mapped[str]
    postcode: Mapped[str]
    city: Mapped[str]
    municipality: Mapped[str]
    buyer_reference: Mapped[str] = mapped_column(default="")
    order_reference: Mapped[str] = mapped_column(default="")
    cost_centre: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    consent: Mapped[str] = mapped_column(default="")
    """The words by which a private person let a service begin before the days of withdrawal have passed, as shown."""
    consent_at: Mapped[datetime | None]
    standing_order_id: Mapped[int | None] = mapped_column(ForeignKey("standing_order.id"), index=True)
    """The standing order that it is one time of."""
    wished_way: Mapped[WayWish | None]
    """How the customer would rather have it, where nobody looked at the ways before it was ordered."""
    customer: Mapped[Customer] = relationship()
    lines: Mapped[list[OrderLine]] = relationship(back_populates="order", order_by="OrderLine.id")
    bundles: Mapped[list[OrderBundle]] = relationship(back_populates="order", order_by="OrderBundle.id")
    assignments: Mapped[list[Assignment]] = relationship(back_populates="order", order_by="Assignment.id")
    events: Mapped[list[OrderEvent]] = relationship(back_populates="order", order_by="OrderEvent.id")

    @validates("state")
    def _legal_move(self, _key: str, to: OrderState) -> OrderState:
        if self.state is not None and to != self.state and to not in ORDER_MOVES[self.state]:
            raise Refused("Beställningen är redan avslutad och kan inte ändras.")
        return to

    @property
    def net(self) -> Money:
        """The sum without VAT of what is still to be delivered or has been."""
        return Money.total(line.net for line in self.lines)

    @property
    def has_open_part(self) -> bool:
        """Whether something lies with nobody. What waits for its batch waits for nobody yet."""
        return any(line.unassigned and not line.waits_for_window for line in self.lines)

    @property
    def waiting_windows(self) -> list[OrderWindow]:
        """The windows that still gather what was ordered, the first to close first."""
        found = {line.window for line in self.lines if line.window and line.waits_for_window and line.remaining}
        return sorted(found, key=lambda one: (one.closes_at, one.id))


class OrderBundle(Base):
    """Several articles bought as one, as it was called and priced that day. What is made are the lines under it."""

    __tablename__ = "order_bundle"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        ForeignKeyConstraint(
            ["article_id", "article_version"],
            ["article_version.article_id", "article_version.number"],
            name="fk_order_bundle_article_version",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="CASCADE"), index=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    article_version: Mapped[int | None]
    number: Mapped[str]
    name: Mapped[str]
    unit: Mapped[str]
    unit_text: Mapped[str]
    unit_price: Mapped[Money]
    """Of one bundle, without VAT; its lines' prices add up to it."""
    quantity: Mapped[Quantity]
    order: Mapped[Order] = relationship(back_populates="bundles")


class OrderLine(Base):
    """What was bought, as it was called and priced that day."""

    __tablename__ = "order_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("unassigned >= 0 AND called_off >= 0", name="parts_not_negative"),
        CheckConstraint("unassigned + called_off <= quantity", name="parts_within_quantity"),
        CheckConstraint("priced_per > 0", name="priced_per_positive"),
        Index(
            "ix_order_line_with_nobody",
            "order_id",
            sqlite_where=text("unassigned > 0"),
            postgresql_where=text("unassigned > 0"),
        ),
        ForeignKeyConstraint(
            ["article_id", "article_version"],
            ["article_version.article_id", "article_version.number"],
            name="fk_order_line_article_version",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="CASCADE"), index=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    article_version: Mapped[int | None]
    """Which published state of the article was bought."""
    number: Mapped[str]
    name: Mapped[str]
    unit: Mapped[str]
    unit_text: Mapped[str]
    unit_price: Mapped[Money]
    """Of `priced_per` units, without VAT."""
    priced_per: Mapped[Quantity] = mapped_column(default=Decimal(1))
    """For so many units the price holds (EN 16931 BT-149): in a bundle, what one bundle holds of the article."""
    price_row_id: Mapped[int | None] = mapped_column(ForeignKey("price_row.id"), index=True)
    """The row of a price list that gave the price; none when it was the article's own."""
    price_because: Mapped[str] = mapped_column(default="")
    """Why the unit price is what it is, in the words of that day."""
    agreed_cost: Mapped[Money | None]
    """What whoever makes it is paid per unit, where the price list says so; else the member's usual price."""
    indivisible: Mapped[Quantity | None]
    """Members take it on, and it is called off, by whole so many: a package, or a bundle's worth."""
    bundle_id: Mapped[int | None] = mapped_column(ForeignKey("order_bundle.id", ondelete="CASCADE"), index=True)
    to_next: Mapped[bool] = mapped_column(default=False)
    """Whether its maker hands it to the maker of the bundle's next line, and not to the customer."""
    due_on: Mapped[date | None]
    """When it must be handed over, if that is not the order's day of delivery."""
    window_id: Mapped[int | None] = mapped_column(ForeignKey("order_window.id"), index=True)
    """The window in which it was ordered, where it is made in batches."""
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"), index=True)
    """The framework agreement under whose ceiling it was called off, where it was under one."""
    vat_class: Mapped[VatClass]
    quantity: Mapped[Quantity]
    unassigned: Mapped[Quantity]
    """The part that lies with nobody: no member could take it, and staff see to it."""
    called_off: Mapped[Quantity] = mapped_column(default=Decimal(0))
    """The part that will not be delivered, by agreement with the customer."""
    cost_centre: Mapped[str] = mapped_column(default="")
    """The line's own, where it is another than the order's."""
    reference: Mapped[str] = mapped_column(default="")
    order: Mapped[Order] = relationship(back_populates="lines")
    article: Mapped[Article] = relationship()
    price_row: Mapped[PriceRow | None] = relationship()
    bundle: Mapped[OrderBundle | None] = relationship()
    window: Mapped[OrderWindow | None] = relationship(lazy="selectin")

    @property
    def waits_for_window(self) -> bool:
        """Whether nobody is asked yet, because its batch still gathers orders."""
        return self.window is not None and self.window.state == WindowState.OPEN

    @property
    def day(self) -> date:
        """When it must be handed over, to the customer or to who makes the next step."""
        return self.due_on or self.order.delivery_day

    @property
    def remaining(self) -> Decimal:
        """What the customer gets and pays for."""
        return self.quantity - self.called_off

    @property
    def net(self) -> Money:
        """Without VAT, for what remains."""
        return self.price_of(self.remaining)

    def price_of(self, quantity: Decimal) -> Money:
        """What so many units cost without VAT; exact for whole `priced_per`."""
        return self.unit_price.times(quantity / self.priced_per)


class Assignment(Base):
    """A member's part of an order."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index("ix_assignment_member_state", "member_id", "state", "id"),
        Index("ix_assignment_member_state_day", "member_id", "state", "delivery_day"),
        Index("ix_assignment_state_day", "state", "delivery_day"),
        Index("ix_assignment_state_answer_before", "state", "answer_before"),
        Index("ix_assignment_member_day", "member_id", "delivery_day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    state: Mapped[AssignmentState] = mapped_column(default=AssignmentState.OFFERED)
    delivery_day: Mapped[date]
    offered_at: Mapped[datetime]
    answer_before: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    declined_because: Mapped[str | None]
    order: Mapped[Order] = relationship(back_populates="assignments")
    member: Mapped[Member] = relationship()
    lines: Mapped[list[AssignmentLine]] = relationship(
        back_populates="assignment", order_by="AssignmentLine.id", cascade="all, delete-orphan"
    )

    @validates("state")
    def _legal_move(self, _key: str, to: AssignmentState) -> AssignmentState:
        if self.state is not None and to not in ASSIGNMENT_MOVES[self.state]:
            raise Refused(f"Uppdraget är redan {IN_SWEDISH[self.state]} och kan inte bli {IN_SWEDISH[to]}.")
        return to

    @property
    def is_live(self) -> bool:
        """Whether it holds goods and capacity."""
        return self.state in LIVE

    @property
    def pay(self) -> Money:
        """What the member earns by it, without VAT."""
        return Money.total(line.pay for line in self.lines)


class AssignmentLine(Base):
    """How much of an order line the member is asked for and has taken on, at which member price."""

    __tablename__ = "assignment_line"
    __table_args__ = (
        CheckConstraint("offered > 0", name="offered_positive"),
        CheckConstraint("quantity >= 0 AND quantity <= offered", name="quantity_within_offered"),
        ForeignKeyConstraint(
            ["offering_id", "offering_version"],
            ["offering_version.offering_id", "offering_version.number"],
            name="fk_assignment_line_offering_version",
        ),
        Index("ix_assignment_line_offering", "offering_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), index=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id", ondelete="CASCADE"), index=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offering.id"))
    offering_version: Mapped[int | None]
    """Which published state of the offering held. Its member price gives way to the order line's agreed cost."""
    offered: Mapped[Quantity]
    quantity: Mapped[Quantity]
    """What it holds now: all that was offered until the member answers, then what it accepted."""
    member_price: Mapped[Money]
    chosen_because: Mapped[str]
    """Why this member got the line, in words."""
    assignment: Mapped[Assignment] = relationship(back_populates="lines")
    order_line: Mapped[OrderLine] = relationship()
    offering: Mapped[Offering] = relationship()

    @property
    def pay(self) -> Money:
        """What the member earns by the line, without VAT."""
        return self.member_price.times(self.quantity)


class OrderEvent(Base):
    """One line of the order's time line. What a member declined is for staff, never for the customer."""

    __tablename__ = "order_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[EventKind]
    by_name: Mapped[str] = mapped_column(default="")
    member_name: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    """A reason or an amount, as it was given."""
    for_customer: Mapped[bool]
    order: Mapped[Order] = relationship(back_populates="events")
    entries: Mapped[list[OrderEntry]] = relationship(back_populates="event", order_by="OrderEntry.id")


class OrderEntry(Base):
    """What an event did to one line, in figures. Never changed: `ledger.py` adds up what is charged and earned."""

    __tablename__ = "order_entry"
    __table_args__ = (Index("ix_order_entry_member_event", "member_id", "event_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("order_event.id", ondelete="CASCADE"), index=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    """Whose hand it came from, where it came from one."""
    ordered: Mapped[Quantity] = mapped_column(default=Decimal(0))
    called_off: Mapped[Quantity] = mapped_column(default=Decimal(0))
    delivered: Mapped[Quantity] = mapped_column(default=Decimal(0))
    charged: Mapped[Money] = mapped_column(default=NOUGHT)
    earned: Mapped[Money] = mapped_column(default=NOUGHT)
    """What the member earns more, or less, as `charged` is what the customer pays more, or less. Both without VAT."""
    event: Mapped[OrderEvent] = relationship(back_populates="entries")
    order_line: Mapped[OrderLine] = relationship()
