"""Reading the common work: who is in a bid and what is new to whom, tasks, comments, questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select, true
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import Role, RoleName, User
from app.audit import AuditEvent
from app.db import db
from app.errors import NotYours
from app.leaves import Leaf, nearest
from app.members.models import MemberDocument
from app.tenders.bid import Bid, BidParty, BidState
from app.tenders.dates.models import TenderDates
from app.tenders.tender import Tender, TenderRequirement, TenderState
from app.tenders.working.duties import Act, Duty, may
from app.tenders.working.models import (
    BidComment,
    BidGlance,
    BidPerson,
    BidTask,
    TaskPaper,
    TenderQuestion,
    UnsavedAnswer,
)
from app.tenders.working.news import NEWS, Part, about, by_others

PAGE = 40
LATEST = 20
"""So many remarks stand beside an answer; the page of comments has them all."""


@dataclass(frozen=True, slots=True)
class Team:
    """Who is in a bid, and how it looks to one of us."""

    people: tuple[BidPerson, ...]
    duty: Duty
    """The viewer's."""
    upto: int
    looked_at: datetime | None
    news: dict[Part, int]
    """How much others have done since the viewer looked, by where it shows."""

    def may(self, act: Act) -> bool:
        """Whether the viewer may do it."""
        return may(self.duty, act)

    @property
    def owner(self) -> BidPerson | None:
        """Who answers for the bid."""
        return next((person for person in self.people if person.duty == Duty.OWNER), None)

    @property
    def staff(self) -> list[BidPerson]:
        """Those of us who have a role."""
        return [person for person in self.people if person.user_id is not None]

    @property
    def contacts(self) -> dict[int, BidPerson]:
        """Whom we write to, by party."""
        return {person.party_id: person for person in self.people if person.party_id is not None}


def team_of(bid: Bid, user: User) -> Team:
    """Who is in the bid and what is new to that person, in one statement."""
    glance = select(BidGlance.upto, BidGlance.looked_at).where(BidGlance.bid_id == bid.id, BidGlance.user_id == user.id)
    seen = glance.subquery()
    since = func.coalesce(select(seen.c.upto).scalar_subquery(), 0)
    fresh = (
        select(AuditEvent.what, func.count().label("many"))
        .where(about(bid), by_others(user), AuditEvent.id > since)
        .group_by(AuditEvent.what)
        .subquery()
    )
    query = (
        select(BidPerson, seen.c.upto, seen.c.looked_at, fresh.c.what, fresh.c.many)
        .select_from(Bid)
        .outerjoin(BidPerson, BidPerson.bid_id == Bid.id)
        .outerjoin(seen, true())
        .outerjoin(fresh, true())
        .where(Bid.id == bid.id)
        .order_by(BidPerson.id)
    )
    found = db.session.execute(query).all()
    people = tuple(dict.fromkeys(row[0] for row in found if row[0] is not None))
    news: dict[Part, int] = {}
    for what, many in {(row[3], row[4]) for row in found if row[3] is not None}:
        news[NEWS[what]] = news.get(NEWS[what], 0) + many
    return Team(people, duty_in(people, user), found[0][1] or 0, found[0][2], news)


def duty_in(people: Sequence[BidPerson], user: User) -> Duty:
    """A person's role. An administrator answers for every bid, and so does everybody while nobody has been named."""
    if RoleName.ADMIN in user.role_names or not any(person.duty == Duty.OWNER for person in people):
        return Duty.OWNER
    return next((person.duty for person in people if person.user_id == user.id), Duty.OUTSIDE)


def duty_at(tender_id: int, user: User) -> Duty:
    """A person's role in the bid on a tender, for pages that need no more of it."""
    people = select(BidPerson).join(Bid, Bid.id == BidPerson.bid_id).where(Bid.tender_id == tender_id)
    return duty_in(db.session.scalars(people).all(), user)


