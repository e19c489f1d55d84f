"""Reading files on their way in; another member's is as good as not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import exists, func, or_, select

from app.audit import AuditEvent
from app.catalog.imports.models import BatchState, ImportBatch, ImportNote
from app.catalog.models import ApprovalState, Offering
from app.db import db
from app.errors import NotYours
from app.jobs import Job, JobState
from app.leaves import Leaf, nearest
from app.members.models import Member

PAGE = 50
RECENT = 10


def batch_of(member: Member, batch_id: int, *, lock: bool = False) -> ImportBatch:
    """The member's own batch, or NotYours. With `lock` whoever decides about it next has to wait."""
    query = select(ImportBatch).where(ImportBatch.id == batch_id, ImportBatch.member_id == member.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotYours
    return found


def recent(member: Member) -> Sequence[ImportBatch]:
    """The member's last files, the newest first."""
    query = select(ImportBatch).where(ImportBatch.member_id == member.id).order_by(ImportBatch.id.desc())
    return db.session.scalars(query.limit(RECENT)).all()


def notes(batch: ImportBatch, kind: str, total: int, number: int) -> Leaf[ImportNote]:
    """One page of what is told of one kind, of which there is so much in all, in the order of the rows."""
    number = nearest(number, total, PAGE)
    query = select(ImportNote).where(ImportNote.batch_id == batch.id, ImportNote.kind == kind)
    some = query.order_by(ImportNote.position).offset((number - 1) * PAGE).limit(PAGE)
    return Leaf(db.session.scalars(some).all() if total else (), number, total, PAGE)


def faults(batch: ImportBatch) -> Iterator[ImportNote]:
    """All faults."""
    query = select(ImportNote).where(ImportNote.batch_id == batch.id, ImportNote.kind == "fault")
    yield from db.session.scalars(query.order_by(ImportNote.position).execution_options(yield_per=500))


def told(batch: ImportBatch) -> dict[str, int]:
    """How many notes there are of each kind."""
    query = select(ImportNote.kind, func.count().label("notes")).where(ImportNote.batch_id == batch.id)
    return {row.kind: row.notes for row in db.session.execute(query.group_by(ImportNote.kind))}


def still_waiting(batch: ImportBatch) -> Sequence[int]:
    """The ids of the offerings that the file has proposed and nobody has answered, by id.

    The log knows what was proposed in the moment in which the file was taken in, also of what came again.
    """
    if batch.state is not BatchState.DONE:
        return ()
    then = (AuditEvent.what == "proposed", AuditEvent.at == batch.finished_at)
    acts = [
        exists().where(AuditEvent.subject_kind == kind, AuditEvent.subject_id == subject, *then)
        for kind, subject in (("Article", Offering.article_id), ("Offering", Offering.id))
    ]
    waiting = (Offering.member_id == batch.member_id, Offering.state == ApprovalState.PROPOSED)
    return db.session.scalars(select(Offering.id).where(*waiting, or_(*acts)).order_by(Offering.id)).all()


def has_failed(batch: ImportBatch) -> bool:
    """Whether its job has been given up; staff see why."""
    job = db.session.get(Job, batch.job_id) if batch.is_at_work and batch.job_id else None
    return job is not None and job.state is JobState.FAILED
