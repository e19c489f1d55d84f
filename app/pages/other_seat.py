"""A page of another organisation for which the viewer has a seat too: which one, so that it can be offered.

For everybody else the page is as good as not there. Letters lead to such pages, whichever organisation is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, Select, select

from app.accounts.models import Seat
from app.customers.models import Customer
from app.db import db
from app.members.models import Member
from app.orders.delivery.models import Carriage
from app.orders.models import Assignment, Order
from app.orders.quotes.models import Quote
from app.orders.standing.models import StandingOrder
from app.pages import web

Found = tuple[int, str]
"""A seat's id, and the organisation's name."""
Asked = Callable[[int], Select[Any]]
OF_CUSTOMER: Mapping[tuple[str, str], Asked] = {
    ("offerter", "number"): lambda number: select(Quote.customer_id).where(Quote.number == number),
    ("staende", "standing_id"): lambda id_: select(StandingOrder.customer_id).where(StandingOrder.id == id_),
    ("bestallningar", "number"): lambda number: select(Order.customer_id).where(Order.number == number),
}
OF_MEMBER: Mapping[tuple[str, str], Asked] = {
    ("uppdrag", "assignment_id"): lambda id_: select(Assignment.member_id).where(Assignment.id == id_),
    ("uppdrag", "number"): lambda id_: select(Assignment.member_id).where(Assignment.id == id_),
    ("korningar", "carriage_id"): lambda id_: select(Carriage.carrier_id).where(Carriage.id == id_),
    ("korningar", "number"): lambda id_: select(Carriage.carrier_id).where(Carriage.id == id_),
}
"""By the word in the address and the name of its number: whose page it is."""


def other_seat() -> Found | None:
    """The viewer's own seat for which this page would be there; None when there is none, or it is not a page."""
    viewer = web.viewer()
    if request.method != "GET" or viewer.user is None or viewer.seats < 2 or viewer.is_staff:
        return None
    member_id, customer_id = _whose(OF_MEMBER), _whose(OF_CUSTOMER)
    if member_id is None and customer_id is None:
        return None
    its: list[ColumnElement[bool]] = []
    if member_id is not None:
        its.append(Seat.member_id == member_id)
    else:
        bound = select(Customer.member_id).where(Customer.id == customer_id).scalar_subquery()
        its.append((Seat.customer_id == customer_id) | (Seat.member_id == bound))
    query = (
        select(Seat.id, Member.name, Customer.name)
        .outerjoin(Member, Seat.member_id == Member.id)
        .outerjoin(Customer, Seat.customer_id == Customer.id)
        .where(Seat.user_id == viewer.user.id, *its)
    )
    row = db.session.execute(query.limit(1)).first()
    name = (row[1] or row[2]) if row else ""
    chosen = viewer.member or viewer.customer
    return (row[0], name) if row and (chosen is None or name != chosen.name) else None


def _whose(asked: Mapping[tuple[str, str], Asked]) -> int | None:
    words, numbers = set(request.path.split("/")), request.view_args or {}
    for (word, name), query in asked.items():
        if word in words and name in numbers:
            found: int | None = db.session.scalar(query(numbers[name]))
            return found
    return None
