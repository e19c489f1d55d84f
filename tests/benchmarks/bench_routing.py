"""A thousand parcels shared out among two hundred members, under each kind of policy.

It is held against counting to ten million, which takes a machine of today four tenths of a second when it has nothing
else to do: twice and a half as long is the second that was asked for, and a busy machine measures the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from time import process_time

from app.orders.routing import route
from app.orders.routing_values import Candidate, Demand, Policy, PolicyKind

PARCELS, MEMBERS = 1_000, 200
COUNT = 10_000_000
LIMIT = 2.5
POLICIES = {
    "fair turn": Policy(),
    "a ranking": Policy(PolicyKind.RANKED, {member: member for member in range(1, 51)}, agreement="INK 2026/114"),
    "fixed shares": Policy(PolicyKind.SHARES, dict.fromkeys(range(1, 51), 20), agreement="INK 2026/114"),
}


def measure() -> Iterator[tuple[str, float, float]]:
    """For each kind of policy, how many times as long as the counting."""
    for name, policy in POLICIES.items():
        parcels = [(_demands(number, policy), _members(number)) for number in range(PARCELS)]
        ratio = _seconds(lambda parcels=parcels: _place(parcels)) / _seconds(_count)
        yield f"{PARCELS} parcels against {MEMBERS} members by {name}, against a plain count", ratio, LIMIT


def _place(parcels: Sequence[tuple[list[Demand], list[Candidate]]]) -> None:
    for demands, members in parcels:
        assert not any(route(demands, members).unplaced.values())


def _count() -> None:
    total = 0
    for number in range(COUNT):
        total += number


def _seconds(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


def _demands(number: int, policy: Policy) -> list[Demand]:
    return [Demand(1, Decimal(number % 90 + 1), policy=policy)]


def _members(number: int) -> list[Candidate]:
    """Every third does not deliver there, every seventh is fully booked, and the rest have had more or less."""
    return [
        Candidate(
            line=1,
            offering=member,
            member=member,
            name=f"Medlem {member}",
            free=Decimal(0 if member % 7 == 0 else 100),
            lead_days=2,
            days_left=5,
            serves=bool(member % 3),
            turn=(member * 7919 + number * 104_729) % 100_003,
            way=member % 3,
            pay=18_000,
        )
        for member in range(1, MEMBERS + 1)
    ]
