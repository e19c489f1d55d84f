"""How a paper stands on a day, and when its member is reminded. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

REMINDERS = (60, 30, 7)
"""So many days before a paper runs out its member is told, once each."""
SOON = timedelta(days=max(REMINDERS))


class Standing(StrEnum):
    """How a paper stands, the one that most needs doing something about first."""

    FAULTY = "faulty"
    EXPIRED = "expired"
    RUNS_OUT = "runs_out"
    NOT_YET = "not_yet"
    VALID = "valid"
    REPLACED = "replaced"


def standing(
    today: date, valid_from: date | None, valid_to: date | None, *, is_usable: bool = True, is_replaced: bool = False
) -> Standing:
    """How a paper stands today. One that a newer has replaced needs nothing more, whatever else is said of it."""
    if is_replaced:
        return Standing.REPLACED
    if not is_usable:
        return Standing.FAULTY
    if valid_to is not None and valid_to < today:
        return Standing.EXPIRED
    if valid_from is not None and valid_from > today:
        return Standing.NOT_YET
    return Standing.RUNS_OUT if valid_to is not None and valid_to - today <= SOON else Standing.VALID


def reminder_due(today: date, valid_to: date, told: Collection[int]) -> int | None:
    """Which reminder of `REMINDERS` to send today, or None.

    A worker that was down sends the nearest one only, and a paper that comes in late begins with the nearest.
    """
    left = (valid_to - today).days
    passed = [days for days in REMINDERS if left <= days]
    if left < 0 or not passed:
        return None
    nearest = min(passed)
    return None if any(days <= nearest for days in told) else nearest
