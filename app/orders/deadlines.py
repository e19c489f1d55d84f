"""By when a member must answer. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from app.clock import SWEDEN, local_date
from app.workdays import is_working_day, working_days_after

NOON = time(12)
SHORTEST = timedelta(hours=2)


def answer_before(now: datetime, delivery_day: date) -> datetime:
    """Noon on the next working day, earlier when the delivery is near, but never in less than two hours."""
    next_noon = datetime.combine(working_days_after(local_date(now), 1), NOON, SWEDEN)
    day_before = delivery_day - timedelta(days=1)
    while not is_working_day(day_before):
        day_before -= timedelta(days=1)
    last_noon = datetime.combine(day_before, NOON, SWEDEN)
    return max(min(next_noon, last_noon), now + SHORTEST)
