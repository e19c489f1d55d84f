"""When something can come at the earliest, though its maker rests on some days. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from app import workdays


def earliest(today: date, lead_days: int, pauses: Iterable[tuple[date, date]]) -> date:
    """The first working day of delivery that is no day of a pause; each pause is (first day, last day)."""
    day = workdays.working_days_after(today, lead_days)
    for first, last in sorted(pauses):
        if first <= day <= last:
            day = workdays.working_days_after(last + timedelta(days=1), 0)
    return day
