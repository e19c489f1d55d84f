"""Each morning: members are told of papers that run out, and the sales staff get the day's list."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from app import clock, jobs
from app.accounts import queries as people
from app.accounts.models import RoleName
from app.db import db
from app.members.models import Member, MemberDocument
from app.members.vault import emails, queries
from app.members.vault.models import DocumentReminder, VaultDay
from app.members.vault.standing import reminder_due

MORNING = 7
"""The hour from which, Swedish time, letters go."""


@jobs.every_minute
def look_each_morning(now: datetime) -> None:
    """Once a day, by whichever worker is first; one that was down in the morning does it later."""
    day = clock.local_date(now)
    if now.astimezone(clock.SWEDEN).hour < MORNING or db.session.get(VaultDay, day) is not None:
        return
    with suppress(IntegrityError), db.session.begin_nested():
        db.session.add(VaultDay(day=day))
        db.session.flush()
        jobs.enqueue(remind, day=day.toordinal())
        db.session.flush()


@jobs.job
def remind(day: int) -> None:
    """Write to each member once of all its papers that are due for a reminder, and to the sales staff of them all.

    What was told is written down with the letters, so that a job that runs twice tells nothing twice.
    """
    today, now = date.fromordinal(day), clock.now()
    due: dict[Member, list[MemberDocument]] = {}
    for document, told in queries.running_out(today):
        days = reminder_due(today, document.valid_to, told) if document.valid_to is not None else None
        if days is not None:
            due.setdefault(document.member, []).append(document)
            db.session.add(DocumentReminder(document_id=document.id, days=days, told_at=now))
    for member, papers in due.items():
        if not member.is_sales_company:
            emails.runs_out(member, papers, today, now=now)
    told_of = [document for papers in due.values() for document in papers]
    for user in people.staff() if told_of else ():
        if user.active and RoleName.SALES in user.role_names:
            emails.list_for_staff(user, told_of, now=now)
    row = db.session.get(VaultDay, today)
    if row is not None:
        row.told += len(told_of)
