"""In which categories a member sells something, and where it delivers: what the list of members is narrowed by.

It follows from approved articles and offerings, and is written down so that a list of thousands of members need not
walk through a million offerings. `indexing.reindex`, with which every act on an article or offering ends, keeps it
true.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, db


class MakerCategory(Base):
    """A member sells something in a category."""

    __tablename__ = "maker_category"
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)


class MakerPlace(Base):
    """A member delivers something in a municipality."""

    __tablename__ = "maker_place"
    municipality: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)


_SOLD = """FROM offering JOIN article ON article.id = offering.article_id
           WHERE offering.state = 'approved' AND article.state = 'approved'"""
_CATEGORIES = f"""INSERT INTO maker_category (category_id, member_id)
                  SELECT DISTINCT article.category_id, offering.member_id {_SOLD}"""
_PLACES = """INSERT INTO maker_place (municipality, member_id)
             SELECT DISTINCT offering_area.municipality, offering.member_id
             FROM offering JOIN article ON article.id = offering.article_id
             JOIN offering_area ON offering_area.offering_id = offering.id
             WHERE offering.state = 'approved' AND article.state = 'approved'"""
_OF_THIS = " AND article.id = :article_id ON CONFLICT DO NOTHING"
_MEMBERS = "(SELECT member_id FROM offering WHERE article_id = :article_id)"
# The article is asked for by its number and only when the offering fits, so that no database begins with all articles.
_ITS_ARTICLE = "SELECT 1 FROM article WHERE article.id = offering.article_id AND article.state = 'approved'"
_FOLLOW = (
    f"""DELETE FROM maker_category WHERE member_id IN {_MEMBERS} AND NOT EXISTS (
        SELECT 1 FROM offering WHERE offering.member_id = maker_category.member_id AND offering.state = 'approved'
        AND EXISTS ({_ITS_ARTICLE} AND article.category_id = maker_category.category_id))""",  # noqa: S608
    f"""DELETE FROM maker_place WHERE member_id IN {_MEMBERS} AND NOT EXISTS (
        SELECT 1 FROM offering WHERE offering.member_id = maker_place.member_id AND offering.state = 'approved'
        AND EXISTS (SELECT 1 FROM offering_area WHERE offering_area.offering_id = offering.id
                    AND offering_area.municipality = maker_place.municipality)
        AND EXISTS ({_ITS_ARTICLE}))""",  # noqa: S608
    _CATEGORIES + _OF_THIS,
    _PLACES + _OF_THIS,
)


def follow(article_ids: Sequence[int]) -> None:
    """Bring up to date what is known of all who offer these articles, in the caller's transaction."""
    if article_ids:
        for statement in _FOLLOW:
            db.session.execute(text(statement), [{"article_id": id_} for id_ in article_ids])


def rebuild() -> None:
    """Write all of it anew."""
    for statement in ("DELETE FROM maker_category", "DELETE FROM maker_place", _CATEGORIES, _PLACES):
        db.session.execute(text(statement))
