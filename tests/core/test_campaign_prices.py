"""What a campaign lowers: the lowest price of the thirty days before it, by the rules for price reductions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalog.pricing.prior import Shown, lowest_shown
from app.catalog.pricing.rules import ANYBODY, ListKind, price
from app.money import Money
from tests.core.price_rows import STANDARD, amounts, asked, days, quantities, row

CAMPAIGN = ListKind.CAMPAIGN
BEGINS = date(2026, 11, 20)


def campaign(history, ore=18000, quantity=1):
    one = row(CAMPAIGN, ore, 9, first=BEGINS, last=date(2026, 12, 6))
    return price(STANDARD, [one], history, asked(quantity, ANYBODY)).campaign


def test_a_campaign_shows_the_lowest_price_of_the_30_days_before_it():
    history = [
        Shown(Money(21200), date(2026, 1, 1), date(2026, 11, 1)),
        Shown(Money(20500), date(2026, 11, 1), date(2026, 11, 10)),
        Shown(Money(21200), date(2026, 11, 10)),
    ]
    assert campaign(history).before == Money(20500)


@pytest.mark.parametrize(
    ("last", "counts"), [(BEGINS - timedelta(days=30), True), (BEGINS - timedelta(days=31), False)]
)
def test_the_window_is_30_days_and_no_more(last, counts):
    history = [Shown(Money(19000), date(2026, 1, 1), last), Shown(Money(21200), last)]
    assert campaign(history).before == Money(19000 if counts else 21200)


def test_what_begins_with_the_campaign_or_after_it_does_not_count():
    assert campaign([Shown(Money(21200), date(2026, 1, 1)), Shown(Money(18500), BEGINS)]).before == Money(21200)


def test_a_campaign_that_lowers_nothing_says_what_was_lower():
    earlier = Shown(Money(17500), date(2026, 11, 1), date(2026, 11, 14), list_id=4)
    found = campaign([Shown(Money(21200), date(2026, 1, 1)), earlier])
    assert (found.name, found.before) == ("Lista 9", Money(17500))


def test_what_was_begun_and_ended_on_the_same_day_counts():
    this_morning = Shown(Money(17000), BEGINS, BEGINS, list_id=4)
    assert campaign([Shown(Money(21200), date(2026, 1, 1)), this_morning]).before == Money(17000)


def test_steps_that_need_more_than_is_asked_for_are_not_compared_with():
    history = [Shown(Money(21200), date(2026, 1, 1)), Shown(Money(19000), date(2026, 1, 1), None, Decimal(20), 4)]
    assert campaign(history).before == Money(21200)
    assert campaign(history, quantity=20).before == Money(19000)


@given(
    st.lists(
        st.tuples(amounts, days, st.integers(0, 60), st.sampled_from([None, 4, 9]), st.sampled_from([0, 20])),
        max_size=8,
    ),
    quantities,
    days,
)
def test_the_lowest_is_never_the_campaigns_own_and_always_of_the_window(entries, quantity, begins):
    history = [
        Shown(amount, first, first + timedelta(days=length), Decimal(least), ident)
        for amount, first, length, ident, least in entries
    ]
    found = lowest_shown(history, quantity, before=begins, without=9)
    window = {begins - timedelta(days=n) for n in range(1, 31)}

    def held(one):
        return any(one.first <= day <= one.last for day in window) or one.first <= begins == one.last

    could = [one.price for one in history if one.list_id != 9 and one.min_quantity <= quantity and held(one)]
    assert found == min(could, default=None)
