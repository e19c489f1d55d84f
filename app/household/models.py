"""Who asks for a deduction, for what, and what has come of it.

A person's number lies here and nowhere else, sealed (app.sealed), and goes away when it is no longer needed.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.db import Base
from app.errors import Refused
from app.household.claim_file import Home
from app.household.persons import masked
from app.money import NOUGHT, Money
from app.orders.models import Order, OrderLine
from app.reliefs import Relief, Work


class ReliefAsk(Base):
    """A private person asks for the deduction on an order: one of the two, for some of its lines."""

    __tablename__ = "relief_ask"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), unique=True)
    relief: Mapped[Relief]
    asked_at: Mapped[datetime]
    confirmed: Mapped[str]
    """The sentence that was ticked: that they live there and own it, and bear what the tax agency refuses."""
    designation: Mapped[str] = mapped_column(default="")
    """ROT: the property's, or else the two below."""
    cooperative: Mapped[str] = mapped_column(default="")
    apartment: Mapped[str] = mapped_column(default="")
    order: Mapped[Order] = relationship()
    persons: Mapped[list[ReliefPerson]] = relationship(back_populates="ask", order_by="ReliefPerson.id")
    lines: Mapped[list[ReliefLine]] = relationship(back_populates="ask", order_by="ReliefLine.id")
    deductions: Mapped[list[ReliefDeduction]] = relationship(back_populates="ask", order_by="ReliefDeduction.id")

    @property
    def home(self) -> Home | None:
        """Where the work is done, for ROT."""
        if self.relief == Relief.RUT:
            return None
        return Home(self.designation, self.cooperative, self.apartment)


