"""How much of each member's week is kept for what comes again."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.orders.standing.holding import Room, spread

TOWN, BY_THE_SEA, INLAND = "1480", "1484", "1490"


def test_who_delivers_in_few_places_keeps_first_and_the_rest_goes_to_the_next():
    rooms = [Room(1, Decimal(10), {TOWN, INLAND}), Room(2, Decimal(4), {TOWN})]
    assert spread({TOWN: Decimal(6)}, rooms) == {2: 4, 1: 2}


def test_what_nobody_can_carry_keeps_nothing():
    assert spread({BY_THE_SEA: Decimal(6)}, [Room(1, Decimal(10), {TOWN})]) == {}
    assert spread({TOWN: Decimal(6)}, [Room(1, Decimal(-3), {TOWN})]) == {}


quantities = st.integers(-5, 60).map(Decimal)
places = st.sampled_from([TOWN, BY_THE_SEA, INLAND])
wanted = st.dictionaries(places, st.integers(1, 50).map(Decimal))
rooms = st.lists(st.tuples(quantities, st.sets(places)), max_size=6).map(
    lambda some: [Room(number, free, where) for number, (free, where) in enumerate(some)]
)


@given(wanted, rooms)
def test_no_more_is_kept_than_is_wanted_or_free_and_only_where_it_is_delivered(places, some):
    kept = spread(places, some)
    by_id = {one.offering: one for one in some}
    assert sum(kept.values()) <= sum(places.values())
    for offering, quantity in kept.items():
        assert 0 < quantity <= by_id[offering].free
        assert set(places) & set(by_id[offering].municipalities)


@given(wanted, rooms)
def test_while_there_is_room_all_that_is_wanted_in_one_place_is_kept(places, some):
    for place, quantity in places.items():
        free = sum((max(one.free, Decimal(0)) for one in some if place in one.municipalities), Decimal(0))
        assert sum(spread({place: quantity}, some).values()) == min(quantity, free)
