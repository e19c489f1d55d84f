"""In which quantities an article can be bought, and what it comes to per kilogram, litre or metre. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Protocol

from app import units
from app.catalog.kinds import COMPARED_IN, ArticleKind
from app.money import Money
from app.units import LARGEST_QUANTITY, check_quantity, figure

ONE = Decimal(1)


class Filled(Protocol):
    """Something that may hold so much of a measure."""

    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def content(self) -> Decimal | None: ...  # noqa: D102
    @property
    def content_unit(self) -> str | None: ...  # noqa: D102


class Sold(Filled, Protocol):
    """An article, or a draft of one."""

    @property
    def kind(self) -> ArticleKind: ...  # noqa: D102
    @property
    def unit_text(self) -> str: ...  # noqa: D102
    @property
    def min_quantity(self) -> Decimal | None: ...  # noqa: D102
    @property
    def quantity_step(self) -> Decimal | None: ...  # noqa: D102
    @property
    def pack_size(self) -> Decimal | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Amounts:
    """The quantities in which something is sold: `least`, and from there by whole `step`."""

    unit: str
    """Rec 20 code."""
    name: str
    """What one is called: ``st``."""
    least: Decimal
    step: Decimal
    packed: bool = False
    """Whether a step is a package."""
    single: bool = False
    """Whether there is only one."""

    @property
    def coarse(self) -> bool:
        """Whether the steps are coarser than the unit itself."""
        return self.step != _finest(self.unit)

    @property
    def sentence(self) -> str:
        """How it is sold, as a sentence for the buyer; empty where nothing needs to be said."""
        if self.single:
            return "Finns i ett exemplar."
        parts = []
        if self.packed:
            parts.append(f"Säljs i hela förpackningar om {figure(self.step)} {self.name}.")
        elif self.coarse:
            parts.append(f"Säljs i steg om {figure(self.step)} {self.name}.")
        if self.least > self.step:
            parts.append(f"Minsta beställning är {figure(self.least)} {self.name}.")
        return " ".join(parts)


def amounts_of(article: Sold) -> Amounts:
    """The quantities in which an article is sold. A package takes the place of a step."""
    name = article.unit_text or units.unit(article.unit).symbol_sv
    if article.kind == ArticleKind.SECOND_HAND:
        return Amounts(article.unit, name, ONE, ONE, single=True)
    step = article.pack_size or article.quantity_step or _finest(article.unit)
    return Amounts(article.unit, name, max(article.min_quantity or step, step), step, packed=bool(article.pack_size))


def first_amount(article: Sold) -> Decimal:
    """What the quantity field says before anybody has typed: one, or as near as the article is sold in."""
    amounts = amounts_of(article)
    return amounts.least if amounts.least >= 1 else -(-ONE // amounts.step) * amounts.step


def allowed(quantity: Decimal, article: Sold) -> Decimal:
    """The quantity as the unit writes it. Raises ValueError with a Swedish sentence that names what can be chosen."""
    quantity, amounts = check_quantity(article.unit, quantity), amounts_of(article)
    if amounts.single and quantity != 1:
        raise ValueError("Det finns bara ett exemplar.")
    if quantity >= amounts.least and quantity % amounts.step == 0:
        return quantity
    raise ValueError(f"{amounts.sentence} Välj {_choices(quantity, amounts)}.")


def whole_steps(quantity: Decimal, step: Decimal) -> Decimal:
    """As much of the quantity as is whole steps."""
    return (quantity / step).to_integral_value(ROUND_FLOOR) * step


def comparison_price(price: Money, article: Filled) -> tuple[Money, str] | None:
    """The price per kilogram, litre, metre, m² or m³, with that unit's Rec 20 code; None where it says nothing new.

    `price` is that of one unit as it is shown, with VAT for private people (prisinformationslagen 2004:347, 9 §).
    """
    if article.content is None or article.content_unit is None or article.unit in COMPARED_IN:
        return None
    return price.divided_by(article.content), article.content_unit


def _finest(unit: str) -> Decimal:
    return ONE.scaleb(-units.unit(unit).decimals)


def _choices(quantity: Decimal, amounts: Amounts) -> str:
    """The nearest quantities below and above that can be had: ``12 eller 18``."""
    below = whole_steps(quantity, amounts.step)
    near = [amounts.least] if quantity < amounts.least else [below, below + amounts.step]
    return " eller ".join(figure(one) for one in near if amounts.least <= one <= LARGEST_QUANTITY)
