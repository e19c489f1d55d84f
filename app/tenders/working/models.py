"""Rows of the common work: people with their roles, tasks, comments, what each has seen, questions to the buyer."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.accounts.models import User
from app.db import Base
from app.errors import Refused
from app.members.models import MemberDocument
from app.tenders.bid import Bid, BidParty
from app.tenders.tender import TenderRequirement
from app.tenders.working.duties import Duty

OWNS = text("duty = 'owner'")


class QuestionState(StrEnum):
    """Where a question to the buyer stands."""

    DRAFT = "draft"
    SENT = "sent"
    ANSWERED = "answered"


QUESTION_MOVES = {
    QuestionState.DRAFT: {QuestionState.SENT, QuestionState.ANSWERED},
    QuestionState.SENT: {QuestionState.ANSWERED},
    QuestionState.ANSWERED: set(),
}


class BidPerson(Base):
    """A person's role in a bid: one of staff's, or the contact at a party's, who need not have an account."""

    __tablename__ = "bid_person"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (party_id IS NULL)", name="staff_or_party"),
        UniqueConstraint("bid_id", "user_id"),
        UniqueConstraint("party_id"),
        Index("uq_bid_person_owner", "bid_id", unique=True, sqlite_where=OWNS, postgresql_where=OWNS),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    party_id: Mapped[int | None] = mapped_column(ForeignKey("bid_party.id", ondelete="CASCADE"))
    duty: Mapped[Duty]
    name: Mapped[str]
    email: Mapped[str]


class BidTask(Base):
    """Something to be done by a day, by one of staff's or at a party's; what the party drafts lies here.

    Nobody has it when both are None: it has come back, and there was no owner to give it to.
    """

    __tablename__ = "bid_task"
    __table_args__ = (
        CheckConstraint("user_id IS NULL OR party_id IS NULL", name="one_person"),
        Index("ix_bid_task_bid_requirement", "bid_id", "requirement_id"),
        Index("ix_bid_task_due", "done_at", "due_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"))
    requirement_id: Mapped[int | None] = mapped_column(
        ForeignKey("tender_requirement.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    party_id: Mapped[int | None] = mapped_column(ForeignKey("bid_party.id", ondelete="SET NULL"), index=True)
    what: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    done_by: Mapped[str] = mapped_column(default="")
    done_at: Mapped[datetime | None]
    returned_from: Mapped[str] = mapped_column(default="")
    """The member that had it, and left the bid."""
    reminded_before_at: Mapped[datetime | None]
    reminded_late_at: Mapped[datetime | None]
    draft_says: Mapped[bool | None]
    draft_text: Mapped[str] = mapped_column(default="")
    draft_revision: Mapped[int] = mapped_column(default=0)
    """Grows with each save, so that two at the same member do not overwrite each other unseen."""
    draft_by: Mapped[str] = mapped_column(default="")
    draft_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    """When the draft was last put into our answer."""
    bid: Mapped[Bid] = relationship()
    requirement: Mapped[TenderRequirement | None] = relationship()
    user: Mapped[User | None] = relationship()
    party: Mapped[BidParty | None] = relationship()
    papers: Mapped[list[TaskPaper]] = relationship(order_by="TaskPaper.id", cascade="all, delete-orphan")

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self.done_at is not None

    @property
    def has_new_draft(self) -> bool:
        """Whether the party has written something that is not in our answer yet."""
        return self.draft_at is not None and (self.taken_at is None or self.taken_at < self.draft_at)


class TaskPaper(Base):
    """A paper of its vault that the party has laid beside its draft."""

    __tablename__ = "bid_task_paper"
    __table_args__ = (UniqueConstraint("task_id", "document_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("bid_task.id", ondelete="CASCADE"))
    document_id: Mapped[int] = mapped_column(ForeignKey("member_document.id", ondelete="CASCADE"), index=True)
    document: Mapped[MemberDocument] = relationship()


class BidComment(Base):
    """A remark on a requirement or on the whole bid. With a party it is said between it and us, else among staff."""

    __tablename__ = "bid_comment"
    __table_args__ = (Index("ix_bid_comment_bid_requirement", "bid_id", "requirement_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"))
    requirement_id: Mapped[int | None] = mapped_column(
        ForeignKey("tender_requirement.id", ondelete="CASCADE"), index=True
    )
    party_id: Mapped[int | None] = mapped_column(ForeignKey("bid_party.id", ondelete="SET NULL"), index=True)
    with_member: Mapped[str] = mapped_column(default="")
    """The party's name, which stays when the party leaves."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    by_name: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    bid: Mapped[Bid] = relationship()
    requirement: Mapped[TenderRequirement | None] = relationship()
    party: Mapped[BidParty | None] = relationship()


class BidGlance(Base):
    """Up to which act a person has seen what happened in a bid."""

    __tablename__ = "bid_glance"
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True)
    upto: Mapped[int]
    """The id of the last act seen."""
    looked_at: Mapped[datetime]


class UnsavedAnswer(Base):
    """What somebody had typed on the page of an answer when it was sent for another purpose than to save it."""

    __tablename__ = "unsaved_answer"
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id", ondelete="CASCADE"), primary_key=True)
    requirement_id: Mapped[int] = mapped_column(
        ForeignKey("tender_requirement.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True)
    typed: Mapped[dict[str, Any]]
    """The fields of the page's form by name, each with its values as they were sent."""
    at: Mapped[datetime]


class TenderQuestion(Base):
    """A question to the buyer: ours, or somebody else's that the buyer has published with its answer."""

    __tablename__ = "tender_question"
    __table_args__ = (Index("ix_tender_question_tender", "tender_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id", ondelete="CASCADE"))
    requirement_id: Mapped[int | None] = mapped_column(
        ForeignKey("tender_requirement.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[QuestionState] = mapped_column(default=QuestionState.DRAFT)
    ours: Mapped[bool] = mapped_column(default=True)
    text: Mapped[str]
    written_by: Mapped[str]
    written_at: Mapped[datetime]
    sent_by: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime | None]
    sent_in: Mapped[str] = mapped_column(default="")
    """The buyer's system through which it went."""
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    """When the buyer answered."""
    answer_entered_by: Mapped[str] = mapped_column(default="")
    requirement: Mapped[TenderRequirement | None] = relationship()

    @validates("state")
    def _legal_move(self, _key: str, to: QuestionState) -> QuestionState:
        if self.state is not None and to != self.state and to not in QUESTION_MOVES[self.state]:
            raise Refused("Frågan är redan skickad eller besvarad. Läs in sidan igen.")
        return to
