"""How a cell of an assortment becomes a value, and a value a cell. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from app import places, units
from app.catalog.kinds import ALLERGENS, COMPARED_IN, ArticleKind, Withdrawal
from app.errors import Refused
from app.money import Money
from app.spreadsheets.table import number, yes_or_no
from app.vat import VatClass

NOTHING = "-"
"""Written in a cell it empties what may be empty; an empty cell leaves things as they are."""
EVERYWHERE = "Hela Sverige"
_ALSO_EVERYWHERE = {EVERYWHERE.casefold(), "hela landet", "hela riket", "sverige"}
_PER_CENT = re.compile(r"([0-9]{1,3})(?:[.,]0+)?\s*(?:%|procent)", re.IGNORECASE)
_TOWN = re.compile(r"(.+?) (?:kommun|stad)", re.IGNORECASE)
MOST_PICTURES, LONGEST_SOURCE, LONGEST_PICTURE_TEXT = 8, 600, 300
LARGEST_NUMBER = Decimal(1_000_000)

KINDS = {
    ArticleKind.GOODS: "Vara",
    ArticleKind.TIMED_SERVICE: "Tjänst på tid",
    ArticleKind.MEASURED_SERVICE: "Tjänst efter mått",
    ArticleKind.DATED_SERVICE: "Tjänst på dag",
    ArticleKind.PLACEMENT: "Arbetsträningsplats",
    ArticleKind.BUNDLE: "Paket",
    ArticleKind.SECOND_HAND: "Begagnat, ett exemplar",
}
WITHDRAWALS = {
    Withdrawal.RIGHT: "14 dagar",
    Withdrawal.PERISHABLE: "Nej, förstörs snabbt",
    Withdrawal.CUSTOM_MADE: "Nej, tillverkas efter beställning",
    Withdrawal.DATED: "Nej, gäller en viss dag",
    Withdrawal.SERVICE: "Till dess tjänsten är utförd",
}


@dataclass(frozen=True, slots=True)
class Lists:
    """What a value may be chosen among, as the house has it now."""

    categories: Mapping[str, int]
    """Id by Swedish name."""
    vat_classes: Mapping[VatClass, str]
    cpv: frozenset[str]
    rates: Mapping[VatClass, int] = field(default_factory=dict)
    """Per cent of VAT now, for the classes that have one rate."""


def one_line(text: str, _lists: Lists) -> str:
    """One line, without superfluous space."""
    return " ".join(text.split())


def lines(text: str, _lists: Lists) -> str:
    """Several lines."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def as_it_is(value: Any, _lists: Lists) -> Any:
    """Nothing to do."""
    return value


def quantity(text: str, _lists: Lists) -> Decimal:
    """A quantity above nought, with at most three decimals. Raises Refused."""
    try:
        value = number(text)
    except ValueError as wrong:
        raise Refused("Skriv ett tal, till exempel 12,5.") from wrong
    if not 0 < value <= LARGEST_NUMBER:
        raise Refused("Talet ska vara större än 0 och högst 1 000 000.")
    if value != value.quantize(Decimal("0.001")):
        raise Refused("Talet får ha högst tre decimaler.")
    return value


def whole(text: str, _lists: Lists) -> int:
    """A whole number. Raises Refused."""
    try:
        value = number(text)
    except ValueError as wrong:
        raise Refused("Skriv ett helt tal.") from wrong
    if value != value.to_integral_value() or not 0 <= value <= LARGEST_NUMBER:
        raise Refused("Skriv ett helt tal, 0 eller mer.")
    return int(value)


def money(text: str, _lists: Lists) -> Money:
    """An amount in kronor, with or without kr behind it. Raises Refused."""
    bare = text.strip().casefold().removesuffix("kr").removesuffix("sek").rstrip(" :-")
    try:
        return Money.parse(str(number(bare)))
    except ValueError as wrong:
        raise Refused("Skriv ett belopp i kronor med högst två decimaler, till exempel 212,50.") from wrong


