"""Who buys: private people, companies and public bodies."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.treatments import VatBuyer


class CustomerKind(StrEnum):
    """Private people see prices with VAT; public bodies must have references on the invoice."""

    PRIVATE = "private"
    COMPANY = "company"
    PUBLIC = "public"


class InvoiceRhythm(StrEnum):
    """When what was delivered is charged."""

    ORDER = "order"
    """When all of an order has been delivered."""
    DELIVERY = "delivery"
    """Each delivery by itself."""
    MONTH = "month"
    """Once a month, all orders with the same references together (ML 17 kap. 19 §)."""


class InvoiceRoute(StrEnum):
    """How invoices reach the customer."""

    EMAIL = "email"
    PEPPOL = "peppol"
    PAPER = "paper"


class Customer(Base):
    """Somebody who buys. A guest is a private customer without an account."""

    __tablename__ = "customer"
    __table_args__ = (
        CheckConstraint(
            "payment_days BETWEEN 0 AND 30 OR (payment_days BETWEEN 31 AND 90 AND kind = 'company' "
            "AND longer_terms_on IS NOT NULL AND longer_terms <> '')",
            name="payment_days_lawful",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CustomerKind]
    name: Mapped[str] = mapped_column(index=True)
    org_number: Mapped[str | None] = mapped_column(unique=True)
    email: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    street: Mapped[str]
    postcode: Mapped[str]
    city: Mapped[str]
    municipality: Mapped[str]
    payment_days: Mapped[int] = mapped_column(default=30)
    """At most 30, but for a company with which we have expressly agreed on longer (RänteL 2 a §)."""
    longer_terms_on: Mapped[date | None]
    """When that was agreed."""
    longer_terms: Mapped[str] = mapped_column(default="", server_default="")
    """What was agreed, by whom; an agent's member has consented to nothing, so its own invoices keep to 30 days."""
    electronic_address: Mapped[str | None]
    """Peppol endpoint with its scheme, such as 0007:2120999012 or 0088:GLN."""
    needs_order_reference: Mapped[bool] = mapped_column(default=False)
    needs_buyer_reference: Mapped[bool] = mapped_column(default=False)
    invoice_rhythm: Mapped[InvoiceRhythm] = mapped_column(default=InvoiceRhythm.ORDER)
    invoice_route: Mapped[InvoiceRoute] = mapped_column(default=InvoiceRoute.EMAIL)
    vat_number: Mapped[str | None]
    sells_building: Mapped[bool] = mapped_column(default=False)
    """Whether it sells building services itself and so reckons the VAT on ours (ML 16 kap. 13 §)."""
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), unique=True)
    """The member that buys from the other members under this record."""
    sites: Mapped[list[Site]] = relationship(
        back_populates="customer", order_by="Site.id", cascade="all, delete-orphan"
    )

    @property
    def vat_buyer(self) -> VatBuyer:
        """What of it decides how a supply to it is taxed, as a value for the pure rules."""
        return VatBuyer(self.sells_building, self.vat_number or "")

    @property
    def has_references(self) -> bool:
        """Whether invoices carry references of its own: those of companies and public bodies, which book them."""
        return self.kind != CustomerKind.PRIVATE

    @property
    def sees_vat(self) -> bool:
        """Whether prices are shown with VAT."""
        return self.kind == CustomerKind.PRIVATE


class Site(Base):
    """A place to which a customer has things delivered."""

    __tablename__ = "site"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    street: Mapped[str]
    postcode: Mapped[str]
    city: Mapped[str]
    municipality: Mapped[str]
    buyer_reference: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    """What whoever delivers there should know."""
    customer: Mapped[Customer] = relationship(back_populates="sites")