def people_of(bid: Bid) -> Sequence[BidPerson]:
    """Everybody with a role in the bid, staff and contacts."""
    return db.session.scalars(select(BidPerson).where(BidPerson.bid_id == bid.id).order_by(BidPerson.id)).all()


def owner_of(bid: Bid) -> BidPerson | None:
    """Who answers for the bid, if anybody has been named."""
    return next((person for person in people_of(bid) if person.duty == Duty.OWNER), None)


def contact_of(party: BidParty) -> BidPerson | None:
    """Whom we write to at a party's, where somebody has been named."""
    return db.session.scalar(select(BidPerson).where(BidPerson.party_id == party.id))


def colleagues() -> Sequence[User]:
    """Those of staff who may be given a role or a task."""
    sells = User.roles.any(Role.name.in_((RoleName.SALES, RoleName.ADMIN)))
    return db.session.scalars(select(User).where(User.active, sells).order_by(User.name, User.id)).all()


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside an answer: tasks, the latest remarks as they were made, and whether there are more.

    With what the viewer has typed of the answer and not saved.
    """

    tasks: Sequence[BidTask]
    remarks: Sequence[BidComment]
    more: bool
    unsaved: UnsavedAnswer | None


def beside(bid: Bid, requirement: TenderRequirement, viewer: User) -> Beside:
    """All of it in one statement: a requirement has few tasks."""
    latest = (
        select(BidComment.id)
        .where(BidComment.bid_id == bid.id, BidComment.requirement_id == requirement.id)
        .order_by(BidComment.id.desc())
        .limit(LATEST + 1)
        .subquery()
    )
    typed = and_(
        UnsavedAnswer.bid_id == bid.id,
        UnsavedAnswer.requirement_id == TenderRequirement.id,
        UnsavedAnswer.user_id == viewer.id,
    )
    query = (
        select(BidTask, BidComment, UnsavedAnswer)
        .select_from(TenderRequirement)
        .outerjoin(BidTask, (BidTask.requirement_id == TenderRequirement.id) & (BidTask.bid_id == bid.id))
        .outerjoin(BidComment, BidComment.id.in_(select(latest.c.id)))
        .outerjoin(UnsavedAnswer, typed)
        .where(TenderRequirement.id == requirement.id)
        .options(
            joinedload(BidTask.user).lazyload(User.roles),
            joinedload(BidTask.papers).joinedload(TaskPaper.document).joinedload(MemberDocument.file),
        )
        .order_by(BidTask.id, BidComment.id)
    )
    found = db.session.execute(query).unique().all()
    tasks = list(dict.fromkeys(row[0] for row in found if row[0] is not None))
    remarks = list(dict.fromkeys(row[1] for row in found if row[1] is not None))
    return Beside(tasks, remarks[-LATEST:], len(remarks) > LATEST, found[0][2] if found else None)


def comments_of(bid: Bid, page: int) -> Leaf[BidComment]:
    """All that was said in the bid, the latest first."""
    query = select(BidComment).where(BidComment.bid_id == bid.id).order_by(BidComment.id.desc())
    return _leaf(query, page)


def tasks_of(bid: Bid, page: int, *, whole: bool) -> Leaf[BidTask]:
    """The bid's tasks, what is to be done first and by day; with `whole` also what is done."""
    query = select(BidTask).where(BidTask.bid_id == bid.id).options(joinedload(BidTask.user).lazyload(User.roles))
    if not whole:
        query = query.where(BidTask.done_at.is_(None))
    return _leaf(query.order_by(BidTask.done_at.is_not(None), BidTask.due_on, BidTask.id), page)


def tasks_for(user: User, page: int) -> Leaf[BidTask]:
    """What one of us has to do in all bids that are being written, by day."""
    query = open_tasks().where(BidTask.user_id == user.id).order_by(BidTask.due_on, BidTask.id)
    return _leaf(query, page)


