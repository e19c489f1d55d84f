"""Reading customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import selectinload

from app.customers.models import Customer, CustomerKind, Site
from app.db import db, holds
from app.errors import NotYours

ROWS = 50
MOST = 1000
"""The list is counted and leafed through no further; whoever looks for one customer searches."""
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """One page of the list."""

    customers: Sequence[Customer]
    number: int
    total: int
    more: bool

    @property
    def last(self) -> int:
        """The number of the last page, at least 1."""
        return max(1, -(-self.total // ROWS))

    @property
    def has_previous(self) -> bool:
        """Whether there is a page before."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether there is a page after."""
        return self.number < self.last


def customer_page(text: str, kind: CustomerKind | None, number: int) -> CustomerPage:
    """Customers by name whose name, number or e-mail address holds the text; two statements, however many there are."""
    conditions = _conditions(text, kind)
    counting = select(Customer.id).where(*conditions).limit(MOST + 1).subquery()
    counted = db.session.scalar(select(func.count()).select_from(counting)) or 0
    total = min(counted, MOST)
    number = max(1, min(number, -(-total // ROWS)))
    query = select(Customer).where(*conditions).order_by(Customer.name, Customer.id)
    rows = db.session.scalars(query.offset((number - 1) * ROWS).limit(ROWS)).all()
    return CustomerPage(rows, number, total, counted > MOST)


def _conditions(text: str, kind: CustomerKind | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Customer.kind == kind] if kind is not None else []
    if text:
        columns = (Customer.name, Customer.org_number, Customer.email)
        conditions.append(or_(*(holds(column, text) for column in columns)))
    return conditions


def customer_with(customer_id: int, *, lock: bool = False) -> Customer:
    """Any customer by id with its sites, for staff; locked for whoever changes its facts or sites. Raises NotYours."""
    found = None
    if customer_id <= LARGEST_ID:
        query = select(Customer).where(Customer.id == customer_id).options(selectinload(Customer.sites))
        found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotYours
    return found


def site_of(customer: Customer, site_id: int) -> Site:
    """One of the customer's own sites. Raises NotYours."""
    found = next((site for site in customer.sites if site.id == site_id), None)
    if found is None:
        raise NotYours
    return found
