"""THE STORY of what we look for: each morning tenders are looked through, what fits is written down and told."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from app import clock, jobs
from app.db import db
from app.tenders.watching import actions, emails, queries
from app.tenders.watching.models import TenderProfile, TenderWatchDay

MORNING = 6
"""The hour from which, Swedish time, the day's list is made."""


@jobs.every_minute
def look_each_morning(now: datetime) -> None:
    """Once a day, by whichever worker is first; one that was down in the morning does it later."""
    day = clock.local_date(now)
    if now.astimezone(clock.SWEDEN).hour < MORNING or db.session.get(TenderWatchDay, day) is not None:
        return
    with suppress(IntegrityError), db.session.begin_nested():
        row = TenderWatchDay(day=day)
        db.session.add(row)
        db.session.flush()
        job = jobs.enqueue(look, day=day.toordinal())
        db.session.flush()
        row.job_id = job.id


@jobs.job
def look(day: int) -> None:
    """Look with all profiles, and write to their readers. What is found and the letters are one transaction."""
    with jobs.looking():
        made = actions.findings(clock.now(), queries.profiles())
    now, today = clock.now(), date.fromordinal(day)
    found = actions.write_down(made, today, told_at=None)
    for reader, hits in queries.readers_waiting().items():
        emails.daily_list(reader, hits, now=now)
    actions.all_told(now)
    row = db.session.get(TenderWatchDay, today)
    if row is not None:
        row.found, row.finished_at = found, now


@jobs.job
def look_again(profile_id: int) -> None:
    """Somebody has made or changed a profile, and waits to see what it finds: that stands in no daily list."""
    with jobs.looking():
        profile = db.session.get(TenderProfile, profile_id)
        made = actions.findings(clock.now(), [profile] if profile is not None else [])
    now = clock.now()
    profile = db.session.get(TenderProfile, profile_id)
    if profile is not None:
        actions.forget_hits(profile)
        actions.write_down(made, clock.local_date(now), told_at=now)
