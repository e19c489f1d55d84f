"""What everybody could pay before a price was lowered (prisinformationslagen). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.money import Money

PRIOR_DAYS = 30
"""A lowered price is shown with the lowest of so many days before it (prisinformationslagen 2004:347, 7 a §)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A price that everybody could get from one day to another, both included; still, when there is no last day."""

    price: Money
    first: date
    last: date | None = None
    min_quantity: Decimal = Decimal(0)
    list_id: int | None = None
    """The list that gave it; None for the article's own price."""


def lowest_shown(history: Iterable[Shown], quantity: Decimal, *, before: date, without: int) -> Money | None:
    """The lowest price that everybody could get for the quantity in the 30 days before a day; None when there was none.

    `without` is the campaign's own list: a lowered price is never compared with itself, and one that is lowered by
    degrees is compared with what held before the first lowering, as the law wants. What ended on the very day counts:
    somebody may have paid it that morning.
    """
    first, last = before - timedelta(days=PRIOR_DAYS), before - timedelta(days=1)
    return min(
        (
            one.price
            for one in history
            if one.list_id != without
            and one.min_quantity <= quantity
            and (one.first <= last or one.first <= before == one.last)
            and (one.last is None or one.last >= first)
        ),
        default=None,
    )
