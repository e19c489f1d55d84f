"""The units things are sold in, by their UN/ECE Recommendation 20 code, and which quantities they allow.

Where Rec 20 has no word of its own (a stop, a night in a room, a stairwell and month), the code is C62, "one",
and the article carries its own unit text beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.money import MINUS, NO_BREAK_SPACE

LARGEST_QUANTITY = Decimal(1_000_000)
"""Nobody orders more than a million of anything; a larger figure is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure: its Rec 20 code, its names, and how many decimals a quantity of it may have."""

    code: str
    symbol_sv: str
    name_sv: str
    name_en: str
    decimals: int

    @property
    def kind(self) -> UnitKind:
        """Under which heading people look for it."""
        return next(kind for kind, codes in UNITS_BY_KIND.items() if self.code in codes)


UNITS: dict[str, Unit] = {
    unit.code: unit
    for unit in (
        Unit("H87", "st", "styck", "piece", 0),
        Unit("C62", "st", "enhet", "one", 0),
        Unit("HUR", "tim", "timme", "hour", 2),
        Unit("DAY", "dag", "dag", "day", 1),
        Unit("E49", "arbetsdag", "arbetsdag", "working day", 1),
        Unit("WEE", "vecka", "vecka", "week", 0),
        Unit("MON", "mån", "månad", "month", 0),
        Unit("ANN", "år", "år", "year", 0),
        Unit("IE", "pers", "person", "person", 0),
        Unit("PTN", "port", "portion", "portion", 0),
        Unit("PR", "par", "par", "pair", 0),
        Unit("SET", "sats", "sats", "set", 0),
        Unit("CEN", "100 st", "hundratal", "hundred", 0),
        Unit("XBX", "låda", "låda", "box", 0),
        Unit("XPK", "förp", "förpackning", "package", 0),
        Unit("KGM", "kg", "kilogram", "kilogram", 2),
        Unit("TNE", "ton", "ton", "tonne", 2),
        Unit("LTR", "l", "liter", "litre", 2),
        Unit("MTR", "m", "meter", "metre", 2),
        Unit("KMT", "km", "kilometer", "kilometre", 1),
        Unit("MTK", "m²", "kvadratmeter", "square metre", 2),
        Unit("MTQ", "m³", "kubikmeter", "cubic metre", 2),
        Unit("E51", "uppdrag", "uppdrag", "job", 0),
        Unit("LS", "klumpsumma", "klumpsumma", "lump sum", 0),
        Unit("DZN", "dussin", "dussin", "dozen", 0),
        Unit("XBK", "korg", "korg", "basket", 0),
        Unit("XBG", "påse", "påse", "bag", 0),
        Unit("XRO", "rulle", "rulle", "roll", 0),
        Unit("XPX", "pall", "pall", "pallet", 0),
        Unit("HGM", "hg", "hektogram", "hectogram", 0),
        Unit("DLT", "dl", "deciliter", "decilitre", 0),
        Unit("ROM", "rum", "rum", "room", 0),
        Unit("E54", "resa", "resa", "trip", 0),
    )
}


class UnitKind(StrEnum):
    """A heading in the list of units."""

    COUNT = "count"
    PACKAGE = "package"
    TIME = "time"
    SIZE = "size"
    WEIGHT = "weight"
    WORK = "work"


UNITS_BY_KIND: dict[UnitKind, tuple[str, ...]] = {
    UnitKind.COUNT: ("H87", "C62", "PR", "SET", "DZN", "CEN", "IE", "PTN"),
    UnitKind.PACKAGE: ("XBK", "XBX", "XPK", "XBG", "XRO", "XPX"),
    UnitKind.TIME: ("HUR", "DAY", "E49", "WEE", "MON", "ANN"),
    UnitKind.SIZE: ("MTR", "KMT", "MTK", "MTQ"),
    UnitKind.WEIGHT: ("HGM", "KGM", "TNE", "DLT", "LTR"),
    UnitKind.WORK: ("E51", "ROM", "E54", "LS"),
}
"""Every unit once, as people look for it: the order is that of the list they choose from."""


def unit(code: str) -> Unit:
    """The unit with this Rec 20 code. Raises KeyError for a code that nothing here is sold in."""
    return UNITS[code]


def check_quantity(code: str, quantity: Decimal) -> Decimal:
    """The quantity, written with as many decimals as the unit (a Rec 20 code) allows.

    Raises KeyError for an unknown unit, and ValueError with a Swedish sentence for a quantity that is no number,
    is nought or less, is above 1 000 000, or has more decimals than the unit allows.
    """
    measure = unit(code)
    if not quantity.is_finite():
        raise ValueError("Ange antalet som ett vanligt tal.")
    if quantity <= 0:
        raise ValueError("Antalet måste vara större än noll.")
    if quantity > LARGEST_QUANTITY:
        raise ValueError("Antalet får vara högst 1 000 000. Dela upp beställningen eller hör av dig till oss.")
    whole = quantity.quantize(Decimal(1).scaleb(-measure.decimals))
    if whole != quantity:
        raise ValueError(_too_fine(measure))
    return whole


def _too_fine(measure: Unit) -> str:
    if measure.decimals == 0:
        return f"Enheten {measure.name_sv} säljs bara i hela tal."
    plural = "decimal" if measure.decimals == 1 else "decimaler"
    return f"Ange antalet med högst {measure.decimals} {plural} för enheten {measure.name_sv}."


def figure(quantity: Decimal) -> str:
    """A quantity in a Swedish sentence: ``2,5``, ``10 000``."""
    return f"{quantity.normalize():,f}".replace(",", NO_BREAK_SPACE).replace(".", ",").replace("-", MINUS)


def counted(number: int, one: str, many: str) -> str:
    """So many of something in a Swedish sentence: ``1 rad``, ``10 000 rader``. The figure itself does not break."""
    return f"{figure(Decimal(number))} {one if number == 1 else many}"
