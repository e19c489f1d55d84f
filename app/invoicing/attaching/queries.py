"""Reading what lies with an order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from app.errors import NotYours
from app.invoicing.attaching.models import OrderAttachment
from app.orders.models import Order


def attached_to(order: Order) -> Sequence[OrderAttachment]:
    """All files of an order, as they were added; they are few."""
    query = (
        select(OrderAttachment).where(OrderAttachment.order_id == order.id).options(joinedload(OrderAttachment.file))
    )
    return db.session.scalars(query.order_by(OrderAttachment.id)).all()


def attachment_of(order: Order, attachment_id: int) -> OrderAttachment:
    """One of an order's files. Raises NotYours."""
    query = select(OrderAttachment).where(OrderAttachment.id == attachment_id, OrderAttachment.order_id == order.id)
    found = db.session.scalar(query)
    if found is None:
        raise NotYours
    return found


def waiting_for_invoice(order_ids: Iterable[int]) -> Sequence[OrderAttachment]:
    """Files of these orders that no invoice has taken along yet."""
    query = select(OrderAttachment).where(OrderAttachment.order_id.in_(order_ids), OrderAttachment.invoice_id.is_(None))
    return db.session.scalars(query.options(joinedload(OrderAttachment.file)).order_by(OrderAttachment.id)).all()
