"""Numbers, never persons: what of a member's figures everybody may see."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.members import outcomes

people = st.integers(0, 100_000)


@given(places=people, hours=st.integers(0, 10**8), to_work=people, to_studies=people)
def test_no_group_under_five_is_ever_told(places, hours, to_work, to_studies):
    seen = outcomes.figures(2025, places=places, hours=hours, to_work=to_work, to_studies=to_studies)
    for real, shown in ((places, seen.places), (to_work, seen.to_work), (to_studies, seen.to_studies)):
        assert shown == (real if real >= 5 else None)
    assert seen.hours == (hours if places >= 5 else None)


@given(data=st.data(), occupied=st.integers(1, 1000))
def test_a_share_is_told_of_five_and_more(data, occupied):
    target = data.draw(st.integers(0, occupied))
    share = outcomes.share(occupied, target)
    assert (share is None) == (target < 5)
    if share:
        assert 0 < share.percent <= 100 or target * 100 < occupied
        assert share.percent <= target / occupied * 100 < share.percent + 1


def test_the_edge_is_five():
    assert outcomes.shown(4) is None
    assert outcomes.shown(5) == 5
    assert outcomes.share(50, 31).percent == 62
