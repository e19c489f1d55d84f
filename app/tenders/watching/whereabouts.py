"""Where a tender is to be done, as counties: read from NUTS codes and names in the place it states. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from app import places

NUTS = {
    "SE110": "01",
    "SE121": "03",
    "SE122": "04",
    "SE123": "05",
    "SE124": "18",
    "SE125": "19",
    "SE211": "06",
    "SE212": "07",
    "SE213": "08",
    "SE214": "09",
    "SE221": "10",
    "SE224": "12",
    "SE231": "13",
    "SE232": "14",
    "SE311": "17",
    "SE312": "20",
    "SE313": "21",
    "SE321": "22",
    "SE322": "23",
    "SE331": "24",
    "SE332": "25",
}
"""The counties by their NUTS 3 codes (Regulation (EC) No 1059/2003) and by SCB's codes."""
EVERYWHERE = {"sverige", "hela landet", "hela sverige", "var som helst", "var som helst i landet", "swe"}
CODE = re.compile(r"\bSE[0-9A-Z]{0,3}\b")
SUFFIX = re.compile(r"(?i)\s*(kommun|stad)$")


@lru_cache(maxsize=1)
def counties() -> dict[str, str]:
    """The counties' names by SCB's code, in Swedish order of their names."""
    found = {place.county_code: place.county for place in places.all_municipalities()}
    return dict(sorted(found.items(), key=lambda pair: places.swedish_order(pair[1])))


def counties_in(text: str) -> frozenset[str]:
    """The counties that a place names; none when it names nothing that we know.

    A code of a larger area is all counties in it. A town's name beside a code adds nothing, for the code is exact.
    """
    found: set[str] = set()
    for part in re.split(r"[,;\n]", text):
        codes = CODE.findall(part)
        if codes:
            found |= {county for nuts, county in NUTS.items() if any(nuts.startswith(code) for code in codes)}
        else:
            found |= _named(part.strip())
    return frozenset(found)


def _named(name: str) -> frozenset[str]:
    if name.casefold() in EVERYWHERE:
        return frozenset(counties())
    by_county = {county.casefold(): code for code, county in counties().items()}
    if name.casefold() in by_county:
        return frozenset({by_county[name.casefold()]})
    bare = SUFFIX.sub("", name)
    for candidate in (name, bare, bare.removesuffix("s")):
        place = places.by_name(candidate)
        if place is not None:
            return frozenset({place.county_code})
    return frozenset()
