"""Working days and deadlines, as the Swedish calendar has them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import holidays
from hypothesis import given
from hypothesis import strategies as st

from app.clock import SWEDEN
from app.orders.deadlines import answer_before
from app.workdays import is_working_day, working_days_after, working_days_between

days = st.dates(date(2024, 1, 1), date(2032, 12, 31))


def test_holidays_and_eves_are_no_working_days():
    for holiday in (date(2026, 12, 25), date(2027, 1, 6), date(2026, 5, 14), date(2026, 6, 19), date(2026, 12, 24)):
        assert not is_working_day(holiday), holiday
    assert is_working_day(date(2026, 11, 23))


@given(st.dates(date(2005, 1, 1), date(2100, 12, 31)))
def test_a_day_off_is_one_by_the_library_that_knows_all_countries(day):
    known = holidays.country_holidays("SE", years=day.year, categories=("public", "de_facto"))
    assert is_working_day(day) == (day.weekday() < 5 and day not in known)


def test_every_day_off_of_fifty_years_is_known():
    for year in range(2005, 2056):
        first = date(year, 1, 1)
        known = holidays.country_holidays("SE", years=year, categories=("public", "de_facto"))
        every = [first + timedelta(days=days) for days in range(365)]
        assert [day for day in every if day.weekday() < 5 and not is_working_day(day)] == [
            day for day in every if day.weekday() < 5 and day in known
        ]


@given(days, st.integers(0, 40))
def test_so_many_days_after_are_so_many_days_between(day, count):
    after = working_days_after(day, count)
    assert is_working_day(after)
    assert working_days_between(day, after) == count


NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 5 * 366 * 24 * 60).map(lambda minutes: NEW_YEAR + timedelta(minutes=minutes))


@given(moments, st.integers(1, 60))
def test_a_member_always_has_two_hours_and_never_answers_on_the_delivery_day(now, ahead):
    delivery = now.astimezone(SWEDEN).date() + timedelta(days=ahead)
    deadline = answer_before(now, delivery)
    assert deadline >= now + timedelta(hours=2)
    assert deadline.astimezone(SWEDEN).date() < delivery or deadline == now + timedelta(hours=2)


def test_an_order_on_friday_is_answered_by_noon_on_monday():
    friday = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert answer_before(friday, date(2026, 12, 1)).astimezone(SWEDEN).isoformat() == "2026-11-23T12:00:00+01:00"
