"""Reading notices that have come in: which tender one belongs to, what changed, and how batches fare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Role, RoleName, User
from app.audit import AuditEvent
from app.db import db
from app.errors import NotYours
from app.files import StoredFile
from app.jobs import Job, JobState
from app.leaves import Leaf, leaf, nearest
from app.tenders.models import Bid, Tender
from app.tenders.noticing.models import (
    BatchState,
    NoticeBatch,
    NoticeBatchLine,
    TenderChange,
    TenderNotice,
    TenderOutcome,
)
from bids.notice_values import Notice, NoticeKind

PAGE = 50
RECENT = 10
MOST_PEOPLE = 30


@dataclass(frozen=True, slots=True)
class Family:
    """The notices that we have of one procedure, and the tender they made."""

    tender_id: int
    notices: Sequence[TenderNotice]
    """In the order in which they reached us."""

    @property
    def holding(self) -> TenderNotice | None:
        """The one from which the tender's facts follow."""
        return next((one for one in reversed(self.notices) if one.holds), None)


def family_of(notice: Notice, digest: str) -> Family | None:
    """What we have of the notice's procedure: by its own number, what it corrects, its procedure, or the same bytes.

    Else it may be a tender that somebody has entered by hand, and of which no notice has come yet.
    """
    tender_id = next((found for way in _ways(notice, digest) if (found := _first(way)) is not None), None)
    if tender_id is None:
        by_hand = _entered_by_hand(notice)
        return None if by_hand is None else Family(by_hand, ())
    query = select(TenderNotice).where(TenderNotice.tender_id == tender_id).options(joinedload(TenderNotice.file))
    return Family(tender_id, db.session.scalars(query.order_by(TenderNotice.number)).all())


def _ways(notice: Notice, digest: str) -> Sequence[ColumnElement[bool]]:
    ways: list[ColumnElement[bool]] = []
    if notice.id:
        ways.append(TenderNotice.notice_id == notice.id[:100])
    if notice.change:
        corrected, _, _version = notice.change.notice.rpartition("-")
        ways.append(TenderNotice.notice_id.in_([corrected, notice.change.notice]))
    if notice.id:
        ways.append(TenderNotice.changes == f"{notice.id}-{notice.version}"[:130])
    if notice.folder:
        ways.append(TenderNotice.folder == notice.folder[:100])
    if not notice.id:
        ways.append(TenderNotice.file_id.in_(select(StoredFile.id).where(StoredFile.sha256 == digest)))
    return ways


def _first(way: ColumnElement[bool]) -> int | None:
    return db.session.scalar(select(TenderNotice.tender_id).where(way).order_by(TenderNotice.number).limit(1))


def _entered_by_hand(notice: Notice) -> int | None:
    """The only tender without notices that has the buyer's diary number, and the number of one of its buyers."""
    numbers = [digits for buyer in notice.buyers if (digits := "".join(filter(str.isdigit, buyer.org_number)))]
    if not notice.reference.strip() or not numbers:
        return None
    plain = func.replace(func.replace(Tender.buyer_org_number, "-", ""), " ", "")
    same = (func.trim(Tender.diary_number) == notice.reference.strip(), plain.in_(numbers))
    has_none = ~select(TenderNotice.id).where(TenderNotice.tender_id == Tender.id).exists()
    found = db.session.scalars(select(Tender.id).where(*same, has_none).limit(2)).all()
    return found[0] if len(found) == 1 else None


def people_of(bid: Bid) -> Sequence[User]:
    """Those of us who have done something with the tender or the bid, by name; where there are none, all who sell."""
    subjects = or_(
        and_(AuditEvent.subject_kind == "Tender", AuditEvent.subject_id == bid.tender_id),
        and_(AuditEvent.subject_kind == "Bid", AuditEvent.subject_id == bid.id),
    )
    ours = select(User).where(User.active, User.roles.any()).order_by(User.name, User.id).limit(MOST_PEOPLE)
    found = db.session.scalars(ours.where(User.id.in_(select(AuditEvent.by_id).where(subjects)))).all()
    return found or db.session.scalars(ours.where(User.roles.any(Role.name == RoleName.SALES))).all()


def newest_first() -> tuple[SQLColumnExpression[Any], ...]:
    """The newest notice first, and deadlines first in it."""
    return TenderChange.notice_id.desc(), TenderChange.position, TenderChange.id


