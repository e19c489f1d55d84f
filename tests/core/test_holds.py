"""What is kept back of a week: for an agreement's own orders, or for what no order may use."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.orders.holds import Hold, kept_back

MONDAY = date(2026, 11, 23)
AGREEMENT, OTHER = 7, 8


def hold(per_week: int, agreement: int | None = None, first: date = MONDAY, last: date = MONDAY) -> Hold:
    return Hold(first, last, Decimal(per_week), agreement)


def test_a_hold_stops_others_and_never_its_own_agreement():
    holds = [hold(40, AGREEMENT), hold(10)]
    assert kept_back(holds, MONDAY, None) == 50
    assert kept_back(holds, MONDAY, OTHER) == 50
    assert kept_back(holds, MONDAY, AGREEMENT) == 10


def test_what_the_agreements_orders_have_taken_is_kept_back_no_longer():
    assert kept_back([hold(40, AGREEMENT)], MONDAY, None, {AGREEMENT: Decimal(25)}) == 15
    assert kept_back([hold(40, AGREEMENT)], MONDAY, None, {AGREEMENT: Decimal(60)}) == 0


def test_a_week_with_one_of_its_days_is_covered():
    one_day = hold(40, first=MONDAY + timedelta(days=6), last=MONDAY + timedelta(days=7))
    weeks = [MONDAY + timedelta(weeks=count) for count in range(-1, 3)]
    assert [kept_back([one_day], week, None) for week in weeks] == [0, 40, 40, 0]


holds = st.lists(st.builds(hold, st.integers(1, 90), st.sampled_from([None, AGREEMENT, OTHER])), max_size=6)


@given(holds, st.integers(1, 300), st.lists(st.tuples(st.sampled_from([None, AGREEMENT, OTHER]), st.integers(1, 60))))
def test_taking_what_is_free_never_goes_over_the_week_and_leaves_each_agreement_what_was_kept(some, capacity, orders):
    used: dict[int, Decimal] = {}
    total = Decimal(0)
    for agreement, wanted in orders:
        free = capacity - total - kept_back(some, MONDAY, agreement, used)
        part = max(Decimal(0), min(Decimal(wanted), free))
        total += part
        if agreement is not None:
            used[agreement] = used.get(agreement, Decimal(0)) + part
    assert total <= capacity
    promised = kept_back(some, MONDAY, None)
    if promised <= capacity:
        assert total + kept_back(some, MONDAY, None, used) <= capacity
