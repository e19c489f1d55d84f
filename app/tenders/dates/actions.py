"""What staff enter of a tender's days, and how they want to be told."""

from __future__ import annotations

import secrets
from datetime import date, datetime, time

from app import audit, clock
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.tenders.calls import naming
from app.tenders.dates import asking, queries
from app.tenders.dates.models import ReminderWish, TenderCalendar, TenderDates, TenderEntry
from app.tenders.dates.reckoning import HowSent
from app.tenders.tender import Tender, TenderState

SENT = (TenderState.SUBMITTED, TenderState.WON, TenderState.LOST)


def set_questions(
    tender: Tender, questions_on: date | None, *, is_urgent: bool, by: User, now: datetime
) -> TenderDates:
    """The buyer's own last day for questions, and whether it has shortened the time. The caller holds the tender.

    Raises Refused for a day after the last day for bids.
    """
    last = clock.local_date(tender.deadline) if tender.deadline else None
    if questions_on is not None and last is not None and questions_on > last:
        raise Refused(f"Sista dag för frågor ligger efter {naming.last_day(tender).lower()}. Kontrollera dagen.")
    asking.set_day(tender, questions_on)
    row = asking.dates_row(tender)
    row.is_urgent = is_urgent
    audit.record(tender, "questions_day_set", by=by, now=now, day=questions_on.isoformat() if questions_on else "")
    return row


def record_notice(
    tender: Tender, sent_on: date | None, how: HowSent | None, report_asked_on: date | None, *, by: User, now: datetime
) -> TenderDates:
    """When and how the buyer told of its award decision, and when we asked for its reasons; None clears it.

    The caller holds the tender. Raises Refused for days that cannot be, and when no bid was handed in.
    """
    if tender.state not in SENT:
        raise Refused("Anbudet är inte lämnat, så det finns inget tilldelningsbeslut att vänta på.")
    today = clock.local_date(now)
    if (sent_on is None) != (how is None):
        raise Refused("Fyll i både när och hur beskedet skickades, eller lämna båda tomma.")
    if max(sent_on or today, report_asked_on or today) > today:
        raise Refused("Dagen ligger i framtiden. Skriv den dag då det skedde.")
    if sent_on is not None and tender.deadline is not None and sent_on < clock.local_date(tender.deadline):
        raise Refused("Beskedet kan inte ha skickats före sista anbudsdag. Kontrollera dagen.")
    row = asking.dates_row(tender)
    row.notice_sent_on, row.notice_sent_how, row.report_asked_on = sent_on, how, report_asked_on
    audit.record(tender, "award_notice_set", by=by, now=now, day=sent_on.isoformat() if sent_on else "")
    return row


def add_entry(
    tender: Tender, *, day: date, at: time | None, title: str, place: str, by: User, now: datetime
) -> TenderEntry:
    """Something of our own. The same once more is no new entry. Raises Refused when there are too many."""
    there = queries.entries_of(tender)
    for one in there:
        if (one.day, one.at, one.title, one.place) == (day, at, title, place):
            return one
    if len(there) >= queries.MOST_ENTRIES:
        raise Refused(f"Upphandlingen har redan {queries.MOST_ENTRIES} egna dagar. Ta bort några först.")
    entry = TenderEntry(tender_id=tender.id, day=day, at=at, title=title, place=place, by_name=by.name, created_at=now)
    db.session.add(entry)
    audit.record(tender, "day_added", by=by, now=now, title=title, day=day.isoformat())
    return entry


def remove_entry(tender: Tender, entry: TenderEntry, *, by: User, now: datetime) -> None:
    """It is called off."""
    audit.record(tender, "day_removed", by=by, now=now, title=entry.title, day=entry.day.isoformat())
    db.session.delete(entry)


def want_reminders(user: User, days_ahead: int | None, *, now: datetime) -> ReminderWish | None:
    """A letter so many days ahead of what happens, or none. The caller holds the account."""
    row = queries.wish_of(user)
    if days_ahead is None:
        if row is not None:
            db.session.delete(row)
        row = None
    elif row is None:
        row = ReminderWish(user_id=user.id, days_ahead=days_ahead)
        db.session.add(row)
    else:
        # Looked at anew: with more days ahead there may be more to tell at once.
        row.days_ahead, row.looked_on = days_ahead, None
    audit.record(user, "reminders_wished", by=user, now=now, days=days_ahead)
    return row


def renew_calendar(user: User, *, now: datetime) -> TenderCalendar:
    """Give the person's calendar an address, or a new one. The caller holds the account."""
    row = queries.calendar_of(user)
    what = "made" if row is None else "renewed"
    if row is None:
        row = TenderCalendar(user_id=user.id)
        db.session.add(row)
    row.mark, row.made_at, row.by_name = secrets.token_urlsafe(16), now, user.name
    audit.record(user, f"tender calendar address {what}", by=user, now=now)
    return row


def close_calendar(user: User, *, now: datetime) -> None:
    """Nobody can read it any longer."""
    row = queries.calendar_of(user)
    if row is not None:
        db.session.delete(row)
        audit.record(user, "tender calendar address closed", by=user, now=now)
