"""On which days something that comes again is delivered, by the Swedish calendar. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.workdays import is_working_day, working_days_after, working_days_before

WORKWEEK = 5
LAST = -1
"""As `nth`: the last such weekday of the month."""
DAY = timedelta(days=1)


class Every(StrEnum):
    """What is counted between two times."""

    WEEK = "week"
    MONTH = "month"


class HolidayRule(StrEnum):
    """What becomes of a day on which nobody delivers."""

    NEXT = "next"
    PREVIOUS = "previous"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Season:
    """From one day of the year to another, both included, as (month, day). It may run over New Year."""

    first: tuple[int, int]
    last: tuple[int, int]

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        when = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= when <= self.last
        return when >= self.first or when <= self.last


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Every so many weeks on some weekdays; or every so many months on a day, or on the so-manieth weekday."""

    every: Every
    step: int
    """Every week or month is 1, every other 2."""
    anchor: date
    """From its week or its month it is counted."""
    weekdays: frozenset[int] = frozenset()
    """Monday is 0. In a rhythm of months, the one weekday that `nth` counts."""
    month_day: int = 0
    """The day of the month; the last one where the month is shorter."""
    nth: int = 0
    """The so-manieth weekday of the month, 1 to 4, or `LAST`; nought where a day of the month is meant."""
    season: Season | None = None
    holiday: HolidayRule = HolidayRule.NEXT

    def falls_on(self, day: date) -> bool:
        """Whether the day is one of the rhythm's own, whatever the calendar says of it."""
        if day < self.anchor or (self.season is not None and not self.season.holds(day)):
            return False
        return self._in_week(day) if self.every == Every.WEEK else self._in_month(day)

    def _in_week(self, day: date) -> bool:
        weeks = (_monday(day) - _monday(self.anchor)).days // 7
        return weeks % self.step == 0 and day.weekday() in self.weekdays

    def _in_month(self, day: date) -> bool:
        months = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
        longest = calendar.monthrange(day.year, day.month)[1]
        if months % self.step:
            return False
        if not self.nth:
            return day.day == min(self.month_day, longest)
        if day.weekday() not in self.weekdays:
            return False
        return day.day + 7 > longest if self.nth == LAST else (day.day - 1) // 7 + 1 == self.nth


@dataclass(frozen=True, slots=True)
class Time:
    """One time that something comes: the day that the rhythm names, and the day on which it is delivered."""

    nominal: date
    day: date


def times(rhythm: Rhythm, first: date, last: date) -> Iterator[Time]:
    """The times whose named days lie between two days, both included, in order.

    A day that is moved to where the rhythm has another one anyway falls out: nobody is cleaned for twice in a day.
    """
    nominal = max(first, rhythm.anchor)
    while nominal <= last:
        if rhythm.falls_on(nominal):
            day = delivered_on(rhythm, nominal)
            if day is not None:
                yield Time(nominal, day)
        nominal += DAY


def delivered_on(rhythm: Rhythm, nominal: date) -> date | None:
    """When a named day's goods come: that day, or as the holiday rule says; None when they do not."""
    if is_working_day(nominal):
        return nominal
    if rhythm.holiday == HolidayRule.SKIP:
        return None
    day = _moved(rhythm, nominal)
    crossed = _days(nominal + DAY, day) if day > nominal else _days(day, nominal - DAY)
    return None if any(rhythm.falls_on(other) for other in crossed) else day


def merged(rhythm: Rhythm, first: date, last: date) -> Iterator[Time]:
    """The times between two days that fall together with another one, with the day on which both would come."""
    if rhythm.holiday == HolidayRule.SKIP:
        return
    for nominal in _days(max(first, rhythm.anchor), last):
        if rhythm.falls_on(nominal) and delivered_on(rhythm, nominal) is None:
            yield Time(nominal, _moved(rhythm, nominal))


def _moved(rhythm: Rhythm, nominal: date) -> date:
    """The working day to which a holiday's goods move."""
    return working_days_after(nominal, 0) if rhythm.holiday == HolidayRule.NEXT else working_days_before(nominal, 1)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
