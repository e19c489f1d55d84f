"""Invoices: what was charged, frozen as it was sent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.customers.models import Customer
from app.db import Base
from app.files import StoredFile
from app.mail import Letter
from app.money import Money
from app.orders.models import Order, OrderLine


class InvoiceRecord(Base):
    """An invoice that has been issued. `document` is the whole of it; the columns beside it are for searching."""

    __tablename__ = "invoice"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    issued_at: Mapped[datetime]
    due_on: Mapped[date]
    net: Mapped[Money]
    vat: Mapped[Money]
    gross: Mapped[Money]
    document: Mapped[dict[str, Any]]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))
    order: Mapped[Order] = relationship()
    customer: Mapped[Customer] = relationship()
    file: Mapped[StoredFile | None] = relationship()
    letter: Mapped[Letter | None] = relationship()


class CreditDue(Base):
    """What is to be credited on an invoice that has been issued: invoices are never changed."""

    __tablename__ = "credit_due"
    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"))
    amount: Mapped[Money]
    """Without VAT."""
    why: Mapped[str]
    at: Mapped[datetime]
    by_name: Mapped[str]
    credited_at: Mapped[datetime | None] = mapped_column(index=True)
    """When a credit note took it up."""
    invoice: Mapped[InvoiceRecord] = relationship()
    order_line: Mapped[OrderLine] = relationship()
