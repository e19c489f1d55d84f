"""What a party has free of a contract: rests, and what others count on, by month and by quarter."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bids.capacity_periods import WEEKS, Calendar, Week, at_work, part_of_week, stretches, weeks_met, years_of

MONDAY = date(2027, 2, 1)


def calendar(years: int = 1, weeks=None, per_week: int = 95) -> Calendar:
    return Calendar(first=MONDAY, years=years, per_week=Decimal(per_week), weeks=weeks or {})


def test_a_quiet_year_is_52_weeks():
    found = calendar(years=3)
    assert [(found.able(year), found.free(year)) for year in (1, 2, 3)] == [(4940, 4940)] * 3
    assert found.weakest == 1


def test_half_a_year_of_rest_halves_the_year_and_shows_which_months():
    rested = {number: Week(Decimal(0), Decimal(0)) for number in range(26)}
    found = calendar(years=2, weeks=rested)
    assert (found.able(1), found.able(2), found.weakest) == (2470, 4940, 1)
    first = found.periods()[0]
    assert (first.label, first.weeks, first.able, first.free) == ("februari 2027", 4, 0, 0)
    (stretch,) = stretches(found.periods(), Decimal(2600))
    assert (stretch.label, stretch.wanted, stretch.short) == ("februari 2027–juli 2027", 1300, 1300)


def test_months_in_the_first_year_then_quarters():
    labels = [one.label for one in calendar(years=2).periods()]
    assert labels[0] == "februari 2027"
    assert labels[11] == "januari 2028"
    assert labels[12:] == ["kvartal 1 2028", "kvartal 2 2028", "kvartal 3 2028", "kvartal 4 2028", "kvartal 1 2029"]


def test_a_week_with_two_days_at_work_makes_two_fifths():
    rests = [(MONDAY + timedelta(days=2), MONDAY + timedelta(days=20))]
    assert [at_work(MONDAY + timedelta(weeks=week), rests) for week in range(4)] == [2, 0, 0, 5]
    assert part_of_week(Decimal(95), 2) == 38
    assert part_of_week(Decimal(95), 5) == 95


def test_the_weeks_that_a_span_meets():
    assert list(weeks_met(MONDAY, 52, (date(2027, 1, 1), date(2027, 2, 8)))) == [0, 1]
    assert list(weeks_met(MONDAY, 2, (date(2027, 2, 14), date(2030, 1, 1)))) == [1]
    assert list(weeks_met(MONDAY, 52, (date(2020, 1, 1), date(2021, 1, 1)))) == []


def test_how_many_years_are_looked_at():
    assert years_of(0, ()) == 1
    assert years_of(2, (1, 1)) == 4
    assert years_of(20, ()) == 10


@given(st.dictionaries(st.integers(0, 3 * WEEKS - 1), st.integers(0, 9)), st.integers(1, 20))
def test_periods_add_up_to_the_years(less, per_week):
    weeks = {
        number: Week(Decimal(per_week), max(Decimal(0), Decimal(per_week - gone))) for number, gone in less.items()
    }
    found = calendar(years=3, weeks=weeks, per_week=per_week)
    for year in (1, 2, 3):
        parts = [one for one in found.periods() if one.year == year]
        assert sum(one.weeks for one in parts) == WEEKS
        assert sum(one.free for one in parts) == found.free(year)
        assert sum(one.able for one in parts) == found.able(year) == per_week * WEEKS
