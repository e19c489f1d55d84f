"""Reading saved baskets."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.customers.models import Customer
from app.db import db
from app.errors import NotYours
from app.orders.drafts.models import MOST_DRAFTS, BasketDraft


def drafts_of(customer: Customer) -> Sequence[BasketDraft]:
    """All of the organisation's, by name."""
    query = select(BasketDraft).where(BasketDraft.customer_id == customer.id)
    return db.session.scalars(query.order_by(BasketDraft.name, BasketDraft.id).limit(MOST_DRAFTS)).all()


def draft_of(customer: Customer, draft_id: int, *, lock: bool = False) -> BasketDraft:
    """One of the organisation's own. Raises NotYours."""
    query = select(BasketDraft).where(BasketDraft.id == draft_id, BasketDraft.customer_id == customer.id)
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotYours
    return found
