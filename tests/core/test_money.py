"""Money: whole öre, rounded in one place, divided without loss, read as people write it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import Money

amounts = st.integers(-(10**12), 10**12).map(Money)


@given(amounts, st.lists(st.integers(0, 1000), min_size=1, max_size=20).filter(any))
def test_shares_always_add_up_and_are_never_an_ore_off_their_due(amount, weights):
    parts = amount.share(weights)
    assert Money.total(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.ore - Decimal(amount.ore) * weight / sum(weights)) < 1


@pytest.mark.parametrize(
    ("typed", "ore"),
    [("212", 21200), ("13,50", 1350), ("1 234,5", 123450), ("1 234 kr", 123400), ("0.05", 5), ("-12,00", -1200)],
)
def test_reads_what_people_type(typed, ore):
    assert Money.parse(typed) == Money(ore)


@pytest.mark.parametrize(
    "typed", ["", "kr", "1,234", "1.2.3", "1e5", "NaN", "Infinity", "0x10", "12,345", "9" * 30, "²"]
)
def test_refuses_what_is_no_amount(typed):
    with pytest.raises(ValueError, match="not an amount"):
        Money.parse(typed)


@given(amounts)
def test_what_is_written_can_be_read(amount):
    assert Money.parse(str(amount)) == amount


def test_rounds_half_away_from_nought_once():
    assert Money(5).times(Decimal("0.5")) == Money(3)
    assert Money(-5).times(Decimal("0.5")) == Money(-3)
    assert Money.kronor("0.005") == Money(1)
    assert Money(100).divided_by(3) == Money(33)


def test_writes_as_a_swede_does():
    assert str(Money(123450)) == "1\u00a0234,50\u00a0kr"
    assert str(Money(-5)) == "−0,05\u00a0kr"
