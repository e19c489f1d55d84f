"""The papers of a bid: appendices, what they prove, references, frozen versions and previews."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.files import StoredFile
from app.jobs import Job, JobState
from app.members.models import MemberDocument
from app.money import Money
from app.tenders.espd.models import Declaration
from bids.kinds import DocumentKind


class Appendix(Base):
    """A file that goes with the bid, numbered as in the PDF. One taken from a member's vault remembers from where."""

    __tablename__ = "appendix"
    __table_args__ = (Index("ix_appendix_bid_number", "bid_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str]
    kind: Mapped[DocumentKind] = mapped_column(default=DocumentKind.OTHER)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("bid_party.id", ondelete="SET NULL"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("member_document.id", ondelete="SET NULL"), index=True)
    declaration_id: Mapped[int | None] = mapped_column(ForeignKey("declaration.id", ondelete="SET NULL"), index=True)
    """The declaration of a party's that was made here, if it is one."""
    file: Mapped[StoredFile] = relationship()
    declaration: Mapped[Declaration | None] = relationship()
    document: Mapped[MemberDocument | None] = relationship()

    @property
    def is_brought(self) -> bool:
        """Whether a party has brought it for this bid, rather than staff attached it."""
        return self.kind != DocumentKind.OTHER or self.document_id is not None or self.declaration_id is not None


class Evidence(Base):
    """What proves an answer: an appendix, or a place in the bid told in words."""

    __tablename__ = "evidence"
    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("bid_answer.id", ondelete="CASCADE"), index=True)
    appendix_id: Mapped[int | None] = mapped_column(ForeignKey("appendix.id", ondelete="CASCADE"), index=True)
    title: Mapped[str]
    valid_to: Mapped[date | None]
    appendix: Mapped[Appendix | None] = relationship()


class BidReference(Base):
    """An earlier delivery that shows what a party can do (LOU 15:11)."""

    __tablename__ = "bid_reference"
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), index=True)
    party_id: Mapped[int | None] = mapped_column(ForeignKey("bid_party.id", ondelete="SET NULL"), index=True)
    customer: Mapped[str]
    what: Mapped[str]
    period: Mapped[str] = mapped_column(default="")
    value: Mapped[Money | None]
    contact: Mapped[str] = mapped_column(default="")
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("library_entry.id", ondelete="SET NULL"), index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("library_version.id", ondelete="SET NULL"), index=True)
    """From which entry of the answer library it came, and from which version; None where it was typed in."""


class BidVersion(Base):
    """A bid as it was handed in: the whole offer as text, its hash, and the PDF made from it once."""

    __tablename__ = "bid_version"
    __table_args__ = (UniqueConstraint("bid_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    offer_json: Mapped[str]
    sha256: Mapped[str]
    """Of ``offer_json`` in UTF-8."""
    frozen_at: Mapped[datetime]
    by_name: Mapped[str]
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"))
    pdf_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    pdf_sha256: Mapped[str | None]
    done: Mapped[int] = mapped_column(default=0)
    """Per cent of its PDF; written while the work goes on."""
    job: Mapped[Job | None] = relationship()
    pdf: Mapped[StoredFile | None] = relationship()

    @property
    def has_failed(self) -> bool:
        """Whether the worker has given up making the PDF."""
        return self.pdf_id is None and self.job is not None and self.job.state == JobState.FAILED


class VersionDocument(Base):
    """A paper of a member's vault that lay in a bid when it was handed in. It stays when the draft goes on."""

    __tablename__ = "version_document"
    version_id: Mapped[int] = mapped_column(ForeignKey("bid_version.id", ondelete="CASCADE"), primary_key=True)
    document_id: Mapped[int] = mapped_column(
        ForeignKey("member_document.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class BidPreview(Base):
    """A draft's PDF to look at. It may be thrown away."""

    __tablename__ = "bid_preview"
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), index=True)
    offer_json: Mapped[str]
    asked_at: Mapped[datetime]
    by_name: Mapped[str]
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"))
    pdf_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    problem: Mapped[str] = mapped_column(default="")
    """Why it could not be made, in words, when the reason lies in the bid and not in the machine."""
    done: Mapped[int] = mapped_column(default=0)
    """Per cent; written while the work goes on."""
    job: Mapped[Job | None] = relationship()
    pdf: Mapped[StoredFile | None] = relationship()

    @property
    def has_failed(self) -> bool:
        """Whether nothing more is to be waited for."""
        return bool(self.problem) or (
            self.pdf_id is None and self.job is not None and self.job.state == JobState.FAILED
        )


class WordFile(Base):
    """A Word file that a worker makes a PDF of, and then the row goes. What the PDF is for stands in the columns.

    With a bid it becomes an appendix, and proof of an answer where there is one. A paper of a vault, a version in the
    library and an addendum are there already and get it as their file.
    """

    __tablename__ = "word_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int | None] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), index=True)
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("bid_answer.id", ondelete="SET NULL"))
    valid_to: Mapped[date | None]
    """Of a proof."""
    document_id: Mapped[int | None] = mapped_column(ForeignKey("member_document.id", ondelete="CASCADE"), index=True)
    library_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("library_version.id", ondelete="CASCADE"), index=True
    )
    addendum_id: Mapped[int | None] = mapped_column(ForeignKey("tender_addendum.id", ondelete="CASCADE"), index=True)
    title: Mapped[str]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    asked_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"))
    problem: Mapped[str] = mapped_column(default="")
    """Why no PDF could be made of it, in words."""
    file: Mapped[StoredFile] = relationship()
    job: Mapped[Job | None] = relationship()

    @property
    def has_failed(self) -> bool:
        """Whether nothing more is to be waited for."""
        return bool(self.problem) or (self.job is not None and self.job.state == JobState.FAILED)
