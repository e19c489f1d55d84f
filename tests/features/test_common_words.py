"""A common word: of more hits than anybody looks at, those of the best kind are found, and of each kind the newest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import clock
from app.catalog import language, reading, search, seed, vocabulary
from app.catalog.filters import Filters
from tests.furnished import furnished

pytestmark = pytest.mark.both

ARTICLES, MOST = 2200, 12
QUESTIONS = [
    ("anslagstavla", Filters()),
    ("ek", Filters()),
    ("fika", Filters()),
    ("kaffe kaka", Filters()),
    ("ek", Filters(kind="goods")),
    ("anslagstavla ek", Filters(kind="goods")),
    ("", Filters(municipality="the town")),
    ("", Filters(kind="goods")),
    ("", Filters()),
    ("fika anslagstavla", Filters()),
]


@furnished
def many(app):
    """Made-up articles of a few members; where most of them can be had stands for *the town*."""
    seed.seed(ARTICLES, 12, now=clock.now())
    return app


def best(found: reading.Found) -> list[tuple[int, int]]:
    """(tier, id), the best tier first and in it the newest."""
    return sorted(((tier, id_) for id_, tier in found.items()), key=lambda one: (one[0], -one[1]))


@pytest.mark.parametrize(("typed", "filters"), QUESTIONS)
def test_the_newest_of_the_best_are_found(many, monkeypatch, typed, filters):
    if filters.municipality:
        filters = replace(filters, municipality=next(iter(vocabulary.most_of_kinds({"fk"}, 1)["fk"])))
    asked = search.understand(language.query_words(typed), filters=filters.tokens)
    tiers = search.tiers_of(asked, filters.tokens)
    question = reading.Question(filters.tokens, (), asked.counts)
    for bound in ("COMPLETE", "MOST_HITS"):
        monkeypatch.setattr(reading, bound, ARTICLES)
    everything = best(reading.read(tiers, question)[0])
    few = {"COMPLETE": MOST, "ENOUGH": MOST, "MOST_HITS": MOST, "MOST_READ": 3 * MOST, "WORTHWHILE": 1}
    for name, bound in few.items():
        monkeypatch.setattr(reading, name, bound)
    tier_of, rows = reading.read(tiers, question)
    found = best(tier_of)
    assert (rows is None) == (len(found) > MOST)
    assert found[: MOST + 1] == everything[: MOST + 1]
    assert len(everything) > MOST or typed == "fika anslagstavla"