def late_for(user: User, today: date) -> tuple[int, int]:
    """How many tasks one of us has in the bids that are being written, and how many of them are late."""
    query = open_tasks().where(BidTask.user_id == user.id).with_only_columns(BidTask.due_on)
    days = db.session.scalars(query.limit(1000)).all()
    return len(days), sum(day < today for day in days)


def open_tasks() -> Select[Any]:
    """What is to be done in bids that are being written."""
    return (
        select(BidTask)
        .join(BidTask.bid)
        .join(Bid.tender)
        .outerjoin(BidTask.requirement)
        .where(BidTask.done_at.is_(None), Bid.state == BidState.DRAFT, Tender.state == TenderState.BIDDING)
        .options(contains_eager(BidTask.bid).contains_eager(Bid.tender), contains_eager(BidTask.requirement))
    )


def due_tasks(before: date, today: date) -> Sequence[int]:
    """The open tasks of which somebody has not been reminded yet: before their day comes, or when it has passed."""
    soon = (BidTask.due_on <= before) & (BidTask.due_on >= today) & BidTask.reminded_before_at.is_(None)
    late = (BidTask.due_on < today) & BidTask.reminded_late_at.is_(None)
    held = BidTask.user_id.is_not(None) | BidTask.party_id.is_not(None)
    query = open_tasks().where(held, soon | late).with_only_columns(BidTask.id)
    return db.session.scalars(query.order_by(BidTask.id).limit(500)).all()


def task_in(bid: Bid, task_id: int) -> BidTask:
    """The bid's own task. Raises NotYours for any other."""
    found = db.session.scalar(select(BidTask).where(BidTask.id == task_id, BidTask.bid_id == bid.id))
    if found is None:
        raise NotYours
    return found


def comment_in(bid: Bid, comment_id: int) -> BidComment:
    """The bid's own comment. Raises NotYours for any other."""
    found = db.session.scalar(select(BidComment).where(BidComment.id == comment_id, BidComment.bid_id == bid.id))
    if found is None:
        raise NotYours
    return found


def questions_of(tender: Tender, page: int) -> tuple[Leaf[TenderQuestion], datetime | None, bool]:
    """The questions to the buyer, the latest first.

    With until when the buyer takes them, where it says so itself, and whether it has shortened the time for bids.
    """
    asked = (
        select(TenderQuestion.id, func.count().over().label("total"))
        .where(TenderQuestion.tender_id == tender.id)
        .order_by(TenderQuestion.id.desc())
        .limit(PAGE)
        .offset((max(page, 1) - 1) * PAGE)
        .subquery()
    )
    query = (
        select(TenderQuestion, asked.c.total, TenderDates.questions_until, TenderDates.is_urgent)
        .select_from(Tender)
        .outerjoin(TenderDates, TenderDates.tender_id == Tender.id)
        .outerjoin(asked, true())
        .outerjoin(TenderQuestion, TenderQuestion.id == asked.c.id)
        .where(Tender.id == tender.id)
        .order_by(TenderQuestion.id.desc())
    )
    found = db.session.execute(query).all()
    rows = [row[0] for row in found if row[0] is not None]
    if not rows and page > 1:
        return questions_of(tender, 1)
    return Leaf(rows, max(page, 1), found[0][1] or 0, PAGE), found[0][2], bool(found[0][3])


def question_in(tender: Tender, question_id: int) -> TenderQuestion:
    """The tender's own question. Raises NotYours for any other."""
    query = select(TenderQuestion).where(TenderQuestion.id == question_id, TenderQuestion.tender_id == tender.id)
    found = db.session.scalar(query)
    if found is None:
        raise NotYours
    return found


def _leaf(query: Select[Any], page: int) -> Leaf[Any]:
    """One page, and how many there are, in one statement."""
    counted = query.add_columns(func.count().over())
    number = max(page, 1)
    found = db.session.execute(counted.limit(PAGE).offset((number - 1) * PAGE)).all()
    if not found and number > 1:
        return _leaf(query, nearest(number, 0, PAGE))
    return Leaf([row[0] for row in found], number, found[0][1] if found else 0, PAGE)
