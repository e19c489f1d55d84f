"""Requests to change what is sold, and the days on which an offering rests."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.accounts.models import User
from app.catalog.changing.changes import read
from app.catalog.changing.kinds import Action, ActionKind
from app.catalog.models import Article, Offering
from app.db import Base
from app.errors import Refused
from app.members.models import Member


class ChangeState(StrEnum):
    """Where a request to change something stands."""

    WAITING = "waiting"
    RETURNED = "returned"
    """Sent back with a note; who made it may put it right and send it again."""
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


MOVES = {
    ChangeState.WAITING: {
        ChangeState.RETURNED,
        ChangeState.APPROVED,
        ChangeState.DECLINED,
        ChangeState.WITHDRAWN,
    },
    ChangeState.RETURNED: {ChangeState.WAITING, ChangeState.WITHDRAWN},
    ChangeState.APPROVED: set(),
    ChangeState.DECLINED: set(),
    ChangeState.WITHDRAWN: set(),
}
OPEN = (ChangeState.WAITING, ChangeState.RETURNED)
IN_SWEDISH = {
    ChangeState.WAITING: "inskickat",
    ChangeState.RETURNED: "skickat tillbaka",
    ChangeState.APPROVED: "godkänt",
    ChangeState.DECLINED: "avböjt",
    ChangeState.WITHDRAWN: "återtaget",
}


class ChangeRequest(Base):
    """Somebody wants an article or an offering to be otherwise. What is published stays until staff have said yes."""

    __tablename__ = "change_request"
    __table_args__ = (
        CheckConstraint("(article_id IS NULL) <> (offering_id IS NULL)", name="one_subject"),
        CheckConstraint("base_version > 0", name="base_published"),
        CheckConstraint("revision > 0", name="revision_positive"),
        Index("ix_change_request_state", "state", "id"),
        Index("ix_change_request_member", "member_id", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    offering_id: Mapped[int | None] = mapped_column(ForeignKey("offering.id", ondelete="CASCADE"), index=True)
    state: Mapped[ChangeState] = mapped_column(default=ChangeState.WAITING)
    base_version: Mapped[int]
    """The version that it was written against."""
    revision: Mapped[int] = mapped_column(default=1)
    """Grows each time its actions are written anew, so that nobody decides on what they have not read."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    made_by: Mapped[str]
    """The name as it was, also when the account is gone."""
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    """The member that asks; None for the sales company's own people."""
    note: Mapped[str] = mapped_column(default="")
    """What who made it says to who decides."""
    answer: Mapped[str] = mapped_column(default="")
    """What who decided says to who made it."""
    by_colleague: Mapped[bool] = mapped_column(default=False)
    """Whether somebody else than who made it must decide."""
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime]
    """When it was last sent to us."""
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(default="")
    article: Mapped[Article | None] = relationship()
    offering: Mapped[Offering | None] = relationship()
    member: Mapped[Member | None] = relationship()
    maker: Mapped[User | None] = relationship()
    rows: Mapped[list[ChangeAction]] = relationship(
        back_populates="request", order_by="ChangeAction.position", cascade="all, delete-orphan", lazy="selectin"
    )

    @validates("state")
    def _legal_move(self, _key: str, to: ChangeState) -> ChangeState:
        if self.state is not None and to != self.state and to not in MOVES[self.state]:
            raise Refused(f"Förslaget är {IN_SWEDISH[self.state]} och kan inte bli {IN_SWEDISH[to]}.")
        return to

    @property
    def subject(self) -> Article | Offering:
        """What is to be changed."""
        found = self.article or self.offering
        if found is None:
            raise ValueError("a request about nothing")
        return found

    @property
    def about(self) -> Article:
        """The article that it concerns, in itself or as somebody's offering."""
        subject = self.subject
        return subject.article if isinstance(subject, Offering) else subject

    @property
    def is_open(self) -> bool:
        """Whether something may still come of it."""
        return self.state in OPEN

    @property
    def has_moved_on(self) -> bool:
        """Whether something newer has been published than it was written against."""
        return self.is_open and self.subject.version != self.base_version

    @property
    def actions(self) -> tuple[Action, ...]:
        """What is to be done, in order. Raises Refused for what no program of ours has written."""
        return tuple(read(row.kind, row.details) for row in self.rows)


class ChangeAction(Base):
    """One step of a request."""

    __tablename__ = "change_action"
    __table_args__ = (UniqueConstraint("request_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("change_request.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[ActionKind]
    details: Mapped[dict[str, Any]]
    """What `changes.details_of` gives."""
    request: Mapped[ChangeRequest] = relationship(back_populates="rows")
