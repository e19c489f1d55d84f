"""Reads the search index no further than an answer needs: the best tier first, and in each the newest articles first.

The answer is the same on both databases, the way to it is not. FTS5 walks the rows of a search from the newest on and
stops when there are enough of them. PostgreSQL's index says which rows there are, all at once and in no order, so that
it is asked for the newest blocks of ids, and then for more of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

from sqlalchemy import ColumnElement, Select, func, select

from app.catalog import hits
from app.catalog.hits import Hit, rows_of
from app.catalog.indexing import BLOCK, WIDE
from app.catalog.matching import EVERYTHING, IN_NAME, Formula, Span, has, index, matching
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
Found = dict[int, int]
"""The tier of each article that was found, by its id."""


@dataclass(frozen=True)
class Question:
    """What is asked beside the words: the filters as tokens, conditions on Article, and what is counted of tokens."""

    filters: Collection[str]
    conditions: Sequence[ColumnElement[bool]]
    counts: Mapping[str, int]

    @cached_property
    def last(self) -> int:
        """The newest article's id."""
        return db.session.scalar(select(func.max(Article.id))) or 0

    def rarest(self, wanted: Formula) -> int:
        """How many articles at most have that of a formula and the filters which fewest have."""
        return min(self._each(wanted), default=0)

    def expected(self, wanted: Formula) -> float:
        """How many articles would have it all if none of it had to do with another."""
        return self.last * prod(min(1.0, one / self.last) for one in self._each(wanted)) if self.last else 0.0

    def _each(self, wanted: Formula) -> list[int]:
        words = [sum(min(map(self._any, way)) for way in ways) for ways in wanted]
        return words + [self.counts.get(one, 0) for one in self.filters]

    def _any(self, tokens: Collection[str]) -> int:
        return sum(self.counts.get(one, 0) for one in tokens)


def read(tiers: Sequence[Tier], asked: Question) -> tuple[Found, list[Hit] | None]:
    """All hits with their rows, or the newest of the best tiers, one more than MOST_HITS, without."""
    widest, place = tiers[-1]
    if asked.rarest(widest) <= COMPLETE:
        rows = _rows(widest, asked)
        if len(rows) <= MOST_READ:  # More where things are looked for that nobody can buy: those are not counted.
            found = _sorted_out(rows, tiers, asked)
            return found, rows if len(rows) <= MOST_HITS else None
    ids = (_look if db.engine.dialect.name == "sqlite" else _look_if_few)(widest, asked)
    if ids is not None and len(ids) <= MOST_HITS:
        rows = rows_of(ids)
        return _sorted_out(rows, tiers, asked), rows
    if ids is not None and len(tiers) == 1:
        return dict.fromkeys(ids, place), None
    found = _in_turn(tiers, asked, ids)
    return found, None if len(found) > MOST_HITS else rows_of(list(found))


def _rows(widest: Formula, asked: Question) -> list[Hit]:
    """All hits at once, where there are few."""
    query = select(*hits.COLUMNS).join_from(index, hits.TABLE, hits.TABLE.c.article_id == index.c.rowid)
    if asked.conditions:
        query = query.join(Article, Article.id == index.c.rowid).where(*asked.conditions)
    query = query.where(matching(widest, asked.filters, EVERYTHING)).limit(MOST_READ + 1)
    return list(map(Hit._make, db.session.connection().execute(query).all()))


def _look(wanted: Formula, asked: Question) -> Sequence[int]:
    """The newest hits. FTS5 walks from the newest row on, and no further than it must."""
    if asked.expected(wanted) < MOST_HITS:  # To walk forwards is quicker, where all must be walked anyway.
        found = _scalars(_fitting(matching(wanted, asked.filters, EVERYTHING), asked).limit(MOST_HITS + 1))
        if len(found) <= MOST_HITS:
            return sorted(found, reverse=True)
    return _newest(wanted, asked, EVERYTHING)


def _look_if_few(widest: Formula, asked: Question) -> Sequence[int] | None:
    """All hits, if there are no more than MOST_HITS. Each of several words may be common, and few articles have all."""
    if asked.expected(widest) >= MOST_HITS:
        return None
    found = _scalars(select(index.c.rowid).where(matching(widest, asked.filters, EVERYTHING)).limit(MOST_READ + 1))
    if asked.conditions and len(found) <= MOST_READ:
        found = _scalars(select(Article.id).where(Article.id.in_(found), *asked.conditions))
    return found if len(found) <= MOST_HITS else None


def _sorted_out(rows: Sequence[Hit], tiers: Sequence[Tier], asked: Question) -> Found:
    """The tiers of all hits: by the tokens of their names, and else by one look more into the index."""
    in_name = [one for one in tiers if one[1] < IN_NAME]
    wider = [one for one in tiers if one[1] >= IN_NAME]
    found: Found = {}
    for row in rows:
        tokens = set(row.named.split())
        found[row.article_id] = next((place for wanted, place in in_name if has(tokens, wanted)), tiers[-1][1])
    if len(wider) > 1 and any(tier == tiers[-1][1] for tier in found.values()):
        wanted, place = wider[0]
        closer = _scalars(_fitting(matching(wanted, asked.filters, EVERYTHING), asked))
        for id_ in found.keys() & set(closer):
            found[id_] = min(place, found[id_])
    return found


def _in_turn(tiers: Sequence[Tier], asked: Question, of_the_widest: Sequence[int] | None) -> Found:
    """Tier by tier until there are enough; the newest of the widest may have been read before."""
    newest = _look if db.engine.dialect.name == "sqlite" else _newest_in_blocks
    found: Found = {}
    for wanted, place in tiers:
        last = of_the_widest if place == tiers[-1][1] else None
        if len(_add(found, newest(wanted, asked) if last is None else last, place)) > MOST_HITS:
            break
    return found


def _add(found: Found, ids: Sequence[int], tier: int) -> Found:
    """What a tier holds, the next holds too; no more than one more than MOST_HITS are kept."""
    for id_ in ids:
        if len(found) > MOST_HITS:
            break
        found.setdefault(id_, tier)
    return found


def _newest_in_blocks(wanted: Formula, asked: Question) -> Sequence[int]:
    """As many of the newest blocks as hold enough if what is asked for is spread evenly; then more of them."""
    if asked.rarest(wanted) > COMPLETE:
        last = asked.last
        needed = int(ENOUGH * last / max(1.0, asked.expected(wanted)))
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


def _newest(wanted: Formula, asked: Question, span: Span) -> Sequence[int]:
    """The newest hits of one tier, one more than MOST_HITS, the newest first."""
    query = _fitting(matching(wanted, asked.filters, span), asked)
    return _scalars(query.order_by(query.selected_columns[0].desc()).limit(MOST_HITS + 1))


def _fitting(found: ColumnElement[bool], asked: Question) -> Select[int]:
    """The ids of what is found and fits the conditions."""
    ids = select(index.c.rowid).where(found)
    if db.engine.dialect.name == "postgresql":
        ids = ids.offset(0)  # Else it may walk all articles from the newest on, and look at the words of each.
    some = ids.subquery()
    fit = select(some.c.rowid)
    return fit.join(Article, Article.id == some.c.rowid).where(*asked.conditions) if asked.conditions else fit


def _scalars(query: Select[int]) -> Sequence[int]:
    return db.session.connection().scalars(query).all()
