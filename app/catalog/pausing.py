"""When something can come at the earliest, though its maker rests on some days. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from app import workdays

Pauses = Collection[tuple[date, date]]
"""The days on which one maker rests: (first day, last day) of each pause."""
FARTHEST = 3 * 365
"""So many days ahead we look for a day that suits."""


def earliest(today: date, lead_days: int, pauses: Iterable[tuple[date, date]]) -> date:
    """The first working day of delivery on which the maker does not rest."""
    day = workdays.working_days_after(today, lead_days)
    for first, last in sorted(pauses):
        if first <= day <= last:
            day = workdays.working_days_after(last + timedelta(days=1), 0)
    return day


def day_for_all(day: date, articles: Collection[Collection[Pauses]]) -> date:
    """The first working day, from a day on, on which each article has a maker that does not rest.

    Each article is its makers' pauses. Where there is no such day within three years, the day itself.
    """
    tried = workdays.working_days_after(day, 0)
    while tried < day + timedelta(days=FARTHEST):
        if all(not makers or any(_works(pauses, tried) for pauses in makers) for makers in articles):
            return tried
        tried = workdays.working_days_after(tried + timedelta(days=1), 0)
    return day


def joined(first: date, last: date, there: Pauses) -> tuple[date, date]:
    """A new pause with all that overlap it, and those that overlap these, as one."""
    left = sorted(there)
    while touching := [one for one in left if one[0] <= last and first <= one[1]]:
        first, last = min(first, *(one[0] for one in touching)), max(last, *(one[1] for one in touching))
        left = [one for one in left if one not in touching]
    return first, last


def _works(pauses: Pauses, day: date) -> bool:
    return not any(first <= day <= last for first, last in pauses)
