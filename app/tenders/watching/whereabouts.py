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
AREAS = {
    "SE": "Sverige",
    "SE1": "Östra Sverige",
    "SE11": "Stockholm",
    "SE12": "Östra Mellansverige",
    "SE2": "Södra Sverige",
    "SE21": "Småland med öarna",
    "SE22": "Sydsverige",
    "SE23": "Västsverige",
    "SE3": "Norra Sverige",
    "SE31": "Norra Mellansverige",
    "SE32": "Mellersta Norrland",
    "SE33": "Övre Norrland",
}
"""What is larger than a county, by the same regulation."""
NOWHERE = {"SEZ", "SEZZ", "SEZZZ"}
"""NUTS has these for what belongs to Sweden but lies in no county, such as an embassy."""
EVERYWHERE = {"sverige", "hela landet", "hela sverige", "var som helst", "var som helst i landet", "swe"}
ABROAD = re.compile(
    "(AL|AT|BA|BE|BG|CH|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IS|IT|LI|LT|LU|LV|ME|MK|MT|NL|NO|PL|PT|RO|RS|SI|SK|TR|UK|XK)"
    "[0-9A-Z]{0,3}"
)
"""A code of another country that has NUTS, or statistical regions of the same kind."""
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


def municipalities_in(text: str) -> frozenset[str]:
    """The municipalities that a place names, all of a county where it names one; none when it names nothing we know."""
    found: set[str] = set()
    for part in re.split(r"[,;\n]", text):
        town = None if CODE.search(part) else _town(part.strip())
        if town is not None:
            found.add(town.code)
        else:
            within = counties_in(part)
            found |= {place.code for place in places.all_municipalities() if place.county_code in within}
    return frozenset(found)


def in_words(text: str) -> str:
    """A place with the county's or the area's name for each code of ours; what we do not know stays as written."""
    return CODE.sub(lambda found: _name(found[0]), text)


def is_area(code: str) -> bool:
    """Whether a NUTS code can be: one of Sweden's, or written as one of another country's."""
    ours = code in NUTS or code in AREAS or code in NOWHERE
    return ours or ABROAD.fullmatch(code) is not None


def _name(code: str) -> str:
    if code in NOWHERE:
        return "utanför Sveriges län"
    return counties()[NUTS[code]] if code in NUTS else AREAS.get(code, code)


def _named(name: str) -> frozenset[str]:
    if name.casefold() in EVERYWHERE:
        return frozenset(counties())
    by_county = {county.casefold(): code for code, county in counties().items()}
    if name.casefold() in by_county:
        return frozenset({by_county[name.casefold()]})
    place = _town(name)
    return frozenset({place.county_code}) if place is not None else frozenset()


def _town(name: str) -> places.Municipality | None:
    """The municipality of that name: ``Mölndal``, ``Mölndals kommun``, ``Göteborgs stad``."""
    bare = SUFFIX.sub("", name)
    found = (places.by_name(candidate) for candidate in (name, bare, bare.removesuffix("s")))
    return next((place for place in found if place is not None), None)
