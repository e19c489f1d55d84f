"""Reads the search index no further than an answer needs: the best tier first, and in each the newest articles first.

What is rare is looked up in the database's full text, with its rows in the same question. What is common is held
together by the postings (see postings.py), the same way for both databases, from the newest blocks of ids on.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

from sqlalchemy import ARRAY, ColumnElement, Integer, Select, any_, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from app.catalog import hits, postings
from app.catalog.hits import Hit, rows_of
from app.catalog.indexing import UNSOLD
from app.catalog.matching import IN_NAME, Formula, answering, has, index, matching, required, tokens_of
from app.catalog.models import Article
from app.catalog.postings import Bits, Stretch, blocks, both, either
from app.catalog.quickness import Soon
from app.db import db

MOST_HITS = 1000
"""So many are ranked, whatever word is asked for: nobody turns forty pages."""
COMPLETE = ENOUGH = 1200
"""Where one word or filter belongs to no more articles, all hits are read at once; else so many are aimed at."""
MOST_READ = 3000
"""To look at so many rows costs no more than to look for the newest of them."""
LEAST_READ = 100
"""To look at fewer costs no less."""
WORTHWHILE = 4
"""To read a larger part than a quarter by itself takes longer than to read everything, once for all tiers."""
PLACE = "fk"
"""With this begins the filter of a municipality."""
_LAST = "SELECT max(id) FROM article"
"""Each common question asks this, so it goes the short way: to put it together took five times as long."""
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
    soon: Soon | None = None
    """How the postings say what the conditions ask for, where they ask for a day."""

    @cached_property
    def last(self) -> int:
        """The newest article's id."""
        return db.session.connection().exec_driver_sql(_LAST).scalar() or 0

    def rarest(self, wanted: Formula) -> int:
        """How many articles at most have that of a formula and the filters which fewest have."""
        return min(self._each(wanted), default=0)

    def expected(self, wanted: Formula) -> float:
        """How many articles would have it all if none of it had to do with another."""
        counts = [*self._words(wanted), *(self.counts.get(one, 0) for one in self.held)]
        counts += [self.soon.articles + len(self.soon.besides)] if self.soon else []
        return self.last * prod(min(1.0, one / self.last) for one in counts) if self.last else 0.0

    @cached_property
    def held(self) -> Collection[str]:
        """The filters that are held against one another; what comes in time to a place is delivered there."""
        return [one for one in self.filters if not one.startswith(PLACE)] if self.soon else self.filters

    @cached_property
    def looks(self) -> bool:
        """Whether any article must be looked at by itself."""
        return bool(self.conditions) and (self.soon is None or self.soon.doubtful != frozenset())

    @cached_property
    def everything(self) -> Stretch:
        """The whole catalogue."""
        return Stretch(0, blocks(self.last))

    def enough(self, wanted: Formula) -> int:
        """So many of the newest blocks hold enough, if what is asked for is spread evenly."""
        return blocks(int(ENOUGH * self.last / max(1.0, self.expected(wanted))))

    def in_parts(self, wanted: Formula) -> bool:
        """Whether to read a part by itself takes less time than to read everything."""
        return self.enough(wanted) * WORTHWHILE < self.everything.size

    def _each(self, wanted: Formula) -> list[int]:
        return self._words(wanted) + [self.counts.get(one, 0) for one in self.filters]

    def _words(self, wanted: Formula) -> list[int]:
        return [sum(min(map(self._any, way)) for way in ways) for ways in wanted]

    def bits(self, tokens: Collection[str], stretch: Stretch) -> Mapping[str, Bits]:
        """Where tokens stand in a stretch. What one tier has asked for is not read again for the next."""
        there = self._read.setdefault(stretch, {})
        new = {token for token in tokens if token not in there}
        kept = {token for token in new if postings.is_kept(token)}
        there |= postings.read(kept, stretch) if kept else {}
        for token in new - kept:  # Few articles have a figure in their number.
            numbered = _scalars(select(index.c.rowid).where(matching([[[[token]]]], ())))
            there[token] = postings.of_ids(numbered, stretch)
        return there

    def look_at(self, ids: Sequence[int]) -> None:
        """Find out which articles fit the conditions. What one tier has asked for is not asked again for the next."""
        new = [id_ for id_ in ids if id_ not in self.fits]
        doubtful = None if self.soon is None else self.soon.doubtful
        doubted = new if doubtful is None else [id_ for id_ in new if id_ in doubtful]
        self.fits.update(dict.fromkeys(new, True) | dict.fromkeys(doubted, False))
        if doubted:
            fit = _scalars(select(Article.id).where(among(Article.id, doubted), *self.conditions))
            self.fits.update(dict.fromkeys(fit, True))

    @cached_property
    def fits(self) -> dict[int, bool]:
        """What is known of that."""
        return {}

    @cached_property
    def _read(self) -> dict[Stretch, dict[str, Bits]]:
        return {}

    def _any(self, tokens: Collection[str]) -> int:
        return sum(self.counts.get(one, 0) for one in tokens)


def read(tiers: Sequence[Tier], asked: Question) -> tuple[Found, list[Hit] | None]:
    """All hits with their rows, or the newest of the best tiers, one more than MOST_HITS, without."""
    widest = tiers[-1][0]
    if asked.rarest(widest) <= COMPLETE:
        rows = _rows(widest, asked)
        if len(rows) <= MOST_READ:  # More where things are looked for that nobody can buy: those are not counted.
            found = _sorted_out(rows, tiers)
            return found, rows if len(rows) <= MOST_HITS else None
    few = _all_if_few(tiers, asked)
    found = _in_turn(tiers, asked) if few is None else few
    return found, None if len(found) > MOST_HITS else rows_of(list(found))


