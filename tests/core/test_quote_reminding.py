"""When a customer is reminded: two working days before the last day, in the morning, and not of what was just sent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock, workdays
from app.orders.quotes.reminding import remind_at

DAYS = st.dates(date(2026, 1, 1), date(2029, 12, 31))


@pytest.mark.parametrize(
    ("sent", "valid_to", "when"),
    [
        (date(2026, 11, 23), date(2026, 12, 23), datetime(2026, 12, 21, 7, tzinfo=UTC)),
        (date(2026, 11, 23), date(2026, 12, 6), datetime(2026, 12, 3, 7, tzinfo=UTC)),  # a Sunday
        (date(2026, 6, 1), date(2026, 6, 22), datetime(2026, 6, 17, 6, tzinfo=UTC)),  # over midsummer, in summer time
        (date(2026, 11, 23), date(2026, 11, 26), datetime(2026, 11, 24, 7, tzinfo=UTC)),
        (date(2026, 11, 23), date(2026, 11, 25), None),
        (date(2026, 11, 23), date(2026, 11, 23), None),
    ],
)
def test_two_working_days_before_it_expires(sent, valid_to, when):
    assert remind_at(sent, valid_to) == when


@given(DAYS, st.integers(0, 370))
def test_never_on_a_day_off_nor_on_the_day_it_was_sent(sent, days):
    when = remind_at(sent, sent + timedelta(days=days))
    if when is not None:
        day = clock.local_date(when)
        assert workdays.is_working_day(day)
        assert sent < day < sent + timedelta(days=days)