def kronor(value: Money, _lists: Lists) -> Decimal:
    """An amount as a file has it."""
    return value.in_kronor()


def yes(text: str, _lists: Lists) -> bool:
    """Yes or no. Raises Refused."""
    try:
        return yes_or_no(text)
    except ValueError as wrong:
        raise Refused("Skriv ja eller nej.") from wrong


def named(names: Mapping[Any, str], text: str, what: str) -> Any:
    """The key under a name, whatever its capitals. Raises Refused, with the choices where they are few."""
    wanted = " ".join(text.split()).casefold()
    for key, name in names.items():
        if wanted in {name.casefold(), str(key).casefold()}:
            return key
    raise Refused(f"{what} finns inte. Välj bland: {_quoted(names.values())}.")


def _quoted(names: Iterable[str]) -> str:
    """Choices that may have commas and semicolons of their own."""
    return ", ".join(f"”{name}”" for name in names)


def vat_class(text: str, lists: Lists) -> VatClass:
    """A VAT class by its name, or by its rate where only one class has that. Raises Refused, with the choices."""
    rate = _PER_CENT.fullmatch(text.strip())
    having = [key for key, per_cent in lists.rates.items() if rate and per_cent == int(rate[1])]
    if len(having) > 1:
        choices = _quoted(lists.vat_classes[key] for key in having)
        raise Refused(f"Flera momsklasser har {text.strip()}. Välj bland: {choices}.")
    return having[0] if having else VatClass(named(lists.vat_classes, text, "Momsklassen"))


def unit(text: str, _lists: Lists) -> str:
    """The Rec 20 code of a unit by its name, sign or code. Raises Refused."""
    wanted = " ".join(text.split()).casefold().rstrip(".")
    for unit in units.UNITS.values():
        if wanted in {unit.name_sv.casefold(), unit.code.casefold()}:
            return unit.code
    for unit in units.UNITS.values():
        if wanted == unit.symbol_sv.casefold():
            return unit.code
    raise Refused("Enheten finns inte. Välj bland: " + ", ".join(unit.name_sv for unit in units.UNITS.values()) + ".")


def unit_name(code: str, _lists: Lists) -> str:
    """What a unit is called."""
    return units.UNITS[code].name_sv


def compared_in(text: str, lists: Lists) -> str:
    """The unit of a comparison price. Raises Refused."""
    code = unit(text, lists)
    if code not in COMPARED_IN:
        raise Refused("Jämförpris räknas i " + ", ".join(units.UNITS[code].name_sv for code in COMPARED_IN) + ".")
    return code


def category(text: str, lists: Lists) -> int:
    """A category's id by its name. Raises Refused."""
    return int(named({id_: name for name, id_ in lists.categories.items()}, text, "Kategorin"))


def category_name(id_: int, lists: Lists) -> str:
    """What a category is called."""
    return next(name for name, known in lists.categories.items() if known == id_)


def cpv(text: str, lists: Lists) -> str:
    """A CPV code, with or without its check digit. Raises Refused."""
    wanted = text.strip()
    found = wanted if wanted in lists.cpv else next((c for c in _with_check_digit(wanted, lists)), None)
    if found is None:
        raise Refused("CPV-koden finns inte i listan. Skriv den som 03222000-3.")
    return found


def _with_check_digit(bare: str, lists: Lists) -> Iterable[str]:
    """The code of eight digits with its check digit; a spreadsheet may have eaten the first nought."""
    if bare.isdecimal() and len(bare) in {7, 8}:
        yield from (code for digit in range(10) if (code := f"{bare.zfill(8)}-{digit}") in lists.cpv)


def served(text: str, _lists: Lists) -> frozenset[str]:
    """Municipalities by name or code, counties by name, or the whole country, with semicolons or commas between."""
    return _served(text)


@lru_cache(maxsize=1000)
def _served(text: str) -> frozenset[str]:
    """A member delivers most things to the same places."""
    found: set[str] = set()
    for part in text.replace("\n", ";").replace(",", ";").split(";"):
        if name := " ".join(part.split()):
            found |= _place(name)
    return frozenset(found)


