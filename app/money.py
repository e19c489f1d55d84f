"""Money as whole öre; the only file where an amount is rounded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

_FIGURES = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
"""In all figures that people read."""
LARGEST_ORE = 10**15
"""Ten billion kronor. Nothing here costs more, and the column holds it in 64 bits with room to add up."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in Swedish kronor, kept as whole öre."""

    ore: int

    def __add__(self, other: Money) -> Money:
        return Money(self.ore + other.ore)

    def __sub__(self, other: Money) -> Money:
        return Money(self.ore - other.ore)

    def __neg__(self) -> Money:
        return Money(-self.ore)

    def __bool__(self) -> bool:
        return self.ore != 0

    def __str__(self) -> str:
        """As a Swede writes it: ``1 234,50 kr``, with spaces that do not break."""
        return f"{self.amount()}{NO_BREAK_SPACE}kr"

    def amount(self) -> str:
        """The figure alone, always with two decimals: ``1 234,50``."""
        kronor, ore = divmod(abs(self.ore), 100)
        grouped = f"{kronor:,}".replace(",", NO_BREAK_SPACE)
        return f"{MINUS if self.ore < 0 else ''}{grouped},{ore:02d}"

    def in_kronor(self) -> Decimal:
        """The amount in kronor, exactly, for forms and foreign formats."""
        return Decimal(self.ore).scaleb(-2)

    def times(self, factor: Decimal | int) -> Money:
        """Multiply, and round half away from zero to whole öre."""
        return Money(_whole(self.ore * Decimal(factor)))

    def divided_by(self, divisor: Decimal | int) -> Money:
        """Divide, and round half away from zero to whole öre. Raises ZeroDivisionError for nought."""
        if not divisor:
            raise ZeroDivisionError("money divided by nought")
        return Money(_whole(self.ore / Decimal(divisor)))

    def percent(self, rate: Decimal | int) -> Money:
        """So many per cent of the amount, rounded once."""
        return self.times(Decimal(rate) / 100)

    def share(self, weights: Sequence[int]) -> list[Money]:
        """Divide by weight, largest remainder first; the parts always add up to the whole.

        Raises ValueError when a weight is negative or all are nought.
        """
        whole = sum(weights)
        if whole <= 0 or min(weights) < 0:
            raise ValueError(f"weights that share nothing: {weights}")
        parts = [self.ore * weight // whole for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: -(self.ore * weights[i] % whole))
        for i in by_remainder[: self.ore - sum(parts)]:
            parts[i] += 1
        return [Money(part) for part in parts]

    @classmethod
    def kronor(cls, amount: Decimal | int | str) -> Money:
        """From an amount in kronor: ``Money.kronor("13.50")``. Rounds half away from zero."""
        return cls(_whole(Decimal(amount) * 100))

    @classmethod
    def total(cls, amounts: Iterable[Money]) -> Money:
        """The sum; nought for nothing."""
        return cls(sum(amount.ore for amount in amounts))

    @classmethod
    def parse(cls, typed: str) -> Money:
        """Read what a person typed: ``1 234,50``, ``1234.5``, ``1 234 kr``.

        Raises ValueError for anything else, for more than two decimals and for amounts beyond belief.
        """
        text = typed.strip().lower().removesuffix("kr").replace("−", "-").replace(",", ".")
        text = "".join(text.split())
        if len(text) > 20 or not _FIGURES.fullmatch(text):
            raise ValueError(f"not an amount: {typed[:40]!r}")
        try:
            ore = Decimal(text) * 100
        except InvalidOperation as wrong:
            raise ValueError(f"not an amount: {typed[:40]!r}") from wrong
        if ore != ore.to_integral_value() or abs(ore) > LARGEST_ORE:
            raise ValueError(f"not an amount in kronor and öre: {typed[:40]!r}")
        return cls(int(ore))


def _whole(ore: Decimal) -> int:
    return int(ore.quantize(Decimal(1), ROUND_HALF_UP))


NOUGHT = Money(0)
