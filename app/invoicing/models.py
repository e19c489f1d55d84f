"""Invoices and credit notes: what was charged, frozen as it was sent, and from what each line came."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.customers.models import Customer, InvoiceRoute
from app.db import Base
from app.files import StoredFile
from app.invoicing.document import DocumentKind
from app.mail import Letter
from app.members.models import Member
from app.money import Money
from app.orders.complaint_models import Complaint
from app.orders.delivery.models import OrderCharge
from app.orders.models import AssignmentLine, Order, OrderLine


class InvoiceRecord(Base):
    """An invoice or credit note that has been issued. `document` is the whole of it; the columns are for searching.

    Never changed and never deleted: what was wrong is credited by another of these, which names it in `credits_id`.
    """

    __tablename__ = "invoice"
    __table_args__ = (
        UniqueConstraint("series", "number"),
        Index("ix_invoice_issued_at", "issued_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(default=DocumentKind.INVOICE)
    series: Mapped[str] = mapped_column(default="")
    """Each seller numbers its own: empty for the sales company, else what stands before the member's numbers."""
    number: Mapped[int]
    ocr: Mapped[str | None] = mapped_column(unique=True)
    """By what its payment is known again, whatever the series."""
    seller_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    """The member in whose name it is issued; none when it is the sales company's own."""
    order_id: Mapped[int | None] = mapped_column(ForeignKey("order.id"), index=True)
    """The only order on it; none when it collects several."""
    credits_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"), index=True)
    """The invoice that this credit note takes back, or a part of (ML 17 kap. 22 §)."""
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    issued_at: Mapped[datetime]
    due_on: Mapped[date]
    net: Mapped[Money]
    vat: Mapped[Money]
    gross: Mapped[Money]
    document: Mapped[dict[str, Any]]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    """The PDF, once it has been printed."""
    xml_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    """The e-invoice (Peppol BIS Billing 3), once it has been made and found right."""
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))
    order: Mapped[Order | None] = relationship()
    customer: Mapped[Customer] = relationship()
    seller: Mapped[Member | None] = relationship()
    credits: Mapped[InvoiceRecord | None] = relationship(remote_side="InvoiceRecord.id")
    lines: Mapped[list[InvoiceLine]] = relationship(back_populates="invoice", order_by="InvoiceLine.place")
    file: Mapped[StoredFile | None] = relationship(foreign_keys=[file_id])
    xml: Mapped[StoredFile | None] = relationship(foreign_keys=[xml_file_id])
    letter: Mapped[Letter | None] = relationship()

    @property
    def name(self) -> str:
        """Series and number, as they are written."""
        return f"{self.series}{self.number}"

    @property
    def is_credit_note(self) -> bool:
        """Whether it gives back."""
        return self.kind == DocumentKind.CREDIT_NOTE

    @property
    def goes_electronically(self) -> bool:
        """Whether it becomes an e-invoice: the customer wants its invoices by Peppol, or can at least have them so."""
        return self.customer.invoice_route == InvoiceRoute.PEPPOL or bool(self.customer.electronic_address)

    @property
    def file_name(self) -> str:
        """What its PDF is called."""
        return f"{'kreditfaktura' if self.is_credit_note else 'faktura'}-{self.name}.pdf"


class InvoiceLine(Base):
    """A line of an invoice, and from what it came. Standing here is the claim: nothing is charged a second time."""

    __tablename__ = "invoice_line"
    __table_args__ = (UniqueConstraint("invoice_id", "place"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    place: Mapped[int]
    """Its place among the lines of the document, from nought."""
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), index=True)
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"), index=True)
    net: Mapped[Money]
    """Without VAT, as it adds to its document; below nought for what a reduction takes off an invoice."""
    assignment_line_id: Mapped[int | None] = mapped_column(ForeignKey("assignment_line.id"), unique=True)
    """The member's delivery that it charges."""
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"), unique=True)
    """The complaint for which it takes something off."""
    charge_id: Mapped[int | None] = mapped_column(ForeignKey("order_charge.id"), unique=True)
    """What it charges beside the lines."""
    credits_line_id: Mapped[int | None] = mapped_column(ForeignKey("invoice_line.id"), index=True)
    """The line that this line of a credit note takes back, or a part of."""
    invoice: Mapped[InvoiceRecord] = relationship(back_populates="lines")
    order: Mapped[Order] = relationship()
    order_line: Mapped[OrderLine | None] = relationship()
    assignment_line: Mapped[AssignmentLine | None] = relationship()
    complaint: Mapped[Complaint | None] = relationship()
    charge: Mapped[OrderCharge | None] = relationship()
    credits_line: Mapped[InvoiceLine | None] = relationship(remote_side="InvoiceLine.id")


class CreditDue(Base):
    """What is to be credited on an invoice that has been issued: invoices are never changed."""

    __tablename__ = "credit_due"
    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("invoice_line.id"))
    """Which of its lines."""
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"))
    charge_id: Mapped[int | None] = mapped_column(ForeignKey("order_charge.id"), index=True)
    """The return for which it is; that charge then stands on no invoice."""
    amount: Mapped[Money]
    """Without VAT."""
    why: Mapped[str]
    at: Mapped[datetime]
    by_name: Mapped[str]
    credited_at: Mapped[datetime | None] = mapped_column(index=True)
    """When a credit note took it up."""
    credit_note_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"), index=True)
    invoice: Mapped[InvoiceRecord] = relationship(foreign_keys=[invoice_id])
    credit_note: Mapped[InvoiceRecord | None] = relationship(foreign_keys=[credit_note_id])
    line: Mapped[InvoiceLine | None] = relationship()
    order_line: Mapped[OrderLine | None] = relationship()


class RoundKind(StrEnum):
    """What is gone through on a day of its own."""

    MONTHS = "months"
    """All that came before the month and is not charged."""
    DUES = "dues"
    """All that was to be credited before the day."""
    COMMISSIONS = "commissions"
    """What members sold in their own names before the month, for which they are to pay commission."""


class BillingRound(Base):
    """What came before a day has been gone through, once: each piece of work that it led to is a job of its own."""

    __tablename__ = "billing_round"
    kind: Mapped[RoundKind] = mapped_column(primary_key=True)
    before: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime]
