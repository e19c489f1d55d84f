"""What a public buyer has bought directly in a year, sorted into what counts as the same kind. Pure.

A direct award is lawful below a limit, and what is of the same kind within the buyer's financial year counts together
(LOU 5 kap. 7 a §, 19 a kap. 2 §). What is of the same kind the buyer decides; a CPV division, with annex 2 apart, is
the nearest that we can know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.money import NOUGHT, Money
from app.tenders.choosing.thresholds import Limit, Row, codes_in, direct_award_limit, in_annex_2

NEAR_PERCENT = 80
"""From so many per cent of the limit we warn."""


class Level(StrEnum):
    """How near the limit it is."""

    FINE = "fine"
    NEAR = "near"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class SameKind:
    """What is of the same kind as far as we can tell."""

    division: str
    """Two digits of CPV; empty for articles without a code."""
    annex_2: bool
    amount: Money
    """Without VAT."""
    limit: Limit

    @property
    def percent(self) -> int:
        """Of the limit, rounded down: 100 is reached when no more may be bought."""
        return self.amount.ore * 100 // self.limit.amount.ore

    @property
    def left(self) -> Money:
        """What may still be bought; nought at the limit."""
        return max(NOUGHT, self.limit.amount - self.amount)

    @property
    def level(self) -> Level:
        """A purchase is lawful while the value lies below the limit, so the limit itself is over it."""
        if self.amount >= self.limit.amount:
            return Level.OVER
        return Level.NEAR if self.percent >= NEAR_PERCENT else Level.FINE


def sorted_out(bought: Iterable[tuple[str, Money]], day: date, rows: Iterable[Row]) -> tuple[SameKind, ...]:
    """(CPV code, amount) by kind, the nearest to its limit first. The day decides which limits hold."""
    table = tuple(rows)
    sums: dict[tuple[str, bool], Money] = defaultdict(lambda: NOUGHT)
    example: dict[tuple[str, bool], tuple[str, ...]] = {}
    for code, amount in bought:
        codes = codes_in(code)
        key = (codes[0][:2] if codes else "", bool(codes) and in_annex_2(codes[0]))
        sums[key] += amount
        example[key] = codes
    found = [SameKind(*key, amount, direct_award_limit(example[key], day, table)) for key, amount in sums.items()]
    return tuple(sorted(found, key=lambda one: (-one.amount.ore / one.limit.amount.ore, one.division)))
