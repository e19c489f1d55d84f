"""Bundles: what each part costs of the whole, how the parts follow upon each other, and when each must be ready. Pure.

A bundle's parts stand in the order in which they are made. Parts that are handed on to the next form a chain: the
first maker delivers to the second, and only the last one to the customer. A bundle may hold several chains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from app import workdays
from app.money import Money


@dataclass(frozen=True, slots=True)
class Step:
    """A part as the calendar sees it: the shortest and the longest lead time of those who make it, in working days."""

    least: int
    longest: int
    to_next: bool = False


def price_shares(price: Money, worths: Sequence[tuple[Money, Decimal]]) -> list[Money]:
    """Each part's share of the bundle's price, by its own price and quantity; together exactly the price."""
    return price.share([int(own.ore * quantity * 1000) for own, quantity in worths])


def runs(handed_on: Sequence[bool]) -> list[list[int]]:
    """The parts' places, chain by chain; a part that stands alone is a chain of one."""
    found: list[list[int]] = []
    going_on = False
    for place, to_next in enumerate(handed_on):
        if not going_on:
            found.append([])
        found[-1].append(place)
        going_on = to_next
    return found


def lead_days(steps: Sequence[Step]) -> int:
    """Working days from order to delivery of the whole: the longest chain, with the quickest maker of each step."""
    chains = runs([step.to_next for step in steps])
    return max((sum(steps[place].least for place in chain) for chain in chains), default=0)


def ready_days(steps: Sequence[Step], *, today: date, delivery: date) -> list[date]:
    """The day on which each part must be handed over, in the order of the parts.

    The last of a chain has the customer's day. Before it lie as many working days as the slowest maker of that step
    wants, if the steps before it can still be made in what is left; else fewer, down to what the quickest needs. Where
    not even that is to be had, no day is earlier than today, and the routing finds nobody.
    """
    days = [delivery] * len(steps)
    for chain in runs([step.to_next for step in steps]):
        left = workdays.working_days_between(today, delivery)
        for earlier, place in reversed(list(pairwise(chain))):
            step = steps[place]
            before = sum(steps[other].least for other in chain if other < place)
            window = max(step.least, min(step.longest, left - before))
            left -= window
            days[earlier] = max(today, workdays.working_days_before(days[place], window))
    return days
