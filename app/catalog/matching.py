"""What a search asks the index for: which tokens of an article, written as each database wants it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Integer, column, literal, literal_column, table

from app.catalog.indexing import BLOCK, SOLD, UNSOLD, WIDE
from app.db import db

TIERS = ("w", "r", "rn", "rnld", "rnldm")
"""In which tokens all words must be found, the best first. In the first two a word counts only by itself."""
IN_NAME = 3
"""So many tiers, the best, ask for nothing but the name's own tokens."""
Formula = list[list[list[list[str]]]]
"""Every word; for each any of its ways; for each of those every root; for each of those any of its tokens."""

index = table("article_search", column("rowid", Integer), column("words"))


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


def formula(asked: Understood, tier: str, filters: Collection[str]) -> Formula | None:
    """What an article must have in a tier's tokens, without its filters; None where no sold article can have it.

    Tokens that no sold article has are left out when only sold articles are looked for.
    """
    words = [_ways_of(word, tier) for word in asked.words]
    if SOLD in filters:
        words = [_possible(ways, asked.counts) for ways in words]
    return words if all(words) else None


def matching(asked: Formula, filters: Collection[str], span: Span) -> ColumnElement[bool]:
    """Whether an article answers a formula, has all filters and is in a span."""
    every = asked + [[[[one]]] for one in sorted(filters) if one != SOLD] or [[[[SOLD]]]]
    # What is sold is nearly everything: to leave out the rest is quicker, and needless where a filter says as much.
    left_out = SOLD in filters and len(filters) == 1
    if db.engine.dialect.name == "sqlite":
        wanted = _written(every, " AND ", " OR ", '"{}"') + (f' NOT "{UNSOLD}"' if left_out else "")
        found = literal_column("article_search").op("MATCH")(wanted)
        return found if span == EVERYTHING else found & (index.c.rowid >= span.first)
    if span != EVERYTHING:
        every = [*every, _blocks(span)]
    return answers(every, f" & !'{UNSOLD}'" if left_out else "")


def answers(asked: Formula, besides: str = "") -> ColumnElement[bool]:
    """The formula as a literal that PostgreSQL reads without a parser of its own."""
    written = _written(asked, " & ", " | ", "'{}'") + besides
    return index.c.words.op("@@")(literal(written).op("::")(literal_column("tsquery")))


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
    left = [
        [
            [one for one in tokens if counts.get(one) or (one[0] == "d" and any(sign.isdigit() for sign in one))]
            for tokens in way
        ]
        for way in ways
    ]
    return [way for way in left if all(way)]


def _blocks(span: Span) -> list[list[list[str]]]:
    """Tokens of the blocks of a span, in which PostgreSQL's index cannot find ids by themselves."""
    kind, size = ("fw", WIDE) if span.first % WIDE == 0 else ("fb", BLOCK)
    return [[[f"{kind}{number}" for number in range(span.first // size, span.last // size + 1)]]]


def _written(asked: Formula, both: str, either: str, quoted: str) -> str:
    """Words are letters and figures only, so nothing in them can be an operator."""

    def group(parts: Sequence[str], sign: str) -> str:
        return parts[0] if len(parts) == 1 else f"({sign.join(parts)})"

    def way(roots: list[list[str]]) -> str:
        return group([group([quoted.format(token) for token in tokens], either) for tokens in roots], both)

    return group([group([way(one) for one in ways], either) for ways in asked], both)
