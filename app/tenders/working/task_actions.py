"""Tasks: given to one of us or to a party, done, taken back, and returned when a party leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app import audit
from app.accounts.models import User
from app.clock import local_date
from app.db import db
from app.errors import Refused
from app.tenders.answer_actions import take_mark_away
from app.tenders.bid import Bid, BidAnswer, BidParty
from app.tenders.bid_actions import check_draft
from app.tenders.calls import naming
from app.tenders.tender import TenderRequirement
from app.tenders.working.models import BidPerson, BidTask

AHEAD = timedelta(days=2)
"""So long before its day somebody is reminded of a task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A task to be: for one of us or for a party, by a day."""

    user: User | None = None
    party: BidParty | None = None
    due_on: date
    what: str = ""


def give(bid: Bid, requirement: TenderRequirement | None, given: Given, *, by: User | None, now: datetime) -> BidTask:
    """Raises Refused when whoever it is has the same task already, or cannot have it, and for a day that cannot be."""
    check_draft(bid)
    _check_day(bid, given.due_on, now)
    _check_holder(bid, requirement, given)
    task = BidTask(
        bid=bid,
        requirement=requirement,
        user=given.user,
        party=given.party,
        what=given.what.strip(),
        due_on=given.due_on,
        made_by=by.name if by else "Samsälj",
        made_at=now,
        reminded_before_at=now if given.due_on <= local_date(now) + AHEAD else None,
        papers=[],
    )
    db.session.add(task)
    audit.record(bid, "task_given", by=by, now=now, **_named(task))
    return task


def _check_day(bid: Bid, due_on: date, now: datetime) -> None:
    if due_on < local_date(now):
        raise Refused("Dagen har redan varit. Välj en dag som kommer.")
    if bid.tender.deadline is not None and due_on > local_date(bid.tender.deadline):
        raise Refused(f"Uppgiften måste vara klar senast på {naming.last_day(bid.tender).lower()}.")


def _check_holder(bid: Bid, requirement: TenderRequirement | None, given: Given) -> None:
    if (given.user is None) == (given.party is None):
        raise Refused("Välj vem som ska ha uppgiften.")
    if given.party is not None and requirement is None:
        raise Refused("En medlem kan bara få uppgifter som gäller ett krav.")
    if given.party is not None and given.party.has_declined:
        raise Refused(f"{given.party.member.name} har tackat nej till att vara med.")
    same = select(BidTask.id).where(
        BidTask.bid_id == bid.id,
        BidTask.requirement_id == (requirement.id if requirement else None),
        BidTask.user_id == (given.user.id if given.user else None),
        BidTask.party_id == (given.party.id if given.party else None),
        BidTask.done_at.is_(None),
        BidTask.what == given.what.strip(),
    )
    if db.session.scalar(same.limit(1)) is not None:
        raise Refused("Den uppgiften finns redan.")


def move(task: BidTask, given: Given, *, by: User, now: datetime) -> BidTask:
    """To somebody else, or to another day; who has it is reminded anew."""
    check_draft(task.bid)
    _check_day(task.bid, given.due_on, now)
    if (task.user, task.party, task.what) != (given.user, given.party, given.what.strip()):
        _check_holder(task.bid, task.requirement, given)
    task.user, task.party, task.what, task.due_on = given.user, given.party, given.what.strip(), given.due_on
    task.reminded_before_at = now if given.due_on <= local_date(now) + AHEAD else None
    task.reminded_late_at = None
    audit.record(task.bid, "task_changed", by=by, now=now, **_named(task))
    return task


def finish(task: BidTask, *, by: User, now: datetime) -> BidTask:
    """It is done. Once more changes nothing."""
    if not task.is_done:
        task.done_by, task.done_at = by.name, now
        audit.record(task.bid, "task_done", by=by, now=now, **_named(task))
    return task


def reopen(task: BidTask, *, by: User, now: datetime) -> BidTask:
    """It is not done after all."""
    check_draft(task.bid)
    if task.is_done:
        task.done_by, task.done_at = "", None
        audit.record(task.bid, "task_reopened", by=by, now=now, **_named(task))
    return task


def remove(task: BidTask, *, by: User, now: datetime) -> None:
    """It was a mistake. Raises Refused when the party has written something that would be lost."""
    check_draft(task.bid)
    if task.has_new_draft:
        raise Refused("Det finns ett utkast som inte är inlagt i svaret. Lägg in det först, eller markera som klar.")
    audit.record(task.bid, "task_removed", by=by, now=now, **_named(task))
    db.session.delete(task)


def hand_back(party: BidParty, owner: BidPerson | None, *, by: User | None, now: datetime) -> list[BidTask]:
    """A party leaves: what it had to do, answered for or was asked to deliver is the owner's, by today.

    What it has drafted stays. Without an owner nobody has the tasks, and they stand first in the list.
    """
    today, bid = local_date(now), party.bid
    held = db.session.scalars(select(BidTask).where(BidTask.party_id == party.id).order_by(BidTask.id)).all()
    returned = [_returned(task, party, owner, today) for task in held if not task.is_done or task.has_new_draft]
    for task in held:
        task.party = None
    has_task = {task.requirement_id for task in returned}
    for answer in bid.answers:
        if answer.responsible_id == party.id:
            answer.responsible_id = None
            take_mark_away(answer)
            if answer.requirement_id not in has_task:
                returned.append(_about(answer, party, owner, now))
    rows = ", ".join(promise.row.ref for promise in party.promises)
    if rows:
        returned.append(_new(party, owner, f"Hitta någon annan för prisrad {rows[:300]}", None, now=now))
    if returned:
        audit.record(bid, "task_returned", by=by, now=now, member=party.member.name, count=len(returned))
    return returned


def _returned(task: BidTask, party: BidParty, owner: BidPerson | None, today: date) -> BidTask:
    task.party_id, task.user_id = None, owner.user_id if owner else None
    task.returned_from, task.due_on = party.member.name, today
    task.done_at, task.done_by, task.reminded_late_at = None, "", None
    return task


def _about(answer: BidAnswer, party: BidParty, owner: BidPerson | None, now: datetime) -> BidTask:
    what = f"Se över svaret: {party.member.name} svarade för det"
    return _new(party, owner, what, answer.requirement_id, now=now)


def _new(party: BidParty, owner: BidPerson | None, what: str, requirement_id: int | None, *, now: datetime) -> BidTask:
    task = BidTask(
        bid_id=party.bid_id,
        requirement_id=requirement_id,
        user_id=owner.user_id if owner else None,
        what=what,
        due_on=local_date(now),
        made_by="Samsälj",
        made_at=now,
        returned_from=party.member.name,
        reminded_before_at=now,
    )
    db.session.add(task)
    return task


def _named(task: BidTask) -> dict[str, str | int | None]:
    """What the note of an act on the task says."""
    requirement = task.requirement
    return {
        "ref": requirement.ref if requirement else None,
        "requirement_id": requirement.id if requirement else None,
        "name": task.user.name if task.user else None,
        "member": task.party.member.name if task.party else None,
        "title": task.what[:200],
    }