class ReliefPerson(Base):
    """One of those who shall have it."""

    __tablename__ = "relief_person"
    __table_args__ = (CheckConstraint("weight BETWEEN 1 AND 100", name="weight_per_cent"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    ask_id: Mapped[int] = mapped_column(ForeignKey("relief_ask.id"), index=True)
    sealed: Mapped[str | None]
    """The number, unreadable without the key; none when it has been taken away."""
    mark: Mapped[str | None] = mapped_column(index=True)
    """By which the same person is known again, so that a year's deductions can be added up."""
    last: Mapped[str]
    """The last four figures; empty when the number has been taken away."""
    weight: Mapped[int]
    """Per cent of the deduction."""
    erased_at: Mapped[datetime | None]
    ask: Mapped[ReliefAsk] = relationship(back_populates="persons")

    @property
    def shown(self) -> str:
        """The number as pages and invoices have it."""
        return masked(self.last) if self.last else "–"


class ReliefLine(Base):
    """A line of the order for which it is asked, with what the article said that day."""

    __tablename__ = "relief_line"
    __table_args__ = (CheckConstraint("labour_percent BETWEEN 1 AND 100", name="labour_per_cent"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    ask_id: Mapped[int] = mapped_column(ForeignKey("relief_ask.id"), index=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), unique=True)
    work: Mapped[Work]
    labour_percent: Mapped[int]
    ask: Mapped[ReliefAsk] = relationship(back_populates="lines")
    order_line: Mapped[OrderLine] = relationship()


class ReliefDeduction(Base):
    """What has been taken off one invoice."""

    __tablename__ = "relief_deduction"
    id: Mapped[int] = mapped_column(primary_key=True)
    ask_id: Mapped[int] = mapped_column(ForeignKey("relief_ask.id"), index=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), unique=True)
    invoice_name: Mapped[str]
    amount: Mapped[Money]
    year: Mapped[int]
    """To which it counts: that of the invoice, and when it is paid that of the payment."""
    paid_on: Mapped[date | None] = mapped_column(index=True)
    """When the customer had paid the rest, electronically (IL 67 kap. 15 a §)."""

    @property
    def approved(self) -> Money:
        """What the tax agency has said yes to: it pays that in the customer's place."""
        return Money.total(part.approved for part in self.parts)

    @property
    def coming(self) -> Money:
        """What is still to be asked for, or has been, and is not decided."""
        waiting = {PartState.OPEN, PartState.ASKED}
        return Money.total(part.due for part in self.parts if part.state in waiting)

    @property
    def due(self) -> Money:
        """What is taken off when what has been credited of the invoice is counted out."""
        return Money.total(part.due for part in self.parts)

    @property
    def left(self) -> Money:
        """What the tax agency did not pay of that, which is the customer's to pay."""
        return Money.total(part.left for part in self.parts)

    @property
    def to_agency(self) -> Money:
        """What the tax agency has paid too much since the invoice was credited."""
        return Money.total(part.to_agency for part in self.parts)

    ask: Mapped[ReliefAsk] = relationship(back_populates="deductions")
    parts: Mapped[list[ReliefPart]] = relationship(back_populates="deduction", order_by="ReliefPart.id")
    done: Mapped[list[ReliefDone]] = relationship(back_populates="deduction", order_by="ReliefDone.id")


class ReliefDone(Base):
    """How much was done of one kind of work, as far as the tax agency asks."""

    __tablename__ = "relief_done"
    __table_args__ = (
        UniqueConstraint("deduction_id", "work"),
        CheckConstraint("hours BETWEEN 0 AND 999", name="hours_possible"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    deduction_id: Mapped[int] = mapped_column(ForeignKey("relief_deduction.id"))
    work: Mapped[Work]
    hours: Mapped[int | None]
    """None until finance has written it, where the work was not sold by the hour."""
    material: Mapped[Money]
    """With VAT."""
    deduction: Mapped[ReliefDeduction] = relationship(back_populates="done")


class PartState(StrEnum):
    """Where one person's part stands with the tax agency."""

    OPEN = "open"
    ASKED = "asked"
    APPROVED = "approved"
    PARTLY = "partly"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """Not asked for: the invoice was credited, or the person no longer wants it."""


MOVES = {
    PartState.OPEN: {PartState.ASKED, PartState.WITHDRAWN},
    PartState.ASKED: {PartState.APPROVED, PartState.PARTLY, PartState.REFUSED, PartState.WITHDRAWN},
    PartState.APPROVED: {PartState.PARTLY, PartState.REFUSED, PartState.WITHDRAWN},
    PartState.PARTLY: {PartState.APPROVED, PartState.REFUSED, PartState.WITHDRAWN},
    PartState.REFUSED: {PartState.APPROVED, PartState.PARTLY, PartState.WITHDRAWN},
    PartState.WITHDRAWN: set(),
}
"""What the tax agency has decided it may decide anew (SFL 66 kap.), in the customer's favour or against it."""


_UNPAID = {PartState.PARTLY, PartState.REFUSED, PartState.WITHDRAWN}


class ReliefClaim(Base):
    """A file by which we have asked. It is made anew from the rows whenever it is fetched, and never kept."""

    __tablename__ = "relief_claim"
    id: Mapped[int] = mapped_column(primary_key=True)
    relief: Mapped[Relief]
    year: Mapped[int]
    """Of payment: all of a file is paid in one."""
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    sha256: Mapped[str]
    parts: Mapped[list[ReliefPart]] = relationship(back_populates="claim", order_by="ReliefPart.id")

    @property
    def name(self) -> str:
        """At most sixteen signs, by which the tax agency shows it to us."""
        return f"{self.relief.value} {self.year} nr {self.id}"[:16]

    @property
    def amount(self) -> Money:
        """What it asks for."""
        return Money.total(part.amount for part in self.parts)

    @property
    def approved(self) -> Money:
        """What the tax agency has said yes to so far."""
        return Money.total(part.approved for part in self.parts)


class ReliefPart(Base):
    """One person's part of what was taken off an invoice, in whole kronor."""

    __tablename__ = "relief_part"
    __table_args__ = (
        UniqueConstraint("deduction_id", "person_id"),
        CheckConstraint("amount >= 0 AND approved >= 0 AND approved <= amount", name="approved_within_amount"),
        CheckConstraint("labour >= amount", name="amount_within_labour"),
        CheckConstraint("credited >= 0 AND credited <= amount", name="credited_within_amount"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    deduction_id: Mapped[int] = mapped_column(ForeignKey("relief_deduction.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("relief_person.id"), index=True)
    labour: Mapped[Money]
    amount: Mapped[Money]
    labour_credited: Mapped[Money] = mapped_column(default=NOUGHT)
    credited: Mapped[Money] = mapped_column(default=NOUGHT)
    """So much of both has gone with what was credited since it was asked for. Before that both become less themselves:
    what has been asked for stays as it was asked."""
    state: Mapped[PartState] = mapped_column(default=PartState.OPEN, index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("relief_claim.id"), index=True)
    approved: Mapped[Money] = mapped_column(default=NOUGHT)
    decided_on: Mapped[date | None]
    deduction: Mapped[ReliefDeduction] = relationship(back_populates="parts")
    person: Mapped[ReliefPerson] = relationship()
    claim: Mapped[ReliefClaim | None] = relationship(back_populates="parts")
    rests: Mapped[list[ReliefRest]] = relationship(back_populates="part", order_by="ReliefRest.id")

    @validates("state")
    def _legal_move(self, _key: str, to: PartState) -> PartState:
        if self.state is not None and to != self.state and to not in MOVES[self.state]:
            raise Refused("Den här delen av avdraget är redan avgjord.")
        return to

    @property
    def due(self) -> Money:
        """What is taken off when what has been credited of the invoice is counted out."""
        return self.amount - self.credited

    @property
    def left(self) -> Money:
        """What the tax agency did not pay, which is the customer's to pay."""
        return max(self.due - self.approved, NOUGHT) if self.state in _UNPAID else NOUGHT

    @property
    def to_agency(self) -> Money:
        """What the tax agency has paid and is no longer taken off: it is the agency's, not the customer's."""
        return max(self.approved - self.due, NOUGHT)

    @property
    def invoiced(self) -> Money:
        """What the customer has been asked for of that, less what has been credited."""
        return Money.total(rest.left for rest in self.rests)

    @property
    def given(self) -> Money:
        """What the customer is let off: we bear it, whatever the tax agency decides."""
        return Money.total(rest.given for rest in self.rests)

    @property
    def to_ask(self) -> Money:
        """What the customer is to be asked for in all: what the tax agency did not pay, less what it is let off."""
        return max(self.left - self.given, NOUGHT)

    @property
    def to_invoice(self) -> Money:
        """What the customer has not been asked for yet."""
        return max(self.to_ask - self.invoiced, NOUGHT)

    @property
    def to_credit(self) -> Money:
        """What the customer has been asked for, and the tax agency pays after all."""
        return max(self.invoiced - self.to_ask, NOUGHT)


class ReliefRest(Base):
    """An invoice to the customer for what the tax agency did not pay of a part. There may be one for each decision."""

    __tablename__ = "relief_rest"
    __table_args__ = (
        CheckConstraint("amount > 0 AND credited >= 0 AND credited <= amount", name="credited_within_amount"),
        CheckConstraint("given >= 0 AND given <= credited", name="given_within_credited"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("relief_part.id"), index=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), unique=True)
    invoice_name: Mapped[str]
    amount: Mapped[Money]
    credited: Mapped[Money] = mapped_column(default=NOUGHT)
    given: Mapped[Money] = mapped_column(default=NOUGHT)
    """So much of what is credited we bear ourselves, whatever the tax agency decides."""
    part: Mapped[ReliefPart] = relationship(back_populates="rests")

    @property
    def left(self) -> Money:
        """What can still be credited of it."""
        return self.amount - self.credited
