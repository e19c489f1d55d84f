"""Finds articles by what people mean: the same answers on SQLite (FTS5) and PostgreSQL (a tsvector under GIN).

The databases only look tokens up (see indexing.py for what tokens there are). What a word may match, how far the index
is read and which hit is better is decided here, so that nothing is left for two engines to disagree on. The answer is:

1. Small words such as *av* are left out where others remain. A word matches an article that has its root, the root of
   one of its synonyms, or, for a compound, the roots of both its parts. A word that would match nothing stands for the
   words that begin with it, at most twenty, and else for the word that it is a misspelling of.
2. An article is a hit when every word matches. Better is: all words as written in the name; then all roots in the
   name; then all in the name by parts or synonyms; then in name, number and labels; then anywhere. Then by name and id.
3. When at least one word or filter belongs to no more than `COMPLETE` articles, all hits are found. Else the newest
   articles are read, as many as should hold `ENOUGH` hits and then four times as many, until there are more than
   `MOST_HITS` hits or nothing is left to read. The best of those are the answer: "fler än 1 000 träffar".
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from math import prod

from sqlalchemy import ColumnElement, Integer, Select, column, func, literal, literal_column, select, table, union_all

from app.catalog import synonyms, vocabulary
from app.catalog.indexing import BLOCK, SOLD, WIDE
from app.catalog.language import root, splits
from app.catalog.models import Article
from app.db import db

MOST_HITS = 1000
"""So many are ranked, whatever word is asked for: nobody turns forty pages."""
COMPLETE = 2000
ENOUGH = 2000
SMALL_WORDS = frozenset(
    "a an and at av de den det en ett for från för hos i in med mot och of om på som the till to ur utan vid åt".split()  # noqa: SIM905
)
TIERS = ("w", "r", "rn", "rnld", "rnldm")
"""In which tokens all words must be found, the best first. In the first a word counts only as written."""

_index = table("article_search", column("rowid", Integer), column("words"))


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a search and what it may match: any of the ways, each of which needs all of its roots."""

    written: str
    ways: tuple[tuple[str, ...], ...]

    @property
    def roots(self) -> set[str]:
        """All roots that it asks the index for."""
        return {one for way in self.ways for one in way}


@dataclass(frozen=True, slots=True)
class Understood:
    """What a search is taken to mean."""

    words: tuple[Word, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    """What was typed and what it was read as, for words that the catalogue does not have."""
    counts: dict[str, int] = field(default_factory=dict)
    """In how many sold articles the tokens stand."""

    def reads(self, typed: Sequence[str]) -> str:
        """The words as they were understood."""
        instead = dict(self.corrected)
        return " ".join(instead.get(word, word) for word in typed)


def understand(words: Sequence[str], *, exact: bool = False, filters: Collection[str] = ()) -> Understood:
    """What a search means, and how frequent its words and filters are.

    With `exact` no word is replaced by another one that is spelt like it.
    """
    asked = tuple(_meaning(word) for word in words if word not in SMALL_WORDS) or tuple(map(_meaning, words))
    counts = vocabulary.counts({*_tokens_of(asked), *filters})
    known = {word.written: word for word in asked if _count_of(word, counts) or _has_digit(word.written)}
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
    size = asked.counts.get(SOLD, 0)
    counted = [_count_of(word, asked.counts) for word in asked.words]
    counted += [asked.counts.get(one, 0) for one in filters]
    if min(counted) <= COMPLETE:
        return _read(asked, conditions, filters, 0)
    needed = int(ENOUGH / prod(min(1.0, count / size) for count in counted))
    last = db.session.scalar(select(func.max(Article.id))) or 0
    while first := _first_id(last, needed):
        found = _read(asked, conditions, filters, first)
        if len(found) > MOST_HITS:
            return found
        needed = max(needed, last - first) * 4
    return _read(asked, conditions, filters, 0)


def matches(words: Sequence[str]) -> ColumnElement[bool]:
    """The same match as a condition on Article, for lists in another order."""
    asked = understand(words, exact=True)
    return Article.id.in_(select(_index.c.rowid).where(_matching(asked, TIERS[-1], (), 0)))


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
    return {kind + one for one in roots for kind in "rnlm"} | {f"d{word.written}" for word in words} | {SOLD}


def _count_of(word: Word, counts: dict[str, int]) -> int:
    """In how many articles it can at most be found."""
    ways = (min(sum(counts.get(kind + one, 0) for kind in "rnlm") for one in way) for way in word.ways)
    return sum(ways) + counts.get(f"d{word.written}", 0)


def _first_id(last: int, needed: int) -> int:
    """From where the newest articles are read; 0 for all of them."""
    if needed >= last // 2:
        return 0
    size = BLOCK if needed <= WIDE else WIDE
    return max(0, (last - needed) // size * size)


def _read(
    asked: Understood, conditions: Sequence[ColumnElement[bool]], filters: Collection[str], first: int
) -> list[int]:
    """The best hits among the articles from an id on."""
    tiers = [
        select(_index.c.rowid, literal(place, Integer, literal_execute=True).label("tier")).where(
            _matching(asked, tier, filters, first)
        )
        for place, tier in enumerate(TIERS)
    ]
    every = union_all(*tiers).subquery()
    best = select(every.c.rowid, func.min(every.c.tier).label("tier")).group_by(every.c.rowid).subquery()
    return list(db.session.scalars(_ranked(best.c.tier, best.c.rowid, conditions)))


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


def _matching(asked: Understood, tier: str, filters: Collection[str], first: int) -> ColumnElement[bool]:
    """Whether an article has all words in one of the tier's tokens, and all filters."""
    every = [_any_of(word, tier) for word in asked.words] + [[(one,)] for one in sorted(filters)]
    if db.engine.dialect.name == "sqlite":
        found = literal_column("article_search").op("MATCH")(_written(every, " AND ", " OR ", '"{}"'))
        return found if not first else found & (_index.c.rowid >= first)
    if first:
        every.append(_blocks(first))
    wanted = literal(_written(every, " & ", " | ", "'{}'")).op("::")(literal_column("tsquery"))
    return _index.c.words.op("@@")(wanted)


def _any_of(word: Word, tier: str) -> list[tuple[str, ...]]:
    """The ways in which a word can be found in a tier, as tokens; `_written` puts the kinds before them."""
    if tier == "w":
        return [(f"w{word.written}",)]
    if tier == "r":
        return [(f"r{word.ways[0][0]}",)]
    ways = [tuple(f"{tier.replace('d', '')}:{one}" for one in way) for way in word.ways]
    return ways + ([(f"d{word.written}",)] if "d" in tier else [])


def _blocks(first: int) -> list[tuple[str, ...]]:
    """Tokens of the blocks that begin at an id: small ones to where a wide one begins, and wide ones from there."""
    last = (db.session.scalar(select(func.max(Article.id))) or 0) // BLOCK
    if first % WIDE == 0:
        return [(f"fw{number}",) for number in range(first // WIDE, last * BLOCK // WIDE + 1)]
    return [(f"fb{number}",) for number in range(first // BLOCK, last + 1)]


def _written(every: list[list[tuple[str, ...]]], both: str, either: str, quoted: str) -> str:
    """Words are letters and figures only, so nothing in them can be an operator."""

    def one(token: str) -> str:
        kinds, _, what = token.rpartition(":")
        if not kinds:
            return quoted.format(what)
        return "(" + either.join(quoted.format(kind + what) for kind in kinds) + ")"

    def way(tokens: tuple[str, ...]) -> str:
        return "(" + both.join(map(one, tokens)) + ")"

    return both.join("(" + either.join(map(way, ways)) + ")" for ways in every)
