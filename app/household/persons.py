"""A person's number as the tax agency wants it, and as anybody else may see it. Pure."""

from __future__ import annotations

import re
from datetime import date

from stdnum import luhn

from app.errors import Refused

OF_AGE = 18
_COORDINATION = 60
"""On the day of birth in a coordination number."""
_WRONG = "Personnumret stämmer inte. Se efter att alla siffror är rätt."


def checked(typed: str) -> str:
    """Twelve figures, of a personal identity number or a coordination number. Raises Refused.

    The refusal never repeats what was typed.
    """
    figures = re.sub(r"[\s-]", "", typed)
    if not re.fullmatch(r"[0-9]{12}", figures, re.ASCII):
        raise Refused("Skriv personnumret med tolv siffror, som ÅÅÅÅMMDD-NNNN.")
    born(figures)
    if not luhn.is_valid(figures[-10:]):
        raise Refused(_WRONG)
    return figures


def born(figures: str) -> date:
    """The day of birth. Raises Refused for a day that is none."""
    year, month, day = int(figures[:4]), int(figures[4:6]), int(figures[6:8])
    try:
        return date(year, month, day - _COORDINATION if day > _COORDINATION else day)
    except ValueError as wrong:
        raise Refused(_WRONG) from wrong


def check_of_age(figures: str, year: int) -> None:
    """Raises Refused for whoever has not become eighteen by the end of the year of payment (IL 67 kap. 11 §)."""
    if year - born(figures).year < OF_AGE:
        raise Refused("Den som ska ha avdraget måste fylla minst 18 år under året.")


def tail(figures: str) -> str:
    """The last four, by which somebody knows its own number again."""
    return figures[-4:]


def masked(last: str) -> str:
    """As pages and invoices have it."""
    return f"••••••••-{last}"
