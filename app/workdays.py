"""Swedish working days: Monday to Friday, less public holidays and the eves on which nobody delivers.

The days are those of the law on public holidays (1989:253), as it has stood since 2005. They are few and fixed; the
library that knows them knows those of all other countries too, and took eight megabytes of every web process.
"""

from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

_FIXED = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
"""New Year, Epiphany, May Day, the national day, Christmas with its eve, and New Year's Eve: month and day."""
_AFTER_EASTER = (-2, 0, 1, 39, 49)
"""Good Friday, Easter, Easter Monday, Ascension and Whitsun."""
_SATURDAYS = ((6, 20), (10, 31))
"""Midsummer and All Saints' are the first Saturday from these days on."""
SATURDAY = 5


@lru_cache(maxsize=64)
def _days_off(year: int) -> frozenset[date]:
    """Public holidays of one year that are no Sundays or happen to be one, and the eves that everybody keeps."""
    fixed = {date(year, month, day) for month, day in _FIXED}
    moving = {easter(year) + timedelta(days=days) for days in _AFTER_EASTER}
    midsummer, all_saints = (_saturday_from(date(year, month, day)) for month, day in _SATURDAYS)
    return frozenset(fixed | moving | {midsummer - timedelta(days=1), midsummer, all_saints})


def _saturday_from(day: date) -> date:
    return day + timedelta(days=(SATURDAY - day.weekday()) % 7)


def is_working_day(day: date) -> bool:
    """Whether members work that day."""
    return day.weekday() < 5 and day not in _days_off(day.year)


@lru_cache(maxsize=1024)
def working_days_after(day: date, count: int) -> date:
    """The day that lies so many working days after another; nought gives the first working day from it on."""
    while not is_working_day(day):
        day += timedelta(days=1)
    for _ in range(count):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def working_days_before(day: date, count: int) -> date:
    """The working day that lies so many working days before another."""
    for _ in range(count):
        day -= timedelta(days=1)
        while not is_working_day(day):
            day -= timedelta(days=1)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days lead time an order made on one day has for delivery on another; never negative."""
    day, count = start, 0
    while not is_working_day(day):
        day += timedelta(days=1)
    while day < end:
        day += timedelta(days=1)
        count += is_working_day(day)
    return count
