"""How soon an article can come is the quickest of those who bring it there, place by place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.catalog import leads
from app.catalog.hits import made_by

TOWNS = ("1480", "1481", "0180", "2580")
MADE = st.dictionaries(
    st.sampled_from((1, 14, 148, 1480)), st.tuples(st.integers(0, 365), st.sets(st.sampled_from(TOWNS)))
)
"""Who makes an article: within how many days, and where; nowhere is possible."""


@given(MADE)
def test_each_place_has_the_quickest_of_those_who_come_there(made):
    who = made_by({member: towns for member, (_days, towns) in made.items()})
    written = leads.written({member: days for member, (days, _towns) in made.items()})
    quickest = {town: min((days for days, towns in made.values() if town in towns), default=None) for town in TOWNS}
    expected = {f"q{town}d{days}" for town, days in quickest.items() if days is not None}
    assert leads.tokens(who, written) == expected | ({f"qd{min(days for days, _ in made.values())}"} if made else set())


@given(MADE, st.integers(-1, 365))
def test_those_within_a_number_of_days_are_told_apart(made, most):
    written = leads.written({member: days for member, (days, _towns) in made.items()})
    assert leads.within(written, most) == {member for member, (days, _towns) in made.items() if days <= most}
