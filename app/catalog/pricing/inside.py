"""What members pay each other: the member price, so that whoever is asked to make something gets its own."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import and_, func, literal, select, union_all

from app.catalog.models import ApprovalState, BundlePart, Offering
from app.db import QuantityColumn, db
from app.money import Money


def member_prices(article_ids: Iterable[int], buyer: int) -> dict[int, Money]:
    """The most that any member but the buyer is paid for a unit of each article, without VAT. One statement.

    A bundle comes to the sum over its parts. What only the buyer makes, also as a part, is left out.
    """
    ids, most = list(article_ids), func.max(Offering.member_price)
    another = and_(Offering.state == ApprovalState.APPROVED, Offering.member_id != buyer)
    whole = (
        select(Offering.article_id, literal(Decimal(1), QuantityColumn()), most)
        .where(Offering.article_id.in_(ids), another)
        .group_by(Offering.article_id)
    )
    parts = (
        select(BundlePart.bundle_id, BundlePart.quantity, most)
        .outerjoin(Offering, and_(Offering.article_id == BundlePart.article_id, another))
        .where(BundlePart.bundle_id.in_(ids))
        .group_by(BundlePart.id, BundlePart.bundle_id, BundlePart.quantity)
    )
    paid: dict[int, list[Money | None]] = {}
    for article_id, quantity, price in db.session.execute(union_all(whole, parts)):
        paid.setdefault(article_id, []).append(None if price is None else price.times(quantity))
    return {
        id_: Money.total(price for price in prices if price is not None)
        for id_, prices in paid.items()
        if None not in prices
    }
