"""Full-text search in Swedish with the same answers on SQLite and PostgreSQL.

Words are cut, folded and stemmed here; the databases only look them up, FTS5 on SQLite and a tsvector under a GIN
index on PostgreSQL. That keeps å, ä and ö apart from a and o, and leaves nothing for two tokenizers to disagree on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import snowballstemmer
from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Integer,
    Select,
    column,
    event,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
    union_all,
)

from app.catalog import feed_marks, maker_index
from app.catalog.models import ApprovalState, Article, Category, CpvCode, Offering
from app.db import db
from app.members.models import Member

MOST_WORDS = 12
LONGEST_QUERY = 200
"""Signs of a search that are read. What a person types is shorter; what comes after has no part in the answer."""
LONGEST_WORD = 60
MOST_HITS = 1000
"""So many are ranked, whatever word is asked for: nobody turns forty pages."""

_WORD = re.compile(r"[^\W_]+")
_CREATE = {
    "sqlite": [
        """CREATE VIRTUAL TABLE IF NOT EXISTS article_search
           USING fts5(name, labels, description, tokenize = 'ascii', prefix = '2 3')""",
    ],
    "postgresql": [
        """CREATE TABLE IF NOT EXISTS article_search (
           rowid INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE, words TSVECTOR NOT NULL)""",
        "CREATE INDEX IF NOT EXISTS ix_article_search_words ON article_search USING gin (words)",
    ],
}
_WRITE = {
    "sqlite": [
        "DELETE FROM article_search WHERE rowid = :id",
        "INSERT INTO article_search (rowid, name, labels, description) VALUES (:id, :name, :labels, :description)",
    ],
    "postgresql": [
        """INSERT INTO article_search (rowid, words) VALUES (:id, CAST(:words AS tsvector))
           ON CONFLICT (rowid) DO UPDATE SET words = excluded.words""",
    ],
}
_NEW_EDITION = """INSERT INTO catalog_edition (id, number) VALUES (1, 1)
                  ON CONFLICT (id) DO UPDATE SET number = catalog_edition.number + 1"""
_index = table("article_search", column("rowid"), column("words"))


def create_index(connection: Connection) -> None:
    """Make the search index; for migrations, and by itself with `create_all`."""
    for statement in _CREATE[connection.dialect.name]:
        connection.execute(text(statement))


def drop_index(connection: Connection) -> None:
    """Take the search index away; for migrations, and by itself with `drop_all`."""
    connection.execute(text("DROP TABLE IF EXISTS article_search"))


@event.listens_for(Article.__table__, "after_create")
def _with_the_articles(_table: object, connection: Connection, **_: object) -> None:
    create_index(connection)


@event.listens_for(Article.__table__, "before_drop")
def _away_with_the_articles(_table: object, connection: Connection, **_: object) -> None:
    drop_index(connection)


def words_of(written: str) -> list[str]:
    """The words of a text in small letters: ``"Fönsterputs, 25 m²"`` gives fönsterputs, 25 and m2."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", written).casefold())
    return [word[:LONGEST_WORD] for word in _WORD.findall(folded)]


