"""How figures and days are written for people. Pure, but for the language of the viewer."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import dates
from flask_babel import get_locale

from app import clock, places, units
from app.money import MINUS, NO_BREAK_SPACE, Money
from bids.swedish import of_unit


def money(amount: Money) -> str:
    """``1 234,50 kr``."""
    return str(amount)


def whole_kronor(amount: Money) -> str:
    """``1 235 kr``: where figures stand close together and no öre matters."""
    return f"{quantity(round(amount.in_kronor()))}{NO_BREAK_SPACE}kr"


def exact_kronor(amount: Money) -> str:
    """``1 235 kr``, or ``10,50 kr`` where there are öre."""
    return money(amount).replace(",00", "")


def quantity(number: Decimal | int) -> str:
    """``1 200``, ``2,5`` or ``−8,5``: no needless decimals, a comma, and spaces that do not break."""
    text = f"{Decimal(number).normalize():,f}"
    return text.replace(",", NO_BREAK_SPACE).replace(".", ",").replace("-", MINUS)


def unit(code: str, text: str = "", number: Decimal | int = 1) -> str:
    """What one is called, or so many: the article's own words, else the unit's Swedish or English sign."""
    if text:
        return of_unit(number, text)
    found = units.UNITS[code]
    return of_unit(number, found.symbol_sv) if str(get_locale()) == "sv" else found.name_en


def how_much(number: Decimal | int, code: str, text: str = "") -> str:
    """So many of a unit, as a Swede counts: ``400 leveranser``."""
    return f"{quantity(number)} {unit(code, text, number)}"


def day(when: date | datetime) -> str:
    """As people say it: ``tis 3 nov``, with the year when it is not this one."""
    that_day = clock.local_date(when) if isinstance(when, datetime) else when
    this_year = that_day.year == clock.local_date(clock.now()).year
    return _day(that_day, this_year, str(get_locale()))


@lru_cache(maxsize=4000)
def _day(when: date, this_year: bool, language: str) -> str:
    """A page shows the same few days again and again, and so does the next."""
    pattern = "EEE d MMM" if this_year else "EEE d MMM y"
    return dates.format_date(when, pattern, locale=language).replace(".", "").replace(" ", NO_BREAK_SPACE)


def place(code: str) -> str:
    """What a municipality is called, by SCB's code."""
    return places.municipality(code).name


def swedish_day(when: date, seen_from: date) -> str:
    """The same in a Swedish sentence, whoever reads it: with the year when it is not that of `seen_from`."""
    return _day(when, when.year == seen_from.year, "sv")


def moment(when: datetime) -> str:
    """Day and Swedish time: ``tis 3 nov 14:05``."""
    local = when.astimezone(clock.SWEDEN)
    return f"{day(when)} {local:%H:%M}".replace(" ", NO_BREAK_SPACE)
