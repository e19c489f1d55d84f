"""What a price becomes year by year under an index clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.money import Money

TWO_DECIMALS = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexClause:
    """Prices follow an index. ``base`` is the index that the first prices were written at.

    ``threshold`` per cent: a smaller change since the prices were last adjusted is not applied but carried over to the
    next year, as in the agreements that follow Städindex (under 2,0 per cent). ``part`` per cent of the price follows
    the index. ``fixed_years``: the prices stand for so long whatever the index does.
    """

    base: Decimal
    threshold: Decimal = Decimal(2)
    part: Decimal = Decimal(100)
    fixed_years: int = 1


@dataclass(frozen=True, slots=True)
class IndexYear:
    """A year of the agreement, counted from 1. ``index`` is None where no value was assumed.

    ``change`` is in per cent since the prices were last adjusted, two decimals; ``applied`` says whether it counted.
    """

    year: int
    index: Decimal | None
    change: Decimal
    applied: bool
    price: Money


def year_by_year(price: Money, clause: IndexClause, values: Sequence[Decimal], years: int) -> tuple[IndexYear, ...]:
    """The price in each year. ``values`` are the index at each adjustment, before year 2, 3 and so on.

    Raises ValueError for an index that is not above nought.
    """
    if min((clause.base, *values)) <= 0:
        raise ValueError("an index is above nought")
    base, found = clause.base, [IndexYear(1, None, Decimal(0), applied=False, price=price)]
    for year in range(2, years + 1):
        index = values[year - 2] if year - 2 < len(values) else None
        change = (index - base) * 100 / base if index is not None else Decimal(0)
        applied = index is not None and year > clause.fixed_years and change != 0 and abs(change) >= clause.threshold
        if applied and index is not None:
            price, base = price.times(1 + change * clause.part / 10_000), index
        found.append(IndexYear(year, index, change.quantize(TWO_DECIMALS), applied, price))
    return tuple(found)
