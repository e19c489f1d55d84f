"""What of a member's figures everybody may see: numbers, never persons. Pure."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_SHOWN = 5
"""People. Behind a smaller number somebody could be recognised, so it is shown as "fewer than 5", nought too."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A year as everybody sees it. None stands for fewer than five people."""

    year: int
    places: int | None
    hours: int | None
    """None also where fewer than five people worked them: they would tell how much one of them worked."""
    to_work: int | None
    to_studies: int | None


@dataclass(frozen=True, slots=True)
class Share:
    """How many of those occupied are of the target group (LOU 4:18), in whole per cent rounded down."""

    occupied: int
    target_group: int

    @property
    def percent(self) -> int:
        """The share."""
        return self.target_group * 100 // self.occupied


def shown(number: int) -> int | None:
    """The number, or None when it counts fewer than five people."""
    return number if number >= LEAST_SHOWN else None


def figures(year: int, *, places: int, hours: int, to_work: int, to_studies: int) -> Figures:
    """A year without what could tell of single persons."""
    many = shown(places)
    return Figures(year, many, hours if many is not None else None, shown(to_work), shown(to_studies))


def share(occupied: int, target_group: int) -> Share | None:
    """The share, or None when fewer than five people are of the target group."""
    return Share(occupied, target_group) if shown(target_group) is not None else None
