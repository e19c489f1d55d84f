"""Quotes and their versions. A version is written until it is sent, and never after."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.catalog.models import Article
from app.customers.models import Customer
from app.db import Base, Quantity
from app.errors import Refused
from app.files import StoredFile
from app.mail import Letter
from app.money import Money
from app.orders.models import Order
from app.orders.quotes.states import IN_SWEDISH, QUOTE_MOVES, AcceptedHow, QuoteEventKind, QuoteState


class Quote(Base):
    """What a customer may have, at which price; the order that came of it, if one did."""

    __tablename__ = "quote"
    __table_args__ = (Index("ix_quote_state_number", "state", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    ticket: Mapped[str] = mapped_column(unique=True)
    """Drawn with the page on which it is asked for; a form sent twice finds the quote it already made."""
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    state: Mapped[QuoteState]
    made_at: Mapped[datetime]
    message: Mapped[str] = mapped_column(default="")
    """What the customer wrote when it asked."""
    wished_day: Mapped[date | None]
    """None where staff began it of their own accord."""
    order_id: Mapped[int | None] = mapped_column(ForeignKey("order.id"), unique=True)
    customer: Mapped[Customer] = relationship()
    order: Mapped[Order | None] = relationship()
    versions: Mapped[list[QuoteVersion]] = relationship(back_populates="quote", order_by="QuoteVersion.number")
    events: Mapped[list[QuoteEvent]] = relationship(back_populates="quote", order_by="QuoteEvent.id")

    @validates("state")
    def _legal_move(self, _key: str, to: QuoteState) -> QuoteState:
        if self.state is not None and to not in QUOTE_MOVES[self.state]:
            raise Refused(f"Offerten är {IN_SWEDISH[self.state]}. Ladda om sidan och se vad som gäller.")
        return to

    @property
    def is_for_customer(self) -> bool:
        """Whether the customer knows of it: it has asked, or got something."""
        return self.wished_day is not None or bool(self.sent)

    @property
    def sent(self) -> list[QuoteVersion]:
        """What the customer has got, oldest first."""
        return [version for version in self.versions if version.sent_at is not None]

    @property
    def offered(self) -> QuoteVersion | None:
        """The version that holds: the last that was sent."""
        return self.sent[-1] if self.sent else None

    @property
    def draft(self) -> QuoteVersion | None:
        """What staff are writing; there is never more than one."""
        return next((version for version in self.versions if version.sent_at is None), None)


class QuoteVersion(Base):
    """One wording of a quote. Prices are without VAT; the VAT is that of the day of delivery."""

    __tablename__ = "quote_version"
    __table_args__ = (UniqueConstraint("quote_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(default="")
    valid_to: Mapped[date]
    """The last day on which it can be accepted."""
    delivery_day: Mapped[date]
    delivery_name: Mapped[str]
    street: Mapped[str]
    postcode: Mapped[str]
    city: Mapped[str]
    municipality: Mapped[str]
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[str] = mapped_column(default="")
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[str] = mapped_column(default="")
    """The name that whoever accepted it wrote, or said."""
    accepted_how: Mapped[AcceptedHow] = mapped_column(default=AcceptedHow.ONLINE)
    recorded_by: Mapped[str] = mapped_column(default="")
    """Who of us wrote it down, where it was said by telephone or e-mail."""
    remind_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the customer is to be reminded; None when it has been, or never is."""
    document: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """All of it as it was sent, from which the PDF is printed."""
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))
    """It lies until the PDF has been made."""
    quote: Mapped[Quote] = relationship(back_populates="versions")
    file: Mapped[StoredFile | None] = relationship()
    letter: Mapped[Letter | None] = relationship()
    lines: Mapped[list[QuoteLine]] = relationship(
        back_populates="version", order_by="QuoteLine.id", cascade="all, delete-orphan"
    )

    def is_valid(self, today: date) -> bool:
        """Whether the validity has not run out."""
        return today <= self.valid_to

    @property
    def net(self) -> Money:
        """What it comes to without VAT."""
        return Money.total(line.net for line in self.lines)

    @property
    def cart(self) -> dict[int, Decimal]:
        """As an order takes it."""
        return {line.article_id: line.quantity for line in self.lines}


class QuoteLine(Base):
    """So much of an article at a price, as it was called when it was put in."""

    __tablename__ = "quote_line"
    __table_args__ = (
        UniqueConstraint("version_id", "article_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("unit_price >= 0", name="unit_price_not_negative"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("quote_version.id", ondelete="CASCADE"))
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    number: Mapped[str]
    name: Mapped[str]
    unit: Mapped[str]
    unit_text: Mapped[str]
    quantity: Mapped[Quantity]
    unit_price: Mapped[Money]
    """Per unit, without VAT."""
    usual_price: Mapped[Money]
    """What the customer would have paid that day without a quote, for staff to compare with."""
    version: Mapped[QuoteVersion] = relationship(back_populates="lines")
    article: Mapped[Article] = relationship()

    @property
    def net(self) -> Money:
        """Without VAT."""
        return self.unit_price.times(self.quantity)


class QuoteEvent(Base):
    """One line of the quote's time line."""

    __tablename__ = "quote_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    kind: Mapped[QuoteEventKind]
    version: Mapped[int | None]
    by_name: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    quote: Mapped[Quote] = relationship(back_populates="events")
