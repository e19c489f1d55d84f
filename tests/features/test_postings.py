"""The sets of articles that each token stands in: written as changes, read as bits, and the same as plain sets."""

from __future__ import annotations

from random import Random

import pytest
from sqlalchemy import select

from app.catalog import indexing, language, postings, reading, search
from app.catalog.indexing import SOLD
from app.catalog.models import Article
from app.catalog.postings import BLOCK, Stretch
from app.db import db
from tests import make
from tests.furnished import furnished

pytestmark = pytest.mark.both

EVERYTHING = Stretch(0, 3)


@pytest.fixture
def empty(app):
    postings.forget()
    return app


def ids_of(token: str, stretch: Stretch = EVERYTHING) -> list[int]:
    return postings.ids_of(postings.read([token], stretch)[token], stretch)


def test_what_is_written_is_read_the_newest_first(empty):
    lot = Random(3)  # noqa: S311  made-up articles, not secrets
    tokens = {"rfrukt": 2, "lfrukt": 40, "fs": 1, "rnorr": 5000, "wnever": 10**9}
    held: dict[int, set[str]] = {}
    for _ in range(3):
        ids = lot.sample(range(1, 3 * BLOCK), 20_000)
        before = {id_: held[id_] for id_ in ids if id_ in held}
        after = {id_: {token for token, of in tokens.items() if lot.randrange(of) == 0} for id_ in ids[:17_000]}
        postings.change(before, after)
        held = {id_: tokens for id_, tokens in held.items() if id_ not in before} | after
        for token in tokens:
            assert ids_of(token) == sorted((id_ for id_ in held if token in held[id_]), reverse=True), token


def test_a_stretch_is_a_part(empty):
    postings.change({}, {id_: {"fs"} for id_ in (1, BLOCK - 1, BLOCK, 2 * BLOCK - 1, 2 * BLOCK)})
    assert ids_of("fs", Stretch(1, 1)) == [2 * BLOCK - 1, BLOCK]
    assert ids_of("fs", Stretch(0, 2)) == [2 * BLOCK - 1, BLOCK, BLOCK - 1, 1]
    assert postings.ids_of(postings.of_ids([1, BLOCK, 2 * BLOCK], Stretch(1, 1)), Stretch(1, 1)) == [BLOCK]


def test_a_token_that_no_article_has_any_more_leaves_nothing(empty):
    postings.change({}, {7: {"rskynda"}, 8: {"rskynda"}})
    postings.change({7: {"rskynda"}, 8: {"rskynda"}}, {7: {"rlugn"}})
    assert db.session.scalars(select(postings.SearchPosting.term)).all() == ["rlugn"]


NAMES = [
    "Fönsterputs",
    "Putsning av fönster",
    "Fruktkorg 5 kg",
    "Fruktkorg 50 kg",
    "Ekologisk fruktkorg",
    "Korg av tyg",
]
QUESTIONS = [
    *NAMES,
    "korg",
    "frukt korg",
    "5",
    "kg korg",
    "fönster",
    "Y1 korg",
    "Y2",
    "zzz",
    "qqq korg",
    "putsade fönstren",
]


@furnished
def shelf(app):
    """One article for each name, of one member."""
    category, member = make.make_category(name_sv="Qqq", name_en="Qqq"), make.make_member(name="Zzz")
    for number, name in enumerate(NAMES):
        article = make.make_article(name, category=category, description="Korgar.", number=f"Y{number}")
        make.make_offering(article, member)
        indexing.reindex(article)
    return app


@pytest.mark.parametrize("typed", QUESTIONS)
def test_common_words_find_what_rare_ones_do(shelf, monkeypatch, typed):
    """Nothing is common here; where everything is taken to be, the answers are the same."""
    asked = search.understand(language.query_words(typed))
    rare = [search.hits(asked), search.find(asked, (SOLD,)).ids, search.hits(asked, Article.number != "Y3")]
    assert rare[0]
    monkeypatch.setattr(reading, "COMPLETE", -1)
    assert [search.hits(asked), search.find(asked, (SOLD,)).ids, search.hits(asked, Article.number != "Y3")] == rare


@pytest.mark.parametrize("typed", QUESTIONS)
def test_no_more_are_looked_through_than_are_ranked(shelf, monkeypatch, typed):
    """Two hits are very many here, and they are looked through one by one: what is ranked are hits of the best kind."""
    asked = search.understand(language.query_words(typed))
    condition = Article.number != "Y3"
    every = search.find(asked, (SOLD,), condition).ids
    for name, most in (("COMPLETE", -1), ("MOST_HITS", 1), ("LEAST_READ", 1)):
        monkeypatch.setattr(reading, name, most)
    monkeypatch.setattr(search, "MOST_HITS", 1)
    found = search.find(asked, (SOLD,), condition)
    assert (len(found.ids), found.more) == (min(1, len(every)), len(every) > 1)
    assert set(found.ids) <= set(every)


def test_a_change_is_followed_at_once(shelf, monkeypatch):
    monkeypatch.setattr(reading, "COMPLETE", -1)
    article = db.session.scalars(select(Article).limit(1)).one()
    article.name = "Zebrafärgad drakfrukt"
    indexing.reindex(article)
    assert search.hits(["zebrafärgad"]) == [article.id]
    article.name = "Något annat"
    indexing.reindex(article)
    assert search.hits(["zebrafärgad"]) == []
