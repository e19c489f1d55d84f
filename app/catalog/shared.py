"""What members and the sales company offer to members only: bookkeeping, training days and the like."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.catalog.bundles import pauses_of
from app.catalog.models import ApprovalState, Article, Offering
from app.catalog.pausing import earliest
from app.catalog.queries import Card, Page
from app.leaves import Leaf, leaf

PAGE = 24


def shared_page(number: int, today: date) -> Page:
    """One page of what is for members only and somebody makes, by name; at most five statements.

    A number beyond the last page gives the last.
    """
    made = (Offering.article_id == Article.id, Offering.state == ApprovalState.APPROVED)
    query = select(Article).where(Article.state == ApprovalState.MEMBERS, select(Offering.id).where(*made).exists())
    query = query.options(selectinload(Article.offerings).selectinload(Offering.pauses))
    found = leaf(query.order_by(Article.sort_name, Article.id), number, PAGE)
    cards = [_card(article, today) for article in found.rows]
    return Leaf(cards, found.number, found.total, PAGE, found.more)


def _card(article: Article, today: date) -> Card:
    makers = [one for one in article.offerings if one.state == ApprovalState.APPROVED]
    return Card(
        id=article.id,
        slug=article.slug,
        name=article.name,
        category_id=article.category_id,
        unit=article.unit,
        unit_text=article.unit_text,
        vat_class=article.vat_class,
        price=article.price,
        maker_ids=_quickest_first(makers),
        earliest=min(earliest(today, one.lead_days, pauses_of(one)) for one in makers),
        kind=article.kind,
        content=article.content,
        content_unit=article.content_unit,
    )


def _quickest_first(makers: Sequence[Offering]) -> tuple[int, ...]:
    return tuple(one.member_id for one in sorted(makers, key=lambda one: (one.lead_days, one.id)))
