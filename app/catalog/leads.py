"""How soon an article can come, as tokens: within how many working days to each municipality, and at all. Pure.

The quickest lead time to a place is one token, ``q1480d3``, and anywhere ``qd3``. They have postings and are counted
like all others, and stand in no full text.
"""

from __future__ import annotations

from collections.abc import Mapping


def tokens(made: str, leads: str) -> set[str]:
    """The tokens of an article, from who makes it and how soon (see hits.py for how both are written)."""
    quickest: dict[str, int] = {}
    days = _by_member(leads)
    for offering in made.split("m")[1:]:
        member, *places = offering.split()
        for place in ("", *places) if member in days else ():
            quickest[place] = min(days[member], quickest.get(place, days[member]))
    return {f"q{place}d{lead}" for place, lead in quickest.items()}


def written(leads: Mapping[int, int]) -> str:
    """The lead times of those who make an article, in writing: ``7:3 12:10``."""
    return " ".join(f"{member}:{leads[member]}" for member in sorted(leads))


def within(leads: str, most: int) -> set[int]:
    """Those who make it within so many days."""
    return {int(member) for member, days in _by_member(leads).items() if days <= most}


def _by_member(leads: str) -> dict[str, int]:
    return {member: int(days) for member, _, days in (one.partition(":") for one in leads.split())}
