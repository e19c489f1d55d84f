"""Finding orders at the desk by what somebody types: a number, a customer's name, a reference.

Each way of finding is a question of its own that an index answers. In one question joined by "or", all orders would be
walked, and there may be a million. Of what is going on there is never much: there all of it is looked through.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, or_, select, union_all

from app.customers.models import Customer
from app.db import db, holds
from app.orders.models import Order

NEWEST = 5_000
"""Parts of references are looked for among so many orders; a whole one is found however old it is."""
FEW = 20
"""Of so few customers the newest orders of each are read."""
MANY = 500
"""Of so many customers, or of so many orders as `NEWEST`, the newest are soon met on the way back from the last one."""


def found(text: str, wanted: Sequence[ColumnElement[bool]], most: int) -> set[int]:
    """Ids of orders that have what is wanted and are meant by the text: at least the newest `most` of them."""
    hits = {(number, id_) for way in _ways(text, wanted, most) for number, id_ in db.session.execute(way)}
    last = db.session.scalar(select(func.max(Order.number))) or 0
    newer_than = last - NEWEST
    if len(hits) >= most:  # Of so many none is asked for that is older than these.
        newer_than = max(newer_than, sorted(hits)[-most][0])
    parts = select(Order.id).where(Order.number > newer_than, _refers(text), *wanted)
    return {id_ for _number, id_ in hits} | set(
        db.session.scalars(parts.order_by(Order.number.desc()).limit(most)).all()
    )


def meant(text: str) -> ColumnElement[bool]:
    """Whether an order is meant by the text; for looking through few orders, as an index is of no use to it."""
    named = _unindexed(Order.customer_id).in_(select(Customer.id).where(holds(Customer.name, text)))
    ways = [named, _refers(text)]
    if _is_number(text):
        ways.append(_unindexed(Order.number) == int(text))
    return or_(*ways)


def _ways(text: str, wanted: Sequence[ColumnElement[bool]], most: int) -> Iterator[Select[int, int]]:
    orders = select(Order.number, Order.id).where(*wanted).limit(most)
    if _is_number(text):
        yield orders.where(Order.number == int(text))
    yield orders.where(Order.order_reference == text).order_by(Order.number.desc())
    customers = db.session.scalars(select(Customer.id).where(holds(Customer.name, text)).limit(MANY + 1)).all()
    if len(customers) > MANY or (len(customers) > FEW and _have_ordered_much(customers)):
        # By the customers' index a database would read and sort all that they ever ordered.
        named = _unindexed(Order.customer_id).in_(select(Customer.id).where(holds(Customer.name, text)))
        yield orders.where(named).order_by(Order.number.desc())
    elif len(customers) > FEW:
        yield orders.where(Order.customer_id.in_(customers)).order_by(_unindexed(Order.number).desc())
    elif customers:
        yield from _of_each(customers, orders)


def _have_ordered_much(customers: Sequence[int]) -> bool:
    theirs = select(Order.id).where(Order.customer_id.in_(customers)).limit(NEWEST).subquery()
    return db.session.scalar(select(func.count()).select_from(theirs)) == NEWEST


def _of_each(customers: Sequence[int], orders: Select[int, int]) -> Iterator[Select[int, int]]:
    """The newest of each customer, as its index has them: all of theirs in one heap would be sorted for each search."""
    each = (orders.where(Order.customer_id == one).order_by(Order.placed_at.desc()).subquery() for one in customers)
    both = union_all(*(select(one.c.number, one.c.id) for one in each)).subquery()
    yield select(both.c.number, both.c.id)


def _refers(text: str) -> ColumnElement[bool]:
    return or_(holds(Order.order_reference, text), holds(Order.buyer_reference, text))


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 10


def _unindexed(column: SQLColumnExpression[int]) -> ColumnElement[int]:
    """The same figure, but one that no index has: where one would lead the database the longer way."""
    return column + 0
