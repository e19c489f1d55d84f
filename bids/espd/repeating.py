"""Groups of questions that are answered as often as there is something to tell: a year's figures, a reference. Pure.

In the EU's list of criteria such a group may stand any number of times (cardinality 1..n); a request has it once. In
the response it stands again for each further answer: the same group, whose questions have identifiers of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bids.espd.values import Group, Request

MOST_YEARS, MOST_REFERENCES = 5, 10
_YEARS = ("gen-year-to", "spec-year-to", "manage-staff", "year-manpower")
REFERENCE_CODES = ("work-perform", "supply-perform", "service-perform")
MOST: Mapping[tuple[str, str], int] = {
    **{(code, "1.1.2"): MOST_YEARS for code in _YEARS},
    **{(code, "1.1.3.1"): MOST_REFERENCES for code in REFERENCE_CODES},
}
"""How many of a group we take, by criterion and place; every other group stands once."""
_NTH_ID = re.compile(r"(.*)/N([1-9][0-9]?)", re.DOTALL)
_NTH_PATH = re.compile(r"~([1-9][0-9]?)")


def most_of(code: str, path: str) -> int:
    """How many times the group in that place of a criterion may be answered."""
    return MOST.get((code, path), 1)


def nth(group: Group, number: int) -> Group:
    """The group as it stands for the answer of that number, from 1; the first is the buyer's own."""
    if number == 1:
        return group
    properties = tuple(replace(one, id=nth_id(one.id, number)) for one in group.properties)
    return replace(group, properties=properties, groups=tuple(nth(inner, number) for inner in group.groups))


def nth_id(own: str, number: int) -> str:
    """The identifier of a question in a group that stands again."""
    return own if number == 1 else f"{own}/N{number}"


def number_of(question_id: str) -> int:
    """Which of several answers a question's identifier belongs to, from 1."""
    found = _NTH_ID.fullmatch(question_id)
    return int(found[2]) if found else 1


def own_id(question_id: str) -> str:
    """The identifier that the buyer has given the question."""
    found = _NTH_ID.fullmatch(question_id)
    return found[1] if found else question_id


def nth_path(path: str, number: int) -> str:
    """The place of a group that stands again."""
    return path if number == 1 else f"{path}~{number}"


def place_in(path: str) -> tuple[str, int]:
    """The place in the request, and which of several answers it is."""
    found = _NTH_PATH.search(path)
    return _NTH_PATH.sub("", path), int(found[1]) if found else 1


def groups_in(request: Request) -> tuple[Group, ...]:
    """The groups of a request that may be answered several times."""
    return tuple(
        found
        for criterion in request.criteria
        for place, group in enumerate(criterion.groups, 1)
        for found in _within(group, criterion.code, str(place))
    )


def _within(group: Group, code: str, path: str) -> tuple[Group, ...]:
    if most_of(code, path) > 1:
        return (group,)
    return tuple(
        found for place, inner in enumerate(group.groups, 1) for found in _within(inner, code, f"{path}.{place}")
    )