def unseen_in(tender_id: int) -> Select[int]:
    """The ids of what notices have said anew and nobody has acknowledged, for whoever reads it with other things."""
    query = select(TenderChange.id).where(TenderChange.tender_id == tender_id, TenderChange.seen_at.is_(None))
    return query.order_by(*newest_first()).limit(PAGE)


def changes(tender: Tender, page: int) -> Leaf[TenderChange]:
    """All that notices have said anew, the newest first."""
    query = select(TenderChange).where(TenderChange.tender_id == tender.id)
    return leaf(query.options(joinedload(TenderChange.notice)).order_by(*newest_first()), page, PAGE)


def change_of(tender: Tender, change_id: int) -> TenderChange:
    """One of the tender's own. Raises NotYours for any other."""
    query = select(TenderChange).where(TenderChange.id == change_id, TenderChange.tender_id == tender.id)
    found = db.session.scalar(query.with_for_update())
    if found is None:
        raise NotYours
    return found


def notices(tender: Tender) -> Sequence[TenderNotice]:
    """The notices that have come in about it, the newest first."""
    query = select(TenderNotice).where(TenderNotice.tender_id == tender.id).options(joinedload(TenderNotice.file))
    return db.session.scalars(query.order_by(TenderNotice.number.desc()).limit(PAGE)).all()


def notice_of(tender: Tender, notice_id: int) -> TenderNotice:
    """One of the tender's own notices. Raises NotYours for any other."""
    query = select(TenderNotice).where(TenderNotice.id == notice_id, TenderNotice.tender_id == tender.id)
    found = db.session.scalar(query.options(joinedload(TenderNotice.file)))
    if found is None:
        raise NotYours
    return found


def outcomes(tender: Tender) -> Sequence[TenderOutcome]:
    """How the lots ended by the buyer's notices."""
    query = select(TenderOutcome).where(TenderOutcome.tender_id == tender.id)
    return db.session.scalars(query.order_by(TenderOutcome.lot_ref, TenderOutcome.id).limit(500)).all()


def has_result(tender: Tender) -> bool:
    """Whether a notice has told that the buyer has decided, whether or not it says who won."""
    query = select(TenderNotice.id).where(TenderNotice.tender_id == tender.id, TenderNotice.kind == NoticeKind.AWARD)
    return db.session.scalar(query.limit(1)) is not None


def batch_with(batch_id: int) -> NoticeBatch:
    """A batch. Raises NotYours when there is none."""
    found = db.session.get(NoticeBatch, batch_id)
    if found is None:
        raise NotYours
    return found


def recent() -> Sequence[NoticeBatch]:
    """The last batches, the newest first."""
    return db.session.scalars(select(NoticeBatch).order_by(NoticeBatch.id.desc()).limit(RECENT)).all()


def told(batch: NoticeBatch) -> dict[str, int]:
    """How many files had which outcome."""
    query = select(NoticeBatchLine.outcome, func.count()).where(NoticeBatchLine.batch_id == batch.id)
    return {outcome: count for outcome, count in db.session.execute(query.group_by(NoticeBatchLine.outcome))}  # noqa: C416  rows are no pairs to a type checker


def lines(batch: NoticeBatch, outcome: str, total: int, number: int) -> Leaf[NoticeBatchLine]:
    """One page of the files with an outcome, of which there are so many, in their order."""
    number = nearest(number, total, PAGE)
    query = select(NoticeBatchLine).where(NoticeBatchLine.batch_id == batch.id, NoticeBatchLine.outcome == outcome)
    some = query.order_by(NoticeBatchLine.position).offset((number - 1) * PAGE).limit(PAGE)
    return Leaf(db.session.scalars(some).all() if total else (), number, total, PAGE)


def has_failed(batch: NoticeBatch) -> bool:
    """Whether its job has been given up; staff see why among the jobs."""
    job = db.session.get(Job, batch.job_id) if batch.state is BatchState.WAITING and batch.job_id else None
    return job is not None and job.state is JobState.FAILED


def old_batches(before: datetime) -> Sequence[NoticeBatch]:
    """Batches made before that moment, some at a time."""
    query = select(NoticeBatch).where(NoticeBatch.created_at < before).order_by(NoticeBatch.id).limit(20)
    return db.session.scalars(query).all()
