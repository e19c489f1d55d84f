"""What a bid costs: the sample tenders to the krona, and rules that hold for any amounts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import NOUGHT, Money
from bids.offer import PriceRow, Share
from bids.pricing import (
    breakdown,
    grand_total,
    lot_total,
    member_price,
    row_total,
    unit_price,
    value_of_shares,
    value_per_party,
)
from bids.scoring import comparison_figure
from tests.core.bid_samples import A_ROWS, tender_a
from tests.core.bid_samples_b import DEDUCTIONS, tender_b

quantities = st.decimals("0.001", 1_000_000, places=3)
prices = st.integers(1, 10**9).map(Money)
rates = st.decimals(0, "49.99", places=2)
shares = st.lists(
    st.builds(Share, party_key=st.sampled_from("abc"), quantity=quantities, member_price=prices), min_size=1, max_size=4
)
rows = st.builds(
    PriceRow,
    ref=st.just("1"),
    text=st.just("Rad"),
    unit=st.just("H87"),
    unit_label=st.just("st"),
    quantity=quantities,
    shares=shares.map(tuple),
    fee_percent=rates,
    margin_percent=rates,
    fixed_unit_price=st.none() | prices,
)


@pytest.mark.parametrize(
    ("offer", "lot", "kronor"),
    [
        (tender_a(), "1", 940_400),
        (tender_a(), "2", 506_100),
        (tender_b(), "A", 778_960),
        (tender_b(), "B", 151_800),
        (tender_b(), "C", 777_900),
    ],
)
def test_the_sample_schedules_come_to_the_krona(offer, lot, kronor):
    assert lot_total(offer, lot) == Money.kronor(kronor)


def test_the_whole_bids():
    assert grand_total(tender_a()) == Money.kronor(1_446_500)
    assert grand_total(tender_a()).times(4) == Money.kronor(5_786_000)
    assert grand_total(tender_b()) == Money.kronor(1_708_660)


def test_comparison_figure_of_tender_b():
    assert comparison_figure(grand_total(tender_b()), DEDUCTIONS) == Money.kronor(1_578_660)


def test_no_deduction_over_the_whole():
    with pytest.raises(ValueError, match="per cent"):
        comparison_figure(NOUGHT, [replace(DEDUCTIONS[0], share_percent=101)])


def test_fee_and_margin_are_per_cent_of_the_bid_price():
    parts = breakdown(A_ROWS[0])
    assert (parts.member, parts.fee, parts.margin) == (
        Money.kronor("190.80"),
        Money.kronor("4.24"),
        Money.kronor("16.96"),
    )
    assert parts.unit_price == Money.kronor(212)


def test_a_row_carried_by_two_is_weighted_by_quantity():
    dear, cheap = (
        Share(party_key="a", quantity=Decimal(1), member_price=Money(400)),
        Share(party_key="b", quantity=Decimal(3), member_price=Money(100)),
    )
    assert member_price(replace(A_ROWS[0], shares=(dear, cheap))) == Money(175)


@pytest.mark.parametrize("price", [None, NOUGHT, Money(-100)])
def test_blank_and_nought_are_no_price(price):
    row = replace(A_ROWS[0], shares=(Share(party_key="a", quantity=Decimal(5), member_price=price),))
    assert unit_price(row) is None
    assert breakdown(row) is None
    assert row_total(row) == NOUGHT
    assert unit_price(replace(row, fixed_unit_price=price)) is None


@pytest.mark.parametrize(("fee", "margin"), [("50", "50"), ("100", "0"), ("-1", "5"), ("5", "-1")])
def test_fee_and_margin_that_cannot_be_taken(fee, margin):
    with pytest.raises(ValueError, match="cannot be taken"):
        unit_price(replace(A_ROWS[0], fee_percent=Decimal(fee), margin_percent=Decimal(margin)))


def test_what_each_party_delivers_of_tender_a():
    values = value_per_party(tender_a())
    assert values["rullande"].amount == Money.kronor(116_550)
    assert [values[key].percent for key in ("samklang", "ljungbacken", "rullande")] == [
        Decimal(0),
        Decimal("91.94"),
        Decimal("8.06"),
    ]


@given(rows)
def test_the_parts_of_a_price_add_up(row):
    parts = breakdown(row)
    assert parts.member + parts.transport + parts.fee + parts.margin == unit_price(row)
    assert parts.fee == unit_price(row).percent(row.fee_percent)


@given(rows)
def test_the_members_get_what_fee_and_margin_leave(row):
    row = replace(row, fixed_unit_price=None)
    left = 100 - row.fee_percent - row.margin_percent
    back = unit_price(row).percent(left)
    assert abs((back - member_price(row)).ore) <= 1
    assert unit_price(row) >= member_price(row)


@given(rows)
def test_a_blend_lies_between_its_prices(row):
    asked = [share.member_price for share in row.shares]
    assert min(asked) <= member_price(row) <= max(asked)


@given(rows)
def test_the_parties_values_add_up_to_the_row(row):
    assert Money.total(part for _, part in value_of_shares(row)) == row_total(row)
    offer = replace(tender_a(), rows=(row,))
    assert Money.total(value.amount for value in value_per_party(offer).values()) == grand_total(offer)
