"""Reads the search index no further than an answer needs: the best tier first, and in each the newest articles first.

The answer is the same on both databases, the way to it is not. FTS5 walks the rows of a search from the newest on and
stops when there are enough of them. PostgreSQL's index says which rows there are, all at once and in no order, so that
it is asked for the newest blocks of ids, and then for more of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from sqlalchemy import ColumnElement, Integer, Subquery, case, func, literal, select, union_all

from app.catalog import hits
from app.catalog.hits import Hit
from app.catalog.indexing import BLOCK, WIDE
from app.catalog.matching import EVERYTHING, TIERS, Formula, Span, answers, index, matching
from app.catalog.models import Article
from app.db import db

MOST_HITS = 1000
"""So many are ranked, whatever word is asked for: nobody turns forty pages."""
COMPLETE = ENOUGH = 1200
"""Where one word or filter belongs to no more articles, all hits are read at once; else so many are aimed at."""
MOST_READ = 3000
"""To look at so many rows costs no more than to look for the newest of them."""
WORTHWHILE = 4
"""To read a larger part than a quarter by blocks takes longer than to read everything."""
Tier = tuple[Formula, int]
"""What an article must have, and how good it is then: 0 is best."""
Found = tuple[int, Hit]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked beside the words: the filters as tokens, conditions on Article, and what is counted of tokens."""

    filters: Collection[str]
    conditions: Sequence[ColumnElement[bool]]
    counts: Mapping[str, int]

    def rarest(self, wanted: Formula) -> int:
        """How many articles at most have that of a formula and the filters which fewest have."""
        return min(self._each(wanted), default=0)

    def expected(self, wanted: Formula, articles: int) -> float:
        """How many of so many articles would have it all if none had to do with another."""
        return articles * prod(min(1.0, one / articles) for one in self._each(wanted)) if articles else 0.0

    def _each(self, wanted: Formula) -> list[int]:
        words = [sum(min(map(self._any, way)) for way in ways) for ways in wanted]
        return words + [self.counts.get(one, 0) for one in self.filters]

    def _any(self, tokens: Collection[str]) -> int:
        return sum(self.counts.get(one, 0) for one in tokens)


def read(tiers: Sequence[Tier], asked: Question) -> list[Found]:
    """All hits where something that is asked for is rare; else the newest of the best tiers, 1 001 at most."""
    if db.engine.dialect.name == "sqlite":
        return _read_rows(tiers, asked)
    return _read_blocks(tiers, asked)


def _read_rows(tiers: Sequence[Tier], asked: Question) -> list[Found]:
    """FTS5 finds rows faster than it tells anything about one, so that each tier is a search of its own."""
    widest, _place = tiers[-1]
    if asked.rarest(widest) <= COMPLETE:
        looked = [
            select(index.c.rowid, literal(place, Integer, literal_execute=True).label("tier")).where(
                matching(wanted, asked.filters, EVERYTHING)
            )
            for wanted, place in tiers
        ]
        every = union_all(*looked).subquery()
        found = select(every.c.rowid, func.min(every.c.tier).label("tier")).group_by(every.c.rowid).subquery()
        return _hits(found, asked)
    # Each of several may be common, and no article have them all: then one look is enough.
    any_at_all = select(index.c.rowid).where(matching(widest, asked.filters, EVERYTHING)).limit(1)
    if len(tiers) > 1 and db.session.execute(any_at_all).first() is None:
        return []
    return _in_turn(tiers, lambda wanted: _newest(wanted, asked, EVERYTHING))


def _read_blocks(tiers: Sequence[Tier], asked: Question) -> list[Found]:
    """PostgreSQL reads the row of each hit anyway, so that it can as well say in which tier it is."""
    widest, _place = tiers[-1]
    if asked.rarest(widest) <= COMPLETE:
        return _hits(_look_once(tiers, asked), asked)
    last = db.session.scalar(select(func.max(Article.id))) or 0
    if not asked.conditions and asked.expected(widest, last) < MOST_HITS:
        found = _hits(_look_once(tiers, asked, MOST_READ + 1), asked)
        if len(found) <= MOST_READ:
            return found
    return _in_turn(tiers, lambda wanted: _newest_in_blocks(wanted, asked, last))


def _in_turn(tiers: Sequence[Tier], newest: Callable[[Formula], Sequence[Hit]]) -> list[Found]:
    """Tier by tier until there are enough. What a tier holds, the next holds too."""
    found: dict[int, Found] = {}
    for wanted, place in tiers:
        for hit in newest(wanted):
            found.setdefault(hit.article_id, (place, hit))
            if len(found) > MOST_HITS:
                return list(found.values())
    return list(found.values())


def _newest_in_blocks(wanted: Formula, asked: Question, last: int) -> Sequence[Hit]:
    """As many of the newest blocks as hold enough if what is asked for is spread evenly; then more of them."""
    if asked.rarest(wanted) > COMPLETE:
        needed = int(ENOUGH * last / max(1.0, asked.expected(wanted, last)))
        while first := _first_id(last, needed):
            found = _newest(wanted, asked, Span(first, last))
            if len(found) > MOST_HITS:
                return found
            needed = int((last - first) * min(16, max(1.5, ENOUGH / (len(found) + 1))))
    return _newest(wanted, asked, EVERYTHING)


def _first_id(last: int, needed: int) -> int:
    """From where the newest articles are read; 0 for all of them."""
    if needed >= last // WORTHWHILE:
        return 0
    size = BLOCK if needed <= WIDE else WIDE
    return (last - needed) // size * size


def _newest(wanted: Formula, asked: Question, span: Span) -> list[Hit]:
    """The newest hits of one tier, one more than MOST_HITS, the newest first."""
    found = select(index.c.rowid).where(matching(wanted, asked.filters, span))
    if db.engine.dialect.name == "postgresql":
        found = found.offset(0)  # Else it may walk all articles from the newest on, and look at the words of each.
    some = found.subquery()
    fit = select(some.c.rowid)
    if asked.conditions:
        fit = fit.join(Article, Article.id == some.c.rowid).where(*asked.conditions)
    newest = fit.order_by(some.c.rowid.desc()).limit(MOST_HITS + 1).subquery()
    query = select(*hits.COLUMNS).join_from(newest, hits.table, hits.table.c.article_id == newest.c.rowid)
    rows = db.session.connection().execute(query).all()
    return sorted((Hit(*row) for row in rows), key=lambda hit: -hit.article_id)


def _look_once(tiers: Sequence[Tier], asked: Question, most: int | None = None) -> Subquery:
    *better, (widest, _place) = tiers
    cases = [(answers(one), place) for one, place in better]
    tier = case(*cases, else_=len(TIERS)) if cases else literal(0)
    found = select(index.c.rowid, tier.label("tier")).where(matching(widest, asked.filters, EVERYTHING))
    return found.limit(most).subquery()


def _hits(found: Subquery, asked: Question) -> list[Found]:
    query = select(found.c.tier, *hits.COLUMNS)
    query = query.join_from(found, hits.table, hits.table.c.article_id == found.c.rowid)
    if asked.conditions:
        query = query.join(Article, Article.id == found.c.rowid).where(*asked.conditions)
    return [(row[0], Hit(*row[1:])) for row in db.session.connection().execute(query).all()]
