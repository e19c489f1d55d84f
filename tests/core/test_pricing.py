"""Which price a customer gets, and why: the rules, tried on thousands of made-up questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.catalog.pricing.rules import (
    ANYBODY,
    OPEN,
    RANK,
    Buyer,
    Candidate,
    ListKind,
    ListState,
    judge,
    price,
    why_not,
)
from app.catalog.pricing.steps import Step, adjusted, check_steps
from app.errors import Refused
from app.money import Money
from tests.core.price_rows import (
    HOUSING,
    NORDBYN,
    SOLSTRALEN,
    STANDARD,
    TODAY,
    amounts,
    asked,
    days,
    listed,
    quantities,
    row,
)


@st.composite
def candidates(draw):
    """Up to eight rows of lists of every kind, state and time, for Nordbyn, for others and for all."""
    found = []
    for ident in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(list(ListKind)))
        first = draw(days)
        values = {
            "first": first,
            "last": draw(st.none() | st.integers(0, 90).map(lambda n, first=first: first + timedelta(days=n))),
            "state": draw(st.sampled_from(list(ListState))),
        }
        if kind in {ListKind.CUSTOMER, ListKind.FRAMEWORK}:
            values["customers"] = frozenset(draw(st.sets(st.sampled_from([NORDBYN, SOLSTRALEN]))))
        if kind == ListKind.GROUP:
            values["group"] = draw(st.sampled_from([HOUSING, 4]))
        least, ore = draw(st.sampled_from([0, 1, 20, 50])), draw(st.integers(1, 50_000))
        found.append(row(kind, ore, ident + 1, least, **values))
    return found


@given(amounts, candidates(), quantities, days, st.booleans())
def test_there_always_is_a_price_and_it_is_one_of_those_that_were_weighed(own, rows, quantity, day, known):
    buyer = Buyer(NORDBYN, frozenset({HOUSING})) if known else ANYBODY
    found = price(own, rows, [], asked(quantity, buyer, day))
    assert found.unit_price in {own, *(one.price for one in rows)}
    assert found.unit_price.ore > 0


@given(amounts, candidates(), quantities, days, st.randoms())
def test_the_order_of_the_rows_does_not_matter(own, rows, quantity, day, random):
    shuffled = random.sample(rows, len(rows))
    question = asked(quantity, day=day)
    assert price(own, rows, [], question) == price(own, shuffled, [], question)
    assert judge(own, rows, question) == judge(own, shuffled, question)


@given(amounts, candidates(), quantities, days)
def test_the_reason_names_the_list_that_gave_the_price(own, rows, quantity, day):
    found = price(own, rows, [], asked(quantity, day=day))
    winner = next((one for one in rows if one.row_id == found.row_id), None)
    if winner is None:
        assert (found.unit_price, found.because, found.kind) == (own, "Standardpris", None)
    else:
        assert winner.list.name in found.because
        assert (found.unit_price, found.kind, found.cost) == (winner.price, winner.list.kind, winner.cost)


@given(amounts, candidates(), quantities, days)
def test_a_list_that_is_not_in_use_not_valid_or_anothers_changes_nothing(own, rows, quantity, day):
    question = asked(quantity, day=day)
    with_a_say = [one for one in rows if not why_not(one, question)]
    without = price(own, with_a_say, [], question)
    found = price(own, rows, [], question)
    assert (found.unit_price, found.row_id) == (without.unit_price, without.row_id)
    for one in with_a_say:
        assert one.list.state == ListState.ACTIVE
        assert one.list.first <= day <= (one.list.last or day)
        assert one.list.kind in OPEN or NORDBYN in one.list.customers or one.list.group == HOUSING
        assert one.min_quantity <= quantity


@given(amounts, candidates(), quantities, days)
def test_nothing_for_everybody_makes_an_article_dearer(own, rows, quantity, day):
    found = price(own, [one for one in rows if one.list.kind in OPEN], [], asked(quantity, day=day))
    assert found.unit_price <= own


@given(amounts, candidates(), quantities, days)
def test_the_highest_level_wins_and_on_it_the_lowest_price(own, rows, quantity, day):
    question = asked(quantity, day=day)
    having = [one for one in rows if not why_not(one, question)]
    found = price(own, rows, [], question)
    level = max((RANK[one.list.kind] for one in having), default=0)
    lowest = min((one.price for one in having if RANK[one.list.kind] == level), default=own)
    assert found.unit_price == (min(own, lowest) if level == 0 else lowest)


@given(amounts, candidates(), quantities, days)
def test_steps_tell_of_quantities_at_which_a_unit_costs_less(own, rows, quantity, day):
    found = price(own, rows, [], asked(quantity, day=day))
    last = found.unit_price
    for step in found.steps:
        assert step.min_quantity > quantity
        assert step.price < last
        assert price(own, rows, [], asked(step.min_quantity, day=day)).unit_price == step.price
        last = step.price


@given(
    st.sampled_from(list(ListKind)),
    st.lists(st.tuples(st.integers(1, 99), amounts), max_size=5),
    quantities,
    quantities,
)
def test_more_never_costs_more_per_unit_in_a_list_whose_steps_go_down(kind, more, some, others):
    steps = [Step(Decimal(least), amount) for least, amount in [(0, Money(50_000)), *more]]
    try:
        ordered = check_steps(steps)
    except Refused:
        assume(False)
    rows = [
        Candidate(listed(kind), ident, step.min_quantity, step.price) for ident, step in enumerate(ordered, start=1)
    ]
    few, many = sorted((some, others))
    at = {quantity: price(STANDARD, rows, [], asked(quantity)).unit_price for quantity in (few, many)}
    assert at[many] <= at[few]


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        (ListKind.FRAMEWORK, ListKind.CUSTOMER),
        (ListKind.CUSTOMER, ListKind.GROUP),
        (ListKind.GROUP, ListKind.CAMPAIGN),
        (ListKind.FRAMEWORK, ListKind.CAMPAIGN),
    ],
)
def test_what_goes_before_what_also_when_it_is_dearer(stronger, weaker):
    rows = [row(weaker, 10000, 1), row(stronger, 25000, 2)]
    found = price(STANDARD, rows, [], asked())
    assert (found.unit_price, found.kind) == (Money(25000), stronger)
    beaten = judge(STANDARD, rows, asked())[1]
    assert beaten.candidate.list.kind == weaker
    assert beaten.why_not.endswith("går före.")


def test_the_words_of_each_kind():
    def said(kind, **values):
        return price(STANDARD, [row(kind, 19800, **values)], [], asked(20)).because

    assert said(ListKind.FRAMEWORK) == "Pris enligt avtal INK 2026/114 (prislistan Lista 1)"
    assert said(ListKind.CUSTOMER, least=20) == "Eget pris enligt prislistan Lista 1, från 20"
    assert said(ListKind.GROUP) == "Pris för gruppen Bostadsrättsföreningar enligt prislistan Lista 1"
    assert said(ListKind.CAMPAIGN, last=date(2026, 12, 6)) == "Kampanjpris, Lista 1, till och med sön\u00a06\u00a0dec"
    assert said(ListKind.STANDARD) == "Pris enligt prislistan Lista 1"


def test_why_each_row_has_no_say():
    def why(kind=ListKind.STANDARD, quantity=1, buyer=ANYBODY, **values):
        return why_not(row(kind, **values), asked(quantity, buyer))

    assert why(state=ListState.DRAFT) == "Listan är ett utkast."
    assert why(state=ListState.ENDED) == "Listan är avslutad."
    assert why(first=date(2026, 12, 1)) == "Listan gäller först från tis\u00a01\u00a0dec."
    assert why(last=date(2026, 11, 1)) == "Listan gällde till och med sön\u00a01\u00a0nov."
    assert why(ListKind.CUSTOMER) == "Listan är en annan kunds."
    assert why(ListKind.GROUP) == "Kunden är inte med i gruppen."
    assert why(ListKind.FRAMEWORK) == "Kunden får inte avropa på avtalet."
    assert why(least=20) == "Raden gäller från 20."
    assert why(first=TODAY, last=TODAY) == ""


def test_equal_prices_are_decided_the_same_way_each_time():
    rows = [
        row(ListKind.CAMPAIGN, 20000, 1, last=TODAY),
        row(ListKind.STANDARD, 20000, 2),
        row(ListKind.STANDARD, 20000, 3),
    ]
    found = price(STANDARD, rows, [], asked())
    assert (found.row_id, found.campaign) == (2, None)
    assert [one.why_not for one in judge(STANDARD, rows, asked())[1:]] == ["Samma pris som raden som vann."] * 2


def test_steps_must_fall():
    steps = [Step(Decimal(20), Money(19000)), Step(Decimal(0), Money(20000))]
    assert [step.min_quantity for step in check_steps(steps)] == [0, 20]
    with pytest.raises(Refused, match="Ett större antal får inte ha högre pris"):
        check_steps([Step(Decimal(0), Money(19000)), Step(Decimal(20), Money(19001))])
    with pytest.raises(Refused, match="Två rader gäller från 20"):
        check_steps([Step(Decimal(20), Money(19000)), Step(Decimal("20.0"), Money(18000))])


@pytest.mark.parametrize(
    ("percent", "nearest", "becomes"),
    [
        ("3.5", 1, 21942),
        ("3.5", 10, 21940),
        ("3.5", 50, 21950),
        ("3.5", 100, 21900),
        ("-90", 10000, 10000),
        ("0", 1, 21200),
    ],
)
def test_a_copied_price_is_rounded_once(percent, nearest, becomes):
    assert adjusted(STANDARD, Decimal(percent), Money(nearest)) == Money(becomes)


@given(amounts, amounts, candidates(), quantities, days)
def test_a_member_pays_the_member_price_whatever_lists_say(own, inside, rows, quantity, day):
    """No list, campaign or quantity changes it, and every row that had a say is told why it did not give the price."""
    question = asked(quantity, Buyer(NORDBYN, frozenset({HOUSING}), member_id=4), day)
    found = price(own, rows, [], replace(question, member_price=inside))
    assert (found.unit_price, found.because, found.standard) == (inside, "Medlemspris", own)
    assert (found.row_id, found.campaign, found.steps, found.cost) == (None, None, (), None)
    assert found.is_members
    assert found.is_own
    told = {one.candidate.row_id: one.why_not for one in judge(own, rows, replace(question, member_price=inside))}
    assert told == {one.row_id: why_not(one, question) or "Medlemspriset går före." for one in rows}


@given(amounts, candidates(), quantities, days)
def test_without_a_member_price_a_member_pays_what_any_customer_does(own, rows, quantity, day):
    known = Buyer(NORDBYN, frozenset({HOUSING}))
    as_member = replace(known, member_id=4)
    assert price(own, rows, [], asked(quantity, as_member, day)) == price(own, rows, [], asked(quantity, known, day))
