"""A text as it was signed, who signed it, and where else somebody has been asked to sign."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlsplit

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.members.models import Member, MemberDocument
from bids.kinds import DocumentKind
from bids.party_documents import PartyText, from_json


class PartyPaper(Base):
    """One text that one member signs for one bid. Another text is another paper, and the first stays as it was.

    It belongs to the member and not to its part in the bid: who leaves a draft has signed what was handed in before.
    """

    __tablename__ = "party_paper"
    __table_args__ = (
        UniqueConstraint("bid_id", "member_id", "kind", "sha256"),
        CheckConstraint("needs BETWEEN 1 AND 2", name="one_or_two_sign"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    kind: Mapped[DocumentKind]
    text_json: Mapped[str]
    sha256: Mapped[str]
    """Of the text's plain form in UTF-8."""
    needs: Mapped[int]
    """How many must sign: the member's firm is signed by one alone, or by two together."""
    document_id: Mapped[int | None] = mapped_column(ForeignKey("member_document.id", ondelete="SET NULL"), unique=True)
    """The PDF in the member's vault, once everybody has signed."""
    signatures: Mapped[list[PaperSignature]] = relationship(
        back_populates="paper", order_by="PaperSignature.id", cascade="all, delete-orphan"
    )
    member: Mapped[Member] = relationship()
    document: Mapped[MemberDocument | None] = relationship()

    @property
    def text(self) -> PartyText:
        """What was signed."""
        return from_json(self.text_json)

    @property
    def is_complete(self) -> bool:
        """Whether everybody has signed who must."""
        return len(self.signatures) >= self.needs


class PaperSignature(Base):
    """A person has read the text, ticked that it may sign, and written its name.

    The address is personal data (GDPR): it shows, should anybody dispute the signature, from where it came. It stands
    in no document and no export, and is blanked two years after the signature, when a bid has long been decided; the
    name, the right and the time stay with the bid as long as that does. See `forgetting`.
    """

    __tablename__ = "paper_signature"
    __table_args__ = (UniqueConstraint("paper_id", "name_key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("party_paper.id", ondelete="CASCADE"))
    name: Mapped[str]
    name_key: Mapped[str]
    """The name as `bids.signer_checks.name_key` has it: nobody signs twice."""
    right: Mapped[str]
    """By what right, in the person's own words, such as ``Ensam firmatecknare``."""
    signed_at: Mapped[datetime] = mapped_column(index=True)
    address: Mapped[str]
    """The network address that the signature came from; empty once it is forgotten."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    paper: Mapped[PartyPaper] = relationship(back_populates="signatures")


class SigningLink(Base):
    """Somebody has been asked to sign elsewhere: where, and who noted it. We never open the address ourselves."""

    __tablename__ = "signing_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    kind: Mapped[DocumentKind]
    url: Mapped[str]
    provider: Mapped[str]
    sent_on: Mapped[date]
    noted_at: Mapped[datetime]
    noted_by: Mapped[str]

    @property
    def host(self) -> str:
        """Where the link leads, so that people see it before they press."""
        return urlsplit(self.url).hostname or ""
