"""The pure rules of a framework agreement: levels, periods, windows, index, and who takes over."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import Money
from app.orders.agreements import terms
from app.orders.agreements.handover import Able, Left, plan, ranks_after, shares_after
from app.workdays import is_working_day
from bids.index_rise import Clause, carried, price_after, weigh

days = st.dates(date(2024, 1, 1), date(2035, 12, 31))
figures = st.decimals(Decimal(10), Decimal(2000), places=3)


@given(st.integers(1, 10**9), st.lists(st.integers(-(10**8), 10**8), max_size=30))
def test_each_level_is_passed_as_often_as_the_sum_crosses_it(ceiling, moves):
    at, crossed = 0, dict.fromkeys(terms.LEVELS, 0)
    for move in moves:
        after = min(max(at + move, 0), ceiling)
        for level in terms.passed(Money(at), Money(after), Money(ceiling)):
            crossed[level] += 1
            assert at * 100 < level * ceiling <= after * 100
        at = after
    for level in terms.LEVELS:
        assert crossed[level] or at * 100 < level * ceiling


@given(days, st.integers(0, 2500), st.sampled_from([1, 3, 6, 12]), st.integers(0, 30))
def test_periods_cover_each_day_once_and_are_due_on_working_days_after(first, length, every, within):
    last = first + timedelta(days=length)
    found = list(terms.periods(first, last, every, within))
    assert found[0].first == first
    assert found[-1].last == last
    for one, following in pairwise(found):
        assert following.first == one.last + timedelta(days=1)
    for one in found:
        assert one.first <= one.last < one.due or (within == 0 and one.last <= one.due)
        assert is_working_day(one.due)
    assert list(terms.periods(first, last, 0, within)) == []


def test_a_quarter_is_the_calendars_and_due_fifteen_working_days_after():
    found = list(terms.periods(date(2026, 11, 24), date(2027, 6, 30), 3, 15))
    assert [(one.first, one.last) for one in found] == [
        (date(2026, 11, 24), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2027, 3, 31)),
        (date(2027, 4, 1), date(2027, 6, 30)),
    ]
    assert found[1].due == date(2027, 4, 21)


@given(days, st.integers(0, 3000), st.integers(0, 200), st.integers(0, 200))
def test_windows_come_once_a_year_and_before_their_day(first, length, opens, closes):
    last, opens = first + timedelta(days=length), opens + closes
    found = list(terms.windows(first, last, opens, closes))
    assert [one.from_day.year - first.year for one in found] == list(range(len(found)))
    assert all(one.opens <= one.closes <= one.from_day <= last for one in found)
    assert terms.later(first, 12 * len(found)) > last
    assert list(terms.windows(None, last, opens, closes)) == []


def test_four_years_are_lawful_and_a_day_more_is_not():
    assert not terms.is_longer_than_law_lets(date(2027, 1, 1), date(2030, 12, 31))
    assert terms.is_longer_than_law_lets(date(2027, 1, 1), date(2031, 1, 1))
    assert terms.later(date(2028, 2, 29), 12) == date(2029, 2, 28)


clauses = st.builds(
    lambda base, threshold, part: Clause(base=base, threshold=threshold, part=part),
    figures,
    st.decimals(0, 10, places=1),
    st.decimals(0, 100, places=1),
)


@given(clauses, figures)
def test_a_change_under_the_threshold_is_carried_over_whole(clause, figure):
    weighed = weigh(clause, figure)
    exact = (figure - clause.base) * 100 / clause.base
    if abs(exact) < clause.threshold or not weighed.applies:
        assert (weighed.percent, weighed.base) == (0, clause.base)
    else:
        assert weighed.base == figure
        assert abs(weighed.percent) <= abs(exact)
        assert (weighed.percent > 0) == (exact > 0)


@given(clauses, st.lists(figures, min_size=1, max_size=6))
def test_what_is_carried_over_is_never_lost(clause, given_figures):
    """The figures in between do not matter while none is applied: the last is weighed against the first base."""
    found = carried(clause, given_figures)
    if not any(one.applies for one in found[:-1]):
        assert found[-1] == weigh(clause, given_figures[-1])


def test_stadindex_of_the_states_agreements():
    clause = Clause(base=Decimal(250), threshold=Decimal(2))
    assert weigh(clause, Decimal("254.9")).applies is False
    assert weigh(clause, Decimal(255)).percent == 2
    assert price_after(Money.kronor("305.22"), Decimal(2)) == Money.kronor("311.32")
    assert price_after(Money.kronor(200), Decimal(-5)) == Money.kronor(190)
    with pytest.raises(ValueError, match="above nought"):
        weigh(clause, Decimal(0))


amounts = st.decimals(Decimal("0.5"), Decimal(5000), places=1)
articles = st.integers(1, 3)


@st.composite
def leavings(draw):
    left = [Left(key, draw(articles), draw(amounts)) for key in range(1, draw(st.integers(1, 6)) + 1)]
    pairs = draw(st.lists(st.tuples(st.integers(1, 5), articles), unique=True, max_size=10))
    return left, [Able(member, article, draw(st.decimals(-10, 5000, places=1))) for member, article in pairs]


@given(leavings())
def test_what_is_left_is_taken_over_or_nobody_can_carry_it_and_nobody_gets_too_much(case):
    left, able = case
    found = plan(left, able)
    for part in left:
        taken = sum((one.yearly for one in found.taken if one.key == part.key), Decimal(0))
        assert taken + found.uncarried.get(part.key, Decimal(0)) == part.yearly
    of = {part.key: part.article for part in left}
    for one in able:
        got = sum(
            (each.yearly for each in found.taken if each.member == one.member and of[each.key] == one.article),
            Decimal(0),
        )
        assert got <= max(one.room, 0)
    for key, rest in found.uncarried.items():
        spare = [
            one.room - sum(e.yearly for e in found.taken if e.member == one.member and of[e.key] == one.article)
            for one in able
            if one.article == of[key] and one.room > 0
        ]
        assert rest > 0
        assert not any(size > 0 for size in spare), "nothing is left over while somebody has room"


places = st.dictionaries(st.integers(1, 8), st.integers(1, 500), min_size=1, max_size=6)


@given(places, st.dictionaries(st.integers(1, 8), st.integers(0, 10**6), max_size=5))
def test_shares_make_up_the_whole_again_without_the_one_that_left(weights, gained):
    whole = dict(zip(weights, Money(1000).share(list(weights.values())), strict=True))
    now = {member: part.ore for member, part in whole.items() if part.ore}
    leaver = next(iter(now))
    after = shares_after(now, leaver, gained)
    assert leaver not in after
    assert not after or sum(after.values()) == 1000
    assert all(after[member] >= place for member, place in now.items() if member != leaver and after)


@given(st.permutations(range(1, 7)), st.integers(0, 5))
def test_those_behind_move_up_in_a_ranking(members, which):
    ranks = {member: place for place, member in enumerate(members, start=1)}
    after = ranks_after(ranks, members[which])
    order = [one for one in members if one != members[which]]
    assert after == {member: place for place, member in enumerate(order, start=1)}
