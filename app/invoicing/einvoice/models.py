"""E-invoices that are held back, and what has been added to some for the sending."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.invoicing.models import InvoiceRecord
from app.invoicing.readiness import Mend


class InvoiceHold(Base):
    """One reason for which an invoice has not become an e-invoice. They go when it has, or when it is let go."""

    __tablename__ = "invoice_hold"
    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    rule: Mapped[str]
    words: Mapped[str]
    """Why, in Swedish."""
    official: Mapped[str] = mapped_column(default="", server_default="")
    """What the rule itself says, in English; empty where the rule is our own."""
    element: Mapped[str]
    """Where in the XML, or which field is missing; empty for the whole."""
    mend: Mapped[Mend]
    """Where it is put right."""
    held_at: Mapped[datetime]
    invoice: Mapped[InvoiceRecord] = relationship()


class InvoiceCompletion(Base):
    """References added to an invoice that has none, for its e-invoice. The document itself stays as it was issued."""

    __tablename__ = "invoice_completion"
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), primary_key=True)
    buyer_reference: Mapped[str] = mapped_column(default="")
    order_reference: Mapped[str] = mapped_column(default="")
    by_name: Mapped[str]
    at: Mapped[datetime]
    invoice: Mapped[InvoiceRecord] = relationship()
