"""Letters about the common work: a task, its day, what came back, a remark, an addendum. Words in templates/emails/."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask import current_app

from app import mail
from app.accounts.models import User
from app.mail import Letter
from app.members.emails import way_in, write_to
from app.tenders.bid import Bid, BidParty
from app.tenders.tender import Tender, TenderRequirement
from app.tenders.working import queries
from app.tenders.working.addenda import TenderAddendum
from app.tenders.working.models import BidComment, BidPerson, BidTask


def task_given(task: BidTask, *, now: datetime) -> Letter | None:
    """You have been asked to do this, by that day. None where nobody has the task."""
    return _about_task("bid_task", f"Ny uppgift: {_title(task)}", task, now)


def task_due(task: BidTask, *, now: datetime, today: date) -> Letter | None:
    """The day comes nearer, or has passed."""
    subject = f"Försenad uppgift: {_title(task)}" if task.due_on < today else f"Snart dags: {_title(task)}"
    return _about_task("bid_task_due", subject, task, now, late=task.due_on < today)


def returned(bid: Bid, owner: BidPerson, member: str, tasks: Sequence[BidTask], *, now: datetime) -> Letter:
    """A party has left the bid, and what it had is yours."""
    link = _staff_link(bid.tender, "/arbete")
    values = {"tender": bid.tender, "member": member, "tasks": tasks, "link": link}
    return _to(owner, "bid_returned", f"{member} är inte längre med i anbudet", values, now)


def comment_made(
    comment: BidComment, person: BidPerson, requirement: TenderRequirement | None, *, now: datetime
) -> Letter:
    """Somebody has written to one of us, beside a requirement or the bid."""
    tender = comment.bid.tender
    on = f"krav {requirement.ref}" if requirement else "anbudet"
    link = _staff_link(tender, f"/svar/{requirement.id}" if requirement else "/kommentarer")
    values: dict[str, object] = {"tender": tender, "comment": comment, "on": on, "link": link}
    return _to(person, "bid_comment", f"{comment.by_name} om {on}: {tender.title}", values, now)


def comment_for_party(comment: BidComment, party: BidParty, task: BidTask, *, now: datetime) -> Letter:
    """We have written to a party beside its task."""
    tender = comment.bid.tender
    on = f"krav {task.requirement.ref}" if task.requirement else "anbudet"
    subject = f"{comment.by_name} om {on}: {tender.title}"
    values = {"tender": tender, "comment": comment, "on": on}
    return letter_to_party(party, "bid_comment", subject, values, f"/medlem/anbud/uppgift/{task.id}", now=now)


def addendum_came(tender: Tender, addendum: TenderAddendum, person: BidPerson, *, now: datetime) -> Letter:
    """The buyer has added something; who answers for the bid must acknowledge it."""
    values = {"tender": tender, "addendum": addendum, "link": _staff_link(tender, "/fragor")}
    subject = f"Komplettering {addendum.number}: {tender.title}"
    return _to(person, "bid_addendum", subject, values, now)


def _about_task(kind: str, subject: str, task: BidTask, now: datetime, *, late: bool = False) -> Letter | None:
    values = {"task": task, "tender": task.bid.tender, "late": late}
    if task.party is not None:
        return letter_to_party(task.party, kind, subject, values, f"/medlem/anbud/uppgift/{task.id}", now=now)
    if task.user is None:
        return None
    place = f"/svar/{task.requirement_id}" if task.requirement_id else "/arbete"
    values |= {"link": _staff_link(task.bid.tender, place)}
    return _to(task.user, kind, subject, values, now)


def _title(task: BidTask) -> str:
    """What a letter calls the task in its subject."""
    on = f"krav {task.requirement.ref}" if task.requirement else task.what
    return f"{on}, {task.bid.tender.title}"


def _to(person: BidPerson | User, kind: str, subject: str, values: dict[str, object], now: datetime) -> Letter:
    body = mail.words(kind, **values, name=person.name)
    return mail.write(kind=kind, to=(person.name, person.email), subject=subject, body=body, now=now)


def letter_to_party(
    party: BidParty, kind: str, subject: str, values: dict[str, object], place: str, *, now: datetime
) -> Letter:
    """To whom we have named for the party in this bid, else to the member as ever; by post where it has no e-mail."""
    member, contact = party.member, queries.contact_of(party)
    name = contact.name if contact else member.contact_name
    link = way_in(member, f"{current_app.config['BASE_URL']}{place}")
    body = mail.words(kind, **values, party=party, name=name or member.name, link=link)
    if contact is not None and not member.is_on_paper:
        return mail.write(kind=kind, to=(contact.name, contact.email), subject=subject, body=body, now=now)
    return write_to(member, kind=kind, subject=subject, body=body, now=now, name=name)


def _staff_link(tender: Tender, place: str) -> str:
    return f"{current_app.config['BASE_URL']}/personal/upphandlingar/{tender.id}{place}"
