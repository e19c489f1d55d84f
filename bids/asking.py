"""Until when the buyer can be asked, and when it must have answered."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bids.swedish import local_day

ANSWERED_BEFORE, ANSWERED_BEFORE_URGENT = timedelta(days=6), timedelta(days=4)
"""How long before the last day for bids a buyer answers what it was asked in good time (LOU 12:11, 19:13)."""


def answers_due(deadline: datetime, zone: str, *, urgent: bool = False) -> date:
    """The last day on which the buyer has to answer, in the tender's zone; a shortened time for bids leaves it more."""
    return local_day(deadline, zone) - (ANSWERED_BEFORE_URGENT if urgent else ANSWERED_BEFORE)


def is_late(at: datetime, deadline: datetime, zone: str, until: datetime | None, *, urgent: bool = False) -> bool:
    """Whether the buyer need not answer what is asked at that moment.

    ``until`` is the buyer's own last moment for questions; without one, the day on which answers are due.
    """
    if until is not None:
        return at > until
    return local_day(at, zone) > answers_due(deadline, zone, urgent=urgent)
