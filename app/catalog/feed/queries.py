"""The catalogue for other systems: what is sold, a page at a time, and what has changed since an edition.

Members are named as firms. What they are paid, and who works there, is never part of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from app import albums
from app.catalog import bundles, facets
from app.catalog.edition_models import ArticleChange
from app.catalog.feed import making as feed_making
from app.catalog.feed import prices as feed_prices
from app.catalog.feed.prices import number
from app.catalog.kinds import ArticleKind
from app.catalog.models import ApprovalState, Article, CatalogEdition, CpvCode, Offering
from app.catalog.picture_models import ArticlePicture
from app.catalog.pricing import prices
from app.catalog.versions import ArticleVersion
from app.customers.models import CustomerKind
from app.db import db
from app.pictures import LARGE, print_of

PAGE = 200
"""So many articles are looked at for a page. Those that are not sold are left out, so a page may hold fewer."""
SLACK = timedelta(minutes=5)
"""Two who change something at the same moment may get their editions in the other order."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after an article in the order of ids, or in that of changes, of edition and id."""

    article_id: int = 0
    edition: int | None = None
    """For what has changed: the last edition that has been read whole or in part; None for all that is sold."""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page: the articles, those that are sold no longer, and where the next page begins."""

    articles: list[dict[str, Any]]
    removed: list[dict[str, Any]]
    following: Place | None


@dataclass(frozen=True, slots=True)
class Moment:
    """Which edition is out, and when it came."""

    edition: int
    changed_at: datetime | None


def moment() -> Moment:
    """The present edition: two small questions, before anything else is asked."""
    number = db.session.scalar(select(CatalogEdition.number)) or 0
    last = select(ArticleChange.changed_at).order_by(ArticleChange.edition.desc(), ArticleChange.article_id.desc())
    return Moment(number, db.session.scalar(last.limit(1)))


def edition_before(instant: datetime, present: int) -> int:
    """The last edition that was surely out before a moment."""
    since = select(ArticleChange.edition).where(ArticleChange.changed_at >= instant - SLACK)
    first = db.session.scalar(since.order_by(ArticleChange.changed_at, ArticleChange.edition).limit(1))
    return present if first is None else first - 1


def feed_page(place: Place, day: date, *, base: str) -> FeedPage:
    """A page from a place on, with prices and VAT as of a day and links below an address.

    It costs the same wherever it is.
    """
    if place.edition is None:
        ids = db.session.scalars(
            select(Article.id).where(Article.id > place.article_id).order_by(Article.id).limit(PAGE)
        )
        keys = [(0, article_id) for article_id in ids]
    else:
        keys = _changed_after(place.edition, place.article_id)
    found = described([article_id for _edition, article_id in keys], day, base)
    articles = [found[article_id] for _edition, article_id in keys if article_id in found]
    following = None
    if len(keys) == PAGE:
        following = Place(keys[-1][1], None if place.edition is None else keys[-1][0])
    gone = [article_id for _edition, article_id in keys if article_id not in found]
    return FeedPage(articles, [] if place.edition is None else _removed(gone), following)


def _changed_after(edition: int, article_id: int) -> list[tuple[int, int]]:
    later = ArticleChange.edition > edition
    same = and_(ArticleChange.edition == edition, ArticleChange.article_id > article_id)
    columns = select(ArticleChange.edition, ArticleChange.article_id)
    order = (ArticleChange.edition, ArticleChange.article_id)
    # Two questions instead of one with "or", of which SQLite would make a walk through all.
    rest = db.session.execute(columns.where(same).order_by(*order).limit(PAGE)).all() if article_id else []
    more = db.session.execute(columns.where(later).order_by(*order).limit(PAGE - len(rest))).all()
    return [(row.edition, row.article_id) for row in [*rest, *more]]


def _removed(ids: Sequence[int]) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(Article.id, Article.number, Article.state, Article.version).where(Article.id.in_(ids))
    )
    return [{"id": row.id, "number": row.number} for row in sorted(rows) if row.version or row.state == "withdrawn"]


def described(ids: Sequence[int], day: date, base: str) -> dict[int, dict[str, Any]]:
    """Those of the articles that are sold, by id, as the feed tells of them."""
    if not ids:
        return {}
    offered: dict[int, list[Offering]] = {}
    offerings = select(Offering).options(joinedload(Offering.member))
    approved = (Offering.article_id.in_(ids), Offering.state == ApprovalState.APPROVED)
    for offering in db.session.scalars(offerings.where(*approved).order_by(Offering.lead_days, Offering.id)):
        offered.setdefault(offering.article_id, []).append(offering)
    pictures = _pictures(ids)
    published = and_(ArticleVersion.article_id == Article.id, ArticleVersion.number == Article.version)
    query = (
        select(Article, CpvCode, ArticleVersion.published_at)
        .outerjoin(CpvCode, CpvCode.code == Article.cpv)
        .outerjoin(ArticleVersion, published)
        .options(bundles.whole())
        .where(Article.id.in_(ids), Article.state == ApprovalState.APPROVED)
    )
    rows = db.session.execute(query).all()
    priced = prices.for_page({article.id: article.price for article, *_beside in rows}, prices.terms_for(None, day))
    return {
        article.id: {
            **_words(article, cpv, base),
            **feed_prices.costs(article, priced[article.id], day),
            **_terms(article),
            **making,
            "pictures": [_picture(row, base) for row in pictures.get(article.id, [])],
            "version": article.version,
            "published_at": published_at.isoformat() if published_at else None,
        }
        for article, cpv, published_at in rows
        if (making := feed_making.making(article, offered.get(article.id, ()))) is not None
    }


def _pictures(ids: Sequence[int]) -> dict[int, list[ArticlePicture]]:
    query = select(ArticlePicture).where(
        ArticlePicture.article_id.in_(ids), ArticlePicture.state == albums.PictureState.APPROVED
    )
    found: dict[int, list[ArticlePicture]] = {}
    for row in db.session.scalars(query.order_by(ArticlePicture.position, ArticlePicture.id)):
        found.setdefault(row.article_id, []).append(row)
    return found


def _picture(row: ArticlePicture, base: str) -> dict[str, Any]:
    file = print_of(row.picture, LARGE)
    return {
        "url": f"{base}{file.address}",
        "width": file.width,
        "height": file.height,
        "description": row.description,
    }


def _words(article: Article, cpv: CpvCode | None, base: str) -> dict[str, Any]:
    shelf = facets.shelves_by_id()[article.category_id]
    everybody = [kind.value for kind in CustomerKind]
    return {
        "id": article.id,
        "number": article.number,
        "url": f"{base}/katalog/{article.slug}",
        "name": article.name,
        "description": article.description,
        "kind": article.kind.value,
        "sold_to": [CustomerKind.PUBLIC.value] if article.kind == ArticleKind.PLACEMENT else everybody,
        "category": {"slug": shelf.slug, "name": shelf.name_sv},
        "cpv": {"code": cpv.code, "name": cpv.label_sv} if cpv else None,
    }


def _terms(article: Article) -> dict[str, Any]:
    return {
        "min_quantity": number(article.min_quantity),
        "quantity_step": number(article.quantity_step),
        "pack_size": number(article.pack_size),
        "ingredients": article.ingredients,
        "allergens": feed_making.allergens(article),
        "withdrawal": article.withdrawal.value,
        "rut": article.rut,
        "parts": feed_making.parts(article),
    }
