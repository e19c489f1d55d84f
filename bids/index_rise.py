"""Whether a published figure lets prices change, and to what: the index clause of an agreement that runs. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from app.money import Money

THREE = Decimal("0.001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """Prices follow a series. ``base`` is the figure that today's prices rest on.

    ``threshold`` per cent: a smaller change is not applied but carried over, because the base stays where it is until
    a change is applied (as in the state's agreements that follow Städindex: under 2,0 per cent). ``part`` per cent of
    the price follows the index.
    """

    base: Decimal
    threshold: Decimal = Decimal(0)
    part: Decimal = Decimal(100)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a figure means. ``change`` is the index's own since the base, ``percent`` what prices change by.

    Both in per cent with three decimals, cut towards nought: nobody is charged a thousandth too much.
    ``base`` is what the next figure is compared with.
    """

    change: Decimal
    percent: Decimal
    base: Decimal

    @property
    def applies(self) -> bool:
        """Whether prices change; else the change is carried over."""
        return self.percent != 0


def weigh(clause: Clause, figure: Decimal) -> Weighed:
    """Compare a figure with the base. Raises ValueError unless both are above nought."""
    if min(clause.base, figure) <= 0:
        raise ValueError("an index is above nought")
    exact = (figure - clause.base) * 100 / clause.base
    change = exact.quantize(THREE, ROUND_DOWN)
    if abs(exact) < clause.threshold or exact == 0:
        return Weighed(change, Decimal(0), clause.base)
    percent = (exact * clause.part / 100).quantize(THREE, ROUND_DOWN)
    return Weighed(change, percent, figure if percent else clause.base)


def price_after(price: Money, percent: Decimal) -> Money:
    """The price so many per cent up or down, to the öre."""
    return price.times(1 + percent / 100)


def carried(clause: Clause, figures: Iterable[Decimal]) -> list[Weighed]:
    """Figure after figure, each compared with the base that the one before left."""
    found = []
    for figure in figures:
        weighed = weigh(clause, figure)
        clause = Clause(base=weighed.base, threshold=clause.threshold, part=clause.part)
        found.append(weighed)
    return found
