"""Finding orders at the desk by what somebody types: a number, a customer's name, a reference.

Each way of finding is a question of its own that an index answers. In one question joined by "or", all orders would be
walked, and there may be a million.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all

from app.customers.models import Customer
from app.db import db, holds
from app.orders.models import Order

NEWEST = 5_000
"""Parts of references are looked for among so many orders; a whole one is found however old it is."""
FEW = 20
"""Of so few customers the newest orders of each are read; those of many are found by walking back from the newest."""


def found(text: str, wanted: Sequence[ColumnElement[bool]], most: int) -> set[int]:
    """Ids of orders that have what is wanted and are meant by the text: at least the newest `most` of them."""
    hits = {(number, id_) for way in _ways(text, wanted, most) for number, id_ in db.session.execute(way)}
    last = db.session.scalar(select(func.max(Order.number))) or 0
    newer_than = last - NEWEST
    if len(hits) >= most:  # Of so many none is asked for that is older than these.
        newer_than = max(newer_than, sorted(hits)[-most][0])
    referenced = or_(holds(Order.order_reference, text), holds(Order.buyer_reference, text))
    parts = select(Order.id).where(Order.number > newer_than, referenced, *wanted)
    return {id_ for _number, id_ in hits} | set(
        db.session.scalars(parts.order_by(Order.number.desc()).limit(most)).all()
    )


def _ways(text: str, wanted: Sequence[ColumnElement[bool]], most: int) -> Iterator[Select[int, int]]:
    orders = select(Order.number, Order.id).where(*wanted).limit(most)
    if text.isdecimal() and len(text) < 10:
        yield orders.where(Order.number == int(text))
    yield orders.where(Order.order_reference == text).order_by((Order.number + 0).desc())
    customers = db.session.scalars(select(Customer.id).where(holds(Customer.name, text)).limit(FEW + 1)).all()
    if len(customers) > FEW:
        named = Order.customer_id.in_(select(Customer.id).where(holds(Customer.name, text)))
        yield orders.where(named).order_by(Order.number.desc())
    elif customers:
        yield from _of_each(customers, orders)


def _of_each(customers: Sequence[int], orders: Select[int, int]) -> Iterator[Select[int, int]]:
    """The newest of each customer, as its index has them: all of theirs in one heap would be sorted for each search."""
    each = (orders.where(Order.customer_id == one).order_by(Order.placed_at.desc()).subquery() for one in customers)
    both = union_all(*(select(one.c.number, one.c.id) for one in each)).subquery()
    yield select(both.c.number, both.c.id)