def _rows(widest: Formula, asked: Question) -> list[Hit]:
    """All hits at once, where there are few."""
    query = select(*hits.COLUMNS).join_from(index, hits.TABLE, hits.TABLE.c.article_id == index.c.rowid)
    if asked.conditions:
        query = query.join(Article, Article.id == index.c.rowid).where(*asked.conditions)
    query = query.where(matching(widest, asked.filters)).limit(MOST_READ + 1)
    return list(map(Hit._make, db.session.connection().execute(query).all()))


def _all_if_few(tiers: Sequence[Tier], asked: Question) -> Found | None:
    """All hits, if there are no more than MOST_HITS. Each of several words may be common, and few articles have all."""
    widest, place = tiers[-1]
    if asked.in_parts(widest):
        return None
    ids = _held_together(widest, asked, asked.everything)
    if ids:  # All that the better tiers ask for besides, in one question.
        asked.bits(set().union(*(_tokens(wanted, asked) for wanted, _place in tiers)), asked.everything)
    if asked.looks and len(ids) <= MOST_READ:
        ids = _fitting(ids, asked, MOST_HITS + 1)
    if len(ids) > MOST_HITS:
        return None
    found = dict.fromkeys(ids, place)
    for wanted, better in reversed(tiers[:-1]):
        found |= dict.fromkeys(found.keys() & _held_together(wanted, asked, asked.everything), better)
    return found


def _sorted_out(rows: Sequence[Hit], tiers: Sequence[Tier]) -> Found:
    """The tiers of all hits: by the tokens of their names, and else by all their tokens."""
    in_name = [one for one in tiers if one[1] < IN_NAME]
    wider = [one for one in tiers if one[1] >= IN_NAME]
    found: Found = {}
    for row in rows:
        tokens = set(row.named.split())
        found[row.article_id] = next((place for wanted, place in in_name if has(tokens, wanted)), tiers[-1][1])
    if len(wider) > 1:
        wanted, place = wider[0]
        of_the_widest = [id_ for id_, tier in found.items() if tier == tiers[-1][1]]
        found |= dict.fromkeys(answering(of_the_widest, wanted), place)
    return found


def _in_turn(tiers: Sequence[Tier], asked: Question) -> Found:
    """Tier by tier until there are enough."""
    found: Found = {}
    for wanted, place in tiers:
        if len(_add(found, _newest(wanted, asked), place)) > MOST_HITS:
            break
    return found


def _add(found: Found, ids: Sequence[int], tier: int) -> Found:
    """What a tier holds, the next holds too; no more than one more than MOST_HITS are kept."""
    for id_ in ids:
        if len(found) > MOST_HITS:
            break
        found.setdefault(id_, tier)
    return found


def _newest(wanted: Formula, asked: Question) -> Sequence[int]:
    """The newest hits of one tier, one more than MOST_HITS, the newest first.

    As many of the newest blocks are read as hold enough if what is asked for is spread evenly; then more of them.
    """
    found: list[int] = []
    above, size = asked.everything.size, asked.enough(wanted)
    while above and len(found) <= MOST_HITS:
        first = above - size if size * WORTHWHILE < above else 0
        found += _fitting(
            _held_together(wanted, asked, Stretch(first, above - first)), asked, MOST_HITS + 1 - len(found)
        )
        above, size = first, 2 * size
    return found[: MOST_HITS + 1]


def _held_together(wanted: Formula, asked: Question, stretch: Stretch) -> Sequence[int]:
    """What answers a formula and has all filters in a stretch of the catalogue, the newest first."""
    every, left_out = required(wanted, asked.held)
    bits = asked.bits(_tokens(wanted, asked), stretch)
    found = both(either(both(either(bits[one] for one in root) for root in way) for way in ways) for ways in every)
    found = found & ~bits[UNSOLD] if left_out else found
    if asked.soon:
        quick = [bits[one] for one in asked.soon.tokens]
        found = found & either([postings.of_ids(asked.soon.besides, stretch), *quick])
    return postings.ids_of(found, stretch, None if asked.looks else MOST_HITS + 1)


def _tokens(wanted: Formula, asked: Question) -> set[str]:
    """All whose postings tell what answers a formula and has all filters."""
    every, left_out = required(wanted, asked.held)
    quick = asked.soon.tokens if asked.soon else ()
    return tokens_of(every).union({UNSOLD} if left_out else (), quick)


def _fitting(ids: Sequence[int], asked: Question, enough: int) -> Sequence[int]:
    """Those that fit the conditions, in the same order; no more of them are looked for when there are enough.

    As many are looked at as hold enough if the rest fits as often as those before.
    """
    if not asked.looks:
        return ids
    found: list[int] = []
    first, size = 0, enough
    while first < len(ids) and len(found) < enough:
        some = ids[first : first + size]
        asked.look_at(some)
        found += [id_ for id_ in some if asked.fits[id_]]
        first += size
        size = min(2 * size, max(LEAST_READ, (enough - len(found)) * first // max(1, len(found))))
    return found


def among(column: InstrumentedAttribute[int], ids: Sequence[int]) -> ColumnElement[bool]:
    """Thousands of ids as one value: as thousands of values they cost more than the answer."""
    if db.engine.dialect.name == "sqlite":
        return column.in_(select(func.json_each(json.dumps(ids)).table_valued("value").c.value))
    return column == any_(literal(list(ids), ARRAY(Integer)))


def _scalars(query: Select[int]) -> Sequence[int]:
    return db.session.connection().scalars(query).all()
