"""Whether what standing orders want is still sold: who would miss an article, and which of its articles are gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.catalog import bundles
from app.catalog.kinds import ArticleKind
from app.catalog.models import ON_SALE, ApprovalState, Article, BundlePart
from app.db import db
from app.orders.standing.models import TO_ORDER, StandingLine, StandingOccurrence, StandingOrder

MOST = 20
"""So many are named, and it is said when there are more."""


def wanting(article: Article, today: date) -> Sequence[StandingOrder]:
    """Standing orders that have times yet to be ordered with an article, alone or in a bundle; one more than `MOST`."""
    holding = select(BundlePart.bundle_id).where(BundlePart.article_id == article.id)
    versions = select(StandingLine.version_id).where(
        or_(StandingLine.article_id == article.id, StandingLine.article_id.in_(holding))
    )
    times = select(StandingOccurrence.standing_order_id).where(
        StandingOccurrence.version_id.in_(versions),
        StandingOccurrence.state.in_(TO_ORDER),
        StandingOccurrence.day > today,
    )
    query = select(StandingOrder).where(StandingOrder.id.in_(times)).options(joinedload(StandingOrder.customer))
    return db.session.scalars(query.order_by(StandingOrder.id).limit(MOST + 1)).all()


def gone(standing: StandingOrder, today: date) -> list[Article]:
    """What it is to bring and cannot be ordered any longer, now or in a version that begins later."""
    if standing.last_day is not None and standing.last_day < today:
        return []
    versions = [standing.holds_on(today), *standing.versions_after(today)]
    wanted = {line.article_id: line.article for version in versions for line in version.lines}
    return [article for article in wanted.values() if not _is_sold(article, standing)]


def _is_sold(article: Article, standing: StandingOrder) -> bool:
    if article.state not in ON_SALE:
        return False
    if article.state == ApprovalState.MEMBERS and standing.customer.member_id is None:
        return False
    return article.kind != ArticleKind.BUNDLE or bundles.is_complete(article)
