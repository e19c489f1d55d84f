"""Who takes over what a member leaves, and what becomes of the shares. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

WHOLE = 1000
"""Fixed shares are in per mille."""


@dataclass(frozen=True, slots=True)
class Left:
    """So much of an article a year, which nobody makes from the day on."""

    key: int
    """The part's id."""
    article: int
    yearly: Decimal


@dataclass(frozen=True, slots=True)
class Able:
    """A member that can make so much more of an article in a year."""

    member: int
    article: int
    room: Decimal


@dataclass(frozen=True, slots=True)
class Taken:
    """A member takes over so much of a part."""

    key: int
    member: int
    yearly: Decimal


@dataclass(frozen=True, slots=True)
class Handover:
    """Who takes over what, and how much of each part nobody can carry."""

    taken: tuple[Taken, ...]
    uncarried: Mapping[int, Decimal]


def plan(left: Sequence[Left], able: Sequence[Able]) -> Handover:
    """To whoever can take a part whole, the one with least room to spare; else to those with most room, in turn.

    No member gets more of an article than it has room for, whatever the parts are called.
    """
    room = {(one.member, one.article): one.room for one in able if one.room > 0}
    taken: list[Taken] = []
    uncarried: dict[int, Decimal] = {}
    for part in sorted(left, key=lambda one: (-one.yearly, one.key)):
        wanted = part.yearly
        for member in _in_turn(part, room):
            share = min(wanted, room[member, part.article])
            room[member, part.article] -= share
            wanted -= share
            if share > 0:
                taken.append(Taken(part.key, member, share))
        if wanted > 0:
            uncarried[part.key] = wanted
    return Handover(tuple(taken), uncarried)


def _in_turn(part: Left, room: Mapping[tuple[int, int], Decimal]) -> list[int]:
    mine = {member: size for (member, article), size in room.items() if article == part.article and size > 0}
    alone = [member for member in mine if mine[member] >= part.yearly]
    if alone:
        return [min(alone, key=lambda member: (mine[member], member))]
    return sorted(mine, key=lambda member: (-mine[member], member))


def ranks_after(places: Mapping[int, int], leaver: int) -> dict[int, int]:
    """A ranking without somebody: those behind move up."""
    order = sorted((place, member) for member, place in places.items() if member != leaver)
    return {member: number for number, (_place, member) in enumerate(order, start=1)}


def shares_after(places: Mapping[int, int], leaver: int, gained: Mapping[int, int]) -> dict[int, int]:
    """Fixed shares, in per mille, without somebody: its share goes to those who take over, by the value they gain.

    Where nobody takes over anything it is divided among those who are left by the shares they have. They make up
    1 000 together, or there is nobody left. Who comes in by taking over gets a share of its own.
    """
    kept = {member: place for member, place in places.items() if member != leaver}
    free = WHOLE - sum(kept.values())
    weights = {member: weight for member, weight in gained.items() if weight > 0 and member != leaver} or kept
    if not weights or not sum(weights.values()):
        return kept
    for member, part in _divided(free, weights).items():
        kept[member] = kept.get(member, 0) + part
    return {member: place for member, place in kept.items() if place > 0}


def _divided(whole: int, weights: Mapping[int, int]) -> dict[int, int]:
    """By weight, the largest remainder first; the parts always add up to the whole."""
    total = sum(weights.values())
    parts = {member: whole * weight // total for member, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda member: (-(whole * weights[member] % total), member))
    for member in by_remainder[: whole - sum(parts.values())]:
        parts[member] += 1
    return parts
