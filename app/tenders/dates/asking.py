"""Until when the buyer takes questions, where it says so itself, whichever page or notice it comes from."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from app import clock
from app.db import db
from app.tenders.dates import queries
from app.tenders.dates.models import TenderDates
from app.tenders.tender import Tender

DAY_ENDS = time(23, 59)


def until(tender: Tender) -> datetime | None:
    """The last moment; None where the buyer says nothing."""
    dates = queries.dates_of(tender)
    return dates.questions_until if dates is not None else None


def set_until(tender: Tender, moment: datetime | None) -> None:
    """The buyer's last moment, or None when it says nothing. The caller holds the tender."""
    if moment is not None or until(tender) is not None:
        dates_row(tender).questions_until = moment


def set_day(tender: Tender, day: date | None) -> None:
    """The buyer's last day. An hour that is known of the same day stays. The caller holds the tender."""
    known = until(tender)
    if day is None or known is None or clock.local_date(known) != day:
        set_until(tender, _end_of(tender, day) if day is not None else None)


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
    closes = tender.deadline is not None and clock.local_date(tender.deadline) == day
    return min(end, tender.deadline) if tender.deadline is not None and closes else end
