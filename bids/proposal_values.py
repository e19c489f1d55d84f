"""What a proposed sharing says. To read it needs nothing of what found it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from app.money import Money
from bids.capacity_values import Allocation, Part, Problem
from bids.pricing import PartyValue


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """A row that would be shared in another way: party and quantity before, and after."""

    ref: str
    lot_ref: str | None
    before: tuple[tuple[str, Decimal], ...]
    after: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The allocation with what stands beside it. Costs are a year's, at the members' prices.

    ``waiting`` is what stays asked of parties that have not answered. ``mark`` is the same as long as the proposal and
    what it would change are.
    """

    allocation: Allocation
    problems: tuple[Problem, ...]
    cost_before: Money
    cost_after: Money
    before: dict[str, PartyValue]
    after: dict[str, PartyValue]
    changes: tuple[RowChange, ...]
    waiting: tuple[Part, ...] = ()

    @property
    def mark(self) -> str:
        """A fingerprint, by which whoever takes the proposal over is held to the one that was shown."""
        return sha256(repr((self.allocation.parts, self.changes, self.cost_after)).encode()).hexdigest()
