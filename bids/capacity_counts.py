"""The allocation's input in whole numbers: quantities in steps, money in thousandths of an öre. Nothing is rounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bids.capacity_values import Candidate, Limit, Need, Part, Pool

FINEST = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Counts:
    """The rows with the candidates that may have them, and all quantities as whole steps of the row."""

    needs: tuple[Need, ...]
    limits: tuple[Limit, ...]
    pools: tuple[Pool, ...]
    step: tuple[int, ...]
    """How many thousandths of the unit a step of the row is."""
    wanted: tuple[int, ...]
    most: tuple[tuple[int, ...], ...]
    whole: int
    """What all rows are worth."""

    def quantity(self, row: int, steps: int) -> Decimal:
        """So many steps of a row, in its unit."""
        return Decimal(steps * self.step[row]) * FINEST

    def worth(self, row: int) -> int:
        """What a step of the row is worth."""
        return self.needs[row].worth.ore * self.step[row]

    def price(self, row: int, candidate: int) -> int:
        """What a step of the row costs."""
        return self.needs[row].candidates[candidate].price.ore * self.step[row]

    def at_most(self, percent: Decimal) -> int:
        """The largest worth that is no more than so many per cent of the whole."""
        return int(self.whole * percent // 100)

    def at_least(self, percent: Decimal) -> int:
        """The smallest worth that is no less than so many per cent of the whole."""
        return -int(-self.whole * percent // 100)


def in_steps(needs: Sequence[Need], limits: Sequence[Limit], pools: Sequence[Pool]) -> Counts:
    """Count it all in steps. Raises ValueError where a row or a party is named twice, or a number cannot be."""
    _check(needs, limits, pools)
    by_party = {limit.party_key: limit for limit in limits}
    allowed = tuple(_within_area(need, by_party) for need in needs if need.quantity > 0)
    steps = tuple(_step(need) for need in allowed)
    wanted = tuple(_steps(need.quantity, step) for need, step in zip(allowed, steps, strict=True))
    return Counts(
        needs=allowed,
        limits=tuple(limits),
        pools=tuple(pools),
        step=steps,
        wanted=wanted,
        most=tuple(
            tuple(_steps(min(one.most, need.quantity), step) for one in need.candidates)
            for need, step in zip(allowed, steps, strict=True)
        ),
        whole=sum(n.worth.ore * step * count for n, step, count in zip(allowed, steps, wanted, strict=True)),
    )


def steps_of(counts: Counts, parts: Sequence[Part]) -> tuple[tuple[int, ...], ...]:
    """The parts of an allocation as steps again, by row and candidate."""
    given = {(part.lot_ref, part.ref, part.party_key): part.quantity for part in parts}
    return tuple(
        tuple(_steps(given.get((need.lot_ref, need.ref, one.party_key), Decimal(0)), step) for one in need.candidates)
        for need, step in zip(counts.needs, counts.step, strict=True)
    )


def _check(needs: Sequence[Need], limits: Sequence[Limit], pools: Sequence[Pool]) -> None:
    named: list[tuple[str, Sequence[object]]] = [
        ("row", [(need.lot_ref, need.ref) for need in needs]),
        ("party", [limit.party_key for limit in limits]),
        ("pool", [pool.key for pool in pools]),
        *(("candidate", [one.party_key for one in need.candidates]) for need in needs),
    ]
    for what, keys in named:
        if len(set(keys)) < len(keys):
            raise ValueError(f"a {what} is named twice")
    for need in needs:
        if need.worth.ore < 0 or any(one.price.ore < 0 for one in need.candidates):
            raise ValueError(f"row {need.ref} has a price under nought")


def _within_area(need: Need, by_party: dict[str, Limit]) -> Need:
    """The row with the candidates that work where it is; the others are out, and why."""
    inside: list[Candidate] = []
    out = list(need.out)
    for one in need.candidates:
        limit = by_party.get(one.party_key)
        if limit is None or limit.covers(need.lot_ref):
            inside.append(one)
        else:
            out.append((one.party_key, f"levererar inte i anbudsområde {need.lot_ref}"))
    return replace(need, candidates=tuple(inside), out=tuple(out))


def _step(need: Need) -> int:
    """The step in thousandths; a quantity that it does not divide is counted in the finest there is."""
    step = int(need.step / FINEST)
    return step if step >= 1 and need.quantity % need.step == 0 else 1


def _steps(quantity: Decimal, step: int) -> int:
    return max(0, int(quantity / FINEST // step))
