"""What a search asks the index for: which tokens of an article, written as each database wants it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Integer, column, literal, literal_column, table

from app.catalog.indexing import SOLD, UNSOLD
from app.catalog.postings import is_number
from app.db import db

TIERS = ("w", "r", "rn", "rnld", "rnldm")
"""In which tokens all words must be found, the best first. In the first two a word counts only by itself."""
IN_NAME = 3
"""So many tiers, the best, ask for nothing but the name's own tokens."""
Formula = list[list[list[list[str]]]]
"""Every word; for each any of its ways; for each of those every root; for each of those any of its tokens."""

index = table("article_search", column("rowid", Integer), column("words"))


_AMONG_SQLITE = "SELECT rowid, words FROM article_search WHERE rowid IN (SELECT value FROM json_each(?))"
_AMONG_POSTGRESQL = "SELECT rowid FROM article_search WHERE rowid = ANY(%s) AND words @@ CAST(%s AS tsquery)"


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


def formula(asked: Understood, tier: str, filters: Collection[str]) -> Formula | None:
    """What an article must have in a tier's tokens, without its filters; None where no sold article can have it.

    Tokens that no sold article has are left out when only sold articles are looked for.
    """
    words = [_ways_of(word, tier) for word in asked.words]
    if SOLD in filters:
        words = [_possible(ways, asked.counts) for ways in words]
    return words if all(words) else None


def required(asked: Formula, filters: Collection[str]) -> tuple[Formula, bool]:
    """All that an article must have, and whether to leave out what is not sold.

    What is sold is nearly everything: to leave out the rest is quicker, and needless where a filter says as much.
    """
    every = asked + [[[[one]]] for one in sorted(filters) if one != SOLD] or [[[[SOLD]]]]
    return every, SOLD in filters and len(filters) == 1


def matching(asked: Formula, filters: Collection[str]) -> ColumnElement[bool]:
    """Whether an article answers a formula and has all filters."""
    every, left_out = required(asked, filters)
    if db.engine.dialect.name == "sqlite":
        wanted = _written(every, " AND ", " OR ", '"{}"') + (f' NOT "{UNSOLD}"' if left_out else "")
        return literal_column("article_search").op("MATCH")(wanted)
    return answers(every, f" & !'{UNSOLD}'" if left_out else "")


def answers(asked: Formula, besides: str = "") -> ColumnElement[bool]:
    """The formula as a literal that PostgreSQL reads without a parser of its own."""
    written = _written(asked, " & ", " | ", "'{}'") + besides
    return index.c.words.op("@@")(literal(written).op("::")(literal_column("tsquery")))


def answering(ids: Sequence[int], asked: Formula) -> list[int]:
    """Which of a few articles answer a formula: their own tokens are looked at, and no other article's."""
    if not ids:
        return []
    connection = db.session.connection()
    if db.engine.dialect.name == "postgresql":
        wanted = _written(asked, " & ", " | ", "'{}'")
        return list(connection.exec_driver_sql(_AMONG_POSTGRESQL, (list(ids), wanted)).scalars())
    rows = connection.exec_driver_sql(_AMONG_SQLITE, (json.dumps(ids),))
    named = {f" {token} ": token for token in tokens_of(asked)}
    return [id_ for id_, words in rows if has({named[one] for one in named if one in f" {words} "}, asked)]


def tokens_of(asked: Formula) -> set[str]:
    """All tokens that a formula names."""
    return {token for ways in asked for way in ways for root in way for token in root}


def has(tokens: set[str], asked: Formula) -> bool:
    """Whether something with these tokens answers a formula."""
    return all(any(_has_all(tokens, way) for way in ways) for ways in asked)


def _has_all(tokens: set[str], way: list[list[str]]) -> bool:
    for root in way:  # noqa: SIM110  asked of a thousand hits, a generator here takes as long as all the rest
        if tokens.isdisjoint(root):
            return False
    return True


def _ways_of(word: Word, tier: str) -> list[list[list[str]]]:
    if tier == "w":
        return [[[f"w{word.written}"]]]
    if tier == "r":
        return [[[f"r{word.ways[0][0]}"]]]
    ways = [[[kind + one for kind in tier if kind != "d"] for one in way] for way in word.ways]
    return [*ways, [[f"d{word.written}"]]] if "d" in tier else ways


def _possible(ways: list[list[list[str]]], counts: dict[str, int]) -> list[list[list[str]]]:
    """Running numbers are in the index but not in the vocabulary."""
    left = [[[one for one in tokens if counts.get(one) or is_number(one)] for tokens in way] for way in ways]
    return [way for way in left if all(way)]


def _written(asked: Formula, both: str, either: str, quoted: str) -> str:
    """Words are letters and figures only, so nothing in them can be an operator."""

    def group(parts: Sequence[str], sign: str) -> str:
        return parts[0] if len(parts) == 1 else f"({sign.join(parts)})"

    def way(roots: list[list[str]]) -> str:
        return group([group([quoted.format(token) for token in tokens], either) for tokens in roots], both)

    return group([group([way(one) for one in ways], either) for ways in asked], both)
