"""Figures and days as a Swede writes them, the same in gaps and in documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.money import NO_BREAK_SPACE

MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)

_MANY = (
    (
        "",
        "ar",
        ("dag", "korg", "säck", "pall", "hämtning", "körning", "städning", "rengöring", "klippning", "packning"),
    ),
    (
        "",
        "er",
        ("leverans", "tur", "gång", "person", "plats", "portion", "måltid", "enhet", "sats", "månad", "kartong"),
    ),
    ("e", "ar", ("timme", "påse", "rulle")),
    ("a", "or", ("vecka", "resa", "trappa", "låda")),
)
"""How words end that buyers count in, and what takes the place of the end when there are many."""


def number(value: Decimal | int) -> str:
    """``2 600`` or ``12,5``: no needless decimals, groups of three parted by a space that does not break."""
    text = f"{Decimal(value):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", NO_BREAK_SPACE).replace(".", ",").replace("-", "−")


def kronor(amount: Decimal) -> str:
    """``2 600``, or ``10,50`` where there are öre."""
    text = f"{amount:,.2f}".removesuffix(".00")
    return text.replace(",", NO_BREAK_SPACE).replace(".", ",").replace("-", "−")


def of_unit(quantity: Decimal | int, unit: str) -> str:
    """What so many of a unit are called: ``leveranser`` of 400. What is no single word that we know stays as it is."""
    if quantity == 1 or not unit.isalpha():
        return unit
    known = ((old, new) for old, new, ends in _MANY if unit.casefold().endswith(ends))
    old, new = next(known, ("", ""))
    return unit.removesuffix(old) + new


def much(quantity: Decimal | int, unit: str) -> str:
    """``400 leveranser``."""
    return f"{number(quantity)} {of_unit(quantity, unit)}"


def percent(value: Decimal | int) -> str:
    """``62 %`` or ``8,06 %``."""
    return f"{number(value)}{NO_BREAK_SPACE}%"


def day(value: date) -> str:
    """``3 november 2026``."""
    return f"{value.day}{NO_BREAK_SPACE}{MONTHS[value.month - 1]} {value.year}"


def local_day(time: datetime, zone: str) -> date:
    """The day in that zone. Raises ValueError for a naive time, ZoneInfoNotFoundError for an unknown zone."""
    if time.tzinfo is None:
        raise ValueError(f"naive datetime: {time}")
    return time.astimezone(ZoneInfo(zone)).date()


def moment(time: datetime, zone: str) -> str:
    """``3 november 2026 klockan 12.00``."""
    return f"{day(local_day(time, zone))} klockan{NO_BREAK_SPACE}{time.astimezone(ZoneInfo(zone)):%H.%M}"


def ended(words: str) -> str:
    """The words as the end of a sentence: with a full stop, and only one after such as ``Ltd.``."""
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def listing(words: Sequence[str]) -> str:
    """``a, b och c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} och {words[-1]}"
