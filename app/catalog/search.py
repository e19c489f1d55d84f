"""Finds articles by what people mean: the same answers on SQLite (FTS5) and PostgreSQL (a tsvector under GIN).

The databases only look tokens up (see indexing.py for what tokens there are). What a word may match, how far the index
is read and which hit is better is decided here, so that nothing is left for two engines to disagree on. The answer is:

1. Small words such as *av* are left out where others remain. A word matches an article that has its root, the root of
   one of its synonyms, or, for a compound, the roots of both its parts. A word that would match nothing stands for the
   words that begin with it, at most twenty, and else for the word that it is a misspelling of.
2. An article is a hit when every word matches. Better is: all words as written in the name; then all roots in the
   name; then all in the name by parts or synonyms; then in name, number and labels; then anywhere. Then by name and id.
3. When at least one word or filter belongs to no more than `COMPLETE` articles, all hits are found. Else the newest
   articles are read, as many as hold `ENOUGH` of the rarest, and then more, until there are more than `MOST_HITS` hits
   or nothing is left to read. The best of those are the answer: "fler än 1 000 träffar".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    case,
    func,
    literal,
    select,
    union_all,
)

from app.catalog import synonyms, vocabulary
from app.catalog.indexing import BLOCK, SOLD, WIDE
from app.catalog.language import SMALL_WORDS, root, splits
from app.catalog.matching import (
    EVERYTHING,
    TIERS,
    Formula,
    Span,
    Understood,
    Word,
    answers,
    formula,
    index,
    matching,
)
from app.catalog.models import Article
from app.db import db

MOST_HITS = 1000
"""So many are ranked, whatever word is asked for: nobody turns forty pages."""
COMPLETE = ENOUGH = 1200
WORTHWHILE = 4
"""To read a larger part than a quarter by blocks takes longer than to read everything."""


def understand(words: Sequence[str], *, exact: bool = False, filters: Collection[str] = ()) -> Understood:
    """What a search means, and how frequent its words and filters are.

    With `exact` no word is replaced by another one that is spelt like it.
    """
    asked = tuple(_meaning(word) for word in words if word not in SMALL_WORDS) or tuple(map(_meaning, words))
    counts = vocabulary.counts({*_tokens_of(asked), *filters})
    known = {word.written: word for word in asked if any(_counts_of(word, counts)) or _has_digit(word.written)}
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


def hits(
    asked: Understood | Sequence[str],
    *conditions: ColumnElement[bool],
    filters: Collection[str] = (),
) -> list[int]:
    """Ids of the articles that a search finds, the best first, at most 1 001: one more says that there are more.

    The filters are tokens that each article must have, such as ``fk1480``, and must have been named to `understand`;
    the conditions are on Article. Words alone are understood exactly as they are written. No words give no hits.
    """
    asked = asked if isinstance(asked, Understood) else understand(asked, exact=True)
    if not asked.words:
        return []
    counted = [_counts_of(word, asked.counts) for word in asked.words]
    return _bounded(partial(_read, asked, conditions, filters), counted, asked.counts, filters)


def having(filters: Collection[str], counts: dict[str, int], *conditions: ColumnElement[bool]) -> list[int]:
    """Ids of the articles that have these filters, found as those of words are, by name, at most 1 001."""
    return _bounded(partial(_read, Understood(), conditions, filters), [], counts, filters)


def _bounded(
    read: Callable[[Span], list[int]],
    counted: Sequence[Sequence[int]],
    counts: dict[str, int],
    filters: Collection[str],
) -> list[int]:
    """All hits where something that is asked for is rare, and else those of as many of the newest as must be read.

    As if the rarest of all that is asked for decided; if the others make it rarer, the next step is so much longer.
    """
    of_filters = [counts.get(one, 0) for one in filters]
    if min([*map(sum, counted), *of_filters]) <= COMPLETE:
        return read(EVERYTHING)
    last = db.session.scalar(select(func.max(Article.id))) or 0
    needed = ENOUGH * last // min([*map(max, counted), *of_filters])
    while first := _first_id(last, needed):
        found = read(Span(first, last))
        if len(found) > MOST_HITS:
            return found
        needed = int((last - first) * min(16, max(1.5, ENOUGH / (len(found) + 1))))
    return read(EVERYTHING)


def matches(words: Sequence[str]) -> ColumnElement[bool]:
    """The same match as a condition on Article, for lists in another order."""
    asked = understand(words, exact=True)
    wanted = formula(asked, TIERS[-1], ()) or []
    return Article.id.in_(select(index.c.rowid).where(matching(wanted, (), EVERYTHING)))


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


def _counts_of(word: Word, counts: dict[str, int]) -> list[int]:
    """In how many articles it can at most be found in each way, and in their number."""
    ways = [min(sum(counts.get(kind + one, 0) for kind in "rnlm") for one in way) for way in word.ways]
    return [*ways, counts.get(f"d{word.written}", 0)]


def _first_id(last: int, needed: int) -> int:
    """From where the newest articles are read; 0 for all of them."""
    if needed >= last // WORTHWHILE:
        return 0
    size = BLOCK if needed <= WIDE else WIDE
    return (last - needed) // size * size


def _read(
    asked: Understood, conditions: Sequence[ColumnElement[bool]], filters: Collection[str], span: Span
) -> list[int]:
    """The best hits among the articles of a span. Without words all are equal."""
    tiers = _tiers(asked, filters)
    if not tiers:
        return []
    read = _look_for_each if db.engine.dialect.name == "sqlite" else _look_once
    found = read(tiers, filters, span)
    return list(db.session.scalars(_ranked(found.c.tier, found.c.rowid, conditions))) if found is not None else []


def _tiers(asked: Understood, filters: Collection[str]) -> list[tuple[Formula, int]]:
    """What the index is asked in each tier; a tier that can hold nothing more than a better one is left out."""
    tiers: list[tuple[Formula, int]] = [] if asked.words else [([], 0)]
    for place, tier in enumerate(TIERS if asked.words else ()):
        wanted = formula(asked, tier, filters)
        if wanted is not None and wanted not in [better for better, _place in tiers]:
            tiers.append((wanted, place))
    return tiers


def _look_once(tiers: Sequence[tuple[Formula, int]], filters: Collection[str], span: Span) -> Subquery | None:
    """PostgreSQL reads the row of each hit anyway, so that it can as well say in which tier it is."""
    *better, (widest, _place) = tiers
    cases = [(answers(one), place) for one, place in better]
    tier = case(*cases, else_=len(TIERS)) if cases else literal(0)
    return select(index.c.rowid, tier.label("tier")).where(matching(widest, filters, span)).subquery()


def _look_for_each(tiers: Sequence[tuple[Formula, int]], filters: Collection[str], span: Span) -> Subquery | None:
    """FTS5 finds rows faster than it tells anything about one, so that each tier is a search of its own."""
    looked = [(matching(one, filters, span), place) for one, place in tiers]
    together = len(tiers[-1][0]) > 1  # Each of several words may be common, and no article have them all.
    if together and db.session.execute(select(index.c.rowid).where(looked[-1][0]).limit(1)).first() is None:
        return None
    found = [
        select(index.c.rowid, literal(place, Integer, literal_execute=True).label("tier")).where(condition)
        for condition, place in looked
    ]
    every = union_all(*found).subquery()
    return select(every.c.rowid, func.min(every.c.tier).label("tier")).group_by(every.c.rowid).subquery()


def _ranked(
    tier: ColumnElement[int], rowid: ColumnElement[int], conditions: Sequence[ColumnElement[bool]]
) -> Select[int]:
    """The plus sign keeps SQLite from reading the articles first and asking the index about each of them."""
    return (
        select(Article.id)
        .join_from(rowid.table, Article, Article.id == rowid)
        .where(*conditions)
        .order_by(tier, Article.sort_name, Article.id)
        .limit(MOST_HITS + 1)
    )
