"""The sales company's invoices to members for its commission, and which events each of them charges."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.files import StoredFile
from app.invoicing.document import DocumentKind
from app.members.models import Member
from app.money import Money

SERIES = "P-"
"""What stands before their numbers: they are the sales company's own, beside those to its customers."""


class CommissionInvoice(Base):
    """What a member is charged for what it sold in its own name until a moment, or is credited where it comes to less.

    Set off against what the member is to have, so that nothing is paid. Never changed and never deleted; `document` is
    the whole of it. It is no customer's invoice, so it stands among none of those that are to be paid.
    """

    __tablename__ = "commission_invoice"
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    kind: Mapped[DocumentKind]
    number: Mapped[int] = mapped_column(unique=True)
    credits_id: Mapped[int | None] = mapped_column(ForeignKey("commission_invoice.id"), index=True)
    """The earlier one that a credit note refers to (ML 17 kap. 22 §)."""
    issued_at: Mapped[datetime] = mapped_column(index=True)
    net: Mapped[Money]
    vat: Mapped[Money]
    gross: Mapped[Money]
    document: Mapped[dict[str, Any]]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    """The PDF, once it has been printed."""
    member: Mapped[Member] = relationship()
    credits: Mapped[CommissionInvoice | None] = relationship(remote_side="CommissionInvoice.id")
    file: Mapped[StoredFile | None] = relationship()
    claims: Mapped[list[CommissionClaim]] = relationship(back_populates="invoice", order_by="CommissionClaim.id")

    @property
    def name(self) -> str:
        """Series and number, as they are written."""
        return f"{SERIES}{self.number}"

    @property
    def is_credit_note(self) -> bool:
        """Whether it gives back."""
        return self.kind == DocumentKind.CREDIT_NOTE

    @property
    def file_name(self) -> str:
        """What its PDF is called."""
        return f"provision{'-kredit' if self.is_credit_note else ''}-{self.name}.pdf"

    @property
    def xml(self) -> StoredFile | None:
        """None is sent, so none is kept; the archive makes it, as of all that goes on paper."""
        return None


class CommissionClaim(Base):
    """The commission of one event of an order, on the invoice that charges it. Its place here is the claim."""

    __tablename__ = "commission_claim"
    __table_args__ = (CheckConstraint("(entry_id IS NULL) <> (charge_id IS NULL)", name="of_one"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("commission_invoice.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("order_entry.id"), unique=True)
    charge_id: Mapped[int | None] = mapped_column(ForeignKey("order_charge.id"), unique=True)
    net: Mapped[Money]
    """Without VAT, below nought where it is given back; on a credit note too."""
    vat: Mapped[Money]
    invoice: Mapped[CommissionInvoice] = relationship(back_populates="claims")
