"""THE STORY of an order above the organisation's limit: held, decided by another person, and then as any other."""

from __future__ import annotations

from datetime import datetime

from app import orderflow
from app.accounts.models import User
from app.customers.models import Customer
from app.db import db
from app.money import Money
from app.orders.approvals import actions as approvals
from app.orders.approvals import emails as approval_emails
from app.orders.models import Order


def set_limit(customer: Customer, limit: Money | None, *, by: User, now: datetime) -> None:
    """The organisation's contact decides, and everybody else in it is told. Raises Refused."""
    approvals.set_limit(customer, limit, by=by, now=now)
    approval_emails.tell_limit(customer, limit, by=by, now=now)


def approve(order: Order, *, by: User, now: datetime) -> Order:
    """Another person says yes: only now are members asked, and the customer gets its confirmation. Raises Refused."""
    approval = approvals.approve(order, by=by, now=now)
    return orderflow.begin(order, approvals.choices_of(approval), now=now, asking=False)


def decline(order: Order, reason: str, *, by: User, now: datetime) -> Order:
    """Another person says no, and who ordered is told why. Raises Refused."""
    approval = approvals.decline(order, reason, by=by, now=now)
    orderer = db.session.get(User, order.placed_by_id) if order.placed_by_id else None
    approval_emails.tell_declined(approval, orderer=orderer, now=now)
    return order


def take_back(order: Order, *, by: User, now: datetime) -> Order:
    """The organisation thinks better of it before anybody has decided. Raises Refused."""
    approvals.take_back(order, by=by, now=now)
    return order
