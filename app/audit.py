"""Who did what, when: one row for each act that matters, written in the same transaction as the act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, db, write_rows


class Actor(Protocol):
    """Whoever does something: somebody signed in, or somebody for whom it is done."""

    @property
    def id(self) -> int | None:
        """The account; none for somebody who has none."""

    @property
    def name(self) -> str:
        """As it is written down."""


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody who acts for an organisation in another way than from a seat there, by the name that is written down."""

    id: int | None
    name: str


class HasId(Protocol):
    """Anything with a row of its own."""

    id: int


class AuditEvent(Base):
    """One act. The name is kept as it was, also when the account is gone."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_subject", "subject_kind", "subject_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    by_name: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    what: Mapped[str]
    details: Mapped[dict[str, Any]]


def record(subject: HasId, what: str, *, by: Actor | None, now: datetime, **details: str | int | None) -> None:
    """Note an act; `by` is None for guests and for what the house does by itself."""
    db.session.flush()
    record_many(type(subject), {subject.id: details}, what, by=by, now=now)


def record_many(
    kind: type[HasId], acts: Mapping[int, Mapping[str, str | int | None]], what: str, *, by: Actor | None, now: datetime
) -> None:
    """The same act on many subjects of one kind, by their ids, each with its details. Written at once."""
    same = {"at": now, "by_id": by.id if by else None, "by_name": by.name if by else "Samsälj", "what": what}
    rows = [{**same, "subject_kind": kind.__name__, "subject_id": id_, "details": said} for id_, said in acts.items()]
    write_rows(AuditEvent, rows)


def acts_on(subject: HasId, most: int) -> Sequence[AuditEvent]:
    """The last acts on something, at most so many, in the order in which they were done."""
    mine = (AuditEvent.subject_kind == type(subject).__name__, AuditEvent.subject_id == subject.id)
    found = db.session.scalars(select(AuditEvent).where(*mine).order_by(AuditEvent.id.desc()).limit(most)).all()
    return found[::-1]
