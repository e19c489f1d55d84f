"""By when a member must answer, and until when a customer may change its mind. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from app.clock import SWEDEN, local_date
from app.workdays import is_working_day, working_days_after, working_days_before

NOON = time(12)
SHORTEST = timedelta(hours=2)
BY_POST = 4
"""Working days in which a letter has come, and whoever got it has called."""


def answer_before(now: datetime, delivery_day: date, *, by_post: bool = False) -> datetime:
    """Noon on the next working day, later for a letter by post.

    Earlier when the delivery is near, but never in less than two hours.
    """
    next_noon = datetime.combine(working_days_after(local_date(now), BY_POST if by_post else 1), NOON, SWEDEN)
    day_before = delivery_day - timedelta(days=1)
    while not is_working_day(day_before):
        day_before -= timedelta(days=1)
    last_noon = datetime.combine(day_before, NOON, SWEDEN)
    return max(min(next_noon, last_noon), now + SHORTEST)


def change_until(parts: Iterable[tuple[date, int]]) -> datetime | None:
    """Until when a customer may change an order of which these parts, as (day, lead time), are still to come.

    At noon on the last day on which whoever makes a part must begin: so many working days before its day as it wants,
    but at the latest on the working day before. None when nothing is to come.
    """
    begins = [working_days_before(day, max(lead, 1)) for day, lead in parts]
    return datetime.combine(min(begins), NOON, SWEDEN) if begins else None


def change_until_taken(days: Iterable[date]) -> datetime | None:
    """Until when a customer may change what nobody has taken on: until the first day on which something is to come."""
    first = min(days, default=None)
    return datetime.combine(first, time(), SWEDEN) if first else None


def complain_until(delivered_at: datetime, *, fresh: bool, private: bool) -> datetime:
    """Until when the customer may complain by itself about what was delivered then.

    A day for what does not keep. A private person who complains within two months has always done so in time
    (konsumentköplagen 2022:260, 5 kap. 2 §); for others the house's own terms say fourteen days.
    """
    if fresh:
        return delivered_at + timedelta(hours=24)
    return delivered_at + timedelta(days=62 if private else 14)
