"""The staff's inbox: what is proposed or wished and nobody has decided yet, in heaps that are leafed through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from app.catalog import review
from app.catalog.changing import queries
from app.catalog.changing.models import ChangeRequest, ChangeState
from app.catalog.models import Article, Offering
from app.db import db
from app.leaves import Leaf, leaf
from app.members.models import Member

NEW_ARTICLES, NEW_OFFERINGS = "nya-artiklar", "nya-erbjudanden"
ARTICLES, OFFERINGS, RETURNED = "artiklar", "erbjudanden", "tillbaka"
HEAPS = (NEW_ARTICLES, NEW_OFFERINGS, ARTICLES, OFFERINGS, RETURNED)
"""As addresses call them, in the order of the page."""
ROWS = 30
FEW = 10
"""So many of each heap are shown where all heaps are."""

PROPOSED = {NEW_ARTICLES: review.ARTICLE_WAITS, NEW_OFFERINGS: review.OFFERING_WAITS}
_WISHED: dict[str, tuple[ColumnElement[bool], ...]] = {
    ARTICLES: (ChangeRequest.state == ChangeState.WAITING, ChangeRequest.article_id.is_not(None)),
    OFFERINGS: (ChangeRequest.state == ChangeState.WAITING, ChangeRequest.offering_id.is_not(None)),
    RETURNED: (ChangeRequest.state == ChangeState.RETURNED,),
}


def page(heap: str, member_id: int | None, number: int, size: int = ROWS) -> Leaf[Any]:
    """One page of a heap, the oldest first: offerings for what is proposed, requests for what is wished.

    `member_id` leaves out what others have asked for.
    """
    return leaf(_heap(heap, member_id), number, size)


def members(heaps: Collection[str]) -> list[tuple[Member, int]]:
    """Whose proposals and wishes lie in these heaps, by name, and how many of each member's."""
    counts: Counter[int] = Counter()
    for heap in heaps:
        counts.update(dict(db.session.execute(_by_member(heap)).all()))
    found = db.session.scalars(select(Member).where(Member.id.in_(counts)).order_by(Member.name))
    return [(member, counts[member.id]) for member in found]


def _heap(heap: str, member_id: int | None) -> Select[Any]:
    query: Select[Any]
    if heap in PROPOSED:
        query = select(Offering).join(Offering.article).where(*PROPOSED[heap]).order_by(Offering.id)
        article = joinedload(Offering.article)
        query = query.options(
            joinedload(Offering.member), article.joinedload(Article.category), article.selectinload(Article.parts)
        )
        return query if member_id is None else query.where(Offering.member_id == member_id)
    query = queries.whole().where(*_WISHED[heap])
    query = query.order_by(ChangeRequest.sent_at, ChangeRequest.id)
    return query if member_id is None else query.where(ChangeRequest.member_id == member_id)


def _by_member(heap: str) -> Any:
    query: Any
    if heap in PROPOSED:
        query = select(Offering.member_id, func.count()).join(Offering.article).where(*PROPOSED[heap])
        return query.group_by(Offering.member_id)
    query = select(ChangeRequest.member_id, func.count()).where(*_WISHED[heap], ChangeRequest.member_id.is_not(None))
    return query.group_by(ChangeRequest.member_id)
