"""A buyer's form as rows: the file, each table in it that has been taken in, and which line of it is what."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.db import Base
from app.errors import Refused
from app.files import StoredFile
from app.jobs import Job
from app.tenders.papers import BidVersion
from app.tenders.tender import Tender, TenderLot


class FormState(StrEnum):
    """How far a form has come."""

    READING = "reading"
    READ = "read"
    REFUSED = "refused"


MOVES = {
    FormState.READING: {FormState.READ, FormState.REFUSED},
    FormState.READ: set[FormState](),
    FormState.REFUSED: set[FormState](),
}


class Takes(StrEnum):
    """What a table of a form holds."""

    REQUIREMENTS = "requirements"
    ROWS = "rows"


class BuyerForm(Base):
    """A buyer's xlsx or docx, kept as it was sent."""

    __tablename__ = "buyer_form"
    __table_args__ = (UniqueConstraint("ticket"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    ticket: Mapped[str]
    """Drawn with the page; a form that is sent twice finds the one it has made."""
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    state: Mapped[FormState] = mapped_column(default=FormState.READING)
    problem: Mapped[str] = mapped_column(default="")
    """Why it cannot be read."""
    read_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    """Its tables as they were read, so that no page reads the form itself."""
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"))
    by_name: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    tender: Mapped[Tender] = relationship()
    file: Mapped[StoredFile] = relationship(foreign_keys=[file_id])
    read_file: Mapped[StoredFile | None] = relationship(foreign_keys=[read_file_id])
    job: Mapped[Job | None] = relationship()
    tables: Mapped[list[FormTable]] = relationship(
        back_populates="form", order_by="FormTable.position", cascade="all, delete-orphan"
    )

    @validates("state")
    def _legal_move(self, _key: str, to: FormState) -> FormState:
        if self.state is not None and to != self.state and to not in MOVES[self.state]:
            raise Refused("Formuläret är redan läst.")
        return to


class FormTable(Base):
    """A sheet, or a table of a document, that has been taken in: what stands in which of its columns."""

    __tablename__ = "form_table"
    __table_args__ = (UniqueConstraint("form_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("buyer_form.id", ondelete="CASCADE"))
    position: Mapped[int]
    """Which of the form's tables it is, from 0."""
    title: Mapped[str]
    takes: Mapped[Takes]
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("tender_lot.id", ondelete="SET NULL"))
    mapping: Mapped[dict[str, Any]]
    replaced: Mapped[bool] = mapped_column(default=False)
    """A newer form of the buyer's has taken its place."""
    taken_at: Mapped[datetime]
    form: Mapped[BuyerForm] = relationship(back_populates="tables")
    lot: Mapped[TenderLot | None] = relationship()


class FormPlace(Base):
    """The line of a table in which the buyer asks something, and so the line that takes the answer."""

    __tablename__ = "form_place"
    __table_args__ = (
        Index("ix_form_place_table_id_line", "table_id", "line"),
        CheckConstraint("(requirement_id IS NULL) <> (price_row_id IS NULL)", name="one_thing"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("form_table.id", ondelete="CASCADE"))
    line: Mapped[int]
    """As spreadsheet programs count rows; in a document's table the first row is 1."""
    requirement_id: Mapped[int | None] = mapped_column(
        ForeignKey("tender_requirement.id", ondelete="CASCADE"), index=True
    )
    price_row_id: Mapped[int | None] = mapped_column(ForeignKey("tender_price_row.id", ondelete="CASCADE"), index=True)


class FilledForm(Base):
    """A buyer's form with our answers, as it belongs to a version of the bid that was handed in."""

    __tablename__ = "filled_form"
    __table_args__ = (UniqueConstraint("version_id", "form_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("bid_version.id", ondelete="CASCADE"))
    form_id: Mapped[int] = mapped_column(ForeignKey("buyer_form.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    version: Mapped[BidVersion] = relationship()
    form: Mapped[BuyerForm] = relationship()
    file: Mapped[StoredFile] = relationship()
