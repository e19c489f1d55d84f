"""What a bid gives: transport, the lowest price, loss, labour, other lots, margins and volumes, and an index."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import NOUGHT, Money
from bids import checks
from bids.index_clause import IndexClause, year_by_year
from bids.offer import PriceRow, Share, from_json, to_json
from bids.pricing import breakdown, grand_total, lowest_price, member_price, unit_price, value_per_party
from bids.simulation import on_lots, result, sensitivity
from tests.core.bid_samples import A_ROWS, tender_a

rates = st.decimals(0, "49.99", places=2)
rows = st.builds(
    PriceRow,
    ref=st.just("1"),
    text=st.just("Rad"),
    unit=st.just("H87"),
    unit_label=st.just("st"),
    quantity=st.decimals("0.001", 100_000, places=3),
    shares=st.tuples(
        st.builds(
            Share,
            party_key=st.just("a"),
            quantity=st.decimals("0.001", 1000, places=3),
            member_price=st.integers(1, 10**8).map(Money),
        )
    ),
    fee_percent=rates,
    margin_percent=rates,
    transport=st.integers(0, 10**7).map(Money),
)


def test_transport_is_paid_before_fee_and_margin():
    parts = breakdown(replace(A_ROWS[0], transport=Money.kronor("9.00")))
    assert (parts.member, parts.transport) == (Money.kronor("190.80"), Money.kronor("9.00"))
    assert parts.unit_price == Money.kronor("222.00")
    assert (parts.fee, parts.margin) == (Money.kronor("4.44"), Money.kronor("17.76"))


def test_what_was_frozen_before_there_was_transport_keeps_its_text():
    text = to_json(tender_a())
    assert not any(word in text for word in ('"transport"', '"hours"', '"labour_floor"'))
    assert from_json(text) == tender_a()
    row = replace(A_ROWS[0], transport=Money(900), hours=Decimal("1.5"))
    later = replace(tender_a(), rows=(row,), labour_floor=Money(25_000))
    assert '"transport":900' in to_json(later)
    assert from_json(to_json(later)) == later


@given(rows)
def test_at_the_lowest_price_nothing_is_lost_and_an_ore_below_something_is(row):
    lowest = lowest_price(row)
    costs = member_price(row) + row.transport
    assert lowest.ore * (100 - row.fee_percent) >= costs.ore * 100
    assert (lowest.ore - 1) * (100 - row.fee_percent) < costs.ore * 100
    assert lowest >= member_price(row) + row.transport
    assert unit_price(row) >= lowest - Money(1)


def test_a_price_below_the_lowest_is_a_loss_and_says_what_it_must_cover():
    row = replace(A_ROWS[0], transport=Money.kronor(9), fixed_unit_price=Money.kronor(200))
    assert lowest_price(row) == Money.kronor("203.88")
    told = [gap for gap in checks.gaps(replace(tender_a(), rows=(row,))) if gap.key.endswith(":loss")]
    assert not told[0].blocking
    assert "medlemspris 190,80\u00a0kr, transport 9,00\u00a0kr och ramavtalsavgift 2\u00a0%" in told[0].sentence
    assert "kostar oss 3,88\u00a0kr" in told[0].sentence
    good = replace(row, fixed_unit_price=Money.kronor("203.88"))
    assert not [gap for gap in checks.gaps(replace(tender_a(), rows=(good,))) if gap.key.endswith(":loss")]


def test_the_lowest_price_covers_the_whole_row_and_not_only_a_rounded_unit():
    """2 600 at 178,57 less 2 % is 454 996, under what the members cost."""
    share = Share(party_key="frukt", quantity=Decimal(2600), member_price=Money.kronor(175))
    row = replace(A_ROWS[0], quantity=Decimal(2600), shares=(share,), fee_percent=Decimal(2))
    assert lowest_price(row) == Money.kronor("178.58")
    assert lowest_price(row).times(2600).percent(98) >= Money.kronor(455_000)
    fixed = replace(row, fixed_unit_price=Money.kronor("178.57"))
    assert losses(fixed)


def losses(row):
    return [gap for gap in checks.gaps(replace(tender_a(), rows=(row,))) if gap.key.endswith(":loss")]


def test_a_loss_that_is_decided_is_no_gap_until_it_grows():
    row = replace(A_ROWS[0], transport=Money.kronor(9), fixed_unit_price=Money.kronor(200))
    assert losses(row)
    assert not losses(replace(row, loss_from=Money.kronor(200)))
    assert losses(replace(row, loss_from=Money.kronor(200), fixed_unit_price=Money.kronor(199)))
    assert '"loss_from"' not in to_json(tender_a())


def test_a_price_that_cannot_pay_for_the_work_is_said():
    row = replace(A_ROWS[0], hours=Decimal("1.5"))
    offer = replace(tender_a(), rows=(row,), labour_floor=Money.kronor(150))
    told = [gap for gap in checks.gaps(offer) if gap.key.endswith(":labour")]
    assert "1,5 timmar à 150,00\u00a0kr är 225,00\u00a0kr" in told[0].sentence
    assert "Ljungbacken" in told[0].sentence
    assert not told[0].blocking
    for calm in (replace(offer, labour_floor=None), replace(offer, labour_floor=Money.kronor(100))):
        assert not [gap for gap in checks.gaps(calm) if gap.key.endswith(":labour")]


def test_a_bid_on_some_lots_gives_their_sums_and_our_result():
    offer = tender_a()
    whole = result(offer)
    assert whole.total == grand_total(offer)
    parts = [result(on_lots(offer, {lot.ref})) for lot in offer.lots]
    assert Money.total(part.total for part in parts) == whole.total
    assert Money.total(part.margin for part in parts) == whole.margin
    assert result(on_lots(offer, set())).total == NOUGHT
    assert {key: value.percent for key, value in parts[0].parties.items()} != {
        key: value.percent for key, value in whole.parties.items()
    }


@given(rows)
def test_where_the_money_goes_adds_up(row):
    found = result(replace(tender_a(), rows=(row,)))
    assert found.members + found.transport + found.fee + found.margin == found.total


def test_more_margin_and_more_volume_give_more():
    offer = tender_a()
    now = result(offer)
    by_turn = {(turn.margin, turn.volume): turn.result for turn in sensitivity(offer)}
    assert by_turn[Decimal(-2), 0].total < by_turn[Decimal(-1), 0].total < now.total < by_turn[Decimal(1), 0].total
    assert by_turn[Decimal(-1), 0].members == now.members
    assert by_turn[0, Decimal(-20)].total == now.total.percent(80)
    assert by_turn[0, Decimal(20)].margin > now.margin > by_turn[0, Decimal(-20)].margin
    assert {key: part.percent for key, part in by_turn[0, Decimal(20)].parties.items()} == {
        key: part.percent for key, part in now.parties.items()
    }


def test_a_margin_of_nought_cannot_fall_and_one_near_the_whole_cannot_grow():
    none = replace(tender_a(), rows=tuple(replace(row, margin_percent=Decimal(0)) for row in tender_a().rows))
    assert all(turn.result.total == result(none).total for turn in sensitivity(none, [Decimal(-2)], []))
    high = replace(tender_a(), rows=tuple(replace(row, margin_percent=Decimal("97.5")) for row in tender_a().rows))
    assert all(turn.result.total >= result(high).total for turn in sensitivity(high, [Decimal(1)], []))


CLAUSE = IndexClause(base=Decimal(100))


def test_a_change_under_two_per_cent_is_carried_over():
    years = year_by_year(Money.kronor(100), CLAUSE, [Decimal("101.9"), Decimal("102.5"), Decimal("104.5")], 4)
    assert [(year.price, year.applied) for year in years] == [
        (Money.kronor(100), False),
        (Money.kronor(100), False),
        (Money.kronor("102.50"), True),
        (Money.kronor("102.50"), False),
    ]
    assert years[1].change == Decimal("1.90")
    assert years[3].change == Decimal("1.95")


def test_two_per_cent_counts_and_so_does_a_fall():
    assert year_by_year(Money(1000), CLAUSE, [Decimal(102)], 2)[1].price == Money(1020)
    assert year_by_year(Money(1000), CLAUSE, [Decimal(95)], 2)[1].price == Money(950)


def test_fixed_years_and_a_part_of_the_price():
    values = [Decimal(105), Decimal(110)]
    fixed = year_by_year(Money(1000), replace(CLAUSE, fixed_years=2), values, 3)
    assert [year.price for year in fixed] == [Money(1000), Money(1000), Money(1100)]
    half = year_by_year(Money(1000), replace(CLAUSE, part=Decimal(50)), values, 2)
    assert half[1].price == Money(1025)
    assert year_by_year(Money(1000), CLAUSE, [], 3)[2].price == Money(1000)
    with pytest.raises(ValueError, match="nought"):
        year_by_year(Money(1000), CLAUSE, [Decimal(0)], 2)


@given(st.integers(1, 10**8).map(Money), st.lists(st.decimals(50, 200, places=1), max_size=6))
def test_the_price_follows_the_index_to_within_the_threshold(price, values):
    years = year_by_year(price, CLAUSE, values, len(values) + 1)
    base = Decimal(100)
    for year in years[1:]:
        base = year.index if year.applied else base
        assert abs((year.index - base) * 100 / base) < 2 or year.applied
        assert abs(year.price.ore - price.ore * base / 100) <= len(years) * 3


@given(st.lists(rows, max_size=3))
def test_the_result_counts_as_the_price_schedule_does(given_rows):
    offer = replace(tender_a(), rows=tuple(given_rows))
    found = result(offer)
    assert found.total == grand_total(offer)
    assert found.parties == value_per_party(offer)
    assert found.losing == sum(breakdown(row).margin < NOUGHT for row in given_rows)
