"""Sweden's municipalities and counties, with the codes that Statistics Sweden (SCB) gives them."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

MUNICIPALITIES = Path(__file__).parent / "data" / "municipalities.csv"
SWEDISH_ALPHABET = str.maketrans({"å": "{", "ä": "|", "ö": "}", "-": " "})
"""The three signs that follow z in Unicode stand in for the three letters that follow z in Swedish."""
COUNTY_FIGURES = 2


@dataclass(frozen=True, slots=True)
class Municipality:
    """One of the 290 municipalities: a four-digit code whose first two digits are the county's."""

    code: str
    name: str
    county_code: str
    county: str


def municipality(code: str) -> Municipality:
    """The municipality with this SCB code (``1480`` is Göteborg). Raises KeyError for any other text."""
    return _by_code()[code]


@lru_cache(maxsize=1)
def all_municipalities() -> tuple[Municipality, ...]:
    """All 290, by name in Swedish order: å, ä and ö last."""
    return tuple(sorted(_by_code().values(), key=lambda place: swedish_order(place.name)))


def by_name(name: str) -> Municipality | None:
    """The municipality with this name, whatever its capitals and surrounding space; None when there is none."""
    return _by_name().get(name.strip().casefold())


def way(start: str, goal: str) -> int:
    """How far it is between two municipalities, by their codes: 0 in the same, 1 in the same county, 2 beyond.

    The county is what the code knows of the map; a short way over a county's border counts as long.
    """
    if start == goal:
        return 0
    return 1 if start[:COUNTY_FIGURES] == goal[:COUNTY_FIGURES] else 2


def swedish_order(text: str) -> str:
    """A key that sorts as a Swedish index does: capitals and hyphens count for nothing, å ä ö follow z."""
    return text.casefold().translate(SWEDISH_ALPHABET)


@lru_cache(maxsize=1)
def _by_code() -> dict[str, Municipality]:
    with MUNICIPALITIES.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: Municipality(**row) for row in csv.DictReader(lines)}


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Municipality]:
    return {place.name.casefold(): place for place in _by_code().values()}
