"""Personal identity numbers of nobody: the tax agency's own test person, and numbers of people born in 1890.

The three figures before the check digit are 980 to 999, which is given to nobody for good.
"""

from __future__ import annotations

from stdnum import luhn

TOLVAN = "191212121212"
"""Tolvan Tolvansson, whom the tax agency uses in its examples."""


def number(day: str = "18900108", serial: int = 981) -> str:
    """Twelve figures with the right check digit."""
    figures = f"{day}{serial}"
    return figures + luhn.calc_check_digit(figures[2:])
