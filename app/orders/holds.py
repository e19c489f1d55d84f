"""How much of a week is kept back from an order, by holds that others may use. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Hold:
    """So many units a week of one offering, in each week that has one of its days."""

    first_day: date
    last_day: date
    per_week: Decimal
    agreement: int | None = None
    """The price list whose orders may use it; None when no order may."""

    def covers(self, monday: date) -> bool:
        """Whether it keeps back something of that week."""
        return self.first_day <= monday + timedelta(days=6) and self.last_day >= monday


def kept_back(
    holds: Iterable[Hold], monday: date, agreement: int | None, used: Mapping[int, Decimal] | None = None
) -> Decimal:
    """What an order under an agreement, or under none, may not use of the week.

    `used` says how much orders under each agreement have taken of it: so much of its hold has done its work. An
    agreement's own hold never stops its own orders.
    """
    held: dict[int | None, Decimal] = defaultdict(Decimal)
    for hold in holds:
        if hold.covers(monday) and (hold.agreement is None or hold.agreement != agreement):
            held[hold.agreement] += hold.per_week
    taken = used or {}
    left = (size if whose is None else size - taken.get(whose, Decimal(0)) for whose, size in held.items())
    return sum((size for size in left if size > 0), Decimal(0))
