"""Swedish working days: Monday to Friday, less public holidays and the eves on which nobody delivers."""

from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=64)
def _days_off(year: int) -> frozenset[date]:
    """Public holidays of one year, and the eves that everybody keeps. Sundays are among them, which does no harm."""
    return frozenset(holidays.country_holidays("SE", years=year, categories=("public", "de_facto")))


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
