"""What a party can make and has free over a contract, week by week: by month in the first year, then by quarter.

A year of the contract is 52 whole weeks, as what a bid promises is held by the week. Weeks in which nothing happens
are not written down, so that a year in which nobody rests and nobody counts on anything costs nothing to add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from itertools import groupby

from bids.swedish import MONTHS

WEEKS = 52
WORKING_DAYS = 5
MOST_YEARS = 10
"""No agreement runs longer, and nobody has said what they count on then."""
NONE, FINEST = Decimal(0), Decimal("0.001")
THURSDAY = timedelta(days=3)
"""A week belongs to the month and the year in which most of its days lie (ISO 8601)."""


@dataclass(frozen=True, slots=True)
class Week:
    """What can be made in a week, and what of it nobody counts on yet."""

    able: Decimal
    free: Decimal


@dataclass(frozen=True, slots=True)
class Period:
    """Some weeks after one another: a month of the contract's first year, or a quarter of a later one."""

    year: int
    """Of the contract, from 1."""
    first: date
    """A Monday."""
    weeks: int
    label: str
    able: Decimal
    free: Decimal

    def wanted(self, yearly: Decimal) -> Decimal:
        """What of a year's quantity is called off in these weeks, when it is called off evenly."""
        return (yearly * self.weeks / WEEKS).quantize(FINEST)

    def short(self, yearly: Decimal) -> Decimal:
        """How much of that there is no room for."""
        return max(NONE, self.wanted(yearly) - self.free)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A party's weeks from a Monday on: as many as ``per_week`` in each but those that are written down by number."""

    first: date
    years: int
    per_week: Decimal
    weeks: Mapping[int, Week]

    def able(self, year: int) -> Decimal:
        """What can be made in a year of the contract, counted from 1."""
        return self._sum(year, [week.able for week in self._written(year)])

    def free(self, year: int) -> Decimal:
        """What of it nobody counts on yet."""
        return self._sum(year, [week.free for week in self._written(year)])

    @property
    def weakest(self) -> int:
        """The year that has least left; the first of several."""
        return min(range(1, self.years + 1), key=lambda year: (self.free(year), year))

    def periods(self) -> tuple[Period, ...]:
        """The whole contract in months and quarters."""
        found: list[Period] = []
        for (year, label), numbers in groupby(range(self.years * WEEKS), key=self._period_of):
            held = [self.weeks.get(number, Week(self.per_week, self.per_week)) for number in numbers]
            found.append(self._period(year, label, len(held), held, sum(one.weeks for one in found)))
        return tuple(found)

    def _period(self, year: int, label: str, weeks: int, held: Sequence[Week], before: int) -> Period:
        able, free = _exact(week.able for week in held), _exact(week.free for week in held)
        return Period(year, self.first + timedelta(weeks=before), weeks, label, able, free)

    def _period_of(self, number: int) -> tuple[int, str]:
        middle = self.first + timedelta(weeks=number) + THURSDAY
        year = number // WEEKS + 1
        if year == 1:
            return year, f"{MONTHS[middle.month - 1]} {middle.year}"
        return year, f"kvartal {(middle.month + 2) // 3} {middle.year}"

    def _written(self, year: int) -> list[Week]:
        return [week for number, week in self.weeks.items() if number // WEEKS == year - 1]

    def _sum(self, year: int, written: Sequence[Decimal]) -> Decimal:
        return _exact([self.per_week * (WEEKS - len(self._written(year))), *written])


def years_of(term_years: int, options: Iterable[int]) -> int:
    """How many years of a contract are looked at: all, with every extension, one where nobody has said."""
    return min(MOST_YEARS, max(1, term_years) + sum(options))


def at_work(monday: date, rests: Sequence[tuple[date, date]]) -> int:
    """How many of a week's five working days lie in none of the rests (first day, last day)."""
    days = (monday + timedelta(days=number) for number in range(WORKING_DAYS))
    return sum(not any(first <= day <= last for first, last in rests) for day in days)


def part_of_week(per_week: Decimal, days: int) -> Decimal:
    """What can be made in so many working days."""
    if days == WORKING_DAYS:
        return per_week
    return (per_week * days / WORKING_DAYS).quantize(FINEST, ROUND_DOWN)


def weeks_met(first: date, weeks: int, span: tuple[date, date]) -> range:
    """The weeks, by number from the Monday ``first``, that have one of the span's days."""
    start, end = (span[0] - first).days // 7, (span[1] - first).days // 7
    return range(max(0, start), min(weeks, end + 1))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Periods after one another in which there is too little."""

    first: str
    last: str
    wanted: Decimal
    free: Decimal
    short: Decimal

    @property
    def label(self) -> str:
        """``mars 2027`` or ``mars 2027–maj 2027``."""
        return self.first if self.first == self.last else f"{self.first}–{self.last}"


def stretches(periods: Sequence[Period], yearly: Decimal) -> list[Stretch]:
    """Where a year's quantity, called off evenly, finds no room."""
    found = []
    for is_short, some in groupby(periods, key=lambda one: one.short(yearly) > 0):
        if is_short:
            held = list(some)
            found.append(
                Stretch(
                    held[0].label,
                    held[-1].label,
                    _exact(one.wanted(yearly) for one in held),
                    _exact(one.free for one in held),
                    _exact(one.short(yearly) for one in held),
                )
            )
    return found


def _exact(some: Iterable[Decimal]) -> Decimal:
    """Added up, without what a division has left behind in far decimals."""
    return sum(some, NONE).quantize(FINEST).normalize() + NONE
