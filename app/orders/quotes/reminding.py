"""When a customer is reminded of a quote that nobody has answered. Pure."""

from __future__ import annotations

from datetime import date, datetime, time

from app import clock, workdays

WORKING_DAYS = 2
"""So long before the last day on which it can be accepted."""
MORNING = time(8)
"""Nobody is reminded in the middle of the night."""


def remind_at(sent_on: date, valid_to: date) -> datetime | None:
    """The moment, in Swedish time; None for a quote that is not older by then than the day on which it was sent."""
    day = workdays.working_days_before(valid_to, WORKING_DAYS)
    return datetime.combine(day, MORNING, clock.SWEDEN) if day > sent_on else None
