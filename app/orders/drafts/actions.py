"""Saving a basket under a name, and throwing one away."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app import audit, particulars
from app.accounts.models import User
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.orders.cart import Cart
from app.orders.drafts.models import MOST_DRAFTS, BasketDraft

LONGEST_NAME = 80


def save(cart: Cart, name: str, *, customer: Customer, by: User, now: datetime) -> BasketDraft:
    """Save a basket under a name. Raises Refused for private people, an empty basket, or a name that is taken."""
    if not customer.has_references:
        raise Refused("Bara företag, föreningar och offentliga köpare kan spara varukorgar.")
    if not cart:
        raise Refused("Varukorgen är tom. Lägg något i den först.")
    name = particulars.line(name, "Namnet", longest=LONGEST_NAME)
    count = db.session.scalar(select(func.count(BasketDraft.id)).where(BasketDraft.customer_id == customer.id)) or 0
    if count >= MOST_DRAFTS:
        raise Refused(f"Ni har {MOST_DRAFTS} sparade varukorgar. Radera någon som ni inte behöver.")
    content = {str(article_id): str(quantity) for article_id, quantity in cart.items()}
    draft = BasketDraft(customer_id=customer.id, name=name, saved_at=now, saved_by=by.name, content=content)
    try:
        with db.session.begin_nested():
            db.session.add(draft)
    except IntegrityError as second:
        raise Refused("Det finns redan en sparad varukorg med det namnet. Välj ett annat.") from second
    audit.record(draft, "saved", by=by, now=now)
    return draft


def cart_of(draft: BasketDraft) -> dict[int, Decimal]:
    """What it holds."""
    return {int(article_id): Decimal(quantity) for article_id, quantity in draft.content.items()}


def throw_away(draft: BasketDraft, *, by: User, now: datetime) -> None:
    """It is gone for everybody in the organisation."""
    audit.record(draft, "thrown away", by=by, now=now, name=draft.name)
    db.session.delete(draft)
