"""The letters about approval: to who may decide, to who ordered, and to all when the limit changes."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from app import mail
from app.accounts.models import User
from app.customers.models import Customer
from app.money import Money
from app.orders.approvals.models import OrderApproval
from app.orders.approvals.queries import approvers, limit_passed, members_of
from app.orders.delivery.queries import promised_fees
from app.orders.emails import both, order_link
from app.orders.handing import groups
from app.orders.models import Order
from app.orders.question_models import OrderQuestion


def ask(approval: OrderApproval, *, by: User | None, now: datetime) -> None:
    """To everybody who may approve; and to who ordered: the order waits, and for whom."""
    order = approval.order
    found = approvers(order)
    link = f"{current_app.config['BASE_URL']}/bestallningar/{order.number}"
    values = {"order": order, "approval": approval, "groups": groups(order), "approvers": found}
    for user in found:
        body = mail.words("approval_asked", **values, link=link)
        subject = f"Godkänn beställning {order.number}?"
        mail.write(kind="approval_asked", to=(user.name, user.email), subject=subject, body=body, now=now)
    body = mail.words("approval_waits", **values, link=order_link(order))
    subject = f"Beställning {order.number} väntar på godkännande"
    mail.write(kind="approval_waits", to=_orderer(order, by), subject=subject, body=body, now=now)


def ask_of_question(question: OrderQuestion, *, now: datetime) -> None:
    """To everybody who may approve, where a yes to a member brings the order above the limit: only they can say it."""
    order = question.order_line.order
    limit = limit_passed(order, order.net, question.net_after)
    if limit is None:
        return
    link, fees = f"{current_app.config['BASE_URL']}/bestallningar/{order.number}", promised_fees(order)
    for user in approvers(order):
        body = mail.words("approval_question", order=order, question=question, limit=limit, fees=fees, link=link)
        subject = f"En fråga om beställning {order.number} som du kan säga ja till"
        mail.write(kind="approval_question", to=(user.name, user.email), subject=subject, body=body, now=now)


def tell_declined(approval: OrderApproval, *, orderer: User | None, now: datetime) -> None:
    """To who ordered, and to the organisation's own address: not approved, by whom and why."""
    order = approval.order
    body = mail.words("approval_declined", order=order, approval=approval, link=order_link(order))
    subject = f"Beställning {order.number} godkändes inte"
    for to in both(order, orderer):
        mail.write(kind="approval_declined", to=to, subject=subject, body=body, now=now)


def tell_limit(customer: Customer, limit: Money | None, *, by: User, now: datetime) -> None:
    """To everybody else in the organisation: from now on this limit holds, or none."""
    for user in members_of(customer):
        if user.id != by.id:
            link = f"{current_app.config['BASE_URL']}/organisation"
            body = mail.words("approval_limit", customer=customer, limit=limit, by=by, link=link)
            subject = "Ändrad gräns för godkännande"
            mail.write(kind="approval_limit", to=(user.name, user.email), subject=subject, body=body, now=now)


def _orderer(order: Order, user: User | None) -> tuple[str, str]:
    return (user.name, user.email) if user else (order.customer.name, order.customer.email)
