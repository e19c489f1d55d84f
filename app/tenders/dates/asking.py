"""Until when the buyer takes questions, where it says so itself.

The calendar of a tender wants a day, and its questions want a moment, so it stands in two tables. Both are written here
and nowhere else, whichever page or notice it comes from.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from app import clock
from app.db import db
from app.tenders.dates import queries
from app.tenders.dates.models import TenderDates
from app.tenders.tender import Tender
from app.tenders.working.models import QuestionTime

DAY_ENDS = time(23, 59)


def until(tender: Tender) -> datetime | None:
    """The last moment; the end of the day where only the day is known, and None where the buyer says nothing."""
    row, dates = db.session.get(QuestionTime, tender.id), queries.dates_of(tender)
    if row is not None:
        return row.until
    return _end_of(tender, dates.questions_on) if dates is not None and dates.questions_on is not None else None


def set_until(tender: Tender, moment: datetime | None) -> None:
    """The buyer's last moment, or None when it says nothing. The caller holds the tender."""
    row, dates = db.session.get(QuestionTime, tender.id), queries.dates_of(tender)
    if moment is None:
        if row is not None:
            db.session.delete(row)
        if dates is not None:
            dates.questions_on = None
        return
    if row is None:
        row = QuestionTime(tender_id=tender.id)
        db.session.add(row)
    row.until = moment
    dates_row(tender).questions_on = clock.local_date(moment)


def set_day(tender: Tender, day: date | None) -> None:
    """The buyer's last day. An hour that is known of the same day stays. The caller holds the tender."""
    known = until(tender)
    if day is None:
        set_until(tender, None)
    elif known is not None and clock.local_date(known) == day:
        set_until(tender, known)
    else:
        set_until(tender, _end_of(tender, day))


def dates_row(tender: Tender) -> TenderDates:
    """The row for what is entered of the tender's days, which begins with the first entry."""
    row = queries.dates_of(tender)
    if row is None:
        row = TenderDates(tender_id=tender.id, is_urgent=False)
        db.session.add(row)
    return row


def _end_of(tender: Tender, day: date) -> datetime:
    """A day lasts to its end, or until bids must be in."""
    end = datetime.combine(day, DAY_ENDS, clock.SWEDEN).astimezone(UTC)
    return (
        min(end, tender.deadline) if tender.deadline is not None and clock.local_date(tender.deadline) == day else end
    )
