"""What the tax does to a document before it is numbered: how each line is treated, and what household work takes off.

Both follow from who sells to whom, which is known only when the lines are shared out among documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from app import clock
from app.catalog.facets import vat_rules
from app.db import db
from app.household import actions as household
from app.household.actions import Taken
from app.household.queries import ask_of
from app.household.rules import WHOLE, Worked
from app.invoicing.billing import Draft, Item, seller_of
from app.invoicing.document import Deduction
from app.members.models import Member
from app.orders.agreements.models import Agreement
from app.orders.models import Assignment, Order
from app.orders.states import AssignmentState
from app.treatments import VatBuyer, VatSeller, VatStatus, treatment
from app.vat import VatKey, VatRule, key_of

SURE = (AssignmentState.ACCEPTED, AssignmentState.DELIVERED)


def sold_without_vat(order: Order) -> list[Member]:
    """The members that sell some of an order in their own name, and charge no VAT on the day: the invoice has none.

    Only those that have said yes: until then nobody knows who sells it.
    """
    return list(dict.fromkeys(one.member for one in order.assignments if one.state in SURE and _has_no_vat(one)))


def _has_no_vat(one: Assignment) -> bool:
    day = clock.local_date(one.delivered_at) if one.delivered_at else one.delivery_day
    if one.member.vat_seller.on(day) == VatStatus.REGISTERED:
        return False
    ids = {share.order_line.agreement_id for share in one.lines if share.quantity}
    agreements = [db.session.get(Agreement, id_) if id_ else None for id_ in ids]
    return any(seller_of(one.member, agreement, one.delivered_at) for agreement in agreements)


def treated(draft: Draft, items: Sequence[Item], house: Member) -> list[Item]:
    """The same with the VAT and the words that this seller and this buyer have on each day of supply.

    Raises Refused when the buyer reckons the VAT and its VAT number is not known.
    """
    seller, buyer, rules = (draft.seller or house).vat_seller, draft.customer.vat_buyer, vat_rules()
    return [_treated(one, seller, buyer, rules) for one in items]


def _treated(one: Item, seller: VatSeller, buyer: VatBuyer, rules: Sequence[VatRule]) -> Item:
    rule = treatment(_key(one), one.line.delivered_on, seller, buyer, rules)
    return replace(one, line=replace(one.line, parts=rule.parts, note=rule.note))


def _key(one: Item) -> VatKey:
    """What is charged beside a line has a class of its own; all else is taxed as what was sold."""
    if one.charge is not None:
        return one.charge.vat_class
    if one.order_line is None:
        raise ValueError("a line of nothing that was sold")
    return key_of(one.order_line.vat_class, one.order_line.article_id)


def relief(draft: Draft, items: Sequence[Item], house: Member, *, day: date) -> Taken | None:
    """What is taken off because the customer has asked for it; None when there is nothing to take off.

    The tax agency pays whoever sold the work and is approved for F-tax (IL 67 kap. 16 §), so that a member's own
    invoices have none.
    """
    (order, *others) = draft.orders
    if draft.seller is not None or others or draft.customer.has_references or not house.f_tax:
        return None
    ask = ask_of(order)
    return household.take(ask, _billed(items), day=day) if ask else None


def _billed(items: Sequence[Item]) -> Iterator[tuple[int, Decimal, Worked]]:
    """What was sold and what was taken off it; only what was delivered has an amount of work."""
    for one in items:
        if one.order_line is not None and one.charge is None:
            quantity = one.line.quantity if one.share else Decimal(0)
            yield one.order_line.id, quantity, Worked(one.line.net, one.line.parts, WHOLE)


def said(taken: Taken) -> Deduction:
    """As it stands on the invoice."""
    return Deduction(taken.ask.relief.value, taken.labour, taken.amount, taken.tails)
