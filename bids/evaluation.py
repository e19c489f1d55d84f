"""What the buyer's evaluation makes of our bid beside rivals whose prices we assume."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from app.money import NOUGHT, Money

FULL = 100
"""Points, for price as for quality, before they are weighted."""


class Model(StrEnum):
    """How bids are compared (LOU 16:1): in kronor, or in points."""

    LOWEST_PRICE = "lowest_price"
    """The lowest price wins."""
    DEDUCTIONS = "deductions"
    """Price minus deductions in kronor for added value; the lowest figure wins."""
    WEIGHTS = "weights"
    """Points for price on a scale that the buyer has set, and for quality, each with its weight."""
    RELATIVE = "relative"
    """The same, but points for price are the lowest price divided by one's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The buyer's model. ``price_weight`` is per cent, the rest is quality's.

    On the scale of `Model.WEIGHTS` a price at ``full_at`` or under gets all points, at ``none_at`` or over none.
    """

    model: Model
    price_weight: Decimal = Decimal(100)
    full_at: Money = NOUGHT
    none_at: Money = NOUGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A bid: its price a year, its deductions in kronor, and its points for quality, 0 to 100."""

    name: str
    price: Money
    deductions: Money = NOUGHT
    quality: Decimal = Decimal(0)
    is_ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A bid in its place, 1 is best; equal bids share one. ``figure`` in kronor, or weighted points with two decimals.

    ``exact`` is what places are decided by: more is better.
    """

    contender: Contender
    place: int
    figure: Money | None
    price_points: Decimal | None
    quality_points: Decimal | None
    points: Decimal | None
    exact: Fraction


def evaluate(contenders: Sequence[Contender], terms: Terms) -> tuple[Placed, ...]:
    """Everybody's figure or points, the best first. Raises ValueError for terms or bids that cannot be."""
    check(contenders, terms)
    lowest = min((one.price for one in contenders), default=NOUGHT)
    placed = [_placed(one, terms, lowest) for one in contenders]
    ranked = [replace(one, place=1 + sum(other.exact > one.exact for other in placed)) for one in placed]
    return tuple(sorted(ranked, key=lambda one: one.place))


def check(contenders: Sequence[Contender], terms: Terms) -> None:
    """Raises ValueError for a weight or points outside 0-100, a price of nought, or a scale that does not fall."""
    if not 0 <= terms.price_weight <= FULL:
        raise ValueError(f"a weight of {terms.price_weight} per cent")
    if terms.model is Model.WEIGHTS and not NOUGHT <= terms.full_at < terms.none_at:
        raise ValueError("the scale must give all points at a lower price than none")
    for one in contenders:
        if one.price <= NOUGHT or one.deductions < NOUGHT or not 0 <= one.quality <= FULL:
            raise ValueError(f"{one.name}: a price above nought, deductions, and quality from 0 to 100 points")


def price_to_win(contenders: Sequence[Contender], terms: Terms) -> Money | None:
    """The highest price at which our bid comes first, or shares the place; None where no price is low enough.

    A lower price never gives a worse place, so it is found by halving. Nobody to beat: our own price.
    """
    ours = next(one for one in contenders if one.is_ours)
    rivals = [one for one in contenders if one is not ours]
    if not rivals:
        return ours.price

    def wins(ore: int) -> bool:
        tried = replace(ours, price=Money(ore))
        return next(one.place for one in evaluate([tried, *rivals], terms) if one.contender is tried) == 1

    low, high = 1, 2 * max(one.price.ore + ours.deductions.ore for one in contenders)
    if not wins(low):
        return None
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if wins(middle) else (low, middle - 1)
    return Money(low)


def _placed(one: Contender, terms: Terms, lowest: Money) -> Placed:
    if terms.model in {Model.LOWEST_PRICE, Model.DEDUCTIONS}:
        figure = one.price - (one.deductions if terms.model is Model.DEDUCTIONS else NOUGHT)
        return Placed(
            contender=one,
            place=0,
            figure=figure,
            price_points=None,
            quality_points=None,
            points=None,
            exact=Fraction(-figure.ore),
        )
    weight = Fraction(terms.price_weight) / FULL
    price, quality = weight * _for_price(one, terms, lowest), (1 - weight) * Fraction(one.quality)
    return Placed(
        contender=one,
        place=0,
        figure=None,
        price_points=_two(price),
        quality_points=_two(quality),
        points=_two(price + quality),
        exact=price + quality,
    )


def _for_price(one: Contender, terms: Terms, lowest: Money) -> Fraction:
    """Points for the price alone, 0 to 100."""
    if terms.model is Model.RELATIVE:
        return Fraction(FULL * lowest.ore, one.price.ore)
    over = Fraction(terms.none_at.ore - one.price.ore, terms.none_at.ore - terms.full_at.ore)
    return FULL * min(Fraction(1), max(Fraction(0), over))


def _two(points: Fraction) -> Decimal:
    exact = Decimal(points.numerator) / Decimal(points.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
