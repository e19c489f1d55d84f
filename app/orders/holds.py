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
    why: str = ""
    """What it is kept for, in staff's words."""

    def is_closed_to(self, agreement: int | None) -> bool:
        """Whether orders under the agreement, or under none, may not use it."""
        return self.agreement is None or self.agreement != agreement

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
        if hold.covers(monday) and hold.is_closed_to(agreement):
            held[hold.agreement] += hold.per_week
    taken = used or {}
    left = (size if whose is None else size - taken.get(whose, Decimal(0)) for whose, size in held.items())
    return sum((size for size in left if size > 0), Decimal(0))


def kept_for(holds: Iterable[Hold], monday: date, agreement: int | None) -> str:
    """What is kept back of the week from an order, and for what; nothing where all may be used."""
    closed = [hold.why for hold in holds if hold.covers(monday) and hold.is_closed_to(agreement) and hold.why]
    return "; ".join(dict.fromkeys(closed))
