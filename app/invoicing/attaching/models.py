"""Files laid with an order, and which invoice took each along."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.files import StoredFile


class OrderAttachment(Base):
    """A file that goes with the next invoice of an order."""

    __tablename__ = "order_attachment"
    __table_args__ = (UniqueConstraint("order_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="CASCADE"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    name: Mapped[str]
    """As the customer sees it; no two of an order are called the same."""
    about: Mapped[str] = mapped_column(default="")
    added_at: Mapped[datetime]
    added_by: Mapped[str]
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"), index=True)
    """The invoice that took it along; from then on nobody takes it away."""
    file: Mapped[StoredFile] = relationship()
