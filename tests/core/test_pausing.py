"""The earliest delivery of something whose maker rests now and then."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app import workdays
from app.catalog.pausing import earliest

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
