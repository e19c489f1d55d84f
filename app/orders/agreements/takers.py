"""Who could take over what a member leaves: those that sell the article where it is bought and have room for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from app.catalog.models import ApprovalState, Offering
from app.db import QuantityColumn, db
from app.orders.agreements import queries
from app.orders.agreements.models import Agreement, AgreementPart

WEEKS = 52
MOST = 200


def able(agreement: Agreement, articles: Collection[int], leaver: int, day: date) -> list[tuple[Offering, Decimal]]:
    """Who can make the articles from a day on, and how much more of them in a year than they are bound to already.

    Nobody that has left the agreement, or will; and nobody that does not deliver to all places of the buyers to which
    the leaver delivers.
    """
    away = {one.member_id for one in queries.leavings_of(agreement)} | {leaver}
    offerings = _offerings(articles)
    wanted = _places(agreement, [one for one in offerings if one.member_id == leaver])
    mine = [one for one in offerings if one.member_id not in away]
    bound = _bound({one.member_id for one in mine}, articles, day)
    return [
        (one, one.capacity_per_week * WEEKS - bound.get((one.member_id, one.article_id), Decimal(0)))
        for one in mine
        if wanted[one.article_id] <= one.municipalities
    ]


def _offerings(articles: Collection[int]) -> Sequence[Offering]:
    query = (
        select(Offering)
        .where(Offering.article_id.in_(articles), Offering.state == ApprovalState.APPROVED)
        .options(joinedload(Offering.member))
        .order_by(Offering.id)
    )
    return db.session.scalars(query.limit(MOST)).all()


def _places(agreement: Agreement, left: Sequence[Offering]) -> Mapping[int, frozenset[str]]:
    """By article, the buyers' municipalities in which it must be delivered: those the leaver serves, or all of them."""
    everywhere = frozenset(one.municipality for one in queries.buyers(agreement))
    found: dict[int, frozenset[str]] = defaultdict(lambda: everywhere)
    for one in left:
        found[one.article_id] = everywhere & one.municipalities or everywhere
    return found


def _bound(members: Collection[int], articles: Collection[int], day: date) -> dict[tuple[int, int], Decimal]:
    """What members are to make in a year under any agreement that goes on that day, by member and article."""
    query = (
        select(
            AgreementPart.member_id, AgreementPart.article_id, func.sum(AgreementPart.yearly, type_=QuantityColumn())
        )
        .join(Agreement, Agreement.id == AgreementPart.agreement_id)
        .where(AgreementPart.member_id.in_(members), AgreementPart.article_id.in_(articles), Agreement.last_day >= day)
        .where(or_(AgreementPart.last_day.is_(None), AgreementPart.last_day >= day))
        .group_by(AgreementPart.member_id, AgreementPart.article_id)
    )
    return {(member, article): yearly for member, article, yearly in db.session.execute(query)}
