"""Writes the search index: one row of tokens for each article, and the counts that follow from them.

A token is a letter that says what it is and a word, so that nothing a person writes can be taken for a filter:

======  ==============================================================================================
letter  what stands after it
======  ==============================================================================================
w       a word of the name, as written
r       the root of a word of the name
n       the root of a part of a compound in the name
l       a root or part in the labels: category, CPV, those who make it
d       a word of the article's number
m       a root or part in the description or the ingredients
v       a word of the Swedish labels, or the tail of a compound, as written: for what people misspell
q       how soon it comes to a municipality or, without one, anywhere: q1480d3, qd3. Not in the full text: see
        leads.py
f       a filter, when it is sold (fs, else fu): fc12 (category), fk1480 (municipality), fm7 (member), fygoods
        (kind)
======  ==============================================================================================

Of r, n, l and m an article has each root once, in the first of them that fits, so that counts can be added up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, event, select, text

from app.catalog import bundles, edition_marks, hits, leads, maker_index, postings, vocabulary
from app.catalog.editions import new_edition
from app.catalog.kinds import ArticleKind
from app.catalog.language import parts, root, tails, words_of
from app.catalog.models import ApprovalState, Article, BundlePart, Category, CpvCode, Offering, OfferingArea
from app.db import db
from app.members.models import Member

SOLD, UNSOLD = "fs", "fu"
BATCH = 1000

_CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE IF NOT EXISTS article_search USING fts5(words, tokenize = 'ascii', detail = 'none')"
    ],
    "postgresql": [
        """CREATE TABLE IF NOT EXISTS article_search (
           rowid INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE, words TSVECTOR NOT NULL)""",
        "CREATE INDEX IF NOT EXISTS ix_article_search_words ON article_search USING gin (words)",
    ],
}
_READ = {
    "sqlite": "SELECT rowid, words FROM article_search WHERE rowid BETWEEN :first AND :last",
    "postgresql": """SELECT rowid, array_to_string(tsvector_to_array(words), ' ') FROM article_search
                     WHERE rowid BETWEEN :first AND :last""",
}
_WRITE = {
    "sqlite": "INSERT INTO article_search (rowid, words) VALUES (:id, :words)",
    "postgresql": "INSERT INTO article_search (rowid, words) VALUES (:id, CAST(:words AS tsvector))",
}


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


def reindex(article: Article) -> None:
    """Write an article's tokens anew, in the caller's transaction, and so make a new edition of the catalogue.

    Every act that changes an article or an offering ends with it.
    """
    db.session.flush()  # A new article has its id from here on.
    reindex_many([article.id])


def reindex_many(ids: Iterable[int]) -> None:
    """The same for many articles at once, as after an import; the bundles that they are parts of come along."""
    db.session.flush()
    own = sorted(set(ids))
    maker_index.follow(own)
    wanted = sorted({*own, *_bundles_of(own)})
    for first in range(0, len(wanted), BATCH):
        _rewrite(wanted[first : first + BATCH])


def reindex_member(member_id: int) -> None:
    """Write anew all that a member makes, as when it has changed its name."""
    db.session.flush()
    reindex_many(db.session.scalars(select(Offering.article_id).where(Offering.member_id == member_id)))


def reindex_all(*, above: int | None = None) -> int:
    """Write the tokens of all articles, or of those with an id above the given one; returns how many there were."""
    db.session.flush()
    if above is None:
        maker_index.rebuild()
        db.session.execute(text("DELETE FROM article_search"))
        vocabulary.forget()
        postings.forget()
    following = select(Article.id).order_by(Article.id).limit(BATCH)
    done, last = 0, above or 0
    while ids := list(db.session.scalars(following.where(Article.id > last))):
        _rewrite(ids)
        last, done = ids[-1], done + len(ids)
    return done


def bring_up_to_date() -> None:
    """Fill an index that lies empty beside a catalogue, as after a migration that made it anew."""
    filled = db.session.execute(text("SELECT rowid FROM article_search LIMIT 1")).first()
    if filled is None and db.session.scalar(select(Article.id).limit(1)) is not None:
        reindex_all()


def _rewrite(ids: Sequence[int]) -> None:
    """Whoever writes the index holds the edition until the end, so that counts are changed by one at a time."""
    new_edition()
    which = Article.id.in_(ids)
    before = _written(ids)
    makers = _makers(which)
    after = dict(_tokens(which, makers))
    rows = [{"id": id_, "words": " ".join(tokens)} for id_, tokens in after.items()]
    listed = list(_listed(which, makers, after))
    hits.add_leads(before, hits.rows_of(list(before)), sold=SOLD)
    hits.add_leads(after, listed, sold=SOLD)
    deltas = Counter(token for tokens in after.values() for token in _counted(tokens))
    deltas.subtract(token for tokens in before.values() for token in _counted(tokens))
    if before:
        gone = text("DELETE FROM article_search WHERE rowid = :id")
        db.session.execute(gone, [{"id": id_} for id_ in before])
    if rows:
        db.session.execute(text(_WRITE[db.engine.dialect.name]), rows)
    hits.write(listed, ids)
    vocabulary.change(deltas)
    postings.change(before, after)
    edition_marks.mark(which)


def _bundles_of(ids: Sequence[int]) -> Sequence[int]:
    """The bundles that these articles are parts of: what can be bought of them follows from who makes the parts."""
    found: list[int] = []
    for first in range(0, len(ids), BATCH):
        some = BundlePart.article_id.in_(ids[first : first + BATCH])
        found += db.session.scalars(select(BundlePart.bundle_id).where(some).distinct())
    return found


def _written(ids: Sequence[int]) -> dict[int, set[str]]:
    """The tokens that lie in the index now."""
    read = text(_READ[db.engine.dialect.name])
    wanted = set(ids)
    spans = [(ids[0], ids[-1])] if ids[-1] - ids[0] < 2 * len(ids) else [(id_, id_) for id_ in ids]
    rows = (row for span in spans for row in db.session.execute(read, {"first": span[0], "last": span[1]}))
    return {id_: set(words.split()) for id_, words in rows if id_ in wanted}


def _counted(tokens: set[str]) -> Iterable[str]:
    """What the vocabulary counts: sold articles only, and no running numbers: there are as many as articles."""
    if SOLD not in tokens:
        return ()
    return (token for token in tokens if not postings.is_number(token))


def _listed(
    which: ColumnElement[bool], makers: Mapping[int, _Makers], tokens: Mapping[int, set[str]]
) -> Iterator[hits.Hit]:
    query = select(Article.id, Article.sort_name, Article.category_id, Article.kind).where(which)
    for id_, sort_name, category_id, kind in db.session.execute(query):
        made = makers.get(id_, _Makers())
        named = " ".join(sorted(token for token in tokens[id_] if token[0] in "wrn"))
        yield hits.Hit(
            id_, sort_name, category_id, kind.value, hits.made_by(made.places), named, leads.written(made.leads)
        )


def _tokens(which: ColumnElement[bool], makers: Mapping[int, _Makers]) -> Iterator[tuple[int, set[str]]]:
    query = (
        select(Article.id, Article.name, Article.number, Article.description, Article.ingredients, Article.kind)
        .add_columns(Article.state, Article.category_id, Category.name_sv, Category.name_en)
        .add_columns(CpvCode.code, CpvCode.label_sv, CpvCode.label_en)
        .join(Category, Category.id == Article.category_id)
        .outerjoin(CpvCode, CpvCode.code == Article.cpv)
        .where(which)
    )
    for id_, name, number, description, ingredients, kind, state, category_id, *labels in db.session.execute(query):
        made = makers.get(id_, _Makers())
        shelf_sv, shelf_en, code, cpv_sv, cpv_en = labels
        swedish = tuple(label for label in (shelf_sv, code, cpv_sv, *sorted(made.names)) if label)
        english = tuple(label for label in (shelf_en, cpv_en) if label)
        found = words_as_tokens(name, swedish, number, description, ingredients, english=english)
        if state == ApprovalState.APPROVED and made.ids:
            found |= {SOLD, f"fc{category_id}", kind_token(kind)}
            found |= {f"fm{member_id}" for member_id in made.ids} | {f"fk{code}" for code in made.municipalities}
        else:
            found.add(UNSOLD)
        yield id_, found


def kind_token(kind: str) -> str:
    """The filter for a kind of article. An underscore would cut the token in two."""
    return f"fy{kind.replace('_', '')}"


def words_as_tokens(
    name: str, labels: tuple[str, ...], number: str, *prose: str, english: tuple[str, ...] = ()
) -> set[str]:
    """The tokens of an article's words. Pure.

    English labels are found by whoever types them rightly; nobody who types Swedish is taken to have meant them.
    """
    written, roots = _read(name)
    shown, beside = _read_all(labels)
    beside |= _read_all(english)[1]
    told = frozenset().union(*(_read(one)[1] for one in prose))
    whole = {root(word) for word in written}
    in_name = roots - whole
    beside = beside - roots
    told = told - roots - beside
    found = {f"w{word}" for word in written} | {f"r{one}" for one in whole} | {f"n{one}" for one in in_name}
    found |= (
        {f"l{one}" for one in beside}
        | {f"v{word}" for word in (shown | _tails(written)) - written}
        | {f"m{one}" for one in told}
    )
    return found | {f"d{word}" for word in words_of(number)}


def _tails(words: Iterable[str]) -> set[str]:
    return {tail for word in words for tail in tails(word)}


@lru_cache(maxsize=2000)
def _read(written: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words of a text, and their roots with those of their parts."""
    words = frozenset(words_of(written))
    roots = frozenset(root(word) for word in words)
    return words, roots.union(*(parts(word) for word in words))


