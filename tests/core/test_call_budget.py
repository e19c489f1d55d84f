"""A project's budget adds up in every way one can count it, and the funder's limits are held to the öre."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats import exact_kronor
from app.money import NOUGHT, Money
from bids import budget as reckoning
from bids import swedish
from bids.budget import COSTS, FUNDING
from bids.budget_values import Budget, BudgetRow, CallTerms
from bids.checks import gaps
from bids.kinds import BudgetKind, GapArea
from tests.core.call_samples import ROWS, TERMS, application, row

KEYS = ("samklang", "ljungbacken", "rullande")
amounts = st.one_of(st.none(), st.integers(0, 10**9).map(Money))


@st.composite
def rows(draw: st.DrawFn) -> BudgetRow:
    kind = draw(st.sampled_from(list(BudgetKind)))
    outside = not kind.is_cost and draw(st.booleans())
    percent = draw(st.none() | st.decimals(0, 60, places=2)) if kind is BudgetKind.INDIRECT else None
    return BudgetRow(
        kind=kind,
        text=draw(st.sampled_from(["", "Handledare"])),
        year=draw(st.integers(2026, 2029)),
        party_key=None if outside else draw(st.sampled_from(KEYS)),
        source="Ett förbund" if outside else "",
        amount=None if percent is not None else draw(amounts),
        percent=percent,
    )


budgets = st.lists(rows(), max_size=12).map(lambda found: Budget(TERMS, tuple(found)))


@given(budgets)
def test_all_ways_to_add_it_up_give_the_same(budget):
    whole = reckoning.sums(budget)
    by_kind = Money.total(line.total for line in reckoning.lines(budget, COSTS))
    assert by_kind == whole.costs == Money.total(one.costs for _year, one in reckoning.sums_by_year(budget))
    assert Money.total(part.sums.costs for part in reckoning.parts(budget, KEYS)) == whole.costs
    assert Money.total(line.total for line in reckoning.lines(budget, FUNDING)) == whole.funded
    assert Money.total(part.sums.funded for part in reckoning.parts(budget, KEYS)) == whole.funded
    assert whole.sought + whole.funded == whole.costs
    for line in reckoning.lines(budget, BudgetKind):
        assert Money.total(line.by_year) == line.total


@given(budgets, st.decimals(1, 100, places=2))
def test_what_is_missing_is_just_enough(budget, rate):
    budget = replace(budget, terms=replace(TERMS, most_rate=rate))
    missing = reckoning.missing_funding(budget)
    if not missing:
        return
    more = row(BudgetKind.OWN, "samklang", 2027, 0)
    enough = replace(budget, rows=(*budget.rows, replace(more, amount=missing)))
    assert not reckoning.missing_funding(enough)
    short = replace(budget, rows=(*budget.rows, replace(more, amount=missing - Money(1))))
    assert reckoning.missing_funding(short) == Money(1)


@given(budgets)
def test_indirect_costs_by_per_cent_never_pass_the_same_per_cent(budget):
    bare = [one for one in budget.rows if one.kind is not BudgetKind.INDIRECT]
    rate = TERMS.most_indirect or Decimal(0)
    own = [row(BudgetKind.INDIRECT, key, year, None, percent=rate) for key in KEYS for year in range(2026, 2030)]
    filled = Budget(TERMS, (*bare, *own))
    assert all(reckoning.indirect_excess(filled, key, year) == NOUGHT for key in KEYS for year in range(2026, 2030))


def test_the_sample_adds_up_as_on_paper():
    found = reckoning.sums(Budget(TERMS, ROWS))
    assert (found.costs, found.funded) == (Money.kronor(1_857_990), Money.kronor(845_000))
    assert (found.sought, found.rate) == (Money.kronor(1_012_990), Decimal("54.52"))


def told(**changes) -> list[str]:
    """The keys of the budget's gaps."""
    return [gap.key for gap in gaps(application(**changes)) if gap.area is GapArea.BUDGET]


def test_a_whole_budget_lacks_nothing():
    assert not told()


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        (row(BudgetKind.TRAVEL, "rullande", 2027, None), "budget:row:13:amount"),
        (row(BudgetKind.TRAVEL, "rullande", 2031, 100), "budget:row:13:year"),
        (row(BudgetKind.TRAVEL, "okand", 2027, 100), "budget:row:13:stranger"),
        (row(BudgetKind.TRAVEL, "rullande", 2027, 100, signed_by=""), "budget:unsigned:rullande"),
        (row(BudgetKind.PRIVATE, None, 2027, 100, source="Stiftelsen"), "budget:row:13:proof"),
        (row(BudgetKind.INDIRECT, "rullande", 2027, None, percent=Decimal(10)), "budget:row:13:base"),
        (row(BudgetKind.INDIRECT, "rullande", 2028, 39_001), "budget:indirect:rullande:2028"),
        (row(BudgetKind.EXTERNAL, "rullande", 2028, 1_000_000), "budget:ceiling"),
        (row(BudgetKind.OWN, "rullande", 2028, 600_000), "budget:least"),
        (row(BudgetKind.OWN, "rullande", 2028, 2_000_000), "budget:nothing"),
    ],
)
def test_a_row_that_makes_trouble_is_told_of(changed, key):
    assert key in told(budget=Budget(TERMS, (*ROWS, changed)))


def test_the_funders_part_may_be_the_rate_exactly_and_not_an_ore_more():
    costs = row(BudgetKind.STAFF, "samklang", 2027, 1_000_000)
    own = replace(row(BudgetKind.OWN, "samklang", 2027, 0), amount=Money.kronor(330_000))
    assert not told(budget=Budget(TERMS, (costs, own)), parties=application().parties[:1])
    less = replace(own, amount=Money.kronor(330_000) - Money(1))
    assert told(budget=Budget(TERMS, (costs, less)), parties=application().parties[:1]) == ["budget:rate"]


def test_without_days_or_limits_nothing_is_held_against_it():
    assert told(budget=Budget(CallTerms(), ROWS), ceiling=None) == ["budget:term"]
    assert CallTerms(starts_on=date(2027, 3, 1), ends_on=date(2029, 2, 28)).years == (2027, 2028, 2029)


@given(st.integers(-(10**12), 10**12))
def test_no_ore_of_a_budget_is_left_out_where_it_is_read(ore):
    """On paper and on screen."""
    amount = Money(ore)
    for shown in (swedish.kronor(amount.in_kronor()), exact_kronor(amount).removesuffix("kr")):
        plain = "".join(shown.split()).replace(",", ".").replace("−", "-")
        assert Decimal(plain) * 100 == ore
        assert len(plain.partition(".")[2]) in {0, 2}
