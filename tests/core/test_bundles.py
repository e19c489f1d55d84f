"""How a bundle's price is shared, and when each of its parts must be ready."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.catalog.chains import Step, lead_days, price_shares, ready_days, runs
from app.money import Money
from app.workdays import is_working_day, working_days_after, working_days_before, working_days_between

MONDAY = date(2026, 11, 23)
worths = st.lists(
    st.tuples(st.integers(1, 10**7).map(Money), st.integers(1, 10**5).map(lambda n: Decimal(n) / 1000)),
    min_size=2,
    max_size=12,
)
steps = st.lists(
    st.tuples(st.integers(0, 15), st.integers(0, 10), st.booleans()).map(lambda s: Step(s[0], s[0] + s[1], s[2])),
    min_size=2,
    max_size=8,
).map(lambda found: [*found[:-1], Step(found[-1].least, found[-1].longest)])
days = st.dates(date(2026, 1, 1), date(2029, 12, 31))


@given(st.integers(1, 10**9).map(Money), worths)
def test_the_shares_are_the_price_to_the_ore(price, parts):
    shares = price_shares(price, parts)
    assert Money.total(shares) == price
    assert all(share.ore >= 0 for share in shares)


def test_each_part_has_its_share_by_its_own_price_and_quantity():
    parts = [(Money(6000), Decimal(1)), (Money(3000), Decimal(1)), (Money(30000), Decimal("0.1"))]
    assert price_shares(Money(10000), parts) == [Money(5000), Money(2500), Money(2500)]


def test_parts_that_are_handed_on_form_chains():
    assert runs([True, True, False]) == [[0, 1, 2]]
    assert runs([False, True, False, False]) == [[0], [1, 2], [3]]
    assert runs([]) == []


def test_the_lead_time_is_that_of_the_longest_chain():
    assert lead_days([Step(10, 10, True), Step(5, 5, True), Step(2, 2)]) == 17
    assert lead_days([Step(10, 10), Step(5, 5), Step(2, 2)]) == 10
    assert lead_days([]) == 0


def test_earlier_parts_are_ready_earlier_by_the_lead_time_of_those_that_follow():
    bag = [Step(3, 3, True), Step(2, 2, True), Step(1, 1)]
    friday, delivery = date(2026, 12, 4), date(2026, 12, 7)
    assert ready_days(bag, today=MONDAY, delivery=delivery) == [date(2026, 12, 2), friday, delivery]


def test_slower_makers_get_their_time_where_there_is_time():
    bag = [Step(3, 8, True), Step(2, 6)]
    tight = working_days_after(MONDAY, 5)
    assert working_days_between(ready_days(bag, today=MONDAY, delivery=tight)[0], tight) == 2
    roomy = working_days_after(MONDAY, 20)
    assert working_days_between(ready_days(bag, today=MONDAY, delivery=roomy)[0], roomy) == 6


@given(steps, days, st.integers(0, 60))
def test_every_step_has_the_time_its_quickest_maker_needs_if_the_whole_has(parts, today, spare):
    today = working_days_after(today, 0)
    delivery = working_days_after(today, lead_days(parts) + spare)
    found = ready_days(parts, today=today, delivery=delivery)
    for chain in runs([step.to_next for step in parts]):
        begun = today
        for place in chain:
            assert is_working_day(found[place])
            assert working_days_between(begun, found[place]) >= parts[place].least
            begun = found[place]
        assert found[chain[-1]] == delivery


@given(steps, days, st.integers(1, 30))
def test_no_part_is_due_before_the_order_and_none_after_the_delivery(parts, today, ahead):
    delivery = working_days_after(today, ahead)
    found = ready_days(parts, today=today, delivery=delivery)
    assert all(today <= day <= delivery for day in found)


@given(days, st.integers(0, 100))
def test_counting_back_undoes_counting_on(day, count):
    start = working_days_after(day, 0)
    assert working_days_before(working_days_after(start, count), count) == start
