"""The days on which something that comes again is delivered, as the Swedish calendar has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.orders.standing.rhythm import LAST, Every, HolidayRule, Rhythm, Season, delivered_on, merged, times
from app.workdays import is_working_day

MONDAY = date(2026, 11, 23)
MON, TUE, WED, THU, FRI = range(5)


def weekly(*weekdays: int, step: int = 1, anchor: date = MONDAY, **more: object) -> Rhythm:
    return Rhythm(Every.WEEK, step, anchor, frozenset(weekdays), **more)


def monthly(step: int = 1, anchor: date = MONDAY, **more: object) -> Rhythm:
    return Rhythm(Every.MONTH, step, anchor, **more)


def days(rhythm: Rhythm, first: date, last: date) -> list[str]:
    return [one.day.isoformat() for one in times(rhythm, first, last)]


def test_twice_a_week_and_every_other_week():
    two_weeks = MONDAY + timedelta(days=13)
    assert days(weekly(TUE, FRI), MONDAY, two_weeks) == ["2026-11-24", "2026-11-27", "2026-12-01", "2026-12-04"]
    assert days(weekly(TUE, step=2), MONDAY, MONDAY + timedelta(days=30)) == ["2026-11-24", "2026-12-08", "2026-12-22"]


def test_weeks_are_counted_from_the_week_of_the_first_day_and_nothing_comes_before_it():
    thursday = date(2026, 11, 26)
    rhythm = weekly(TUE, FRI, step=2, anchor=thursday)
    assert days(rhythm, MONDAY, date(2026, 12, 13)) == ["2026-11-27", "2026-12-08", "2026-12-11"]


def test_a_holiday_moves_the_delivery_as_the_rule_says():
    christmas_week = date(2026, 12, 21), date(2026, 12, 27)
    for rule, expected in (
        (HolidayRule.NEXT, ["2026-12-28"]),
        (HolidayRule.PREVIOUS, ["2026-12-23"]),
        (HolidayRule.SKIP, []),
    ):
        assert days(weekly(THU, holiday=rule), *christmas_week) == expected, rule


def test_what_is_moved_to_a_day_that_has_its_own_falls_out():
    every_day = weekly(MON, TUE, WED, THU, FRI)
    assert days(every_day, date(2027, 1, 4), date(2027, 1, 8)) == [
        "2027-01-04", "2027-01-05", "2027-01-07", "2027-01-08",
    ], "Epiphany is on the Wednesday"  # fmt: skip
    eves = weekly(THU, FRI)
    assert days(eves, date(2026, 12, 24), date(2026, 12, 25)) == ["2026-12-28"], "two that are moved to one day are one"
    assert days(weekly(THU, FRI, holiday=HolidayRule.PREVIOUS), date(2026, 12, 24), date(2026, 12, 25)) == [
        "2026-12-23"
    ]


def test_what_falls_together_is_told_with_the_day_of_both():
    rhythm = weekly(THU, FRI, anchor=date(2026, 12, 17), holiday=HolidayRule.PREVIOUS)
    found = list(merged(rhythm, date(2026, 12, 17), date(2027, 1, 8)))
    assert [(one.nominal, one.day) for one in found] == [
        (date(2026, 12, 25), date(2026, 12, 23)),
        (date(2027, 1, 1), date(2026, 12, 30)),
    ]
    assert list(merged(replace(rhythm, holiday=HolidayRule.SKIP), date(2026, 12, 17), date(2027, 1, 8))) == []


@given(
    st.sets(st.integers(MON, FRI), min_size=1),
    st.sampled_from(HolidayRule),
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
)
def test_each_day_of_the_rhythm_comes_by_itself_or_with_another_or_not_by_rule(weekdays, holiday, first):
    rhythm, last = weekly(*weekdays, anchor=first, holiday=holiday), first + timedelta(days=40)
    own = {one.nominal for one in times(rhythm, first, last)}
    others = {one.nominal for one in merged(rhythm, first, last)}
    named = {day for day in _all_days(first, last) if rhythm.falls_on(day)}
    assert not own & others
    left = named - own - others
    assert not left if holiday != HolidayRule.SKIP else not any(is_working_day(day) for day in left)


def test_months_by_day_and_by_weekday():
    year = date(2027, 1, 1), date(2027, 4, 30)
    assert days(monthly(month_day=31, anchor=year[0], holiday=HolidayRule.PREVIOUS), *year) == [
        "2027-01-29", "2027-02-26", "2027-03-31", "2027-04-30",
    ], "the last working day of each month"  # fmt: skip
    third = monthly(nth=3, weekdays=frozenset({TUE}), anchor=year[0])
    assert days(third, *year) == ["2027-01-19", "2027-02-16", "2027-03-16", "2027-04-20"]
    last = monthly(nth=LAST, weekdays=frozenset({WED}), anchor=year[0], step=2)
    assert days(last, *year) == ["2027-01-27", "2027-03-31"]


def test_lawns_are_mown_in_their_season_each_year():
    lawns = weekly(WED, step=2, season=Season((4, 15), (9, 30)))
    found = [one.nominal for one in times(lawns, MONDAY, MONDAY + timedelta(days=800))]
    assert {day.month for day in found} == {4, 5, 6, 7, 8, 9}
    assert {day.year for day in found} == {2027, 2028}


def test_a_season_may_run_over_new_year():
    snow = Season((11, 1), (3, 31))
    assert snow.holds(date(2026, 12, 31))
    assert snow.holds(date(2027, 1, 1))
    assert not snow.holds(date(2027, 4, 1))


month_and_day = st.dates(date(2027, 1, 1), date(2027, 12, 31)).map(lambda day: (day.month, day.day))
dates = st.dates(date(2026, 1, 1), date(2029, 12, 31))
shared = {
    "step": st.integers(1, 6),
    "anchor": dates,
    "season": st.none() | st.builds(Season, month_and_day, month_and_day),
    "holiday": st.sampled_from(HolidayRule),
}
weeks = st.builds(Rhythm, every=st.just(Every.WEEK), weekdays=st.frozensets(st.integers(0, 6), min_size=1), **shared)
by_day = st.builds(Rhythm, every=st.just(Every.MONTH), month_day=st.integers(1, 31), **shared)
by_weekday = st.builds(
    Rhythm,
    every=st.just(Every.MONTH),
    nth=st.sampled_from([1, 2, 3, 4, LAST]),
    weekdays=st.integers(0, 6).map(lambda day: frozenset({day})),
    **shared,
)
rhythms = weeks | by_day | by_weekday


@given(rhythms, dates, st.integers(0, 120))
def test_each_day_is_a_working_day_and_no_day_comes_twice(rhythm, first, length):
    found = list(times(rhythm, first, first + timedelta(days=length)))
    assert all(is_working_day(one.day) for one in found)
    assert all(one.nominal >= rhythm.anchor for one in found)
    assert [one.nominal for one in found] == sorted({one.nominal for one in found})
    assert [one.day for one in found] == sorted({one.day for one in found})


@given(rhythms, dates, st.integers(0, 60), st.integers(0, 60))
def test_it_does_not_matter_through_which_window_one_looks(rhythm, first, half, rest):
    middle, last = first + timedelta(days=half), first + timedelta(days=half + rest)
    whole = list(times(rhythm, first, last))
    assert whole == [*times(rhythm, first, middle), *times(rhythm, middle + timedelta(days=1), last)]


@given(rhythms, dates, st.integers(0, 60))
def test_the_rule_moves_the_way_it_says_and_only_what_must_be_moved(rhythm, first, length):
    for day in filter(rhythm.falls_on, _all_days(first, first + timedelta(days=length))):
        moved = delivered_on(rhythm, day)
        if is_working_day(day):
            assert moved == day
        elif moved is not None:
            assert rhythm.holiday != HolidayRule.SKIP
            assert moved > day if rhythm.holiday == HolidayRule.NEXT else moved < day
            assert not any(map(is_working_day, _all_days(min(day, moved), max(day, moved))[1:-1]))


@given(dates, st.integers(1, 6), st.integers(1, 31))
def test_a_day_of_the_month_comes_once_in_each_month_that_is_due(anchor, step, month_day):
    rhythm = monthly(step, anchor, month_day=month_day)
    last = anchor + timedelta(days=730)
    found = [day for day in _all_days(anchor, last) if rhythm.falls_on(day)]
    months = [(day.year * 12 + day.month) for day in found]
    assert len(set(months)) == len(months)
    assert all(later - earlier == step for earlier, later in pairwise(months))


def _all_days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]
