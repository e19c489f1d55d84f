"""What the allocation is made of: rows to carry, who can carry how much at what price, and each party's limits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.money import Money

SANCTIONS_PERCENT = Decimal(10)
"""Regulation (EU) 833/2014 art. 5k: whoever has more than a tenth of the value must make a declaration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A party that can carry a row: at what price per unit, and at most how much a year. ``pool`` names its source."""

    party_key: str
    price: Money
    most: Decimal
    pool: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A price row to carry. ``quantity`` is a year's, ``step`` what it can be divided in, ``worth`` per unit.

    ``out`` says in words why parties that are no candidates cannot have it: (party, reason). ``waiting`` are those that
    have been asked and have not answered: what nobody else carries of it stays asked of them.
    """

    ref: str
    quantity: Decimal
    worth: Money
    candidates: tuple[Candidate, ...]
    lot_ref: str | None = None
    text: str = ""
    unit_label: str = ""
    step: Decimal = Decimal(1)
    out: tuple[tuple[str, str], ...] = ()
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What a party may have of the bid's worth, in per cent; ``lots`` None means everywhere.

    ``under_line``: it must not need a sanctions declaration. ``wish``: it would rather stay under this.
    """

    party_key: str
    name: str
    smallest: Decimal | None = None
    largest: Decimal | None = None
    under_line: bool = False
    wish: Decimal | None = None
    lots: frozenset[str] | None = None

    @property
    def ceiling(self) -> Decimal | None:
        """The largest part that is allowed, whichever rule says it."""
        rules = [self.largest] if self.largest is not None else []
        return min([*rules, SANCTIONS_PERCENT] if self.under_line else rules, default=None)

    def covers(self, lot_ref: str | None) -> bool:
        """Whether the party works where the row is; a row of the whole tender is everywhere."""
        return self.lots is None or lot_ref is None or lot_ref in self.lots


@dataclass(frozen=True, slots=True)
class Pool:
    """Capacity that several rows draw on: ``free`` a year, in the rows' unit. ``words`` says what it is."""

    key: str
    free: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """So much of a row goes to a party in a year."""

    ref: str
    lot_ref: str | None
    party_key: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """What a party has of the whole: paid a year, and per cent of the worth of all rows, two decimals."""

    party_key: str
    paid: Money
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be done, in words. ``missing`` of a row is what nobody carries."""

    sentence: str
    party_key: str | None = None
    ref: str | None = None
    lot_ref: str | None = None
    missing: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Who carries what, what it costs a year at the members' prices, and what is in the way of the rest."""

    parts: tuple[Part, ...]
    cost: Money
    standings: tuple[Standing, ...]
    problems: tuple[Problem, ...]

    @property
    def carries_all(self) -> bool:
        """Whether every row is carried in full."""
        return not any(problem.missing for problem in self.problems)
