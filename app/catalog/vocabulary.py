"""How many articles each word of the catalogue stands in. It is kept by the same act that writes the index.

Searching asks it how far it has to look, what a cut word may be the beginning of, and what a misspelt one meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from rapidfuzz.distance import DamerauLevenshtein
from sqlalchemy import String, bindparam, delete, func, insert, literal, select, text, union_all
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, db

EXACT = String().with_variant(String(collation="C"), "postgresql")
"""Compared sign by sign on both databases."""
MOST_BEGINNINGS = 20
"""So many words of the catalogue a cut word may stand for."""
VARIANTS_OF = 7
"""The signs at the beginning of a word that its variants are made of."""
SHORTEST_MISSPELT = 4
_CHUNK = 500
_LAST = "\U0010ffff"
"""No word goes on with a sign after this one."""


class SearchTerm(Base):
    """A token of the index and the number of sold articles that have it."""

    __tablename__ = "search_term"
    term: Mapped[str] = mapped_column(EXACT, primary_key=True)
    articles: Mapped[int]


class SearchVariant(Base):
    """What is left of a word when one or two of its first signs are taken out: there misspelt words meet right ones."""

    __tablename__ = "search_variant"
    variant: Mapped[str] = mapped_column(EXACT, primary_key=True)
    word: Mapped[str] = mapped_column(EXACT, primary_key=True)


_COUNTS = select(SearchTerm.term, SearchTerm.articles).where(SearchTerm.term.in_(bindparam("terms", expanding=True)))


def counts(terms: Iterable[str]) -> dict[str, int]:
    """In how many sold articles each token stands; those that stand in none are left out."""
    wanted = sorted(set(terms))
    return dict(db.session.execute(_COUNTS, {"terms": wanted}).all()) if wanted else {}


def most_of_kinds(kinds: Collection[str], most: int) -> dict[str, dict[str, int]]:
    """The same for the most frequent tokens of each kind, by what follows the kind's letters."""
    parts = []
    for kind in kinds:
        of_kind = (SearchTerm.term >= kind) & (SearchTerm.term <= kind + _LAST)
        query = select(SearchTerm.term, SearchTerm.articles).where(of_kind)
        best = query.order_by(SearchTerm.articles.desc(), SearchTerm.term).limit(most).subquery()
        parts.append(select(literal(kind, literal_execute=True), best.c.term, best.c.articles))
    found: dict[str, dict[str, int]] = {kind: {} for kind in kinds}
    for kind, term, articles in db.session.execute(union_all(*parts)) if parts else ():
        found[kind][term.removeprefix(kind)] = articles
    return found


def going_on(beginning: str) -> dict[str, int]:
    """In how many sold articles each token stands that begins so, by what follows."""
    begins = (SearchTerm.term >= beginning) & (SearchTerm.term <= beginning + _LAST)
    rows = db.session.execute(select(SearchTerm.term, SearchTerm.articles).where(begins))
    return {term.removeprefix(beginning): articles for term, articles in rows}


def beginning_with(beginning: str) -> list[str]:
    """The words of names and labels that begin so: the most frequent first, at most twenty."""
    found: Counter[str] = Counter()
    for kind in "wv":
        begins = (SearchTerm.term >= kind + beginning) & (SearchTerm.term <= kind + beginning + _LAST)
        query = select(SearchTerm.term, SearchTerm.articles).where(begins)
        query = query.order_by(SearchTerm.articles.desc(), SearchTerm.term).limit(MOST_BEGINNINGS)
        found.update({term[1:]: articles for term, articles in db.session.execute(query)})
    return sorted(found, key=lambda word: (-found[word], word))[:MOST_BEGINNINGS]


def meant_by(word: str) -> str | None:
    """The word of the catalogue that a misspelt one most likely means, or None.

    At most one wrong sign in four or five, two in more (Damerau and Levenshtein's count: letters that changed places
    are one). The nearest wins, then the most frequent, then the first in the alphabet.
    """
    if len(word) < SHORTEST_MISSPELT or any(sign.isdigit() for sign in word):
        return None
    most = 1 if len(word) < 6 else 2
    forms = tuple(literal(kind, literal_execute=True) + SearchVariant.word for kind in "wv")
    query = (
        select(SearchVariant.word, func.sum(SearchTerm.articles))
        .join(SearchTerm, SearchTerm.term.in_(forms))
        .where(SearchVariant.variant.in_(sorted(variants(word))))
        .group_by(SearchVariant.word)
    )
    ranked = [
        (DamerauLevenshtein.distance(word, candidate), -int(articles), candidate)
        for candidate, articles in db.session.execute(query)
    ]
    within = [one for one in ranked if one[0] <= most]
    return min(within)[2] if within else None


def variants(word: str) -> set[str]:
    """The beginning of a word, and what is left of it when up to one sign (of four or five) or two are taken out."""
    start = word[:VARIANTS_OF]
    found, latest = {start}, {start}
    for _ in range(1 if len(word) < SHORTEST_MISSPELT + 1 else 2):
        latest = {one[:place] + one[place + 1 :] for one in latest for place in range(len(one))}
        found |= latest
    return found


def change(deltas: Mapping[str, int]) -> None:
    """Add to the counts and take from them. New words get their variants, and tokens of no article are forgotten."""
    changed = {term: by for term, by in sorted(deltas.items()) if by}
    there = _there(list(changed))
    new = [term for term in changed if term not in there]
    if new:
        db.session.execute(insert(SearchTerm), [{"term": term, "articles": changed[term]} for term in new])
        _add_variants({term[1:] for term in new if term[0] in "wv"})
    if there:
        more = text("UPDATE search_term SET articles = articles + :by WHERE term = :term")
        db.session.execute(more, [{"term": term, "by": changed[term]} for term in changed if term in there])
    if any(by < 0 for by in changed.values()):
        gone = [term for term, by in changed.items() if by < 0]
        for few in _chunks(gone):
            db.session.execute(delete(SearchTerm).where(SearchTerm.term.in_(few), SearchTerm.articles <= 0))


def forget() -> None:
    """Begin anew, before the whole index is written."""
    db.session.execute(delete(SearchTerm))
    db.session.execute(delete(SearchVariant))


def _there(terms: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for few in _chunks(terms):
        found |= set(db.session.scalars(select(SearchTerm.term).where(SearchTerm.term.in_(few))))
    return found


def _add_variants(words: Iterable[str]) -> None:
    able = [w for w in sorted(words) if len(w) >= SHORTEST_MISSPELT - 1 and not any(sign.isdigit() for sign in w)]
    rows = [{"variant": variant, "word": word} for word in able for variant in sorted(variants(word))]
    if rows:
        add = text("INSERT INTO search_variant (variant, word) VALUES (:variant, :word) ON CONFLICT DO NOTHING")
        db.session.execute(add, rows)


def _chunks(terms: Sequence[str]) -> Iterable[Sequence[str]]:
    return (terms[first : first + _CHUNK] for first in range(0, len(terms), _CHUNK))
