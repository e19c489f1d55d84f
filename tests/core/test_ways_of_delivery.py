"""In which ways a parcel can come, at what fee, and why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.money import NOUGHT, Money
from app.orders.delivery.terms import check
from app.orders.delivery.ways import (
    FREELY,
    Impossible,
    Load,
    Obstacle,
    Possible,
    Terms,
    Way,
    WayKind,
    WeightStep,
    Window,
    answer,
    can_bring,
    closed_to,
    judge,
    next_day,
)

MONDAY = date(2026, 11, 30)
GOTHENBURG, MOLNDAL, BORAS = "1480", "1481", "1490"
STEPS = (WeightStep(Decimal(10), Money(0)), WeightStep(Decimal(50), Money.kronor(80)))
VAN = Way(
    "1",
    WayKind.OWN,
    Terms(
        weekdays=(1, 3),
        windows=(Window("08:00", "12:00"),),
        municipalities=(GOTHENBURG, MOLNDAL),
        per_stop=Money.kronor(120),
        steps=STEPS,
        free_from=Money.kronor(2000),
    ),
)
COLLECT = Way("2", WayKind.COLLECT, Terms(hours="8-16"), place="Provgatan 1", municipality=GOTHENBURG)
LIGHT = Load(GOTHENBURG, MONDAY + timedelta(days=1), Decimal(5), Money.kronor(500))

places = st.sampled_from([GOTHENBURG, MOLNDAL, BORAS])
kronor = st.integers(0, 5000).map(Money.kronor)
weights = st.decimals(0, 200, places=3)
steps = st.lists(st.tuples(st.integers(1, 150), st.integers(0, 900)), max_size=4, unique_by=lambda one: one[0]).map(
    lambda pairs: tuple(
        WeightStep(Decimal(up_to), Money.kronor(fee))
        for up_to, fee in zip(sorted(one[0] for one in pairs), sorted(one[1] for one in pairs), strict=True)
    )
)
terms = st.builds(
    Terms,
    weekdays=st.sets(st.integers(0, 4), min_size=1).map(lambda days: tuple(sorted(days))),
    municipalities=st.sets(places, min_size=1).map(lambda codes: tuple(sorted(codes))),
    per_stop=kronor,
    steps=steps,
    free_from=st.none() | st.integers(1, 5000).map(Money.kronor),
)
own = st.builds(Way, key=st.sampled_from(["3", "4", "5"]), kind=st.just(WayKind.OWN), terms=terms)
collecting = st.just(COLLECT)
loads = st.builds(Load, places, st.integers(0, 13).map(lambda n: MONDAY + timedelta(days=n)), weights, kronor)
some_ways = st.lists(own | collecting, max_size=5, unique_by=lambda way: way.key)


def test_the_stop_and_the_weight_are_paid_for():
    assert judge(VAN, LIGHT) == Possible(VAN, Money.kronor(120))
    assert judge(VAN, replace(LIGHT, weight=Decimal("10.5"))) == Possible(VAN, Money.kronor(200))


def test_above_an_amount_it_is_free():
    assert judge(VAN, replace(LIGHT, weight=Decimal(40), value=Money.kronor(2000))) == Possible(VAN, NOUGHT)


@pytest.mark.parametrize(
    ("load", "why"),
    [
        (replace(LIGHT, municipality=BORAS), Obstacle.PLACE),
        (replace(LIGHT, day=MONDAY), Obstacle.DAY),
        (replace(LIGHT, weight=Decimal(51)), Obstacle.WEIGHT),
        (replace(LIGHT, weight=Decimal(51), value=Money.kronor(9000)), Obstacle.WEIGHT),
    ],
)
def test_what_cannot_be_is_said_with_its_reason(load: Load, why: Obstacle):
    assert judge(VAN, load) == Impossible(VAN, why)


def test_collecting_costs_nothing_and_comes_last():
    found = answer([COLLECT, VAN], LIGHT)
    assert [one.way.key for one in found.possible] == ["1", "2"]
    assert answer([COLLECT, VAN], replace(LIGHT, municipality=BORAS)).best == Possible(COLLECT, NOUGHT)


@given(some_ways, loads, st.none() | st.booleans())
def test_what_is_proposed_is_the_cheapest_of_what_was_chosen_last(ways: list[Way], load: Load, brings: bool | None):
    found = answer(ways, load)
    one = found.proposed(brings, load.municipality)
    assert (one is None) == (not found.comes), "nobody has to collect unless it chooses to"
    if one is not None:
        near = [each for each in found.possible if each.way.brings or load.municipality == GOTHENBURG]
        alike = [each for each in found.possible if each.way.brings == brings] or near
        assert one in alike
        assert one.fee == min(each.fee for each in alike)
        assert one.way.brings or all(each.fee > NOUGHT for each in alike if each.way.brings)


def test_nobody_is_sent_to_another_municipality_to_collect_unless_it_has_been_there():
    found = answer([COLLECT, VAN], replace(LIGHT, municipality=MOLNDAL))
    assert found.proposed(None, MOLNDAL) == Possible(VAN, Money.kronor(120))
    assert found.proposed(False, MOLNDAL) == Possible(COLLECT, NOUGHT)
    assert answer([COLLECT, VAN], LIGHT).proposed(None, GOTHENBURG) == Possible(COLLECT, NOUGHT)


def test_the_next_day_on_which_it_can_come():
    week = [MONDAY + timedelta(days=n) for n in range(7)]
    assert next_day([VAN, COLLECT], replace(LIGHT, day=MONDAY), week) == MONDAY + timedelta(days=1)
    assert next_day([COLLECT], LIGHT, week) is None


@given(loads)
def test_who_has_said_nothing_delivers_freely_on_working_days(load: Load):
    found = judge(FREELY, load)
    assert found == (Possible(FREELY, NOUGHT) if load.day.weekday() < 5 else Impossible(FREELY, Obstacle.DAY))


@given(some_ways, loads)
def test_each_way_is_either_possible_or_not_and_the_best_is_brought_and_cheapest(ways: list[Way], load: Load):
    found = answer(ways, load)
    assert sorted([one.way.key for one in (*found.possible, *found.impossible)]) == sorted(way.key for way in ways)
    assert answer(reversed(ways), load).possible == found.possible
    brought = [one.fee for one in found.possible if one.way.brings]
    if brought and found.best:
        assert found.best.way.brings
        assert found.best.fee == min(brought)


@given(terms, loads, weights, kronor)
def test_a_fee_is_never_negative_never_falls_with_weight_never_grows_with_value(
    agreed: Terms, load: Load, more: Decimal, dearer: Money
):
    way = Way("9", WayKind.OWN, agreed)
    light = judge(way, load)
    heavy = judge(way, replace(load, weight=load.weight + more))
    dear = judge(way, replace(load, value=load.value + dearer))
    if isinstance(light, Impossible):
        assert isinstance(heavy, Impossible)
        return
    assert light.fee >= NOUGHT
    assert isinstance(dear, Possible)
    assert dear.fee <= light.fee
    if isinstance(heavy, Possible):
        assert heavy.fee >= light.fee


@given(terms)
def test_terms_that_hold_are_kept_as_they_are(agreed: Terms):
    assert check(WayKind.OWN, agreed) == agreed


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekdays": ()},
        {"weekdays": (5,)},
        {"municipalities": ()},
        {"municipalities": ("9999",)},
        {"per_stop": Money(-1)},
        {"free_from": NOUGHT},
        {"windows": (Window("12:00", "08:00"),)},
        {"windows": (Window("8", "12"),)},
        {"windows": (Window("08:00", "12:00"), Window("11:00", "13:00"))},
        {"steps": (WeightStep(Decimal(0), NOUGHT),)},
        {"steps": (WeightStep(Decimal(5), Money(900)), WeightStep(Decimal(9), Money(100)))},
        {"steps": (WeightStep(Decimal(5), NOUGHT), WeightStep(Decimal(5), NOUGHT))},
    ],
)
def test_terms_that_cannot_be_are_refused(wrong: dict[str, object]):
    with pytest.raises(Refused):
        check(WayKind.OWN, replace(VAN.terms, **wrong))


def test_whoever_lets_customers_collect_says_when():
    with pytest.raises(Refused):
        check(WayKind.COLLECT, Terms())
    kept = check(WayKind.COLLECT, Terms(weekdays=(4, 0), hours=" 8-16 ", per_stop=Money(500)))
    assert kept == Terms(weekdays=(0, 4), hours="8-16")


SOFA, LAMP, MOWING = 1, 2, 3
"""The sofa is only collected, the mowing only done by the member itself, and the lamp comes as it may."""
only = st.dictionaries(st.sampled_from([SOFA, LAMP, MOWING]), st.sampled_from([WayKind.OWN, WayKind.COLLECT]))
carried = st.builds(
    Way, key=st.sampled_from(["6.1", "7.1"]), kind=st.just(WayKind.CARRIED), terms=terms, carrier=st.just(9)
)
all_ways = st.lists(own | collecting | carried, max_size=6, unique_by=lambda way: way.key)


def test_what_is_only_collected_is_never_brought_and_the_other_way_round():
    ways = closed_to([VAN, COLLECT], {SOFA: WayKind.COLLECT, MOWING: WayKind.OWN})
    sofa, mowing, both = (answer(ways, replace(LIGHT, articles=frozenset(some))) for some in
                          ({SOFA}, {MOWING, LAMP}, {SOFA, MOWING}))  # fmt: skip
    assert [one.way.key for one in sofa.possible] == [COLLECT.key]
    assert (sofa.comes, sofa.only_collected) == (False, True)
    assert [one.way.key for one in mowing.possible] == [VAN.key]
    assert both.possible == ()
    assert {one.why for one in both.impossible} == {Obstacle.ARTICLE}


@given(all_ways, only, loads, st.frozensets(st.sampled_from([SOFA, LAMP, MOWING])))
def test_a_parcel_comes_only_in_ways_in_which_each_article_in_it_may(ways, limits, load, articles):
    found = answer(closed_to(ways, limits), replace(load, articles=articles))
    wanted = {limits[one] for one in articles if one in limits}
    assert all({one.way.kind} >= wanted for one in found.possible)
    before = {one.way.key: one.fee for one in answer(ways, load).possible if {one.way.kind} >= wanted}
    assert {one.way.key: one.fee for one in found.possible} == before, (
        "else nothing is otherwise, and it costs the same"
    )
    assert len(found.possible) + len(found.impossible) == len(ways)


@given(all_ways, only, loads)
def test_who_can_bring_an_article_brings_it_in_a_way_that_it_may_come(ways, limits, load):
    for article in (SOFA, LAMP, MOWING):
        can = can_bring(closed_to(ways, limits), load.municipality, load.day, article)
        light = Load(load.municipality, load.day, articles=frozenset({article}))
        assert can == answer(closed_to(ways, limits), light).comes
        assert not (can and limits.get(article) == WayKind.COLLECT)
