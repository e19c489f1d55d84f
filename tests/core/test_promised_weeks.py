"""What a bid has promised of a week, and that one and the same goods are kept back once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.orders.holds import Hold, kept_back
from app.orders.standing.holding import Week, plan
from app.tenders.bid_holds import per_week, term

MONDAY = date(2026, 11, 23)
TOWN, INLAND = "1480", "1490"
A, B = 7, 8
NONE = Decimal(0)


def week(capacity: int, *holds: Hold, taken: int = 0, used: dict[int, Decimal] | None = None, number: int = 1) -> Week:
    return Week(number, Decimal(capacity), Decimal(taken), {TOWN, INLAND}, holds, used or {})


def hold(size: int, agreement: int | None = A) -> Hold:
    return Hold(MONDAY, MONDAY, Decimal(size), agreement)


def kept_from(one: Week, planned: dict[int | None, Decimal], agreement: int | None = None) -> Decimal:
    """What an order of somebody else's may not use of the week."""
    used = {whose: one.used.get(whose, NONE) + planned.get(whose, NONE) for whose in (A, B)}
    return sum(planned.values(), NONE) + kept_back(one.holds, MONDAY, agreement, used)


def test_a_standing_order_under_the_agreement_uses_the_agreements_hold():
    one = week(100, hold(40))
    planned = plan(MONDAY, {A: {TOWN: Decimal(30)}}, [one])
    assert planned == {1: {A: 30}}
    assert kept_from(one, planned[1]) == 40
    assert kept_from(one, planned[1], A) == 30, "its other orders leave the standing order its part"


def test_what_goes_beyond_the_hold_is_kept_beside_it():
    one = week(100, hold(40))
    assert kept_from(one, plan(MONDAY, {A: {TOWN: Decimal(55)}}, [one])[1]) == 55


def test_without_an_agreement_both_are_kept():
    one = week(100, hold(40))
    planned = plan(MONDAY, {None: {TOWN: Decimal(30)}}, [one])
    assert kept_from(one, planned[1]) == 70


def test_an_agreements_standing_order_has_room_in_its_own_hold():
    one = week(40, hold(40))
    assert plan(MONDAY, {A: {TOWN: Decimal(30)}}, [one]) == {1: {A: 30}}
    assert plan(MONDAY, {None: {TOWN: Decimal(30)}}, [one]) == {}


def test_what_the_agreements_orders_have_taken_is_not_kept_again():
    one = week(100, hold(40), taken=25, used={A: Decimal(25)})
    assert kept_from(one, plan(MONDAY, {A: {TOWN: Decimal(10)}}, [one])[1]) == 15


sizes = st.integers(0, 60).map(Decimal)
wanted = st.dictionaries(
    st.sampled_from([None, A, B]), st.dictionaries(st.sampled_from([TOWN, INLAND]), st.integers(1, 60).map(Decimal))
)
holds = st.lists(st.builds(hold, st.integers(1, 60), st.sampled_from([None, A, B])), max_size=4).map(tuple)
weeks = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 80), holds, sizes, sizes), min_size=1, max_size=4).map(
    lambda some: [
        week(capacity, *held, taken=taken + int(a) + int(b), used={A: a, B: b}, number=number)
        for number, (capacity, taken, held, a, b) in enumerate(some)
    ]
)


@given(wanted, weeks)
def test_each_unit_is_kept_once_and_never_beyond_the_week(some, offerings):
    planned = plan(MONDAY, some, offerings)
    for agreement, places in some.items():
        assert sum((one.get(agreement, NONE) for one in planned.values()), NONE) <= sum(places.values())
    for one in offerings:
        mine = planned.get(one.offering, {})
        assert all(quantity > 0 for quantity in mine.values())
        if mine:
            assert one.taken + sum(mine.values()) <= one.capacity
        left = {whose: max(kept_back([h for h in one.holds if h.agreement == whose], MONDAY, None, one.used), NONE)
                for whose in (None, A, B)}  # fmt: skip
        once = mine.get(None, NONE) + left[None]
        once += sum(max(mine.get(whose, NONE), left[whose]) for whose in (A, B))
        assert kept_from(one, mine) == once


@given(weeks, st.integers(1, 60).map(Decimal))
def test_a_standing_order_that_fits_in_its_agreements_hold_takes_nothing_from_others(offerings, quantity):
    planned = plan(MONDAY, {A: {TOWN: quantity}}, offerings)
    for one in offerings:
        own = [h for h in one.holds if h.agreement == A]
        if planned.get(one.offering, {}).get(A, NONE) <= kept_back(own, MONDAY, None, one.used):
            assert kept_from(one, planned.get(one.offering, {})) == kept_back(one.holds, MONDAY, None, one.used)


@pytest.mark.parametrize(
    ("yearly", "decimals", "weekly"),
    [("1040", 0, "20"), ("1041", 0, "21"), ("1", 0, "1"), ("1", 1, "0.1"), ("0.001", 3, "0.001")],
)
def test_a_year_is_shared_out_over_its_weeks_and_never_short(yearly, decimals, weekly):
    assert per_week(Decimal(yearly), decimals) == Decimal(weekly)


@given(st.decimals("0.001", 100_000, places=3), st.integers(0, 3))
def test_the_weeks_of_a_year_hold_the_year_and_hardly_more(yearly, decimals):
    weekly = per_week(yearly, decimals)
    step = Decimal(1).scaleb(-decimals)
    assert yearly <= weekly * 52 < yearly + step * 52
    assert weekly % step == 0


def test_a_contract_begins_when_the_standstill_is_over_and_runs_its_years():
    deadline = date(2026, 12, 18)
    assert term(deadline, 2) == (date(2026, 12, 29), date(2028, 12, 28))
    assert term(deadline, 0) == (date(2026, 12, 29), date(2027, 12, 28)), "a year where nothing is said"
    assert term(deadline, 9)[1] - term(deadline, 9)[0] == timedelta(days=5 * 366)
    assert term(date(2028, 2, 18), 1) == (date(2028, 2, 29), date(2029, 2, 27))
