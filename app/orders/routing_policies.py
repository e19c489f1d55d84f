"""In which order members come into question for a line: its agreement's places, the customer's wish, the way. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from app.orders.routing_values import Able, Candidate, Demand, Policy, PolicyKind

THOUSAND = 1000
LEAST_RELIABILITY = 500
"""In per mille: who fails always still gets turns, half as often. Who is never asked can never mend."""
BENEFIT_OF_DOUBT = 4
"""So many assignments that went well are reckoned to everybody, so that one mishap is not a habit."""

Given = Mapping[tuple[str, int], int]
"""Per agreement and member, what this very routing has given it, in thousandths of an öre."""


def obstacle(one: Candidate, policy: Policy) -> str | None:
    """What stops a member from a line, in words: its own limits, or an agreement to which it does not belong."""
    if policy.only_listed and one.member not in policy.places:
        return "står inte i avtalets ordning" if policy.agreement else "står inte i vår ordning"
    return one.obstacle


def turn(offered: int, work_share: int, asked: int, failed: int) -> int:
    """Where a member stands in the fair turn; the lowest is next.

    `offered` is the year's work that it was asked to do, in thousandths of an öre: what it declines has been its turn
    too. `work_share` is its share of the common work, and `asked` and `failed` count last year's assignments.
    """
    return offered * THOUSAND // (work_share * reliability(asked, failed))


def reliability(asked: int, failed: int) -> int:
    """How large a part of its turn a member gets, in per mille, from 500 to 1000."""
    good = (asked - failed + BENEFIT_OF_DOUBT) * THOUSAND // (asked + BENEFIT_OF_DOUBT)
    return max(LEAST_RELIABILITY, good)


def worth(quantity: Decimal, one: Candidate) -> int:
    """What so much pays, in thousandths of an öre."""
    return int(quantity * THOUSAND) * one.pay


def by_place(able: Sequence[Able], policy: Policy, given: Given) -> list[Able]:
    """In the policy's order. An agreement binds; before the house's own order goes what the customer wishes."""

    def key(each: Able) -> tuple[object, ...]:
        one = each.one
        wished = not one.preferred
        return wished and not policy.agreement, _place(one, policy, given), wished, one.way, one.turn, one.member

    return sorted(able, key=key)


def tiers(able: Sequence[Able], policy: Policy) -> Iterator[list[Able]]:
    """Those among whom the turn decides, the first to be asked first: whom the customer prefers, then the nearest."""
    found: dict[tuple[bool, int], list[Able]] = defaultdict(list)
    for each in able:
        found[not each.one.preferred, each.one.way if policy.near_first else 0].append(each)
    return (found[key] for key in sorted(found))


def in_turn(each: Able) -> tuple[int, int, int]:
    """A key that sorts by the fair turn; the shorter way when two have had as much."""
    return each.one.turn, each.one.way, each.one.member


def fill(wanted: Decimal, ordered: Sequence[Able]) -> Iterator[tuple[Able, Decimal]]:
    """Give each in turn all it can take, until nothing is left."""
    for each in ordered:
        part = min(wanted, each.room)
        wanted -= part
        if part > 0:
            yield each, part


def is_whole(each: Able, demand: Demand) -> bool:
    """Whether it can take all of the line alone."""
    return each.room >= demand.quantity


def _place(one: Candidate, policy: Policy, given: Given) -> tuple[bool, int]:
    """Rank, or how far it has come with its share; who has no place comes last."""
    place = policy.places.get(one.member, 0)
    if place <= 0:
        return True, 0
    if policy.kind == PolicyKind.RANKED:
        return False, place
    had = policy.had.get(one.member, 0) + given.get((policy.agreement, one.member), 0)
    return False, had * THOUSAND // place
