"""THE STORY of working together on a bid: tasks given and reminded of, remarks, addenda received."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from app import jobs
from app.accounts.models import User
from app.clock import SWEDEN, local_date
from app.db import db
from app.files import StoredFile
from app.tenders import emails as party_emails
from app.tenders import queries as tenders
from app.tenders.models import Bid, BidComment, BidParty, BidPerson, BidTask, Tender, TenderAddendum, TenderRequirement
from app.tenders.working import buyer_actions, comment_actions, emails, queries, task_actions
from app.tenders.working.buyer_actions import NewAddendum
from app.tenders.working.task_actions import AHEAD, Given

FIRST_HOUR = 7
"""Nobody is reminded of work before so many o'clock."""


def give_task(bid: Bid, requirement: TenderRequirement | None, given: Given, *, by: User, now: datetime) -> BidTask:
    """1. Somebody gets a task, and a letter unless it is one's own."""
    task = task_actions.give(bid, requirement, given, by=by, now=now)
    db.session.flush()
    if given.user is not by:
        emails.task_given(task, now=now)
    return task


def move_task(task: BidTask, given: Given, *, by: User, now: datetime) -> BidTask:
    """1 b. Another day, or somebody else, who gets a letter."""
    held = task.user, task.party
    task_actions.move(task, given, by=by, now=now)
    if (given.user, given.party) != held and given.user is not by:
        emails.task_given(task, now=now)
    return task


@jobs.every_minute
def remind_of_tasks(now: datetime) -> None:
    """2. Two days before its day, and once when it has passed, whoever has a task is reminded; each is a job."""
    if now.astimezone(SWEDEN).hour < FIRST_HOUR:
        return
    today = local_date(now)
    for task_id in queries.due_tasks(today + AHEAD, today):
        jobs.enqueue(remind, task_id=task_id, moment=int(now.timestamp()))


@jobs.job
def remind(task_id: int, moment: int) -> None:
    """2 b. The letter. Run twice, or when the task is done meanwhile, it writes none."""
    now = datetime.fromtimestamp(moment, tz=UTC)
    today = local_date(now)
    task = db.session.get(BidTask, task_id, with_for_update={"of": BidTask})
    if task is None or task.id not in queries.due_tasks(today + AHEAD, today):
        return
    if task.due_on < today:
        task.reminded_late_at = now
    else:
        task.reminded_before_at = now
    emails.task_due(task, now=now, today=today)


def comment(
    bid: Bid,
    requirement: TenderRequirement | None,
    text: str,
    *,
    to: Sequence[BidPerson] = (),
    by: User,
    now: datetime,
) -> BidComment:
    """3. A remark among us; those whom it is addressed to get a letter."""
    made = comment_actions.say(bid, requirement, text, party=None, by=by, now=now)
    for person in to:
        if person.user_id is not None and person.user_id != by.id:
            emails.comment_made(made, person, requirement, now=now)
    return made


def write_to_party(task: BidTask, party: BidParty, text: str, *, by: User, now: datetime) -> BidComment:
    """3 b. A remark to a party beside its task; it gets a letter."""
    made = comment_actions.say(task.bid, task.requirement, text, party=party, by=by, now=now)
    emails.comment_for_party(made, party, task, now=now)
    return made


def party_writes(task: BidTask, text: str, *, by: User, now: datetime) -> BidComment:
    """3 c. A party writes to us; who answers for the bid gets a letter, else whoever gave the task sees it there."""
    made = comment_actions.say(task.bid, task.requirement, text, party=task.party, by=by, now=now)
    owner = queries.owner_of(task.bid)
    if owner is not None:
        emails.comment_made(made, owner, task.requirement, now=now)
    return made


def receive_addendum(
    tender: Tender, new: NewAddendum, file: StoredFile | None, *, by: User, now: datetime
) -> TenderAddendum:
    """4. The buyer adds something: our people in the bid are told, and the parties when the last day has moved."""
    before = tender.deadline
    addendum = buyer_actions.receive(tender, new, file, by=by, now=now)
    bid = tenders.bid_of(tender)
    if bid is None:
        return addendum
    for person in queries.people_of(bid):
        if person.user_id is not None and person.user_id != by.id:
            emails.addendum_came(tender, addendum, person, now=now)
    if tender.deadline != before:
        party_emails.last_day_moved(bid, now=now)
    return addendum