@lru_cache(maxsize=2000)
def _read_all(texts: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    several = [_read(one) for one in texts]
    none: frozenset[str] = frozenset()
    return none.union(*(one[0] for one in several)), none.union(*(one[1] for one in several))


class _Makers:
    """Who makes an article, and where it can be had."""

    def __init__(self) -> None:
        self.ids: set[int] = set()
        self.names: list[str] = []
        self.municipalities: set[str] = set()
        self.places: dict[int, set[str]] = {}
        """The municipalities by member; empty for a bundle."""
        self.leads: dict[int, int] = {}
        """The lead times by member; the same."""


def _makers(which: ColumnElement[bool]) -> dict[int, _Makers]:
    approved = (which, Offering.state == ApprovalState.APPROVED)
    found: dict[int, _Makers] = {}
    query = select(Offering.article_id, Offering.member_id, Member.name, Offering.lead_days)
    query = query.join(Member, Member.id == Offering.member_id)
    for article_id, member_id, name, lead in db.session.execute(
        query.join(Article, Article.id == Offering.article_id).where(*approved)
    ):
        makers = found.setdefault(article_id, _Makers())
        makers.ids.add(member_id)
        makers.names.append(name)
        makers.places[member_id] = set()
        makers.leads[member_id] = lead
    areas = select(Offering.article_id, Offering.member_id, OfferingArea.municipality).join(
        OfferingArea, OfferingArea.offering_id == Offering.id
    )
    rows: Iterable[Any] = db.session.execute(areas.join(Article, Article.id == Offering.article_id).where(*approved))
    for article_id, member_id, municipality in rows:
        found[article_id].municipalities.add(municipality)
        found[article_id].places[member_id].add(municipality)
    return found | _makers_of_bundles(which)


def _makers_of_bundles(which: ColumnElement[bool]) -> dict[int, _Makers]:
    """The same for bundles that can be bought: who makes any of the parts, and where all that is delivered can be."""
    approved = (which, Article.kind == ArticleKind.BUNDLE, Article.state == ApprovalState.APPROVED)
    query = select(Article).where(*approved).options(bundles.whole()).execution_options(populate_existing=True)
    found: dict[int, _Makers] = {}
    for article in db.session.scalars(query):
        if bundles.is_complete(article):
            bundle = bundles.as_value(article)
            if not bundle.municipalities:  # Its makers deliver nowhere together: nobody can have it.
                continue
            makers = found.setdefault(article.id, _Makers())
            makers.ids |= set(bundle.maker_ids)
            makers.municipalities |= bundle.municipalities
            makers.names += [one.member.name for part in article.parts for one in bundles.makers_of(part)]
    return found
