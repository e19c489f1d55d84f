"""The steps of a price: less per unit for more units. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from app.errors import Refused
from app.money import Money
from app.units import figure


@dataclass(frozen=True, slots=True)
class Step:
    """From this quantity on, a unit costs so much."""

    min_quantity: Decimal
    price: Money


def check_steps(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps by quantity. Raises Refused when two begin alike, or when more costs more per unit than less."""
    ordered = sorted(steps, key=lambda step: step.min_quantity)
    for less, more in pairwise(ordered):
        if less.min_quantity == more.min_quantity:
            raise Refused(f"Två rader gäller från {figure(more.min_quantity)}. Ta bort den ena.")
        if more.price > less.price:
            raise Refused(
                f"Från {figure(more.min_quantity)} kostar en enhet mer ({more.price}) än vid färre ({less.price}). "
                "Ett större antal får inte ha högre pris."
            )
    return tuple(ordered)


def adjusted(amount: Money, percent: Decimal, nearest: Money) -> Money:
    """A price so many per cent higher or lower, to the nearest whole so much, and never less than that."""
    raised = amount.percent(100 + percent)
    return max(nearest, Money(raised.divided_by(nearest.ore).ore * nearest.ore))
