"""A project's budget as its printed chapter and its pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from app.money import Money
from bids import budget as reckoning
from bids import swedish
from bids.bars import Bar
from bids.budget import COSTS, FUNDING, Line, Part, Sums
from bids.budget_values import Budget, BudgetRow, CallTerms
from bids.offer import Offer


@dataclass(frozen=True, slots=True)
class Told:
    """A row with its number, whose it is, and its amount; None while nobody has said."""

    number: int
    row: BudgetRow
    whose: str
    amount: Money | None


@dataclass(frozen=True)
class BudgetView:
    """The tables of an application's budget."""

    offer: Offer

    @property
    def budget(self) -> Budget:
        """Its rows and terms; an empty one for a bid."""
        return self.offer.budget or Budget()

    @property
    def terms(self) -> CallTerms:
        """What the funder allows."""
        return self.budget.terms

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years of the tables."""
        return reckoning.years(self.budget)

    @cached_property
    def rows(self) -> tuple[Told, ...]:
        """Every row, numbered as they stand."""
        names = {party.key: party.name for party in self.offer.parties}
        return tuple(
            Told(place, row, names.get(row.party_key or "", row.source), reckoning.amount_of(self.budget, row))
            for place, row in enumerate(self.budget.rows, 1)
        )

    @cached_property
    def costs(self) -> tuple[Line, ...]:
        """Kinds of costs, year by year."""
        return reckoning.lines(self.budget, COSTS)

    @cached_property
    def funding(self) -> tuple[Line, ...]:
        """Kinds of others' money, year by year."""
        return reckoning.lines(self.budget, FUNDING)

    @cached_property
    def by_year(self) -> tuple[tuple[int, Sums], ...]:
        """The sums of each year."""
        return reckoning.sums_by_year(self.budget)

    @cached_property
    def total(self) -> Sums:
        """The sums of the whole."""
        return reckoning.sums(self.budget)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Party by party, those outside last."""
        return reckoning.parts(self.budget, [party.key for party in self.offer.parties])

    def of(self, key: str) -> Sums:
        """One party's sums."""
        return next((part.sums for part in self.parts if part.key == key), reckoning.Sums(Money(0), Money(0)))

    @cached_property
    def bars(self) -> list[Bar]:
        """Each party's costs, to be drawn."""
        names = {party.key: party.name for party in self.offer.parties}
        return [
            Bar(
                names[part.key or ""],
                part.sums.costs.in_kronor(),
                f"{swedish.kronor(part.sums.costs.in_kronor())} kr",
            )
            for part in self.parts
            if part.key is not None and part.sums.costs
        ]