def _place(name: str) -> set[str]:
    everywhere = places.all_municipalities()
    folded = name.casefold()
    if folded in _ALSO_EVERYWHERE:
        return {place.code for place in everywhere}
    if known := _municipality(name):
        return {known.code}
    code = name.zfill(4) if name.isdecimal() else ""
    found = {place.code for place in everywhere if place.code == code} or _counties().get(folded, frozenset())
    if not found:
        raise Refused(f"Kommunen ”{name[:60]}” finns inte. Skriv kommuner eller län med semikolon emellan.")
    return set(found)


def _municipality(name: str) -> places.Municipality | None:
    """By ``Göteborg``, ``Göteborgs kommun`` or ``Göteborgs stad``."""
    town = _TOWN.fullmatch(name)
    if town is None:
        return places.by_name(name)
    return places.by_name(name) or places.by_name(town[1]) or places.by_name(town[1].removesuffix("s"))


@cache
def _counties() -> dict[str, frozenset[str]]:
    """The municipalities of each county by ``västra götalands län``, ``västra götalands`` and ``västra götaland``."""
    found: dict[str, set[str]] = {}
    for place in places.all_municipalities():
        bare = place.county.casefold().removesuffix(" län")
        for name in {place.county.casefold(), bare, bare.removesuffix("s")}:
            found.setdefault(name, set()).add(place.code)
    return {name: frozenset(codes) for name, codes in found.items()}


def place_names(codes: Iterable[str], _lists: Lists) -> str:
    """As few words as there are: whole counties by name."""
    chosen = set(codes)
    counties: dict[str, list[places.Municipality]] = {}
    for place in places.all_municipalities():
        counties.setdefault(place.county, []).append(place)
    if all(place.code in chosen for place in places.all_municipalities()):
        return EVERYWHERE
    names: list[str] = []
    for county, inside in sorted(counties.items()):
        if all(place.code in chosen for place in inside) and places.by_name(county) is None and len(inside) > 1:
            names.append(county)
        else:
            names += [place.name for place in inside if place.code in chosen]
    return "; ".join(names)


def allergens(text: str, _lists: Lists) -> tuple[str, ...]:
    """Keys of `kinds.ALLERGENS`, by name. Raises Refused."""
    names = {allergen.code: allergen.name_sv for allergen in ALLERGENS.values()}
    parts = [part for part in text.replace(",", ";").replace("\n", ";").split(";") if part.strip()]
    found = {named(names, part, f"Allergenen ”{' '.join(part.split())[:40]}”") for part in parts}
    return tuple(code for code in ALLERGENS if code in found)


def allergen_names(codes: Sequence[str], _lists: Lists) -> str:
    """What they are called."""
    return "; ".join(ALLERGENS[code].name_sv for code in codes)


def several(text: str, _lists: Lists) -> tuple[str, ...]:
    """What stands between semicolons or on lines of its own."""
    return tuple(part.strip() for part in text.replace("\n", ";").split(";") if part.strip())


def pictures(text: str, lists: Lists) -> tuple[str, ...]:
    """Addresses and names of files. Raises Refused for too many and for one too long to be either."""
    found = several(text, lists)
    if len(found) > MOST_PICTURES:
        raise Refused(f"En artikel kan ha högst {MOST_PICTURES} bilder.")
    if any(len(one) > LONGEST_SOURCE for one in found):
        raise Refused(f"En adress eller ett filnamn får ha högst {LONGEST_SOURCE} tecken.")
    return found


def picture_texts(text: str, lists: Lists) -> tuple[str, ...]:
    """What each picture shows. Raises Refused for too long a description."""
    found = several(text, lists)
    if any(len(one) > LONGEST_PICTURE_TEXT for one in found):
        raise Refused(f"En bildbeskrivning får ha högst {LONGEST_PICTURE_TEXT} tecken.")
    return found


def joined(values: Sequence[str], _lists: Lists) -> str:
    """The way back."""
    return "; ".join(values)