def query_words(typed: str) -> tuple[str, ...]:
    """The words that a search uses, each once: at most 12, from the first 200 signs."""
    return tuple(dict.fromkeys(words_of(typed[:LONGEST_QUERY])))[:MOST_WORDS]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What is left when Swedish endings are taken away: ``korgarna`` gives korg."""
    return str(snowballstemmer.stemmer("swedish").stemWord(word))


def hits(words: Sequence[str], *conditions: ColumnElement[bool]) -> list[int]:
    """Ids of the articles in which every word occurs, as stem or as the beginning of a word; best first, at most 1 001.

    Those that have all words in the name come before the others. One more than `MOST_HITS` says that there are more.
    The conditions are on Article. No words give no hits.
    """
    if not words:
        return []
    parts = [_part(words, conditions, name_only=only).subquery() for only in (True, False)]
    found = union_all(*(select(part) for part in parts)).subquery()
    ranked = (
        select(found.c.id)
        .group_by(found.c.id, found.c.sort_name)
        .order_by(func.min(found.c.tier), func.min(found.c.score), found.c.sort_name, found.c.id)
        .limit(MOST_HITS + 1)
    )
    return list(db.session.scalars(ranked))


def matches(words: Sequence[str]) -> ColumnElement[bool]:
    """The same match as a condition on Article, for lists in another order."""
    condition, _score = _on_this_database(words, name_only=False)
    return Article.id.in_(select(_index.c.rowid).where(condition))


def _part(
    words: Sequence[str], conditions: Sequence[ColumnElement[bool]], *, name_only: bool
) -> Select[int, str, int, float]:
    """A bounded heap of hits: ranking every article that has a common word would cost more than it gives.

    The plus sign keeps SQLite from reading the articles first and asking the index about each of them.
    """
    condition, score = _on_this_database(words, name_only=name_only)
    tier = literal_column("0" if name_only else "1", Integer).label("tier")
    return (
        select(Article.id, Article.sort_name, tier, score.label("score"))
        .join_from(_index, Article, Article.id == literal_column("+article_search.rowid"))
        .where(condition, *conditions)
        .limit(MOST_HITS + 1)
    )


def _on_this_database(words: Sequence[str], *, name_only: bool) -> tuple[ColumnElement[bool], ColumnElement[float]]:
    if db.engine.dialect.name == "sqlite":
        wanted = _fts5(words)
        condition = literal_column("article_search").op("MATCH")(f"{{name}} : ({wanted})" if name_only else wanted)
        return condition, func.bm25(literal_column("article_search"), 10.0, 4.0, 1.0, type_=Float)
    asked = literal(_tsquery(words, "A" if name_only else "")).op("::")(literal_column("tsquery"))
    weights: ColumnElement[str] = literal_column("'{0.1, 0.1, 0.4, 1.0}'")
    return _index.c.words.op("@@")(asked), -func.ts_rank(weights, _index.c.words, asked, type_=Float)


def _fts5(words: Sequence[str]) -> str:
    """``("fönster"* OR "fönst") AND …``. Words are letters and figures only, so nothing in them can be an operator."""
    return " AND ".join(f'("{word}"* OR "{stem(word)}")' if len(word) > 1 else f'"{word}"' for word in words)


def _tsquery(words: Sequence[str], weight: str) -> str:
    """``('fönster':* | 'fönst') & …`` as a literal, which PostgreSQL reads without a parser of its own."""
    mark = f":{weight}" if weight else ""
    return " & ".join(
        f"('{word}':*{weight} | '{stem(word)}'{mark})" if len(word) > 1 else f"'{word}'{mark}" for word in words
    )


def reindex(article: Article) -> None:
    """Write an article's words anew, in the caller's transaction, and so make a new edition of the catalogue.

    Every act that changes an article or an offering ends with it.
    """
    db.session.flush()
    _rewrite(Article.id == article.id)
    maker_index.follow(article.id)


def reindex_member(member_id: int) -> None:
    """Write anew all that a member makes, as when it has changed its name."""
    db.session.flush()
    made = select(Offering.article_id).where(Offering.member_id == member_id)
    _rewrite(Article.id.in_(made))


def reindex_all(*, above: int = 0, batch: int = 1000) -> int:
    """Write the words of all articles with an id above the given one; returns how many there were.

    From the first one on, what is known of their makers is written anew too.
    """
    if not above:
        maker_index.rebuild()
    done = 0
    following = select(Article.id).order_by(Article.id).limit(batch)
    while ids := list(db.session.scalars(following.where(Article.id > above))):
        _rewrite(Article.id.between(ids[0], ids[-1]))
        above, done = ids[-1], done + len(ids)
    return done


def _rewrite(which: ColumnElement[bool]) -> None:
    makers = _makers(which)
    query = (
        select(Article.id, Article.name, Article.number, Article.description, Category.name_sv, Category.name_en)
        .add_columns(CpvCode.code, CpvCode.label_sv, CpvCode.label_en)
        .join(Category, Category.id == Article.category_id)
        .outerjoin(CpvCode, CpvCode.code == Article.cpv)
        .where(which)
    )
    rows = []
    for article_id, name, number, description, *labels in db.session.execute(query):
        beside = " ".join([number, *(label or "" for label in labels), *makers.get(article_id, [])])
        rows.append({"id": article_id, **_entry(name, beside, description)})
    if rows:
        for statement in _WRITE[db.engine.dialect.name]:
            db.session.execute(text(statement), rows)
        db.session.execute(text(_NEW_EDITION))
        feed_marks.mark(which)


def _makers(which: ColumnElement[bool]) -> dict[int, list[str]]:
    query = (
        select(Offering.article_id, Member.name)
        .join(Member, Member.id == Offering.member_id)
        .join(Article, Article.id == Offering.article_id)
        .where(which, Offering.state == ApprovalState.APPROVED)
    )
    names: dict[int, list[str]] = {}
    for article_id, name in db.session.execute(query):
        names.setdefault(article_id, []).append(name)
    return names


def _entry(name: str, labels: str, description: str) -> dict[str, Any]:
    """The words of one article as this database wants them: three columns, or one vector with a weight on each word."""
    fields = [_with_stems(name), _with_stems(labels), _with_stems(description)]
    if db.engine.dialect.name == "sqlite":
        return dict(zip(("name", "labels", "description"), map(" ".join, fields), strict=True))
    weighted = [(word, weight) for weight, words in zip("ABC", fields, strict=True) for word in words]
    marked = (f"'{word}':{min(place, 16383)}{weight}" for place, (word, weight) in enumerate(weighted, 1))
    return {"words": " ".join(marked)}


def _with_stems(written: str) -> list[str]:
    """Every word, and beside it its stem where that is another one."""
    return [form for word in words_of(written) for form in dict.fromkeys((word, stem(word)))]
