"""What is counted of hits is what stands in them, whoever makes them and wherever they are delivered."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.catalog.hits import Hit, figures, made_by, made_by_those

TOWNS = ("1480", "1481", "0180", "2580")
MEMBERS = (1, 14, 148, 1480)
PLACES = st.dictionaries(st.sampled_from(MEMBERS), st.sets(st.sampled_from(TOWNS)))
"""Where each member delivers an article; nowhere is possible, and an id may look like a municipality's code."""


def hits_of(articles: list[dict[int, set[str]]]) -> list[Hit]:
    return [
        Hit(id_, "", id_ % 3, "goods" if id_ % 2 else "placement", made_by(one), "") for id_, one in enumerate(articles)
    ]


@given(st.lists(PLACES))
def test_each_article_counts_once_for_each_member_and_municipality(articles):
    found = figures(hits_of(articles), {"category", "kind", "member", "municipality"})
    assert found["member"] == Counter(str(member) for one in articles for member in one)
    assert found["municipality"] == Counter(town for one in articles for town in set().union(*one.values()))
    assert found["category"] == Counter(str(id_ % 3) for id_ in range(len(articles)))
    assert found["kind"].total() == len(articles)


@given(st.lists(PLACES), st.sampled_from(TOWNS), st.sampled_from(MEMBERS))
def test_one_and_the_same_offering_has_what_is_chosen(articles, town, member):
    there = figures(hits_of(articles), {"member"}, municipality=town)["member"]
    assert there == Counter(str(one) for article in articles for one, towns in article.items() if town in towns)
    its = figures(hits_of(articles), {"municipality"}, member_id=member)["municipality"]
    assert its == Counter(town for article in articles for town in article.get(member, ()))


@given(PLACES, st.sets(st.sampled_from(MEMBERS)))
def test_what_some_of_them_make_is_left(places, some):
    left = {member: towns for member, towns in places.items() if member in some}
    assert figures(hits_of([left]), {"member", "municipality"}) == figures(
        [Hit(0, "", 0, "goods", made_by_those(made_by(places), some), "")], {"member", "municipality"}
    )
