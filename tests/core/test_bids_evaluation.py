"""Our bid beside assumed rivals, by each of the four models."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import Money
from bids.evaluation import Contender, Model, Terms, evaluate, price_to_win

OURS = Contender(
    name="Vi", price=Money.kronor(1_000_000), deductions=Money.kronor(150_000), quality=Decimal(80), is_ours=True
)
RIVAL = Contender(name="Rival", price=Money.kronor(900_000), deductions=Money.kronor(20_000), quality=Decimal(50))


def places(terms: Terms, *contenders: Contender) -> list[str]:
    return [one.contender.name for one in evaluate(contenders or (OURS, RIVAL), terms)]


def test_the_lowest_price_wins_and_deductions_can_turn_it():
    assert places(Terms(model=Model.LOWEST_PRICE)) == ["Rival", "Vi"]
    found = evaluate([OURS, RIVAL], Terms(model=Model.DEDUCTIONS))
    assert [(one.contender.name, one.place, one.figure) for one in found] == [
        ("Vi", 1, Money.kronor(850_000)),
        ("Rival", 2, Money.kronor(880_000)),
    ]


def test_relative_points_are_the_lowest_price_divided_by_ones_own():
    found = evaluate([OURS, RIVAL], Terms(model=Model.RELATIVE, price_weight=Decimal(60)))
    assert [(one.contender.name, one.price_points, one.quality_points, one.points) for one in found] == [
        ("Vi", Decimal("54.00"), Decimal("32.00"), Decimal("86.00")),
        ("Rival", Decimal("60.00"), Decimal("20.00"), Decimal("80.00")),
    ]


def test_a_scale_gives_points_between_its_ends_and_no_more():
    terms = Terms(
        model=Model.WEIGHTS,
        price_weight=Decimal(70),
        full_at=Money.kronor(800_000),
        none_at=Money.kronor(1_200_000),
    )
    cheap, dear = replace(RIVAL, price=Money.kronor(1)), replace(RIVAL, price=Money.kronor(5_000_000))
    points = [one.price_points for one in evaluate([cheap, OURS, dear], terms)]
    assert points == [Decimal("70.00"), Decimal("35.00"), Decimal("0.00")]


def test_equal_bids_share_a_place():
    found = evaluate([OURS, replace(OURS, name="Annan", is_ours=False), RIVAL], Terms(model=Model.LOWEST_PRICE))
    assert [one.place for one in found] == [1, 2, 2]


def test_the_price_that_would_win():
    assert price_to_win([OURS, RIVAL], Terms(model=Model.LOWEST_PRICE)) == Money.kronor(900_000)
    assert price_to_win([OURS, RIVAL], Terms(model=Model.DEDUCTIONS)) == Money.kronor(1_030_000)
    assert price_to_win([OURS], Terms(model=Model.LOWEST_PRICE)) == OURS.price
    hopeless = replace(OURS, quality=Decimal(0))
    perfect = replace(RIVAL, quality=Decimal(100))
    assert price_to_win([hopeless, perfect], Terms(model=Model.RELATIVE, price_weight=Decimal(0))) is None


def test_terms_and_bids_that_cannot_be():
    with pytest.raises(ValueError, match="weight"):
        evaluate([OURS], Terms(model=Model.RELATIVE, price_weight=Decimal(101)))
    with pytest.raises(ValueError, match="scale"):
        evaluate([OURS], Terms(model=Model.WEIGHTS, full_at=Money(5), none_at=Money(5)))
    for wrong in ({"price": Money(0)}, {"deductions": Money(-1)}, {"quality": Decimal(101)}):
        with pytest.raises(ValueError, match="Vi"):
            evaluate([replace(OURS, **wrong)], Terms(model=Model.LOWEST_PRICE))


contenders = st.builds(
    Contender,
    name=st.just("x"),
    price=st.integers(1, 10**9).map(Money),
    deductions=st.integers(0, 10**8).map(Money),
    quality=st.decimals(0, 100, places=1),
)
models = st.builds(
    Terms,
    model=st.sampled_from(Model),
    price_weight=st.integers(0, 100).map(Decimal),
    full_at=st.integers(0, 10**8).map(Money),
    none_at=st.integers(10**8 + 1, 10**9).map(Money),
)


@given(contenders, st.lists(contenders, max_size=5), models, st.integers(1, 10**9))
def test_a_lower_price_never_gives_a_worse_place(ours, rivals, terms, ore):
    lower = replace(ours, name="vi", price=Money(min(ore, ours.price.ore)))
    before = next(o.place for o in evaluate([replace(ours, name="vi"), *rivals], terms) if o.contender.name == "vi")
    after = next(o.place for o in evaluate([lower, *rivals], terms) if o.contender.name == "vi")
    assert after <= before


@given(st.lists(contenders, min_size=1, max_size=6), models)
def test_points_add_up_and_keep_their_limits(bids, terms):
    found = evaluate(bids, terms)
    assert len(found) == len(bids)
    assert found[0].place == 1
    for one in found:
        if one.points is not None:
            assert 0 <= one.price_points <= terms.price_weight
            assert 0 <= one.quality_points <= 100 - terms.price_weight
            assert abs(one.price_points + one.quality_points - one.points) <= Decimal("0.01")
        else:
            assert one.figure <= one.contender.price
    if terms.model is Model.RELATIVE:
        assert max(one.price_points for one in found) == terms.price_weight


def our_place(ours: Contender, rivals: list[Contender], terms: Terms, price: Money) -> int:
    found = evaluate([replace(ours, price=price), *rivals], terms)
    return next(one.place for one in found if one.contender.is_ours)


@given(contenders, st.lists(contenders, min_size=1, max_size=4), models)
def test_the_price_to_win_wins(ours, rivals, terms):
    ours = replace(ours, is_ours=True)
    price = price_to_win([ours, *rivals], terms)
    assert our_place(ours, rivals, terms, price or Money(1)) == 1 or price is None
    assert price is not None or our_place(ours, rivals, terms, Money(1)) > 1


@given(
    contenders, st.lists(contenders, min_size=1, max_size=4), st.sampled_from([Model.LOWEST_PRICE, Model.DEDUCTIONS])
)
def test_an_ore_more_than_the_price_to_win_does_not(ours, rivals, model):
    ours = replace(ours, is_ours=True)
    price = price_to_win([ours, *rivals], Terms(model=model))
    assert price is None or our_place(ours, rivals, Terms(model=model), price + Money(1)) > 1
