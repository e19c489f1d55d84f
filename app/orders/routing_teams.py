"""The smallest set of members that carries several lines, or one line between them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from app.orders.routing_values import Able

MOST_LINES_WEIGHED = 12
"""Up to so many lines every combination of members is weighed; beyond that the widest member is taken first."""
MOST_MEMBERS_WEIGHED = 12
"""Among so many members every way of dividing one line is weighed."""

Weights = Mapping[int, tuple[int, int]]
"""Per member its turn and its way."""


def fewest(pools: Sequence[Sequence[Able]], already: set[int]) -> set[int]:
    """The smallest set of members in which each line finds one that can carry it alone.

    A pool holds those that may have a line. Who carries something `already` adds nobody.
    """
    masks, weights = _masks(pools)
    everything = (1 << len(pools)) - 1
    covered = 0
    for member in already:
        covered |= masks.get(member, 0)
    if covered == everything:
        return already
    if len(pools) > MOST_LINES_WEIGHED:
        return already | _widest_first(masks, weights, covered, everything)
    return already | set(_weigh_all(masks, weights, covered, everything))


def team(wanted: Decimal, able: Iterable[Able]) -> list[Able]:
    """As few as can carry so much between them; all of them when even that is not enough.

    Among equally small teams the one with most who come there anyway, then the one that has been offered least.
    """
    by_size = sorted(able, key=lambda each: (-each.room, each.one.turn, each.one.member))
    total = Decimal(0)
    for count, each in enumerate(by_size, start=1):
        total += each.room
        if total >= wanted:
            return _best_team(wanted, by_size, count)
    return by_size


def _best_team(wanted: Decimal, by_size: Sequence[Able], count: int) -> list[Able]:
    if len(by_size) > MOST_MEMBERS_WEIGHED:
        return list(by_size[:count])
    teams = (some for some in combinations(by_size, count) if sum(each.room for each in some) >= wanted)
    return list(min(teams, key=_cost))


def _cost(chosen: Iterable[Able]) -> tuple[int, int, list[int]]:
    some = list(chosen)
    strangers = sum(not each.one.kept for each in some)
    return strangers, sum(each.one.turn for each in some), sorted(each.one.member for each in some)


def _masks(pools: Sequence[Sequence[Able]]) -> tuple[dict[int, int], Weights]:
    """Per member, the lines it can carry alone as bits, and what it weighs when two could do."""
    masks: dict[int, int] = {}
    weights: dict[int, tuple[int, int]] = {}
    for bit, pool in enumerate(pools):
        for one, _room in pool:
            masks[one.member] = masks.get(one.member, 0) | 1 << bit
            weights[one.member] = one.turn, one.way
    return masks, weights


def _weigh_all(masks: Mapping[int, int], weights: Weights, covered: int, everything: int) -> tuple[int, ...]:
    """Cover by cover, keep the best set: fewest members, then the lowest turns, the shortest ways, the lowest ids."""
    best_of_kind: dict[int, int] = {}
    for member in sorted(masks, key=lambda member: (weights[member], member)):
        best_of_kind.setdefault(masks[member], member)
    best: dict[int, tuple[int, int, int, tuple[int, ...]]] = {covered: (0, 0, 0, ())}
    for mask, member in sorted(best_of_kind.items()):
        more, farther = weights[member]
        for cover, (count, turn, way, chosen) in list(best.items()):
            wider = cover | mask
            option = (count + 1, turn + more, way + farther, tuple(sorted((*chosen, member))))
            if wider != cover and (wider not in best or option < best[wider]):
                best[wider] = option
    return best[everything][-1]


def _widest_first(masks: Mapping[int, int], weights: Weights, covered: int, everything: int) -> set[int]:
    chosen: set[int] = set()
    while covered != everything:
        member = min(masks, key=lambda m: (-(masks[m] & ~covered).bit_count(), weights[m], m))
        chosen.add(member)
        covered |= masks[member]
    return chosen
