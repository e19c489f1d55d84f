"""The earliest delivery of something whose maker rests now and then."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app import workdays
from app.catalog.pausing import day_for_all, earliest, joined

MONDAY = date(2026, 11, 23)
PAUSES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10)), max_size=5).map(
    lambda found: [(MONDAY + timedelta(days=a), MONDAY + timedelta(days=a + b)) for a, b in found]
)


@given(lead=st.integers(0, 15), pauses=PAUSES)
def test_it_is_the_first_working_day_on_which_nobody_rests(lead, pauses):
    day = earliest(MONDAY, lead, pauses)
    possible = workdays.working_days_after(MONDAY, lead)
    free = [
        possible + timedelta(days=ahead)
        for ahead in range(90)
        if workdays.is_working_day(possible + timedelta(days=ahead))
        and not any(first <= possible + timedelta(days=ahead) <= last for first, last in pauses)
    ]
    assert day == free[0]


def test_without_a_pause_the_lead_time_alone_decides():
    assert earliest(MONDAY, 2, []) == date(2026, 11, 25)
    assert earliest(MONDAY, 2, [(date(2026, 11, 25), date(2026, 11, 27))]) == date(2026, 11, 30)


@given(articles=st.lists(st.lists(PAUSES, min_size=1, max_size=3), max_size=4))
def test_everything_can_come_on_the_first_day_on_which_each_thing_has_a_maker(articles):
    def suits(day):
        return workdays.is_working_day(day) and all(
            any(not any(first <= day <= last for first, last in pauses) for pauses in makers) for makers in articles
        )

    days = [MONDAY + timedelta(days=ahead) for ahead in range(90)]
    assert day_for_all(MONDAY, articles) == next(day for day in days if suits(day))


def test_what_can_never_come_leaves_the_day_as_it_was():
    assert day_for_all(MONDAY, [[[(date(2000, 1, 1), date(2099, 1, 1))]]]) == MONDAY
    assert day_for_all(MONDAY, [[]]) == MONDAY


@given(new=PAUSES.filter(bool), there=PAUSES)
def test_a_pause_becomes_one_with_all_that_it_meets(new, there):
    first, last = joined(*new[0], there)
    assert first <= new[0][0] <= new[0][1] <= last
    for one in there:
        apart = one[1] < first or last < one[0]
        assert apart or (first <= one[0] and one[1] <= last)
