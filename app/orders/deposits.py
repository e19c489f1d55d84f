"""What is charged for what must come back and does not, as it was when the order was placed."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, select

from app.catalog import facets
from app.catalog.models import Article
from app.catalog.versions import ArticleVersion
from app.db import db
from app.money import Money
from app.orders.models import Order, OrderLine
from app.vat import VatClass


def deposits(order: Order, *, with_vat: bool) -> dict[int, Money]:
    """The deposit per unit by order line id, for what has one and is still wanted.

    It is that of the published state that was bought. What does not come back is a supply of the basket or the box
    itself, whatever lay in it, so the standard rate applies; that of the day of delivery.
    """
    found = db.session.execute(_BOUGHT, {"order": order.id})
    amounts = {line: Money(content["deposit"]) if content else present for line, present, content in found}
    day = order.delivery_day
    return {
        line: facets.with_vat(amount, VatClass.STANDARD, day) if with_vat else amount
        for line, amount in amounts.items()
        if amount
    }


_BOUGHT = (
    select(OrderLine.id, Article.deposit, ArticleVersion.content)
    .join(Article, OrderLine.article_id == Article.id)
    .outerjoin(
        ArticleVersion,
        and_(ArticleVersion.article_id == OrderLine.article_id, ArticleVersion.number == OrderLine.article_version),
    )
    .where(OrderLine.order_id == bindparam("order"), OrderLine.called_off < OrderLine.quantity)
)
"""Put together once: each order asks it."""
