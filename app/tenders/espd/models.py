"""The buyer's ESPD request, each party's declarations, what legal entities have said of themselves, what was frozen."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.db import Base
from app.errors import Refused
from app.files import StoredFile
from app.jobs import Job, JobState
from app.members.models import Member
from bids.kinds import BidForm, DocumentKind, PartyRole


class EspdRequest(Base):
    """A file in which the buyer asks, as it came; read once, in a process of its own."""

    __tablename__ = "espd_request"
    __table_args__ = (UniqueConstraint("tender_id", "sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id", ondelete="CASCADE"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    read_file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    """Its questions as they were read, `bids.espd.values.Request` as JSON."""
    sha256: Mapped[str]
    version: Mapped[str]
    reference: Mapped[str]
    buyer: Mapped[str]
    criteria: Mapped[int]
    unknown: Mapped[int]
    """How many criteria the EU's list does not have."""
    taken_at: Mapped[datetime]
    by_name: Mapped[str]
    left_at: Mapped[datetime | None]
    """When a newer one took its place, or it turned out to be a mistake."""
    confirmed_at: Mapped[datetime | None]
    """When somebody said that it is the right one, where it names another buyer or number than the tender."""
    confirmed_by: Mapped[str] = mapped_column(default="")
    file: Mapped[StoredFile] = relationship(foreign_keys=[file_id])
    read_file: Mapped[StoredFile] = relationship(foreign_keys=[read_file_id])


class DeclarationState(StrEnum):
    """Whether somebody has put a name to it."""

    OPEN = "open"
    SIGNED = "signed"


DECLARATION_MOVES = {
    DeclarationState.OPEN: {DeclarationState.SIGNED},
    DeclarationState.SIGNED: {DeclarationState.OPEN},
}


class Declaration(Base):
    """What one party declares in one bid: its self-declaration, or that it falls under no sanctions."""

    __tablename__ = "declaration"
    __table_args__ = (UniqueConstraint("bid_id", "member_id", "kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    kind: Mapped[DocumentKind]
    state: Mapped[DeclarationState] = mapped_column(default=DeclarationState.OPEN)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    """What was said here, by the questions' identifiers; what is known otherwise is looked up each time."""
    revision: Mapped[int] = mapped_column(default=1)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("espd_request.id", ondelete="SET NULL"), index=True)
    """The buyer's request that was signed; none for a form of our own."""
    form: Mapped[BidForm | None]
    role: Mapped[PartyRole | None]
    """As they were when it was signed: in another form or role the party declares something else."""
    signed_by: Mapped[str] = mapped_column(default="")
    signed_at: Mapped[datetime | None]
    entered_by: Mapped[str] = mapped_column(default="")
    """Who of ours wrote the name down on the party's behalf."""
    signed_json: Mapped[str | None] = mapped_column(deferred=True)
    """All that was signed last, `bids.espd.snapshot.Sheet`; it stays when the declaration is opened again."""
    sha256: Mapped[str] = mapped_column(default="")
    uuid: Mapped[str] = mapped_column(default="")
    xml_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    pdf_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"))
    member: Mapped[Member] = relationship()
    request: Mapped[EspdRequest | None] = relationship()
    xml: Mapped[StoredFile | None] = relationship(foreign_keys=[xml_id])
    pdf: Mapped[StoredFile | None] = relationship(foreign_keys=[pdf_id])
    job: Mapped[Job | None] = relationship()

    @validates("state")
    def _legal_move(self, _key: str, to: DeclarationState) -> DeclarationState:
        if self.state is not None and to != self.state and to not in DECLARATION_MOVES[self.state]:
            raise Refused("Försäkran kan inte ändras så.")
        return to

    @property
    def is_signed(self) -> bool:
        """Whether a name stands under it."""
        return self.state == DeclarationState.SIGNED

    def holds_for(self, form: BidForm, role: PartyRole) -> bool:
        """Whether it is signed, and the party is still what it signed as."""
        return self.is_signed and self.form == form and self.role == role

    @property
    def has_failed(self) -> bool:
        """Whether the worker has given up making its papers."""
        return self.pdf_id is None and self.job is not None and self.job.state == JobState.FAILED


class PartyFact(Base):
    """What a legal entity has said and signed of itself, so that nobody need ask again."""

    __tablename__ = "party_fact"
    __table_args__ = (UniqueConstraint("member_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    key: Mapped[str]
    """As `bids.espd.filling` forms it: criterion, place, and what the buyer demands."""
    value: Mapped[str]
    said_at: Mapped[datetime]
    said_by: Mapped[str]


class VersionDeclaration(Base):
    """A declaration as it lay in a version that was handed in. It stays when the draft goes on."""

    __tablename__ = "version_declaration"
    version_id: Mapped[int] = mapped_column(ForeignKey("bid_version.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)
    kind: Mapped[DocumentKind] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    pdf_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    xml_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    pdf: Mapped[StoredFile] = relationship(foreign_keys=[pdf_id])
    xml: Mapped[StoredFile | None] = relationship(foreign_keys=[xml_id])
    member: Mapped[Member] = relationship()
