"""What a member sees of the common work: what it has been asked to write, and what it and we have said about that."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from app.db import db
from app.errors import NotYours
from app.members.models import Member
from app.tenders.bid import Bid, BidParty
from app.tenders.working.models import BidComment, BidTask, TaskPaper
from app.tenders.working.queries import LATEST, open_tasks


def tasks_at(member: Member) -> Sequence[BidTask]:
    """What a member has been asked to write in bids that are being written, by day."""
    query = open_tasks().join(BidTask.party).where(BidParty.member_id == member.id, BidParty.declined_because == "")
    return db.session.scalars(query.order_by(BidTask.due_on, BidTask.id).limit(200)).all()


def task_at(member: Member, task_id: int, *, lock: bool = False) -> BidTask:
    """The member's own task; with `lock` the bid is held, so that it is not handed in meanwhile.

    Raises NotYours for any other, also for one that has been taken back.
    """
    own = (BidTask.id == task_id, BidParty.member_id == member.id, BidParty.declined_because == "")
    if lock:
        held = select(Bid.id).join(BidTask, BidTask.bid_id == Bid.id).where(BidTask.id == task_id)
        db.session.execute(held.with_for_update(of=Bid))
    query = (
        select(BidTask)
        .join(BidTask.party)
        .join(BidParty.member)
        .where(*own)
        .options(
            contains_eager(BidTask.party).contains_eager(BidParty.member),
            joinedload(BidTask.requirement),
            joinedload(BidTask.bid).joinedload(Bid.tender),
            joinedload(BidTask.papers).joinedload(TaskPaper.document),
        )
    )
    found = db.session.scalars(query).unique().one_or_none()
    if found is None:
        raise NotYours
    return found


def talk_on(task: BidTask) -> Sequence[BidComment]:
    """What the party and we have said to each other on the task's requirement, the latest last."""
    query = select(BidComment).where(
        BidComment.bid_id == task.bid_id,
        BidComment.party_id == task.party_id,
        BidComment.requirement_id == task.requirement_id,
    )
    return db.session.scalars(query.order_by(BidComment.id.desc()).limit(LATEST)).all()[::-1]
