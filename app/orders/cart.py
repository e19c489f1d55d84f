"""The basket and the delivery as values. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol, TypeVar

from app import units
from app.orders.delivery.states import WayWish

MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class LineMark:
    """How the customer wants a line marked on the invoice."""

    cost_centre: str = ""
    reference: str = ""


class Marked(Protocol):
    """A line that can carry them."""

    cost_centre: str
    reference: str


Line = TypeVar("Line", bound=Marked)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where, when, and which references the customer wants to see again."""

    day: date
    name: str
    street: str
    postcode: str
    city: str
    municipality: str
    buyer_reference: str = ""
    order_reference: str = ""
    cost_centre: str = ""
    note: str = ""
    marks: Mapping[int, LineMark] = field(default_factory=dict)
    """Cost centre and reference of single lines, by article id."""
    wished_way: WayWish | None = None
    """How it should come where nobody looks at the ways before it is ordered; None for the best there is."""

    def mark(self, article_id: int, line: Line) -> Line:
        """The line, marked as the customer wants it; each part of a bundle as the bundle."""
        wanted = self.marks.get(article_id, LineMark())
        line.cost_centre, line.reference = wanted.cost_centre, wanted.reference
        return line


@dataclass(frozen=True, slots=True)
class Guest:
    """A private person who orders without an account."""

    name: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Again:
    """That an order is one time of a standing order, which costs what the day of delivery says."""

    standing_order: int
    agreed_at: datetime


Cart = Mapping[int, Decimal]
"""Article id -> quantity in the article's unit."""


def read_quantity(typed: str, unit: str) -> Decimal:
    """What a person typed, as a quantity of the unit. Raises ValueError with a sentence for them."""
    text = "".join(typed.split()).replace(",", ".")
    if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", text):
        raise ValueError("Skriv antalet med siffror, till exempel 4.")
    return units.check_quantity(unit, Decimal(text))
