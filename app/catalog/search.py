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
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    case,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    union_all,
)

from app.catalog import synonyms, vocabulary
from app.catalog.indexing import BLOCK, SOLD, UNSOLD, WIDE
from app.catalog.language import root, splits
from app.catalog.models import Article
from app.db import db

MOST_HITS = 1000
"""So many are ranked, whatever word is asked for: nobody turns forty pages."""
COMPLETE = ENOUGH = 1500
WORTHWHILE = 4
"""To read a larger part than a quarter by blocks takes longer than to read everything."""
SMALL_WORDS = frozenset(
    "a an and at av de den det en ett for från för hos i in med mot och of om på som the till to ur utan vid åt".split()  # noqa: SIM905
)
TIERS = ("w", "r", "rn", "rnld", "rnldm")
"""In which tokens all words must be found, the best first. In the first a word counts only as written."""

_index = table("article_search", column("rowid", Integer), column("words"))


@dataclass(frozen=True, slots=True)
class Span:
    """The articles from one id to the last there is."""

    first: int
    last: int


EVERYTHING = Span(0, 0)


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
    return Article.id.in_(select(_index.c.rowid).where(_matching(asked, TIERS[-1], (), EVERYTHING)))


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
    tiers = TIERS if asked.words else TIERS[-1:]
    if db.engine.dialect.name == "sqlite":
        return _read_tiers(tiers, asked, conditions, filters, span)
    better = [(_index.c.words.op("@@")(_tsquery(asked, tier)), place) for place, tier in enumerate(tiers[:-1])]
    tier = case(*better, else_=len(tiers) - 1) if better else literal(0)
    found = select(_index.c.rowid, tier.label("tier")).where(_matching(asked, tiers[-1], filters, span)).subquery()
    return list(db.session.scalars(_ranked(found.c.tier, found.c.rowid, conditions)))


def _read_tiers(
    tiers: Sequence[str],
    asked: Understood,
    conditions: Sequence[ColumnElement[bool]],
    filters: Collection[str],
    span: Span,
) -> list[int]:
    """FTS5 finds rows faster than it tells anything about one, so that each tier is a search of its own."""
    found = [
        select(_index.c.rowid, literal(place, Integer, literal_execute=True).label("tier")).where(
            _matching(asked, tier, filters, span)
        )
        for place, tier in enumerate(tiers)
    ]
    every = union_all(*found).subquery()
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


def _matching(asked: Understood, tier: str, filters: Collection[str], span: Span) -> ColumnElement[bool]:
    """Whether an article has all words in one of the tier's tokens, and all filters."""
    every = _all_of(asked, tier) + [[(one,)] for one in sorted(filters) if one != SOLD]
    if not every:
        every.append([(SOLD,)])
    # What is sold is nearly everything: to leave out the rest is quicker, and needless where a filter says as much.
    left_out = SOLD in filters and len(filters) == 1
    if db.engine.dialect.name == "sqlite":
        wanted = _written(every, " AND ", " OR ", '"{}"') + (f' NOT "{UNSOLD}"' if left_out else "")
        found = literal_column("article_search").op("MATCH")(wanted)
        return found if span == EVERYTHING else found & (_index.c.rowid >= span.first)
    if span != EVERYTHING:
        every.append(_blocks(span))
    wanted = _written(every, " & ", " | ", "'{}'") + (f" & !'{UNSOLD}'" if left_out else "")
    return _index.c.words.op("@@")(_as_tsquery(wanted))


def _tsquery(asked: Understood, tier: str) -> ColumnElement[object]:
    return _as_tsquery(_written(_all_of(asked, tier), " & ", " | ", "'{}'"))


def _as_tsquery(written: str) -> ColumnElement[object]:
    """A literal that PostgreSQL reads without a parser of its own."""
    return literal(written).op("::")(literal_column("tsquery"))


def _all_of(asked: Understood, tier: str) -> list[list[tuple[str, ...]]]:
    return [_any_of(word, tier) for word in asked.words]


def _any_of(word: Word, tier: str) -> list[tuple[str, ...]]:
    """The ways in which a word can be found in a tier, as tokens; `_written` puts the kinds before them."""
    if tier == "w":
        return [(f"w{word.written}",)]
    if tier == "r":
        return [(f"r{word.ways[0][0]}",)]
    ways = [tuple(f"{tier.replace('d', '')}:{one}" for one in way) for way in word.ways]
    return ways + ([(f"d{word.written}",)] if "d" in tier else [])


def _blocks(span: Span) -> list[tuple[str, ...]]:
    """Tokens of the blocks of a span, in which PostgreSQL's index cannot find ids by themselves."""
    kind, size = ("fw", WIDE) if span.first % WIDE == 0 else ("fb", BLOCK)
    return [(f"{kind}{number}",) for number in range(span.first // size, span.last // size + 1)]


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
