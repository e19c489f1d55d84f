"""Photographs of articles."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.albums import InAlbum
from app.catalog.models import Article
from app.db import Base
from app.members.models import Member


class ArticlePicture(InAlbum, Base):
    """A picture of an article; the first one that is approved stands on its card."""

    __tablename__ = "article_picture"
    __table_args__ = (
        Index("ix_article_picture_article_id_position", "article_id", "position"),
        Index("ix_article_picture_state", "state", "id"),
    )
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    handed_in_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    """The member that handed it in; None for a picture of our own."""
    article: Mapped[Article] = relationship()
    handed_in_by: Mapped[Member | None] = relationship()
