"""THE STORY of a deduction (RUT or ROT) after the invoice: paid, asked for, decided - and forgotten.

Before it stand the checkout, where it is asked for, and the invoice, from which it is taken. What the tax agency does
not pay goes on in `restflow`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app import clock, jobs
from app.household import actions, queries, rules
from app.household import emails as letters

FORGOTTEN_AT = 3
"""O'clock, when nobody orders."""
AT_ONCE = 200
EMPTY_DAYS = 90
"""An order that ended without a deduction keeps nobody's number longer."""
REMINDED = (1, 15)
"""Month and day."""
LAST_MONTH, LAST_DAY = 1, 31
"""By when a year must be asked for: 31 January of the next (lagen 2009:194, 8 §)."""


def last_day(year: int) -> date:
    """By when what was paid in a year must have been asked for."""
    return date(year + 1, LAST_MONTH, LAST_DAY)


@jobs.every_minute
def remind(now: datetime) -> None:
    """In the middle of January the house itself gets a letter, when something of the last year is left to ask for."""
    today = clock.local_date(now)
    if (today.month, today.day) == REMINDED and not letters.is_reminded(today):
        left = [one for one in queries.waiting() if one.year < today.year]
        if left:
            letters.remind(left, last_day(today.year - 1), now=now)


@jobs.every_minute
def forget_old(now: datetime) -> None:
    """Each night numbers go away that nothing needs any longer; each is a job of its own.

    It looks during a whole hour, so that a worker that was down for a while misses no night.
    """
    if now.astimezone(clock.SWEDEN).hour == FORGOTTEN_AT:
        for person_id in to_forget(now):
            jobs.enqueue(forget, person_id=person_id)


def to_forget(now: datetime) -> list[int]:
    """Whose number nothing needs any longer, so many at a time."""
    months = rules.table().months_kept
    decided = clock.local_date(now) - timedelta(days=months * 30)
    return list(queries.to_forget(decided, now - timedelta(days=EMPTY_DAYS), AT_ONCE))


@jobs.job
def forget(person_id: int) -> None:
    """Run twice, it finds the number gone."""
    person = queries.person_with(person_id)
    if person.sealed is not None:
        actions.forget(person, by=None, now=clock.now())
