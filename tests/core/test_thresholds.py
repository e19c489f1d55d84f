"""Up to what amount a buyer may buy without a tender: the dated table, annex 2, and what is of the same kind."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import Money
from app.tenders.choosing import thresholds
from app.tenders.choosing.same_kind import Level, sorted_out
from app.tenders.choosing.thresholds import (
    BuyerKind,
    LimitKind,
    Row,
    built_in,
    buyer_kind,
    codes_in,
    direct_award_limit,
    disagrees,
    in_annex_2,
    threshold,
)
from config import ROOT

FRUIT, CLEANING, CATERING, TRAINING, BUILDING = "03222000", "90910000", "55520000", "85312510", "45210000"
IN_2025, IN_2026 = date(2025, 6, 1), date(2026, 11, 30)
DAYS = st.dates(date(2022, 2, 1), date(2099, 12, 31))
CODES = st.lists(st.integers(3_000_000, 98_999_999).map("{:08}".format), max_size=5)


def entered(kind: LimitKind, amount: Money, first: date = date(2026, 1, 1), last: date | None = date(2027, 12, 31)):
    return Row(kind, first, last, amount, None, "Konkurrensverket", "Sam")


@pytest.mark.parametrize(
    ("codes", "limit"),
    [
        ([FRUIT], "700 000,00 kr"),
        ([CLEANING], "700 000,00 kr"),
        ([CATERING], "8 109 450,00 kr"),
        ([TRAINING], "8 109 450,00 kr"),
        ([BUILDING], "700 000,00 kr"),
        ([], "700 000,00 kr"),
        ([CATERING, TRAINING], "8 109 450,00 kr"),
        ([CATERING, FRUIT], "700 000,00 kr"),
    ],
)
def test_what_may_be_awarded_directly_follows_from_the_codes(codes, limit):
    assert str(direct_award_limit(codes, IN_2025, built_in()).amount).replace("\xa0", " ") == limit


def test_codes_of_both_kinds_say_so():
    assert direct_award_limit([CATERING, FRUIT], IN_2025, built_in()).mixed
    assert not direct_award_limit([CATERING], IN_2025, built_in()).mixed


@pytest.mark.parametrize(
    ("codes", "buyer", "kind", "kronor"),
    [
        ([FRUIT], BuyerKind.OTHER, LimitKind.OTHER, 2_389_585),
        ([FRUIT], BuyerKind.STATE, LimitKind.STATE, 1_546_202),
        ([BUILDING], BuyerKind.STATE, LimitKind.WORKS, 59_880_179),
        ([CATERING], BuyerKind.STATE, LimitKind.ANNEX_2, 8_109_450),
        ([BUILDING, FRUIT], BuyerKind.OTHER, LimitKind.OTHER, 2_389_585),
        ([], BuyerKind.OTHER, LimitKind.OTHER, 2_389_585),
    ],
)
def test_thresholds_of_2024_and_2025(codes, buyer, kind, kronor):
    found = threshold(codes, buyer, IN_2025, built_in())
    assert (found.kind, found.amount, found.is_outdated) == (kind, Money.kronor(kronor), False)


def test_until_the_kronor_of_2026_are_entered_the_earlier_ones_stand_in_and_say_so():
    found = threshold([FRUIT], BuyerKind.OTHER, IN_2026, built_in())
    assert (found.amount, found.is_outdated, found.outdated_years, found.euro) == (
        Money.kronor(2_389_585),
        True,
        "2024–2025",
        216_000,
    )
    rows = [*built_in(), entered(LimitKind.OTHER, Money.kronor(2_400_000))]
    found = threshold([FRUIT], BuyerKind.OTHER, IN_2026, rows)
    assert (found.amount, found.is_outdated, found.euro) == (Money.kronor(2_400_000), False, 216_000)
    assert threshold([FRUIT], BuyerKind.OTHER, IN_2025, rows).amount == Money.kronor(2_389_585)


def test_an_amount_without_a_last_day_is_outdated_once_a_later_row_is_known():
    early = entered(LimitKind.WORKS, Money.kronor(1), date(2025, 7, 1), None)
    assert threshold([BUILDING], BuyerKind.OTHER, IN_2025 + timedelta(60), [*built_in(), early]).is_outdated is False
    assert threshold([BUILDING], BuyerKind.OTHER, IN_2026, [*built_in(), early]).is_outdated


def test_the_ordinary_limit_stands_in_the_law_and_is_never_outdated():
    assert not direct_award_limit([FRUIT], date(2031, 1, 1), built_in()).is_outdated


def test_what_staff_enter_for_the_same_day_goes_before_what_the_program_brought():
    row = entered(LimitKind.OTHER, Money.kronor(2_000_000), date(2024, 1, 1), date(2025, 12, 31))
    for rows in ([*built_in(), row], [row, *built_in()]):
        assert threshold([FRUIT], BuyerKind.OTHER, IN_2025, rows).row.entered_by == "Sam"


def test_before_the_table_begins_nothing_is_guessed():
    with pytest.raises(LookupError):
        direct_award_limit([FRUIT], date(2021, 12, 31), built_in())


@pytest.mark.parametrize(
    ("code", "inside"),
    [
        *[(code, True) for code in ("55100000", "55410000", "55524000", "79952000", "80000000", "85000000")],
        *[(code, True) for code in ("85323000", "64110000", "79622000", "98133110", "92600000")],
        *[(code, False) for code in ("03222000", "90910000", "77310000", "60000000", "55600000", "64120000")],
        *[(code, False) for code in ("85323001", "54999999", "98310000", "39130000")],
    ],
)
def test_the_edges_of_annex_2(code, inside):
    assert in_annex_2(code) is inside


def test_the_ranges_of_annex_2_are_in_order_and_do_not_overlap():
    ranges = [(first, last) for first, last, _what in thresholds.annex_2()]
    assert all(len(first) == len(last) == 8 and first <= last for first, last in ranges)
    assert all(one[1] < other[0] for one, other in pairwise(ranges))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("03222000-3, 90910000-9", ("03222000", "90910000")),
        ("03222000 03222000-3", ("03222000",)),
        ("CPV: 55520000.", ("55520000",)),
        ("123456789, 1234567, x", ()),
        ("", ()),
    ],
)
def test_codes_are_found_however_they_are_written(text, codes):
    assert codes_in(text) == codes


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("202100-1234", BuyerKind.STATE),
        ("2021001234", BuyerKind.STATE),
        ("212000-0001", BuyerKind.OTHER),
        ("232100-0001", BuyerKind.OTHER),
        ("", BuyerKind.OTHER),
        ("2021", BuyerKind.OTHER),
    ],
)
def test_state_authorities_are_known_by_their_number(number, kind):
    assert buyer_kind(number) == kind


@given(CODES, DAYS)
def test_whatever_is_bought_may_be_awarded_directly_up_to_something(codes, day):
    found = direct_award_limit(codes, day, built_in())
    assert found.amount >= Money.kronor(700_000)
    assert (found.kind == LimitKind.ANNEX_2) == (bool(codes) and all(in_annex_2(code) for code in codes))
    assert found.row.valid_from <= day


@given(CODES, DAYS)
def test_the_state_never_has_a_higher_threshold_and_one_code_more_never_raises_the_limit(codes, day):
    rows = built_in()
    state, other = (threshold(codes, kind, day, rows).amount for kind in (BuyerKind.STATE, BuyerKind.OTHER))
    assert state <= other
    for code in codes:
        assert direct_award_limit(codes, day, rows).amount <= direct_award_limit([code], day, rows).amount


@given(st.booleans(), st.integers(0, 10**12))
def test_a_value_agrees_with_exactly_one_side_of_the_threshold(above, ore):
    limit = threshold([FRUIT], BuyerKind.OTHER, IN_2025, built_in())
    assert disagrees(above, Money(ore), limit) != disagrees(not above, Money(ore), limit)
    assert not disagrees(above, None, limit)


def test_a_value_on_the_threshold_is_above_it():
    limit = threshold([FRUIT], BuyerKind.OTHER, IN_2025, built_in())
    assert not disagrees(True, limit.amount, limit)
    assert disagrees(True, limit.amount - Money(1), limit)


@pytest.mark.parametrize(
    ("kronor", "percent", "level"),
    [
        ("559999.99", 79, Level.FINE),
        ("560000", 80, Level.NEAR),
        ("699999.99", 99, Level.NEAR),
        ("700000", 100, Level.OVER),
        ("1400000", 200, Level.OVER),
    ],
)
def test_we_warn_from_eighty_per_cent_and_the_limit_itself_is_over_it(kronor, percent, level):
    one = sorted_out([(f"{FRUIT}-3", Money.kronor(kronor))], IN_2025, built_in())[0]
    assert (one.percent, one.level) == (percent, level)


def test_services_of_annex_2_are_another_kind_than_others_of_their_division():
    bought = [("55520000-1", Money.kronor(900_000)), ("55900000-9", Money.kronor(10)), ("55524000-9", Money.kronor(5))]
    found = sorted_out(bought, IN_2025, built_in())
    assert [(one.division, one.annex_2, one.amount) for one in found] == [
        ("55", True, Money.kronor(900_005)),
        ("55", False, Money.kronor(10)),
    ]
    assert found[0].left == Money.kronor(8_109_450 - 900_005)


@given(st.lists(st.tuples(st.sampled_from([FRUIT, CLEANING, CATERING, BUILDING, ""]), st.integers(0, 10**11))))
def test_no_krona_is_lost_between_the_kinds(bought):
    found = sorted_out([(code, Money(ore)) for code, ore in bought], IN_2025, built_in())
    assert sum(one.amount.ore for one in found) == sum(ore for _code, ore in bought)
    assert [one.percent for one in found] == sorted((one.percent for one in found), reverse=True)


@pytest.mark.parametrize(
    ("code", "inside"),
    [
        *[
            (code, True)
            for code in ("55521200", "55523100", "55511000", "79952000", "80530000", "85312500", "64122000")
        ],
        *[(code, False) for code in ("15300000", "03222118", "90911000", "77313000", "98392000")],
    ],
)
def test_what_members_sell_is_in_annex_2_or_not(code, inside):
    """Catering, canteens, events, courses and rehabilitation are; fruit, cleaning, green areas and moving are not."""
    assert in_annex_2(code) is inside


def test_every_social_service_of_the_public_list_is_in_annex_2():
    """The Publications Office's list of codes for notices of social services, where it is at hand."""
    lists = [folder / "shared" / "data" / "cpv_social_services.csv" for folder in ROOT.parents]
    found = next((file for file in lists if file.exists()), None)
    if found is None:
        pytest.skip("the list is not at hand")
    with found.open(encoding="utf-8", newline="") as stream:
        codes = [row["code"] for row in csv.DictReader(stream)]
    assert len(codes) > 100
    assert [code for code in codes if not in_annex_2(code)] == []
