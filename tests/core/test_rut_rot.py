"""What is taken off for household work: labour only, by the dated table, in whole kronor, within each person's room."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.household import persons, rules
from app.household.rules import Worked, labour_of, shares_of, table
from app.money import NOUGHT, Money
from app.reliefs import WORKS, Relief, Work
from app.vat import VatPart, including
from tests.tax_persons import TOLVAN, number

STANDARD = (VatPart(100, 25, "S"),)
AMPLE = [Money.kronor(75_000)]
AMOUNTS = st.integers(0, 10**8).map(Money)
WEIGHTS = st.integers(1, 99).map(lambda one: [one, 100 - one]) | st.just([100])


@pytest.mark.parametrize(
    ("relief", "day", "percent"),
    [
        ("rut", date(2026, 11, 30), 50),
        ("rot", date(2025, 5, 11), 30),
        ("rot", date(2025, 5, 12), 50),
        ("rot", date(2025, 12, 31), 50),
        ("rot", date(2026, 1, 1), 30),
    ],
)
def test_the_share_of_the_labour_follows_the_day_of_payment(relief, day, percent):
    assert table().percent(Relief(relief), day) == percent


def test_a_day_or_a_year_before_the_table_is_no_guess():
    with pytest.raises(LookupError):
        table().percent(Relief.RUT, date(2008, 1, 1))
    with pytest.raises(LookupError):
        table().room(Relief.RUT, 2019, {})


@pytest.mark.parametrize(
    ("relief", "year", "had", "left"),
    [
        ("rut", 2026, {}, 75_000),
        ("rot", 2026, {}, 50_000),
        ("rut", 2026, {"rot": 50_000}, 25_000),
        ("rot", 2026, {"rut": 40_000}, 35_000),
        ("rot", 2026, {"rot": 20_000, "rut": 10_000}, 30_000),
        ("rut", 2026, {"rut": 75_000}, 0),
        ("rut", 2024, {"rot": 75_000}, 75_000),
        ("rot", 2024, {}, 75_000),
        ("rut", 2026, {"rut": 80_000}, 0),
    ],
)
def test_what_a_person_may_still_have(relief, year, had, left):
    spent = {Relief(kind): Money.kronor(kronor) for kind, kronor in had.items()}
    assert table().room(Relief(relief), year, spent) == Money.kronor(left)


def test_only_the_labour_counts_and_with_its_vat():
    cleaning, washing = Worked(Money.kronor(1000), STANDARD, 100), Worked(Money.kronor(300), STANDARD, 50)
    assert labour_of([cleaning, washing]) == Money.kronor("1437.50")
    assert rules.beside_labour([cleaning, washing]) == Money.kronor("187.50")
    (share,) = shares_of(labour_of([cleaning, washing]), 50, [100], AMPLE)
    assert (share.labour, share.amount) == (Money.kronor(1437), Money.kronor(718))


@given(st.lists(st.tuples(AMOUNTS, st.integers(1, 100)), max_size=8))
def test_labour_and_what_is_beside_it_are_the_whole_price(lines):
    worked = [Worked(net, STANDARD, percent) for net, percent in lines]
    whole = including(Money.total(net for net, _percent in lines), STANDARD)
    assert abs((labour_of(worked) + rules.beside_labour(worked) - whole).ore) <= 1, "each is rounded once"


@given(AMOUNTS, st.sampled_from([30, 50]), WEIGHTS, st.lists(AMOUNTS, min_size=2, max_size=2))
def test_nobody_is_asked_for_more_than_half_nor_for_more_than_there_is_room_for(labour, percent, weights, rooms):
    shares = shares_of(labour, percent, weights, rooms[: len(weights)])
    for share, room in zip(shares, rooms, strict=False):
        assert share.amount.ore % 100 == 0, "whole kronor"
        assert NOUGHT <= share.amount <= min(room, share.whole)
        assert share.amount + share.amount <= share.labour or not share.amount, "the buyer pays at least as much"
    assert Money.total(share.labour for share in shares) <= labour
    exact = labour.percent(percent)
    most = Money.total(share.whole for share in shares)
    assert most <= exact
    assert exact - most < Money.kronor(2 * len(weights)), "no more is lost than the kronor's rounding"


def test_what_was_taken_back_gives_nothing():
    assert [share.amount for share in shares_of(Money(-5000), 50, [60, 40], AMPLE * 2)] == [NOUGHT, NOUGHT]


@pytest.mark.parametrize("weights", [[], [99], [100, 0], [60, 50], [30, 30, 40], [-1, 101]])
def test_parts_that_make_no_whole_are_refused(weights):
    with pytest.raises(Refused):
        rules.check_weights(weights)


# A person's number


def test_a_number_is_kept_as_twelve_figures():
    assert persons.checked("19121212-1212") == TOLVAN
    assert persons.checked(" 1912 1212 1212 ") == TOLVAN
    assert persons.checked(number("18900168")) == number("18900168"), "a coordination number has sixty on its day"
    assert (persons.tail(TOLVAN), persons.masked("1212")) == ("1212", "••••••••-1212")


@pytest.mark.parametrize(
    "wrong",
    ["", "121212-1212", "191212121213", "191213121212", "19121232-1212", "abc", "１９１２１２１２１２１２", "9" * 13],
)
def test_a_number_that_cannot_be_is_refused_and_never_repeated(wrong):
    with pytest.raises(Refused) as no:
        persons.checked(wrong)
    assert not wrong or wrong not in str(no.value)


@given(st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_figure_is_always_noticed(place, more):
    right = number()
    wrong = right[:place] + str((int(right[place]) + more) % 10) + right[place + 1 :]
    if place >= 2:  # The check digit does not see the century.
        with pytest.raises(Refused):
            persons.checked(wrong)


def test_a_child_has_no_deduction():
    persons.check_of_age(number("20081231"), 2026)
    with pytest.raises(Refused, match="18 år"):
        persons.check_of_age(number("20090101"), 2026)


def test_every_work_belongs_to_one_deduction_and_one_element():
    assert set(WORKS) == set(Work)
    assert len({about.element for about in WORKS.values()}) == len(WORKS)
    assert {work for work, about in WORKS.items() if about.labour == 50} == {Work.LAUNDRY, Work.TO_SECOND_HAND}
