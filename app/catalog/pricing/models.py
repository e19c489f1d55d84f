"""Price lists: for everybody, for a time, for a group, for one customer, or for a framework agreement."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.catalog.models import Article
from app.catalog.pricing.rules import ListKind, ListState
from app.customers.groups import CustomerGroup
from app.customers.models import Customer
from app.db import Base, Quantity
from app.errors import Refused
from app.money import Money

MOVES = {
    ListState.DRAFT: {ListState.ACTIVE, ListState.ENDED},
    ListState.ACTIVE: {ListState.ENDED},
    ListState.ENDED: set(),
}
IN_SWEDISH = {ListState.DRAFT: "ett utkast", ListState.ACTIVE: "i bruk", ListState.ENDED: "avslutad"}


class PriceList(Base):
    """Prices that belong together: for whom, and from which day to which."""

    __tablename__ = "price_list"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
        CheckConstraint("(kind = 'group') = (group_id IS NOT NULL)", name="group_of_its_own"),
        CheckConstraint("(kind = 'framework') = (agreement <> '')", name="agreement_has_number"),
        Index("ix_price_list_state_kind", "state", "kind"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ListKind]
    name: Mapped[str] = mapped_column(unique=True)
    state: Mapped[ListState] = mapped_column(default=ListState.DRAFT)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    group_id: Mapped[int | None] = mapped_column(ForeignKey("customer_group.id"), index=True)
    agreement: Mapped[str] = mapped_column(default="")
    """The number of the framework agreement, as its buyers write it."""
    only_listed: Mapped[bool] = mapped_column(default=False)
    """Whether the agreement's buyers may order only what stands in the list. Told, not yet enforced."""
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    ended_on: Mapped[date | None]
    """The last day on which it held, when it was ended before its time."""
    group: Mapped[CustomerGroup | None] = relationship()
    customers: Mapped[list[Customer]] = relationship(secondary="price_list_customer", order_by=Customer.name)
    rows: Mapped[list[PriceRow]] = relationship(back_populates="price_list", order_by="PriceRow.id")

    @validates("state")
    def _legal_move(self, _key: str, to: ListState) -> ListState:
        if self.state is not None and to != self.state and to not in MOVES[self.state]:
            raise Refused(f"Prislistan är {IN_SWEDISH[self.state]} och kan inte bli {IN_SWEDISH[to]}.")
        return to


class PriceListCustomer(Base):
    """Whose list it is, or who may call off from the agreement."""

    __tablename__ = "price_list_customer"
    price_list_id: Mapped[int] = mapped_column(ForeignKey("price_list.id", ondelete="CASCADE"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class PriceRow(Base):
    """What an article costs from a quantity on.

    A row of a list that has been in use is never changed: a new price is a new row, and the old one is kept with the
    moment it went. Orders point at the row that gave their price, and the lowest price of 30 days is read from here.
    """

    __tablename__ = "price_row"
    __table_args__ = (
        CheckConstraint("price > 0", name="price_positive"),
        CheckConstraint("member_price > 0", name="member_price_positive"),
        CheckConstraint("min_quantity >= 0", name="min_quantity_not_negative"),
        ForeignKeyConstraint(
            ["article_id", "article_version"],
            ["article_version.article_id", "article_version.number"],
            name="fk_price_row_article_version",
        ),
        Index(
            "uq_price_row_now",
            "price_list_id",
            "article_id",
            "min_quantity",
            unique=True,
            sqlite_where=text("gone_at IS NULL"),
            postgresql_where=text("gone_at IS NULL"),
        ),
        Index("ix_price_row_article_list", "article_id", "price_list_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    price_list_id: Mapped[int] = mapped_column(ForeignKey("price_list.id", ondelete="CASCADE"))
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    article_version: Mapped[int | None]
    """Which published state of the article the price was written against."""
    min_quantity: Mapped[Quantity]
    """In the article's unit; nought for any quantity."""
    price: Mapped[Money]
    """Per unit, without VAT."""
    member_price: Mapped[Money | None]
    """What the member is paid per unit, without VAT, when that was agreed for this list; else its usual price."""
    set_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]
    price_list: Mapped[PriceList] = relationship(back_populates="rows")
    article: Mapped[Article] = relationship()
