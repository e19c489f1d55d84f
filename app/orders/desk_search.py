"""Finding orders at the desk by what somebody types: a number, a customer's name, a reference.

Each way of finding is a question of its own that an index answers. In one question joined by "or", all orders would be
walked, and there may be a million.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Select, func, or_, select

from app.customers.models import Customer
from app.db import db, holds
from app.orders.models import Order

NEWEST = 5_000
"""Parts of references are looked for among so many orders; a whole one is found however old it is."""
FEW = 20
"""Of so few customers all orders are looked at; those of many are found by walking back from the newest."""


def found(text: str, wanted: Sequence[ColumnElement[bool]], most: int) -> set[int]:
    """Ids of orders that have what is wanted and are meant by the text: at least the newest `most` of them."""
    return {id_ for query in _ways(text) for id_ in db.session.scalars(query.where(*wanted).limit(most))}


def _ways(text: str) -> Iterator[Select[int]]:
    newest_first = Order.number.desc()
    if text.isdecimal() and len(text) < 10:
        yield select(Order.id).where(Order.number == int(text))
    yield select(Order.id).where(Order.order_reference == text).order_by((Order.number + 0).desc())
    customers = db.session.scalars(select(Customer.id).where(holds(Customer.name, text)).limit(FEW + 1)).all()
    if len(customers) > FEW:
        named = Order.customer_id.in_(select(Customer.id).where(holds(Customer.name, text)))
        yield select(Order.id).where(named).order_by(newest_first)
    elif customers:
        yield select(Order.id).where(Order.customer_id.in_(customers)).order_by((Order.number + 0).desc())
    last = db.session.scalar(select(func.max(Order.number))) or 0
    referenced = or_(holds(Order.order_reference, text), holds(Order.buyer_reference, text))
    yield select(Order.id).where(Order.number > last - NEWEST, referenced).order_by(newest_first)
