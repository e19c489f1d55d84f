"""What a list of the catalogue needs of an article beside its words: how it is ordered, and what it is counted by.

A narrow row for each article, written by the same act that writes the index: to rank and count a thousand hits no
wide row of an article, no offering and no area is read.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, delete, insert
from sqlalchemy.orm import Mapped, mapped_column

from app.catalog import leads
from app.db import Base, db


class ListedArticle(Base):
    """An article as lists know it."""

    __tablename__ = "listed_article"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    sort_name: Mapped[str] = mapped_column(String().with_variant(String(collation="C"), "postgresql"))
    category_id: Mapped[int]
    kind: Mapped[str]
    made: Mapped[str]
    """Who makes it, each followed by the municipalities it delivers to: ``m7 1480 1481 m12 1480``.

    Empty for a bundle, which others make the parts of.
    """
    named: Mapped[str]
    """The tokens of its name (see indexing.py): by them a few hits are sorted without asking the index again."""
    leads: Mapped[str] = mapped_column(server_default="")
    """Within how many working days each of those brings it: ``7:3 12:10``."""


class Hit(NamedTuple):
    """The same as a value, in the order of the columns."""

    article_id: int
    sort_name: str
    category_id: int
    kind: str
    made: str
    named: str
    leads: str = ""


FIRST = 120
"""So many of a long list are looked at when its choices are counted."""
TABLE = Base.metadata.tables[ListedArticle.__tablename__]
COLUMNS = tuple(TABLE.c[name] for name in Hit._fields)
_AMONG = {
    "sqlite": "article_id IN (SELECT value FROM json_each(?))",
    "postgresql": "article_id = ANY(%s)",
}
"""A thousand ids as one value: as a thousand values they cost more than the answer."""


def write(hits: Iterable[Hit], gone: Iterable[int]) -> None:
    """Put rows in the place of those that are gone."""
    db.session.execute(delete(TABLE).where(TABLE.c.article_id.in_(list(gone))))
    if written := [hit._asdict() for hit in hits]:
        db.session.execute(insert(TABLE), written)


def add_leads(tokens: Mapping[int, set[str]], listed: Iterable[Hit], *, sold: str) -> None:
    """Put to the tokens of those articles that are sold how soon they can come: it follows from what lists know."""
    for hit in listed:
        if sold in tokens.get(hit.article_id, ()):
            tokens[hit.article_id].update(leads.tokens(hit.made, hit.leads))


def made_by(places: Mapping[int, Iterable[str]]) -> str:
    """Who makes something and where each delivers, in writing."""
    return " ".join(" ".join((f"m{member}", *sorted(places[member]))) for member in sorted(places))


def made_by_those(made: str, members: Collection[int]) -> str:
    """What is left of such writing when it is about some members only."""
    return "".join(f"m{one}" for one in made.split("m")[1:] if int(one.partition(" ")[0]) in members)


def rows_of(ids: Sequence[int]) -> list[Hit]:
    """The rows of some articles, in no order."""
    dialect = db.engine.dialect.name
    asked = f"SELECT {', '.join(Hit._fields)} FROM listed_article WHERE {_AMONG[dialect]}"  # noqa: S608  our own words
    value = json.dumps(ids) if dialect == "sqlite" else list(ids)
    return list(map(Hit._make, db.session.connection().exec_driver_sql(asked, (value,)).all()))


def figures(
    hits: Sequence[Hit], facets: Collection[str], *, municipality: str | None = None, member_id: int | None = None
) -> dict[str, Counter[str]]:
    """How many of the hits have each value of some facets: category, kind, municipality and member.

    Where a municipality or a member is given, one and the same offering must have it. Bundles are not counted by place
    and member.
    """
    count = {
        "category": lambda: Counter(str(hit.category_id) for hit in hits),
        "kind": lambda: Counter(hit.kind for hit in hits),
        "member": lambda: _members(hits, municipality),
        "municipality": lambda: _municipalities(hits, member_id),
    }
    return {facet: count[facet]() for facet in facets}


def _members(hits: Sequence[Hit], municipality: str | None) -> Counter[str]:
    """Those who make something, or who deliver it to a municipality; of one article each member has one offering."""
    offerings = " ".join(hit.made for hit in hits).split("m")[1:]
    place = "" if municipality is None else f" {municipality}"
    return Counter(one.partition(" ")[0] for one in offerings if place in one)


def _municipalities(hits: Sequence[Hit], member_id: int | None) -> Counter[str]:
    """Where things are delivered, or where a member delivers them."""
    if member_id is not None:
        offerings = " ".join(hit.made for hit in hits).split("m")
        own = (one for one in offerings if one.startswith(f"{member_id} "))
        return Counter(chain.from_iterable(one.split()[1:] for one in own))
    # Two members may deliver to the same place.
    both = Counter(chain.from_iterable(set(hit.made.split()) for hit in hits))
    return Counter({key: count for key, count in both.items() if key[0] != "m"})
