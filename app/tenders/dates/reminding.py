"""Letters before what happens in tenders: looked for each morning, told once to each who wants it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from app import jobs
from app.accounts.models import RoleName
from app.clock import SWEDEN
from app.db import db
from app.tenders.dates import emails, queries
from app.tenders.dates.models import ReminderWish, TenderReminder

MORNING = 7
"""No letter is written before that hour, Swedish time."""


@jobs.every_minute
def look_for_what_comes(now: datetime) -> None:
    """Once a day for each who wants it; each letter is a job of its own."""
    local = now.astimezone(SWEDEN)
    if local.hour < MORNING:
        return
    for wish in queries.wishes_to_look_at(local.date()):
        wish.looked_on = local.date()
        jobs.enqueue(remind, user_id=wish.user_id, moment=int(now.timestamp()))


@jobs.job
def remind(user_id: int, moment: int) -> None:
    """Write to one person of what comes and has not been told. Run twice, it finds nothing left to tell."""
    now = datetime.fromtimestamp(moment, tz=UTC)
    wish = queries.wish_with(user_id)
    if wish is None or not _works_with_bids(wish):
        return
    today = now.astimezone(SWEDEN).date()
    rows = queries.between(today, today + timedelta(days=wish.days_ahead)).rows
    told = queries.reminded(user_id, rows)
    new = [one for one in rows if (one.about, one.occasion.day) not in told]
    if not new:
        return
    emails.what_comes(wish.user, new, today=today, now=now)
    db.session.add_all(_mark(user_id, one, now) for one in new)


def _works_with_bids(wish: ReminderWish) -> bool:
    user = wish.user
    return user.active and bool(user.role_names & {RoleName.SALES, RoleName.ADMIN})


def _mark(user_id: int, one: queries.Dated, now: datetime) -> TenderReminder:
    day: date = one.occasion.day
    return TenderReminder(user_id=user_id, tender_id=one.tender.id, about=one.about, day=day, sent_at=now)
