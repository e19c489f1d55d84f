"""Which days a tender has: reckoned from its deadline, the buyer's notice, and the law's rules of time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import workdays
from app.clock import SWEDEN, local_date
from app.tenders.dates.reckoning import (
    DateKind,
    HowSent,
    Known,
    Notice,
    Occasion,
    Origin,
    Stage,
    extended,
    occasions,
    questions_suggested,
    report_due,
    standstill_ends,
)
from app.tenders.dates.words import said
from bids.asking import answers_due

DEADLINE = datetime(2026, 12, 18, 11, 0, tzinfo=UTC)
DAYS = st.dates(date(2020, 1, 1), date(2090, 12, 31))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2090, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
HOW = st.sampled_from([HowSent.ELECTRONIC, HowSent.OTHERWISE])


def kinds(known: Known) -> dict[DateKind, Occasion]:
    return {one.kind: one for one in occasions(known)}


@pytest.mark.parametrize(
    ("sent", "how", "ends"),
    [
        (date(2026, 11, 2), HowSent.ELECTRONIC, date(2026, 11, 12)),  # a Thursday
        (date(2026, 11, 4), HowSent.ELECTRONIC, date(2026, 11, 16)),  # the 14th is a Saturday
        (date(2026, 11, 5), HowSent.ELECTRONIC, date(2026, 11, 16)),  # the 15th is a Sunday
        (date(2026, 12, 14), HowSent.ELECTRONIC, date(2026, 12, 28)),  # Christmas Eve, three holidays, a weekend
        (date(2026, 12, 21), HowSent.ELECTRONIC, date(2027, 1, 4)),  # New Year's Eve, New Year's Day, a weekend
        (date(2026, 6, 9), HowSent.ELECTRONIC, date(2026, 6, 22)),  # Midsummer Eve
        (date(2026, 3, 24), HowSent.ELECTRONIC, date(2026, 4, 7)),  # Good Friday to Easter Monday
        (date(2026, 11, 2), HowSent.OTHERWISE, date(2026, 11, 17)),
    ],
)
def test_the_standstill_ends_on_a_working_day(sent, how, ends):
    assert standstill_ends(Notice(sent, how)) == ends


def test_a_renewed_competition_has_no_standstill():
    assert standstill_ends(Notice(date(2026, 11, 2), HowSent.NO_STANDSTILL)) is None
    known = Known(stage=Stage.WAITING, notice=Notice(date(2026, 11, 2), HowSent.NO_STANDSTILL))
    assert set(kinds(known)) == {DateKind.ASK_REPORT}


@given(DAYS, HOW)
def test_no_standstill_is_shorter_than_the_law_says_or_much_longer(sent, how):
    least = 10 if how == HowSent.ELECTRONIC else 15
    ends = standstill_ends(Notice(sent, how))
    assert least <= (ends - sent).days <= least + 5
    assert workdays.is_working_day(ends)


@given(DAYS)
def test_time_is_extended_to_the_next_working_day_and_no_further(day):
    until = extended(day)
    assert workdays.is_working_day(until)
    assert not any(workdays.is_working_day(day + timedelta(days=n)) for n in range((until - day).days))


@given(DAYS)
def test_the_buyer_has_fifteen_days_for_its_reasons(asked):
    assert 15 <= (report_due(asked) - asked).days <= 20


@given(MOMENTS, st.booleans())
def test_answers_come_six_days_before_whatever_weekday_that_is(deadline, urgent):
    assert (local_date(deadline) - answers_due(deadline, SWEDEN.key, urgent=urgent)).days == (4 if urgent else 6)


@given(MOMENTS)
def test_a_suggested_day_for_questions_is_a_working_day_before_answers_are_due(deadline):
    day = questions_suggested(deadline)
    assert workdays.is_working_day(day)
    assert 10 <= (local_date(deadline) - day).days <= 15
    assert day < answers_due(deadline, SWEDEN.key)


def test_before_the_deadline():
    known = Known(stage=Stage.BEFORE, deadline=DEADLINE, required_validity=date(2027, 3, 31))
    assert occasions(known) == (
        Occasion(DateKind.QUESTIONS, date(2026, 12, 8), Origin.OURS),
        Occasion(DateKind.ANSWERS, date(2026, 12, 12), Origin.LAW, "LOU 19 kap. 13 §"),
        Occasion(DateKind.DEADLINE, date(2026, 12, 18), Origin.BUYER, at=time(12)),
        Occasion(DateKind.VALIDITY, date(2027, 3, 31), Origin.BUYER),
    )


def test_the_buyers_own_day_goes_before_our_suggestion_and_the_law_follows_the_threshold():
    own = date(2026, 12, 4)
    found = kinds(Known(stage=Stage.BEFORE, deadline=DEADLINE, questions_on=own, above_threshold=True))
    assert (found[DateKind.QUESTIONS].day, found[DateKind.QUESTIONS].origin) == (own, Origin.BUYER)
    assert found[DateKind.ANSWERS].law == "LOU 12 kap. 11 §"


def test_what_we_have_offered_binds_us_rather_than_what_was_asked_for():
    known = Known(stage=Stage.WAITING, required_validity=date(2027, 3, 31), offered_validity=date(2027, 4, 30))
    assert kinds(known)[DateKind.VALIDITY] == Occasion(DateKind.VALIDITY, date(2027, 4, 30), Origin.OURS)


def test_after_the_decision():
    known = Known(
        stage=Stage.DECIDED,
        deadline=DEADLINE,
        notice=Notice(date(2026, 12, 21), HowSent.ELECTRONIC),
        above_threshold=True,
    )
    found = kinds(known)
    assert set(found) == {DateKind.ASK_REPORT, DateKind.STANDSTILL, DateKind.APPEAL}
    assert found[DateKind.ASK_REPORT].day == date(2026, 12, 22)
    assert found[DateKind.STANDSTILL].day == found[DateKind.APPEAL].day == date(2027, 1, 4)
    assert found[DateKind.STANDSTILL].moved_from == date(2026, 12, 31)


def test_when_we_have_asked_for_the_reasons_we_wait_for_them():
    known = Known(
        stage=Stage.DECIDED,
        notice=Notice(date(2026, 11, 2), HowSent.ELECTRONIC),
        report_asked_on=date(2026, 11, 6),
    )
    found = kinds(known)
    assert DateKind.ASK_REPORT not in found
    assert (found[DateKind.REPORT].day, found[DateKind.REPORT].moved_from) == (date(2026, 11, 23), date(2026, 11, 21))
    assert found[DateKind.REPORT].law == "LOU 19 kap. 20 §"


def test_what_is_over_has_no_days():
    assert occasions(Known(stage=Stage.OVER, deadline=DEADLINE, required_validity=date(2027, 3, 31))) == ()
    assert occasions(Known(stage=Stage.BEFORE)) == ()


@given(
    st.sampled_from(Stage),
    st.none() | MOMENTS,
    st.none() | DAYS,
    st.none() | st.builds(Notice, DAYS, st.sampled_from(HowSent)),
    st.none() | DAYS,
)
def test_days_come_in_order_and_each_kind_once(stage, deadline, questions, notice, asked):
    known = Known(stage=stage, deadline=deadline, questions_on=questions, notice=notice, report_asked_on=asked)
    found = occasions(known)
    assert [one.day for one in found] == sorted(one.day for one in found)
    assert len({one.kind for one in found}) == len(found)
    assert all(said(one) for one in found)
    assert all(one.moved_from is None or one.moved_from < one.day for one in found)
