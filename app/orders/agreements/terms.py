"""What an agreement's days and levels are: when warned, when to report, when to ask for new prices. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.money import Money
from app.workdays import working_days_after

LEVELS = (70, 85, 95, 100)
"""Per cent of the ceiling at which people are told. At the last the agreement has no more effect."""
LONGEST_YEARS = 4
"""Without a special reason (LOU 7 kap. 2 §)."""


def passed(before: Money, after: Money, ceiling: Money) -> list[int]:
    """The levels that lie above the one sum and not above the other, the lowest first; a ceiling is above nought."""
    return [level for level in LEVELS if before.ore * 100 < level * ceiling.ore <= after.ore * 100]


def later(day: date, months: int) -> date:
    """The same day of a month so many months later, or that month's last day where it has no such day."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, _days_in(years, month + 1)))


def is_longer_than_law_lets(first: date, last: date) -> bool:
    """Whether it is for more than four years, with every option."""
    return last >= later(first, 12 * LONGEST_YEARS)


@dataclass(frozen=True, slots=True)
class Period:
    """A time of which the buyer wants statistics, within the agreement, and the last day to send them."""

    first: date
    last: date
    due: date


def periods(first: date, last: date, every: int, within: int) -> Iterator[Period]:
    """By the calendar: months, quarters, half years or years, cut where the agreement begins and ends.

    `every` is 1, 3, 6 or 12 months, `within` working days after the period; nothing for an `every` of nought.
    """
    if not every:
        return
    start = date(first.year, (first.month - 1) // every * every + 1, 1)
    while start <= last:
        after = later(start, every)
        end = min(after - timedelta(days=1), last)
        yield Period(max(start, first), end, working_days_after(end, within))
        start = after


@dataclass(frozen=True, slots=True)
class Window:
    """When new prices from a day can be asked for: both days included."""

    from_day: date
    opens: date
    closes: date

    def is_open(self, day: date) -> bool:
        """Whether they can be asked for on the day."""
        return self.opens <= day <= self.closes


def windows(first: date | None, last: date, opens: int, closes: int) -> Iterator[Window]:
    """Year by year from the first day on which prices may change, as long as the agreement holds."""
    number = 0
    while first is not None and later(first, 12 * number) <= last:
        day = later(first, 12 * number)
        yield Window(day, day - timedelta(days=opens), day - timedelta(days=closes))
        number += 1


def _days_in(year: int, month: int) -> int:
    after = date(year + month // 12, month % 12 + 1, 1)
    return (after - timedelta(days=1)).day
