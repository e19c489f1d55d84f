"""Reading the pictures of articles."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from app import albums, pictures
from app.albums import PictureState
from app.catalog.models import ApprovalState, Article, Offering
from app.catalog.picture_models import ArticlePicture
from app.db import db
from app.errors import NotYours
from app.files import StoredFile
from app.members.models import Member
from app.pictures import PAGE, Face, PictureFile

MOST_WAITING = 30
"""So many pictures are shown at a time; the next come when these are decided."""
OFFERED = (ApprovalState.PROPOSED, ApprovalState.APPROVED)


def album_of(article_id: int) -> Sequence[ArticlePicture]:
    """All pictures of an article in their order, whatever staff have said."""
    query = select(ArticlePicture).where(ArticlePicture.article_id == article_id)
    return db.session.scalars(query.order_by(ArticlePicture.position, ArticlePicture.id)).all()


_SHOWN = (
    select(ArticlePicture)
    .where(ArticlePicture.article_id == bindparam("article_id"), ArticlePicture.state == PictureState.APPROVED)
    .order_by(ArticlePicture.position, ArticlePicture.id)
)


def shown(article_id: int) -> Sequence[ArticlePicture]:
    """The pictures of an article that everybody sees, in their order."""
    return db.session.scalars(_SHOWN, {"article_id": article_id}).all()


def faces(ids: Iterable[int]) -> dict[int, Face]:
    """The first picture of each article that has one, by the article's id: one statement for a whole page."""
    wanted = list(ids)
    return pictures.faces(db.session.execute(_faces(), {"ids": wanted})) if wanted else {}


@cache
def _faces() -> Select[Any]:
    """Every page of the catalogue asks it, so it is put together once, and when all tables are known."""
    earlier = aliased(ArticlePicture)
    first = (
        select(func.min(earlier.position))
        .where(earlier.article_id == ArticlePicture.article_id, earlier.state == PictureState.APPROVED)
        .scalar_subquery()
    )
    return (
        select(ArticlePicture.article_id, ArticlePicture.description)
        .add_columns(PictureFile.width, PictureFile.height, StoredFile.sha256)
        .join(PictureFile, PictureFile.picture_id == ArticlePicture.picture_id)
        .join(StoredFile, StoredFile.id == PictureFile.file_id)
        .where(ArticlePicture.article_id.in_(bindparam("ids", expanding=True)))
        .where(ArticlePicture.state == PictureState.APPROVED)
        .where(ArticlePicture.position == first, PictureFile.width <= PAGE)
        .order_by(ArticlePicture.article_id, PictureFile.width)
    )


def picture_of(article_id: int, row_id: int) -> ArticlePicture:
    """A picture of this article, for staff. Raises NotYours."""
    return albums.one_in(album_of(article_id), row_id)


def own_picture_of(member: Member, article_id: int, row_id: int) -> ArticlePicture:
    """A picture that the member itself has handed in. Raises NotYours."""
    own = [row for row in album_of(article_id) if row.handed_in_by_id == member.id]
    return albums.one_in(own, row_id)


def article_pictured_by(member: Member, article_id: int, *, lock: bool = False) -> Article:
    """An article whose pictures are this member's to hand in: it makes it, and proposed it or makes it alone.

    Raises NotYours.
    """
    makes = (Offering.article_id == article_id, Offering.member_id == member.id, Offering.state.in_(OFFERED))
    others = select(Offering.id).where(
        Offering.article_id == article_id, Offering.member_id != member.id, Offering.state == ApprovalState.APPROVED
    )
    query = select(Article).where(
        Article.id == article_id,
        select(Offering.id).where(*makes).exists(),
        or_(Article.proposed_by_id == member.id, ~others.exists()),
    )
    found = db.session.scalar(query.with_for_update(of=Article) if lock else query)
    if found is None:
        raise NotYours
    return found


def pictured_by(member: Member, article_ids: Collection[int]) -> frozenset[int]:
    """The ids of those of the articles whose pictures are this member's to hand in."""
    other = aliased(Offering)
    others = select(other.id).where(
        other.article_id == Article.id, other.member_id != member.id, other.state == ApprovalState.APPROVED
    )
    query = (
        select(Article.id)
        .join(Offering, Offering.article_id == Article.id)
        .where(Offering.member_id == member.id, Offering.state.in_(OFFERED), Article.id.in_(article_ids))
        .where(or_(Article.proposed_by_id == member.id, ~others.exists()))
    )
    return frozenset(db.session.scalars(query))


def is_out(picture_ids: Collection[int]) -> bool:
    """Whether everybody may see one of these pictures, since it is approved for some article."""
    shown = (ArticlePicture.picture_id.in_(picture_ids), ArticlePicture.state == PictureState.APPROVED)
    return db.session.scalar(select(ArticlePicture.id).where(*shown).limit(1)) is not None


def is_of(picture_ids: Collection[int], member: Member) -> bool:
    """Whether a member has handed in one of these pictures, or makes an article in whose album it lies."""
    makes = select(Offering.article_id).where(Offering.member_id == member.id)
    own = or_(ArticlePicture.handed_in_by_id == member.id, ArticlePicture.article_id.in_(makes))
    query = select(ArticlePicture.id).where(ArticlePicture.picture_id.in_(picture_ids), own)
    return db.session.scalar(query.limit(1)) is not None


def waiting_count() -> int:
    """How many pictures of articles wait for staff."""
    query = select(func.count()).select_from(ArticlePicture).where(ArticlePicture.state == PictureState.WAITING)
    return db.session.scalar(query) or 0


def waiting() -> Sequence[ArticlePicture]:
    """Pictures of articles that wait for staff, the oldest first."""
    query = select(ArticlePicture).where(ArticlePicture.state == PictureState.WAITING)
    return db.session.scalars(query.order_by(ArticlePicture.id).limit(MOST_WAITING)).all()


def waiting_picture(row_id: int) -> ArticlePicture:
    """Any picture of an article, for whoever decides: the next one has to wait. Raises NotYours."""
    query = select(ArticlePicture).where(ArticlePicture.id == row_id)
    locked = query.with_for_update(of=ArticlePicture).execution_options(populate_existing=True)
    found = db.session.scalar(locked)
    if found is None:
        raise NotYours
    return found
