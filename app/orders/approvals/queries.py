"""Reading limits, who may approve, and what waits."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from app.accounts import queries as people
from app.accounts.models import User
from app.customers.models import Customer
from app.db import db
from app.money import Money
from app.orders.approvals.models import ApprovalRule, DecisionState, OrderApproval
from app.orders.delivery.queries import promised_fees
from app.orders.models import Order
from app.orders.states import OrderState

MOST_WAITING = 100


def rule_of(customer: Customer) -> ApprovalRule | None:
    """The customer's limit, if it has set one."""
    return db.session.scalar(_RULE, {"customer": customer.id})


_RULE = select(ApprovalRule).where(ApprovalRule.customer_id == bindparam("customer"))
"""Put together once: each order asks it."""


def limit_for(customer: Customer | None, net: Money) -> Money | None:
    """The limit that a sum without VAT is above; None when the order needs nobody else."""
    if customer is None or not customer.has_references:
        return None
    limit = db.session.scalar(select(ApprovalRule.limit).where(ApprovalRule.customer_id == customer.id))
    return limit if limit is not None and net > limit else None


def approval_of(order: Order) -> OrderApproval | None:
    """What was asked about the order. Whoever decides holds the order first, and so reads what others decided."""
    query = select(OrderApproval).where(OrderApproval.order_id == order.id)
    return db.session.scalar(query.execution_options(populate_existing=True))


def limit_passed(order: Order, before: Money, after: Money) -> Money | None:
    """The limit that a change of the lines' sum would pass, beyond what has been approved; None when it does not.

    What it costs to bring counts too; a change makes that no dearer.
    """
    rule = rule_of(order.customer)
    if rule is None or after <= before:
        return None
    whole = after + promised_fees(order)
    if whole <= rule.limit:
        return None
    approval = approval_of(order)
    return None if approval is not None and whole <= approval.net else rule.limit


def whole_of(order: Order) -> Money:
    """What is held against the limit: the lines and what it costs to bring them, without VAT."""
    return order.net + promised_fees(order)


def approvers(order: Order) -> list[User]:
    """Who may approve it: everybody in the organisation who can sign in, but whoever ordered it."""
    return [user for user in members_of(order.customer) if user.id != order.placed_by_id]


def members_of(customer: Customer) -> list[User]:
    """The people of an organisation who can sign in."""
    return [user for user in people.people_of(customer_id=customer.id) if user.active and not user.is_waiting]


def contact_of(customer: Customer) -> User | None:
    """Who sets the limit: whose account has the organisation's own address, else whoever had an account first."""
    found = members_of(customer)
    own = (user for user in found if user.email.casefold() == customer.email.casefold())
    return next(own, min(found, key=lambda user: user.id, default=None))


def waiting_for(customer: Customer) -> Sequence[OrderApproval]:
    """What waits in an organisation, oldest first."""
    query = (
        select(OrderApproval)
        .join(OrderApproval.order)
        .where(Order.customer_id == customer.id, Order.state == OrderState.AWAITING)
        .where(OrderApproval.state == DecisionState.WAITING)
        .options(joinedload(OrderApproval.order))
        .order_by(OrderApproval.id)
    )
    return db.session.scalars(query.limit(MOST_WAITING)).all()
