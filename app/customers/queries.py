"""Reading customers."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import selectinload

from app.customers.models import Customer, CustomerKind, Site
from app.db import db, holds
from app.errors import NotYours
from app.leaves import Leaf, leaf

ROWS = 50
LARGEST_ID = 2**31 - 1


def customer_page(text: str, kind: CustomerKind | None, number: int) -> Leaf[Customer]:
    """Customers by name whose name, number or e-mail address holds the text; two statements, however many there are."""
    query = select(Customer).where(*_conditions(text, kind))
    return leaf(query.order_by(Customer.name, Customer.id), number, ROWS)


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
