"""How much is taken off an invoice for household work: of the labour, by the dated table, within the room. Pure.

The tax agency counts in whole kronor, and so each person's part is rounded down to them: what is asked for is never
more than the part of the labour that the person pays itself.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.errors import Refused
from app.money import NOUGHT, Money
from app.reliefs import Relief
from app.vat import VatPart, sums

TABLE = Path(__file__).parents[1] / "data" / "household.toml"
WHOLE = 100
MOST_PERSONS = 2
KRONA = 100


@dataclass(frozen=True, slots=True)
class Table:
    """What the law says, by day and by year."""

    percents: tuple[tuple[Relief, date, int], ...]
    together: tuple[tuple[int, Money], ...]
    """From a year on, what one person may have in all."""
    rot: tuple[tuple[int, Money], ...]
    months_kept: int

    def percent(self, relief: Relief, day: date) -> int:
        """Of the labour, when the customer pays on that day. Raises LookupError for a day before the table."""
        holding = [(since, percent) for kind, since, percent in self.percents if kind == relief and since <= day]
        if not holding:
            raise LookupError(f"no deduction for {relief} on {day}")
        return max(holding)[1]

    def room(self, relief: Relief, year: int, had: dict[Relief, Money]) -> Money:
        """What a person may still have of a year, as far as we know what it has had."""
        left = _of_year(self.together, year) - Money.total(had.values())
        if relief == Relief.ROT:
            left = min(left, _of_year(self.rot, year) - had.get(Relief.ROT, NOUGHT))
        return max(left, NOUGHT)


def _of_year(rows: Iterable[tuple[int, Money]], year: int) -> Money:
    holding = [row for row in rows if row[0] <= year]
    if not holding:
        raise LookupError(f"no ceiling for {year}")
    return max(holding)[1]


@lru_cache(maxsize=1)
def table() -> Table:
    """The table that comes with the program."""
    found: dict[str, Any] = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    most = {
        kind: tuple((row["year"], Money.kronor(row["most"])) for row in found["most"] if row["kind"] == kind)
        for kind in ("together", "rot")
    }
    percents = tuple((Relief(row["kind"]), row["valid_from"], row["percent"]) for row in found["percent"])
    return Table(percents, most["together"], most["rot"], found["keeping"]["months"])


@dataclass(frozen=True, slots=True)
class Worked:
    """A line of an invoice, as far as the deduction goes."""

    net: Money
    parts: tuple[VatPart, ...]
    percent: int
    """Of its price that is labour."""

    @property
    def labour(self) -> Money:
        """Without VAT."""
        return self.net.percent(self.percent)


def with_vat(lines: Iterable[tuple[Money, Sequence[VatPart]]]) -> Money:
    """What they cost with VAT, counted per rate on the sum."""
    found = sums(lines)
    return Money.total(one.base + one.vat for one in found)


def labour_of(lines: Iterable[Worked]) -> Money:
    """What the labour costs with VAT."""
    return with_vat((line.labour, line.parts) for line in lines)


def beside_labour(lines: Sequence[Worked]) -> Money:
    """What goes with the labour with VAT: material, and all else that gives no deduction."""
    return with_vat((line.net - line.labour, line.parts) for line in lines)


@dataclass(frozen=True, slots=True)
class Share:
    """One person's part of a deduction, in whole kronor."""

    labour: Money
    """With VAT, before the deduction."""
    amount: Money
    """What is taken off and asked for."""
    whole: Money
    """What it would be if the person had room for it."""


def shares_of(labour: Money, percent: int, weights: Sequence[int], rooms: Sequence[Money]) -> list[Share]:
    """Each person's part. `weights` are per cent and make a hundred; `rooms` is what each may still have this year.

    What somebody has no room for is not moved to the other: who shall have how much they have said themselves.
    """
    if labour <= NOUGHT:
        return [Share(NOUGHT, NOUGHT, NOUGHT) for _weight in weights]
    parts = [Money(kronor * KRONA) for kronor in _share_kronor(labour.ore // KRONA, weights)]
    whole = [down(part.percent(percent)) for part in parts]
    return [Share(part, min(one, down(room)), one) for part, one, room in zip(parts, whole, rooms, strict=True)]


def _share_kronor(kronor: int, weights: Sequence[int]) -> list[int]:
    return [one.ore for one in Money(kronor).share(weights)]


def down(amount: Money) -> Money:
    """To whole kronor, downwards."""
    return Money(amount.ore - amount.ore % KRONA)


def check_weights(weights: Sequence[int]) -> None:
    """Raises Refused for parts that make no whole."""
    if not 1 <= len(weights) <= MOST_PERSONS or min(weights) < 1 or sum(weights) != WHOLE:
        raise Refused("Avdraget delas mellan en eller två personer, och delarna ska bli 100 procent.")
