"""Finds articles by what people mean: the same answers on SQLite (FTS5) and PostgreSQL (a tsvector under GIN).

The databases only look tokens up (see indexing.py for what tokens there are). What a word may match, how far the index
is read and which hit is better is decided here, so that nothing is left for two engines to disagree on. The answer is:

1. Small words such as *av* are left out where others remain. A word matches an article that has its root, the root of
   one of its synonyms, or, for a compound, the roots of both its parts. A word that would match nothing stands for the
   words that begin with it, at most twenty, and else for the word that it is a misspelling of.
2. An article is a hit when every word matches. Better is: all words as written in the name; then all roots in the
   name; then all in the name by parts or synonyms; then in name, number and labels; then anywhere. Then by name and id.
3. Of each tier, the best first, the newest articles are read, until there are more than `MOST_HITS` hits or nothing is
   left to read (see reading.py). Of so many the order in each tier is not the name's but the newest first, since the
   rest is not there: "fler än 1 000 träffar".
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from app.catalog import synonyms, vocabulary
from app.catalog.hits import FIRST, Hit, rows_of
from app.catalog.indexing import SOLD
from app.catalog.language import SMALL_WORDS, root, splits
from app.catalog.matching import TIERS, Understood, Word, formula, index, matching
from app.catalog.models import Article
from app.catalog.quickness import Soon
from app.catalog.reading import MOST_HITS, Question, Tier, read


def understand(words: Sequence[str], *, exact: bool = False, filters: Collection[str] = ()) -> Understood:
    """What a search means, and how frequent its words and filters are.

    With `exact` no word is replaced by another one that is spelt like it.
    """
    asked = tuple(_meaning(word) for word in words if word not in SMALL_WORDS) or tuple(map(_meaning, words))
    counts = vocabulary.counts({*_tokens_of(asked), *filters})
    known = {word.written: word for word in asked if _is_there(word, counts) or _has_digit(word.written)}
    found, corrected = [], []
    for word in asked:
        better = known.get(word.written) or _as_beginning(word)
        if better is None and not exact and (meant := vocabulary.meant_by(word.written)):
            better = _meaning(meant)
            corrected.append((word.written, meant))
        found.append(better or word)
    if len(known) < len(asked):
        counts = vocabulary.counts({*_tokens_of(found), *filters})
    return Understood(tuple(found), tuple(corrected), counts)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search finds."""

    ids: tuple[int, ...]
    """The best first, at most `MOST_HITS`."""
    more: bool
    """Whether there are more."""
    rows: Sequence[Hit]
    """What lists know of them; of a long list, of the first `FIRST`."""


def hits(asked: Understood | Sequence[str], *conditions: ColumnElement[bool]) -> list[int]:
    """Ids of the articles that a search finds, sold or not, the best first.

    The conditions are on Article. Words alone are understood exactly as they are written. No words give no hits.
    """
    asked = asked if isinstance(asked, Understood) else understand(asked, exact=True)
    return list(find(asked, (), *conditions).ids) if asked.words else []


def find(
    asked: Understood, filters: Collection[str], *conditions: ColumnElement[bool], soon: Soon | None = None
) -> Answer:
    """What a search finds among the articles that have all filters; without words that is all of these.

    The filters are tokens such as ``fk1480``, and must have been named to `understand`; the conditions are on Article.
    With `soon` the conditions ask for nothing but to be had in time, at the place that the filters name.
    """
    tiers = tiers_of(asked, filters)
    if not tiers:
        return Answer((), False, ())
    found, rows = read(tiers, Question(filters, conditions, asked.counts, soon))
    if rows is None:
        newest = sorted(found, key=lambda id_: (found[id_], -id_))
        return Answer(tuple(newest[:MOST_HITS]), True, rows_of(newest[:FIRST]))
    rows.sort(key=lambda row: (found[row.article_id], row.sort_name, row.article_id))
    return Answer(tuple(row.article_id for row in rows), False, rows)


def matches(words: Sequence[str]) -> ColumnElement[bool]:
    """The same match as a condition on Article, for lists in another order."""
    asked = understand(words, exact=True)
    wanted = formula(asked, TIERS[-1], ()) or []
    return Article.id.in_(select(index.c.rowid).where(matching(wanted, ())))


def _meaning(word: str) -> Word:
    ways = [(root(word),), *synonyms.of(word), *splits(word)]
    return Word(word, tuple(dict.fromkeys(ways)))


def _as_beginning(word: Word) -> Word | None:
    """The words of the catalogue that begin with it, or None."""
    longer = vocabulary.beginning_with(word.written) if len(word.written) > 1 else []
    ways = dict.fromkeys((*word.ways, *((root(one),) for one in longer)))
    return Word(word.written, tuple(ways)) if longer else None


def _has_digit(written: str) -> bool:
    """Running numbers are in the index but not in the vocabulary."""
    return any(sign.isdigit() for sign in written)


def _tokens_of(words: Collection[Word]) -> set[str]:
    roots = {one for word in words for one in word.roots}
    written = {kind + word.written for word in words for kind in "wd"}
    return {kind + one for one in roots for kind in "rnlm"} | written | {SOLD}


def _is_there(word: Word, counts: dict[str, int]) -> bool:
    """Whether an article can have it in any way."""
    ways = (all(any(counts.get(kind + one) for kind in "rnlm") for one in way) for way in word.ways)
    return any(ways) or bool(counts.get(f"d{word.written}"))


def tiers_of(asked: Understood, filters: Collection[str]) -> list[Tier]:
    """What the index is asked in each tier; a tier that can hold nothing more than a better one is left out."""
    tiers: list[Tier] = [] if asked.words else [([], 0)]
    for place, tier in enumerate(TIERS if asked.words else ()):
        wanted = formula(asked, tier, filters)
        if wanted is not None and wanted not in [better for better, _place in tiers]:
            tiers.append((wanted, place))
    return tiers
