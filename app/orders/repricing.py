"""What something costs per unit when its quantity changes: the price of the step in which it ends.

A quote's price and an agreement's stay, whatever the quantity. So does a price that has changed since it was ordered,
when less is wanted; more is then refused, because it would cost something else.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from app import clock
from app.catalog.models import Article
from app.catalog.pricing.rules import ListKind, Priced
from app.db import db
from app.errors import Refused
from app.money import NOUGHT, Money
from app.orders.change_queries import shares_to_come
from app.orders.handing import Group
from app.orders.lines import lines_of
from app.orders.models import OrderLine
from app.orders.pricing import price_cart
from app.orders.quotes.queries import order_quote
from app.orders.states import AssignmentState


def price_after(group: Group, before: Decimal, quantity: Decimal, now: datetime) -> Priced | None:
    """What it is to cost when there is so much of it; None when that is what it costs now.

    Raises Refused when more is wanted and its price is no longer that of the order.
    """
    sold = group.bundle or group.lines[0]
    if not quantity or (not group.bundle and group.lines[0].bundle_id):
        return None
    less, in_agreement = quantity < before, _is_in_agreement(group.lines[0])
    if less and (in_agreement or order_quote(group.lines[0].order) is not None):
        return None
    then, new = (_priced(group, one, now) for one in (before, quantity))
    same = then.unit_price == sold.unit_price
    if new.unit_price == sold.unit_price or (same and in_agreement):
        return None
    if same:
        return new
    if less:
        return None
    raise Refused(
        f"Priset på {sold.name} var {sold.unit_price} när du beställde och är nu {new.unit_price}, exkl. moms. "
        "Lägg en ny beställning för det som ska till."
    )


def take(group: Group, quantity: Decimal, new: Priced) -> dict[OrderLine, dict[int, Money]]:
    """Let it cost that from now on; returns what has been charged too little, or too much, for what has come.

    By line, and by the id of the member from whom it came.

    Where the price list had agreed on what members are paid, they get what goes with the new price, and never less
    than they have said yes to.
    """
    fresh = lines_of(db.session.get_one(Article, (group.bundle or group.lines[0]).article_id), quantity, new)
    if group.bundle:
        group.bundle.unit_price = new.unit_price
    differences = {}
    for line, now in zip(group.lines, fresh, strict=True):
        charged, agreed = _charged(line), line.agreed_cost
        line.unit_price, line.price_row_id, line.price_because = now.unit_price, now.price_row_id, now.price_because
        line.agreed_cost = now.agreed_cost
        for share in shares_to_come(line) if agreed is not None else ():
            share.member_price = max(share.member_price, now.agreed_cost or share.offering.member_price)
        differences[line] = {member: cost - charged[member] for member, cost in _charged(line).items()}
    return differences


def _charged(line: OrderLine) -> dict[int, Money]:
    """What has come of it costs by its price now; each delivery is rounded by itself, as it stands on the invoice."""
    found: dict[int, Money] = {}
    for one in line.order.assignments:
        if one.state == AssignmentState.DELIVERED:
            costs = (line.price_of(share.quantity) for share in one.lines if share.order_line is line)
            found[one.member_id] = found.get(one.member_id, NOUGHT) + Money.total(costs)
    return found


def _priced(group: Group, quantity: Decimal, now: datetime) -> Priced:
    order = group.lines[0].order
    article = db.session.get_one(Article, (group.bundle or group.lines[0]).article_id)
    return price_cart([article], {article.id: quantity}, order.customer, clock.local_date(now))[article.id]


def _is_in_agreement(line: OrderLine) -> bool:
    return line.price_row is not None and line.price_row.price_list.kind == ListKind.FRAMEWORK
