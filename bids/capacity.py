"""Which parties carry the price rows together at the lowest cost; and where it cannot be done, why, in words.

    allocate(needs, limits, pools) -> Allocation

A party's *part* is what it carries of the bid's worth: quantity times the row's worth a unit. It is counted with the
worths that are handed in, so that a limit means the same whoever carries the row. The same input gives the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.money import Money
from bids.capacity_counts import Counts, in_steps, steps_of
from bids.capacity_model import Solution, solve
from bids.capacity_values import Allocation, Candidate, Limit, Need, Part, Pool, Problem, Standing
from bids.capacity_words import problems

__all__ = [
    "Allocation",
    "Candidate",
    "Limit",
    "Need",
    "Part",
    "Pool",
    "Problem",
    "Standing",
    "allocate",
    "as_shared",
    "standings",
]


def allocate(needs: Sequence[Need], limits: Sequence[Limit], pools: Sequence[Pool] = ()) -> Allocation:
    """The cheapest way to carry every row within the limits; else as much as can be carried, and what is in the way.

    Wishes hold like limits as long as all can be carried; after that they give way first, then the smallest parts.
    What is never broken: capacities, pools, areas, largest parts and the sanctions line. Raises ValueError for a
    limit of a party that is named twice, and for needs of which two have the same number in the same lot.
    """
    counts = in_steps(needs, limits, pools)
    return _told(counts, solve(counts), needs)


def as_shared(
    needs: Sequence[Need], limits: Sequence[Limit], pools: Sequence[Pool], parts: Sequence[Part]
) -> Allocation:
    """An allocation of these parts, with what they cost and what is in the way of the rest."""
    counts = in_steps(needs, limits, pools)
    return _told(counts, Solution(steps_of(counts, parts), within=False), needs)


def _told(counts: Counts, solution: Solution, needs: Sequence[Need]) -> Allocation:
    parts = tuple(
        Part(need.ref, need.lot_ref, candidate.party_key, counts.quantity(row, steps))
        for row, need in enumerate(counts.needs)
        for candidate, steps in zip(need.candidates, solution.steps[row], strict=True)
        if steps
    )
    return Allocation(
        parts=parts,
        cost=_cost(counts, solution),
        standings=standings(needs, counts.limits, parts),
        problems=problems(counts, solution),
    )


def _cost(counts: Counts, solution: Solution) -> Money:
    return Money.total(
        candidate.price.times(counts.quantity(row, steps))
        for row, need in enumerate(counts.needs)
        for candidate, steps in zip(need.candidates, solution.steps[row], strict=True)
    )


def standings(needs: Sequence[Need], limits: Sequence[Limit], parts: Sequence[Part]) -> tuple[Standing, ...]:
    """What each party carries and is paid a year, in the order of the limits; per cent of the worth of all rows."""
    by_row = {(need.lot_ref, need.ref): need for need in needs}
    whole = sum((need.worth.ore * need.quantity for need in needs), Decimal(0))
    worth, paid = {limit.party_key: Decimal(0) for limit in limits}, {limit.party_key: Money(0) for limit in limits}
    for part in parts:
        need = by_row[part.lot_ref, part.ref]
        price = next((c.price for c in need.candidates if c.party_key == part.party_key), Money(0))
        worth[part.party_key] = worth.get(part.party_key, Decimal(0)) + need.worth.ore * part.quantity
        paid[part.party_key] = paid.get(part.party_key, Money(0)) + price.times(part.quantity)
    return tuple(
        Standing(key, paid[key], (worth[key] * 100 / whole if whole else Decimal(0)).quantize(Decimal("0.01")))
        for key in worth
    )
