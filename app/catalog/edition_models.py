"""What those who copy our catalogue need to know: which articles have changed since they last asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class ArticleChange(Base):
    """In which edition of the catalogue an article was last another than before; those who copy us ask for it."""

    __tablename__ = "article_change"
    __table_args__ = (
        Index("ix_article_change_edition_article_id", "edition", "article_id"),
        Index("ix_article_change_changed_at_edition", "changed_at", "edition"),
    )
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    edition: Mapped[int]
    changed_at: Mapped[datetime]
