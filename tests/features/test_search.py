"""Searching: the same answers on both databases, held against an oracle that knows neither."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalog import queries, search
from app.catalog.models import ApprovalState
from app.catalog.queries import Filters
from app.db import db
from tests import make
from tests.people import text

NAMES = [
    "Fönsterputs",
    "Fonsterlampa",
    "Fruktkorg 5 kg",
    "Fruktkorg 50 kg",
    "Ekologisk fruktkorg",
    "Korg av tyg",
    "Korgar i ek",
    "Städning av kontor",
    "Stad i miniatyr",
    "Kontorsstädning",
    "Smörgås med räka",
    "Smörgåstårta",
    "E-postkurs",
]
WORDS = ["fönster", "fönst", "fonster", "korg", "korgar", "korgarna", "frukt", "5", "50", "kg", "ek", "eko", "stad"]
WORDS += ["städ", "städning", "smörgåsar", "räkor", "tårta", "e", "post", "i", "av", "kontoret", "xyzzy"]


@pytest.fixture
def shelf_of_names(app):
    """One article for each name; all belong to one shelf whose name none of the words touches."""
    category = make.make_category(name_sv="Qqq", name_en="Qqq")
    member = make.make_member(name="Zzz")
    for name in NAMES:
        article = make.make_article(
            name, category=category, description="Zzz.", number=f"Y{len(name)}{NAMES.index(name)}"
        )
        make.make_offering(article, member)
        search.reindex(article)
    return app


def found(query: str) -> list[str]:
    articles = {article.id: article.name for article in db.session.scalars(db.select(make.Article))}
    return [articles[id_] for id_ in search.hits(search.query_words(query))]


def says_oracle(name: str, words: list[str]) -> bool:
    """Every word is the beginning of a word of the name, or has its stem; a single sign must be a word of its own."""
    there = search.words_of(name)
    forms = set(there) | {search.stem(word) for word in there}
    return all(
        (word in forms)
        if len(word) == 1
        else search.stem(word) in forms or any(form.startswith(word) for form in forms)
        for word in words
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3))
def test_every_word_must_fit_in_any_order(shelf_of_names, words):
    expected = {name for name in NAMES if says_oracle(name, words)}
    assert set(found(" ".join(words))) == expected
    assert set(found(" ".join(reversed(words)))) == expected


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("fönster", {"Fönsterputs"}),
        ("fonster", {"Fonsterlampa"}),
        ("FÖNSTER", {"Fönsterputs"}),
        ("städ", {"Städning av kontor"}),
        ("stad", {"Stad i miniatyr"}),
        ("smörgåsar", {"Smörgås med räka"}),
        ("korg fruktkorg", set()),
        ("kg fruktkorg", {"Fruktkorg 5 kg", "Fruktkorg 50 kg"}),
        ("5 kg", {"Fruktkorg 5 kg"}),
        ("korgarna", {"Korg av tyg", "Korgar i ek"}),
        ("e-post", {"E-postkurs"}),
    ],
)
def test_what_people_mean(shelf_of_names, query, names):
    assert set(found(query)) == names


HOSTILE = [
    "x" * 10_000,
    "ett " * 5000,
    '"',
    "'; DROP TABLE article; --",
    'fönster" OR "1',
    "NEAR(a b)",
    "a AND b OR NOT c",
    "name : frukt",
    "*",
    "frukt*",
    "^frukt",
    "%_%",
    "\\",
    "((((",
    ":* & | !",
    "…!?.,;",
    "\u202efrukt",
    "😀",
    "ﬁ ß İ ǆ",
]


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_searches_are_harmless(shelf_of_names, visit, query):
    answer = visit().get("/katalog", query_string={"q": query})
    assert answer.status_code == 200
    assert len(db.session.scalars(db.select(make.Article)).all()) == len(NAMES)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_any_text_can_be_sought(shelf_of_names, typed):
    found = search.hits(search.query_words(typed))
    assert len(found) == len(set(found)) <= len(NAMES)


def test_only_punctuation_asks_for_nothing_and_shows_all(shelf_of_names, visit):
    page = visit().page("/katalog?q=!!!")
    assert len(page.cssselect("li.article")) == len(NAMES)


def test_more_than_twelve_words_are_cut_and_said(shelf_of_names, visit):
    page = visit().page("/katalog?q=" + "+".join(f"ord{n}" for n in range(20)))
    assert "första 12 orden" in text(page)
    assert "första 12 orden" not in text(visit().page("/katalog?q=ett+tv%C3%A5"))


def test_the_name_weighs_most(app):
    member = make.make_member()
    for name, description in (("Affisch", "En korg på bild."), ("Bok", "Om korg, korg och korg."), ("Korg", "Flätad.")):
        article = make.make_article(name, description=description)
        make.make_offering(article, member)
        search.reindex(article)
    assert found("korg")[0] == "Korg"
    assert set(found("korg")) == {"Korg", "Affisch", "Bok"}


def test_category_cpv_number_and_members_are_sought_too(app):
    category = make.make_category(name_sv="Dryckesvaror", name_en="Drinks")
    article = make.make_article("Låda", category=category, number="KORG-77", cpv="03222000-3")
    make.make_offering(article, make.make_member(name="Lövskogens Café ek. för."))
    search.reindex(article)
    for query in ("dryckesvaror", "drinks", "nötter", "nuts", "korg-77", "03222000-3", "lövskogens", "levererad"):
        assert found(query) == ["Låda"], query


def test_a_changed_member_name_is_found_after_reindexing(app):
    member, article = make.make_member(name="Gamla namnet"), make.make_article("Låda")
    make.make_offering(article, member)
    search.reindex(article)
    member.name = "Nyadöpt"
    search.reindex_member(member.id)
    assert found("nyadöpt") == ["Låda"]
    assert found("gamla") == []


def test_a_common_word_is_ranked_no_further_than_a_thousand(app, queries):
    member = make.make_member()
    category = make.any_category()
    for number in range(search.MOST_HITS + 30):
        article = make.make_article(f"Korg {number}", category=category)
        make.make_offering(article, member)
    search.reindex_all()
    catalog_page("låda")  # the bundles of this edition are remembered from here on
    with queries() as seen:
        page = catalog_page("korg")
    assert (page.total, page.more, page.last, len(seen)) == (1000, True, 42, 4)
    assert len(catalog_page("korg", 42).items) == 1000 - 41 * 24
    assert [card.name for card in catalog_page("korg 7").items] == ["Korg 7"]


def catalog_page(query: str, number: int = 1) -> queries.Page:
    return queries.catalog_page(Filters(words=search.query_words(query)), number, queries.edition())


def test_what_is_not_approved_is_not_found(app):
    article = make.make_article("Hemlig låda", state=ApprovalState.PROPOSED)
    make.make_offering(article, make.make_member())
    search.reindex(article)
    assert catalog_page("hemlig").items == []
    article.state = ApprovalState.APPROVED
    search.reindex(article)
    assert [card.name for card in catalog_page("hemlig").items] == ["Hemlig låda"]
