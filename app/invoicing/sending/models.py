"""Each invoice's way to its receiver, every attempt, and what receivers have answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.db import Base
from app.errors import Refused
from app.files import StoredFile
from app.invoicing.models import InvoiceRecord
from app.invoicing.sending.answers import ResponseCode
from app.invoicing.sending.states import IN_WORDS, MOVES, DispatchRoute, DispatchState

FIRST = text("replaces_id IS NULL")
"""An invoice has one first way, and each other follows one that nothing else follows."""


class InvoiceDispatch(Base):
    """An invoice on its way to its receiver, written when it is issued.

    What has left on paper or as PDF may go once more as an e-invoice: then another row follows, and this one stays.
    """

    __tablename__ = "invoice_dispatch"
    __table_args__ = (
        Index("ix_invoice_dispatch_state", "state", "next_at"),
        Index("ix_invoice_dispatch_ask_at", "ask_at"),
        Index("ix_invoice_dispatch_first", "invoice_id", unique=True, postgresql_where=FIRST, sqlite_where=FIRST),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("invoice_dispatch.id"), unique=True)
    """The earlier way of the same invoice that this one follows."""
    route: Mapped[DispatchRoute]
    state: Mapped[DispatchState] = mapped_column(default=DispatchState.QUEUED)
    why: Mapped[str] = mapped_column(default="")
    """Why it stands as it does, for a person: why it goes by hand, or what went wrong last."""
    key: Mapped[str] = mapped_column(unique=True)
    """The receiving side takes it once, however often it is sent under the same key."""
    message_id: Mapped[str | None]
    """What the access point calls it."""
    sender: Mapped[str | None]
    """Our electronic address on it, as scheme and number; what receivers answer to."""
    receiver: Mapped[str | None]
    queued_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    """Not tried before then; none where nothing is tried by itself."""
    claimed_until: Mapped[datetime | None]
    """A worker sends it just now; when that one has died, another may from then on."""
    tries: Mapped[int] = mapped_column(default=0)
    """Since it was queued last."""
    prepared_in: Mapped[str | None]
    """The folder in which its files were made ready: what lies there no longer has been handed over."""
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    ask_at: Mapped[datetime | None]
    """When to ask the access point whether it has come; none when we do not ask, or no longer."""
    asked: Mapped[int] = mapped_column(default=0)
    """So many times."""
    invoice: Mapped[InvoiceRecord] = relationship()
    attempts: Mapped[list[DispatchAttempt]] = relationship(order_by="DispatchAttempt.id", viewonly=True)

    @validates("state")
    def _legal_move(self, _key: str, to: DispatchState) -> DispatchState:
        if self.state is not None and to != self.state and to not in MOVES[self.state]:
            raise Refused(f"Fakturan är {IN_WORDS[self.state]} och kan inte bli {IN_WORDS[to]}. Ladda om sidan.")
        return to

    @property
    def has_left_otherwise(self) -> bool:
        """Whether it has gone, and not as an e-invoice that we know of."""
        gone = self.state in {DispatchState.SENT, DispatchState.DELIVERED, DispatchState.BY_HAND}
        return gone and (self.route != DispatchRoute.ACCESS_POINT or self.state == DispatchState.BY_HAND)

    @property
    def is_known_lost(self) -> bool:
        """Whether the receiving side had it, and has said that it did not arrive: sending it again is a new message."""
        return self.state == DispatchState.FAILED and self.message_id is not None


class DispatchAttempt(Base):
    """One attempt to hand an invoice over, or something else that was said about it."""

    __tablename__ = "dispatch_attempt"
    id: Mapped[int] = mapped_column(primary_key=True)
    dispatch_id: Mapped[int] = mapped_column(ForeignKey("invoice_dispatch.id"), index=True)
    at: Mapped[datetime]
    route: Mapped[DispatchRoute]
    status: Mapped[int | None]
    """Of HTTP; none where there was no answer, or it went another way."""
    milliseconds: Mapped[int] = mapped_column(default=0)
    said: Mapped[str]
    """The first of what was answered, or what was done."""


class InvoiceResponse(Base):
    """What a receiver has answered about an invoice (Peppol BIS Invoice Response 3), as it came."""

    __tablename__ = "invoice_response"
    __table_args__ = (Index("ix_invoice_response_waits", "waits", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    inbox_id: Mapped[str] = mapped_column(unique=True)
    """What the access point calls the message."""
    fingerprint: Mapped[str | None] = mapped_column(unique=True)
    """The same for each copy of one answer; none of what could not be read."""
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"), index=True)
    """None where it answers no invoice of ours."""
    received_at: Mapped[datetime]
    code: Mapped[ResponseCode | None]
    response_id: Mapped[str] = mapped_column(default="")
    document_number: Mapped[str] = mapped_column(default="")
    sender: Mapped[str] = mapped_column(default="")
    said_at: Mapped[str] = mapped_column(default="")
    """Day and, where it says so, time of day, as the receiver writes them; they sort as text."""
    effective_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    clarifications: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Under ``all``: each with list, code, words, and fields with their values."""
    problem: Mapped[str] = mapped_column(default="")
    """Why it could not be read, or not be believed as it stands."""
    waits: Mapped[bool] = mapped_column(default=False)
    """Whether it is a task of finance's."""
    handled_at: Mapped[datetime | None]
    handled_by: Mapped[str] = mapped_column(default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    invoice: Mapped[InvoiceRecord | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """Its clarifications: why, and what the receiver wants of us."""
        return list(self.clarifications.get("all", ()))
