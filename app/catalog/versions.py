"""Every published state of an article and of an offering, kept for good: orders, price lists and bids point at them."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import JSON, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import User
from app.catalog.drafts import draft_of, written
from app.catalog.models import ApprovalState, Article, Offering
from app.db import Base, db


class ArticleVersion(Base):
    """An article as customers saw it from a moment on. Never changed, never removed."""

    __tablename__ = "article_version"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """1, 2, 3 … for each article."""
    published_at: Mapped[datetime]
    published_by: Mapped[str]
    """The name as it was, also when the account is gone."""
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What `drafts.written` gives, with ``number`` and ``price`` in öre."""
    change_request_id: Mapped[int | None] = mapped_column(ForeignKey("change_request.id"), index=True)
    """The request that made it; None for what was published without one, as the first version."""


class OfferingVersion(Base):
    """On what terms a member made an article, from a moment on. Never changed, never removed."""

    __tablename__ = "offering_version"
    offering_id: Mapped[int] = mapped_column(ForeignKey("offering.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    published_at: Mapped[datetime]
    published_by: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """``member_price`` in öre per unit without VAT, ``unit``, and ``municipalities`` as sorted SCB codes."""
    change_request_id: Mapped[int | None] = mapped_column(ForeignKey("change_request.id"), index=True)


def publish_article(
    article: Article, *, by: User | None, now: datetime, change_request_id: int | None = None
) -> Article:
    """Keep the article's present state as its next version, unless it is the same as the last one."""
    db.session.flush()
    content = article_content(article)
    last = db.session.get(ArticleVersion, (article.id, article.version))
    if last is None or last.content != content:
        article.version += 1
        kept = _kept(article.version, content, by, now, change_request_id)
        db.session.add(ArticleVersion(article_id=article.id, **kept))
        db.session.flush()
    return article


def publish_offering(
    offering: Offering, *, by: User | None, now: datetime, change_request_id: int | None = None
) -> Offering:
    """Keep what the member is paid, and where it delivers, as the next version, unless it is the same as the last one.

    Capacity and lead time are the member's own to change from day to day and make no version.
    """
    db.session.flush()
    content = offering_content(offering)
    last = db.session.get(OfferingVersion, (offering.id, offering.version))
    if last is None or last.content != content:
        offering.version += 1
        kept = _kept(offering.version, content, by, now, change_request_id)
        db.session.add(OfferingVersion(offering_id=offering.id, **kept))
        db.session.flush()
    return offering


def article_content(article: Article) -> dict[str, Any]:
    """The article's present state as a version keeps it."""
    return {**written(draft_of(article)), "number": article.number, "price": article.price.ore}


def offering_content(offering: Offering) -> dict[str, Any]:
    """The offering's present state as a version keeps it."""
    places = sorted(offering.municipalities)
    return {"member_price": offering.member_price.ore, "unit": offering.article.unit, "municipalities": places}


def mark_of(offering: Offering) -> str:
    """Names what a proposal says at this moment, so that nobody decides about what they have not read.

    Of an article that is there already only the terms are proposed.
    """
    article = offering.article
    said = [
        article_content(article) if article.state == ApprovalState.PROPOSED else None,
        offering_content(offering),
        str(offering.capacity_per_week.normalize()),
        offering.lead_days,
    ]
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def versions_of(article: Article) -> list[ArticleVersion]:
    """All published states of an article, the newest first."""
    query = select(ArticleVersion).where(ArticleVersion.article_id == article.id)
    return list(db.session.scalars(query.order_by(ArticleVersion.number.desc())))


def _kept(
    number: int, content: dict[str, Any], by: User | None, now: datetime, change_request_id: int | None
) -> dict[str, Any]:
    return {
        "number": number,
        "published_at": now,
        "published_by": _name(by),
        "content": content,
        "change_request_id": change_request_id,
    }


def _name(by: User | None) -> str:
    return by.name if by else "Samsälj"
