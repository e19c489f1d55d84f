"""What members and staff do with the pictures of articles. Every act leaves the catalogue in a new edition."""

from __future__ import annotations

from datetime import datetime

from app import albums, pictures
from app.accounts.models import User
from app.albums import PictureState
from app.catalog.indexing import reindex
from app.catalog.models import Article
from app.catalog.picture_models import ArticlePicture
from app.catalog.picture_queries import album_of
from app.members.models import Member
from app.pictures import Developed

MOST = 8
"""Pictures of an article."""


def add_picture(
    article: Article, data: bytes | Developed, description: str, *, by: User, now: datetime
) -> ArticlePicture:
    """Staff put a picture last in an article's album; everybody sees it at once.

    Raises Refused for what is no picture, for one too many and for a description that is missing or too long.
    """
    return _put(article, data, description, None, what="added", by=by, now=now)


def propose_picture(
    article: Article, member: Member, data: bytes | Developed, description: str, *, by: User, now: datetime
) -> ArticlePicture:
    """A member hands in a picture of what it makes; nobody else sees it before staff have. Raises Refused."""
    return _put(article, data, description, member, what="proposed", by=by, now=now)


def describe(row: ArticlePicture, description: str, *, by: User, now: datetime) -> ArticlePicture:
    """Say better what a picture shows; it holds at once. Raises Refused."""
    albums.describe(row, description, by=by, now=now)
    reindex(row.article)
    return row


def move(row: ArticlePicture, step: int, *, by: User, now: datetime) -> ArticlePicture:
    """One place towards the front (-1) or the back (1). The first stands on the article's card."""
    albums.move(album_of(row.article_id), row, step, by=by, now=now)
    reindex(row.article)
    return row


def remove(row: ArticlePicture, *, by: User, now: datetime) -> None:
    """Take a picture away."""
    article = row.article
    albums.remove(row, by=by, now=now)
    reindex(article)


def approve(row: ArticlePicture, *, by: User, now: datetime) -> ArticlePicture:
    """Staff show a picture to everybody. Raises Refused when it has been declined meanwhile."""
    albums.approve(row, by=by, now=now)
    reindex(row.article)
    return row


def decline(row: ArticlePicture, reason: str, *, by: User, now: datetime) -> ArticlePicture:
    """Staff say no to a picture; the member reads why. Raises Refused."""
    return albums.decline(row, reason, by=by, now=now)


def _put(
    article: Article,
    data: bytes | Developed,
    description: str,
    member: Member | None,
    *,
    what: str,
    by: User,
    now: datetime,
) -> ArticlePicture:
    """The caller holds the article's row, so that two who hand in at the same moment do not share a place."""
    album, description = album_of(article.id), albums.check_description(description)
    albums.check_room(album, MOST)
    row = ArticlePicture(
        article=article,
        handed_in_by=member,
        picture=pictures.take_in(data, now=now),
        description=description,
        state=PictureState.WAITING if member else PictureState.APPROVED,
        added_at=now,
    )
    albums.put(album, row, what=what, by=by, now=now)
    reindex(article)
    return row
