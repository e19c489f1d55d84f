"""What staff see when they ask what would happen if somebody were closed, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.customers.models import Customer
from app.orders.models import Order, OrderLine
from app.orders.standing.models import StandingOrder


@dataclass(frozen=True, slots=True)
class Move:
    """So much of a line would go to another member."""

    to: str
    quantity: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A part of an order that a closed member has now, and where it would go."""

    order: Order | None
    """None where it is not ordered yet, because it comes again."""
    line: OrderLine
    day: date
    origin: str
    quantity: Decimal
    moves: tuple[Move, ...]
    left: Decimal
    """What nobody could take."""
    obstacles: tuple[str, ...]
    standing: StandingOrder | None = None
    """Of which it is one time."""

    @property
    def customer(self) -> Customer:
        """For whom it is."""
        known = self.order or self.standing
        if known is None:
            raise ValueError("what moves is of an order or of a standing order")
        return known.customer


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would become of it all, in order of delivery."""

    moved: tuple[Moved, ...]
    more: bool
    """Whether there was more than is looked at."""

    @property
    def unplaced(self) -> tuple[Moved, ...]:
        """Those of which nobody could take all."""
        return tuple(one for one in self.moved if one.left)

    @property
    def placed(self) -> int:
        """How many would go on without a gap."""
        return len(self.moved) - len(self.unplaced)
