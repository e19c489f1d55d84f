"""VAT: the rate of the day of supply, counted per rate on the sum and rounded once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import Money
from app.vat import VatClass, VatPart, VatRule, including, rule_on, sums

FOOD = [
    VatRule(VatClass.FOOD, date(2012, 1, 1), (VatPart(100, 12, "S"),)),
    VatRule(VatClass.FOOD, date(2026, 4, 1), (VatPart(100, 6, "S"),)),
    VatRule(VatClass.FOOD, date(2028, 1, 1), (VatPart(100, 12, "S"),)),
]
PARTS = {rate: (VatPart(100, rate, "S"),) for rate in (25, 12, 6)}


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2026, 3, 31), 12),
        (date(2026, 4, 1), 6),
        (date(2027, 12, 31), 6),
        (date(2028, 1, 1), 12),
    ],
)
def test_food_changes_rate_by_itself_on_the_day(day, rate):
    assert rule_on(FOOD, VatClass.FOOD, day).parts[0].rate == rate


def test_a_day_before_the_table_begins_is_no_guess():
    with pytest.raises(LookupError):
        rule_on(FOOD, VatClass.FOOD, date(2011, 12, 31))


@given(st.lists(st.tuples(st.integers(0, 10**9).map(Money), st.sampled_from([25, 12, 6])), max_size=30))
def test_vat_is_counted_on_the_sum_of_each_rate(lines):
    found = sums([(net, PARTS[rate]) for net, rate in lines])
    assert Money.total(one.base for one in found) == Money.total(net for net, _rate in lines)
    for one in found:
        base = Money.total(net for net, rate in lines if rate == one.rate)
        assert (one.base, one.vat) == (base, base.percent(one.rate))


@given(st.integers(1, 10**9).map(Money))
def test_a_split_price_is_taxed_in_its_parts_and_loses_nothing(net):
    conference = (VatPart(60, 12, "S"), VatPart(40, 25, "S"))
    found = sums([(net, conference)])
    assert Money.total(one.base for one in found) == net
    assert including(net, conference) == net + Money.total(one.vat for one in found)


def test_three_lines_of_a_third_are_rounded_once():
    assert sums([(Money(10), PARTS[25])] * 3)[0].vat == Money(8)


def test_the_table_has_a_rule_for_each_day_of_a_decade():
    day = date(2024, 1, 1)
    while day < date(2034, 1, 1):
        assert rule_on(FOOD, VatClass.FOOD, day).parts
        day += timedelta(days=31)
