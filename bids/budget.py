"""The sums of a project's budget: what it costs, who pays what, and what is left to apply for. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.money import NOUGHT, Money
from bids.budget_values import Budget, BudgetRow
from bids.kinds import BudgetKind

COSTS = tuple(kind for kind in BudgetKind if kind.is_cost)
FUNDING = tuple(kind for kind in BudgetKind if not kind.is_cost)
Choose = Callable[[BudgetRow], bool]


@dataclass(frozen=True, slots=True)
class Sums:
    """What some rows cost, what others than the funder pay of it, and what is left for the funder."""

    costs: Money
    funded: Money

    @property
    def sought(self) -> Money:
        """What is applied for; under nought where more is paid than it costs."""
        return self.costs - self.funded

    @property
    def rate(self) -> Decimal | None:
        """Per cent of the costs that the funder is asked to pay, two decimals cut off; None where nothing costs."""
        if self.costs.ore <= 0:
            return None
        return Decimal(self.sought.ore * 10_000 // self.costs.ore) / 100


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the budget's table: a kind, year by year in the order of `years`, and in all."""

    kind: BudgetKind
    by_year: tuple[Money, ...]
    total: Money


@dataclass(frozen=True, slots=True)
class Part:
    """One party's part of the budget; ``key`` None stands for all who pay from outside."""

    key: str | None
    sums: Sums


def staff_costs(budget: Budget, party_key: str | None, year: int) -> Money:
    """What a party's staff costs in a year: what indirect costs are reckoned on."""
    return Money.total(
        row.amount or NOUGHT
        for row in budget.rows
        if row.kind is BudgetKind.STAFF and row.party_key == party_key and row.year == year
    )


def amount_of(budget: Budget, row: BudgetRow) -> Money | None:
    """The row's amount; None while nobody has said. A share of the staff's costs is rounded once, for the row."""
    if row.percent is not None:
        return staff_costs(budget, row.party_key, row.year).percent(row.percent)
    return row.amount


def total(budget: Budget, choose: Choose) -> Money:
    """The sum of the rows that are chosen; what nobody has said counts as nought."""
    return Money.total(amount_of(budget, row) or NOUGHT for row in budget.rows if choose(row))


def sums(budget: Budget, choose: Choose = lambda _row: True) -> Sums:
    """Costs and others' money among the rows that are chosen."""
    return Sums(
        total(budget, lambda row: row.kind.is_cost and choose(row)),
        total(budget, lambda row: not row.kind.is_cost and choose(row)),
    )


def years(budget: Budget) -> tuple[int, ...]:
    """The years of the project, and those that rows stand in beside them."""
    return tuple(sorted({*budget.terms.years, *(row.year for row in budget.rows)}))


def lines(budget: Budget, kinds: Iterable[BudgetKind]) -> tuple[Line, ...]:
    """The kinds that have rows, each year by year."""
    found = []
    for kind in kinds:
        if any(row.kind is kind for row in budget.rows):
            each = tuple(_in_year(budget, kind, year) for year in years(budget))
            found.append(Line(kind, each, Money.total(each)))
    return tuple(found)


def _in_year(budget: Budget, kind: BudgetKind, year: int) -> Money:
    return total(budget, lambda row: row.kind is kind and row.year == year)


def sums_by_year(budget: Budget) -> tuple[tuple[int, Sums], ...]:
    """Costs and others' money, year by year."""
    return tuple((year, _sums_in(budget, year)) for year in years(budget))


def _sums_in(budget: Budget, year: int) -> Sums:
    return sums(budget, lambda row: row.year == year)


def parts(budget: Budget, keys: Iterable[str]) -> tuple[Part, ...]:
    """Each party's part in the order of the keys, and last what comes from outside, where something does."""
    found = [Part(key, _sums_of(budget, key)) for key in keys]
    if any(row.party_key is None for row in budget.rows):
        found.append(Part(None, _sums_of(budget, None)))
    return tuple(found)


def _sums_of(budget: Budget, key: str | None) -> Sums:
    return sums(budget, lambda row: row.party_key == key)


def indirect_excess(budget: Budget, party_key: str, year: int) -> Money:
    """By how much a party's indirect costs of a year are more than the call allows; nought where they are not."""
    most = budget.terms.most_indirect
    if most is None:
        return NOUGHT
    allowed = staff_costs(budget, party_key, year).percent(most)
    asked = total(
        budget, lambda row: row.kind is BudgetKind.INDIRECT and row.party_key == party_key and row.year == year
    )
    return asked - allowed if asked.ore > allowed.ore else NOUGHT


def missing_funding(budget: Budget) -> Money:
    """How much more others must pay for the funder's part to stay within its rate, to whole öre; nought if none.

    The rate is held exactly: the funder's part times a hundred is at most the costs times the rate.
    """
    most = budget.terms.most_rate
    found = sums(budget)
    if most is None or found.costs.ore <= 0:
        return NOUGHT
    allowed = int(found.costs.ore * most / 100)
    return Money(max(0, found.sought.ore - allowed))
