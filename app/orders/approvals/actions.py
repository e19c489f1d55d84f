"""Setting the limit, holding an order above it, and deciding; `app/approvalflow.py` tells the order of the steps."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from app import audit, clock, particulars
from app.accounts.models import User
from app.catalog import pieces
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.formats import swedish_day
from app.money import NOUGHT, Money
from app.orders.actions import entry, note, settle_state
from app.orders.approvals.models import ApprovalRule, DecisionState, OrderApproval
from app.orders.approvals.queries import (
    approval_of,
    approvers,
    contact_of,
    limit_passed,
    members_of,
    rule_of,
    whole_of,
)
from app.orders.checks import check_day
from app.orders.delivery.parcels import Choice, Choices
from app.orders.models import Order
from app.orders.states import EventKind, OrderState

LARGEST_LIMIT = Money(10_000_000_000)
"""A hundred million kronor: no order is larger."""


def set_limit(customer: Customer, limit: Money | None, *, by: User, now: datetime) -> ApprovalRule | None:
    """Let orders above so much, without VAT, need another person; None takes the limit away.

    Raises Refused for private people, for anybody but the organisation's contact, for a sum that cannot be, and where
    nobody else has an account: every order above the limit would be stuck.
    """
    contact = contact_of(customer)
    if not customer.has_references:
        raise Refused("Bara företag, föreningar och offentliga köpare kan ha en gräns för godkännande.")
    if contact is None or contact.id != by.id:
        raise Refused("Bara er kontaktperson kan ändra gränsen.")
    rule = rule_of(customer)
    if limit is None:
        if rule is not None:
            db.session.delete(rule)
        audit.record(customer, "approval limit removed", by=by, now=now)
        return None
    if not NOUGHT <= limit <= LARGEST_LIMIT:
        raise Refused(f"Skriv en gräns från 0 till {LARGEST_LIMIT}.")
    if len(members_of(customer)) < 2:
        raise Refused("Ingen annan hos er har ett konto, så ingen kunde godkänna. Be oss bjuda in en till först.")
    if rule is None:
        rule = ApprovalRule(customer_id=customer.id)
        db.session.add(rule)
    rule.limit, rule.set_by, rule.set_at = limit, by.name, now
    audit.record(customer, "approval limit set", by=by, now=now, ore=limit.ore)
    return rule


def hold(
    order: Order, limit: Money, net: Money, choices: Choices | None, *, by: User | None, now: datetime
) -> OrderApproval:
    """The order waits: nobody is asked to make it, and no capacity is taken. A single piece is kept for it.

    `net` is what it comes to with what it costs to bring, without VAT.
    """
    order.state = OrderState.AWAITING
    name = by.name if by else order.customer.name
    approval = OrderApproval(order=order, limit=limit, net=net, asked_by=name, state=DecisionState.WAITING)
    if choices is not None:
        approval.ways = {parcel: [one.key, one.fee.ore, one.window] for parcel, one in choices.items()}
    db.session.add(approval)
    words = f"{net}{' med leverans' if net != order.net else ''} är över gränsen {limit}, exkl. moms."
    note(order, EventKind.APPROVAL_ASKED, now=now, by=by, words=words, for_customer=True)
    audit.record(order, "approval asked", by=by, now=now, limit=limit.ore, net=net.ore)
    return approval


def choices_of(approval: OrderApproval) -> Choices | None:
    """How the parcels were to come, as whoever ordered chose."""
    if approval.ways is None:
        return None
    return {parcel: Choice(key, Money(fee), window) for parcel, (key, fee, window) in approval.ways.items()}


def approve(order: Order, *, by: User, now: datetime) -> OrderApproval:
    """Another person says yes. Raises Refused for whoever ordered, when it is decided, or when the day has passed."""
    approval = _waiting(order, by)
    try:
        check_day(order.delivery_day, now)
    except Refused as late:
        day = swedish_day(order.delivery_day, clock.local_date(now))
        who = approval.asked_by
        raise Refused(f"Leveransdagen {day} går inte längre. Avslå, så kan {who} beställa igen.") from late
    _decide(approval, DecisionState.APPROVED, "", by=by, now=now)
    order.state = OrderState.PLACED
    note(order, EventKind.APPROVED, now=now, by=by, words=f"Godkänd av {by.name}.", for_customer=True)
    return approval


def decline(order: Order, reason: str, *, by: User, now: datetime) -> OrderApproval:
    """Another person says no: nothing is delivered or charged. Raises Refused without a reason, and as `approve`."""
    approval = _waiting(order, by)
    words = particulars.paragraphs(reason, "Skälet", longest=500)
    if not words:
        raise Refused(f"Skriv varför. {approval.asked_by} läser det.")
    _decide(approval, DecisionState.DECLINED, words, by=by, now=now)
    strike(order, EventKind.NOT_APPROVED, f"{by.name}: {words}", by=by, now=now)
    return approval


def take_back(order: Order, *, by: User, now: datetime) -> OrderApproval:
    """Whoever ordered no longer wants it; anybody in the organisation, where nobody can approve it.

    Raises Refused for others, and when it is decided.
    """
    approval = _asked(order)
    if order.placed_by_id not in {None, by.id} and approvers(order):
        raise Refused(f"Bara {approval.asked_by} kan ta tillbaka beställningen. Avslå den i stället.")
    _decide(approval, DecisionState.TAKEN_BACK, "", by=by, now=now)
    strike(order, EventKind.CALLED_OFF, f"Återtagen av {by.name}.", by=by, now=now)
    return approval


def check_raised(order: Order, before: Money) -> None:
    """Raises Refused when a change would bring an order above the limit, or above what has been approved."""
    limit, whole = limit_passed(order, before, order.net), whole_of(order)
    if limit is not None:
        raise Refused(
            f"Med ändringen kostar beställningen {whole} exkl. moms. Över {limit} måste en annan person "
            "hos er godkänna. Lägg en ny beställning för det som ska till."
        )


def agree_raised(order: Order, before: Money, *, by: User | None, now: datetime) -> None:
    """A yes to a member that brings the order above the limit is the approval at once, of somebody who may give it.

    Raises Refused for whoever ordered, naming who may say yes.
    """
    limit, able, whole = limit_passed(order, before, order.net), approvers(order), whole_of(order)
    if limit is None:
        return
    if by is None or by.id not in {one.id for one in able}:
        names = ", ".join(one.name for one in able)
        who = f"De här kan säga ja: {names}." if names else "Ingen annan hos er har ett konto. Be oss bjuda in en till."
        raise Refused(
            f"Med ett ja kostar beställningen {whole} exkl. moms. Över {limit} måste en annan person "
            f"hos er säga ja än den som har beställt. {who}"
        )
    approval = approval_of(order)
    if approval is None:
        approval = OrderApproval(order=order, limit=limit, asked_by=order.customer.name, state=DecisionState.APPROVED)
        approval.decided_at, approval.decided_by_id, approval.decided_by = now, by.id, by.name
        db.session.add(approval)
    approval.net = whole
    note(order, EventKind.APPROVED, now=now, by=by, words=f"Godkänd av {by.name}: {whole}.", for_customer=True)
    audit.record(order, "approval raised", by=by, now=now, limit=limit.ore, net=whole.ore)


def _asked(order: Order) -> OrderApproval:
    approval = approval_of(order)
    if approval is None:
        raise Refused("Beställningen behöver inget godkännande.")
    return approval


def _waiting(order: Order, by: User) -> OrderApproval:
    approval = _asked(order)
    if order.placed_by_id == by.id:
        raise Refused("Du har själv beställt, så någon annan hos er måste godkänna.")
    return approval


def _decide(approval: OrderApproval, state: DecisionState, reason: str, *, by: User, now: datetime) -> None:
    approval.state = state
    approval.decided_at, approval.decided_by_id, approval.decided_by = now, by.id, by.name
    approval.reason = reason
    audit.record(approval.order, f"approval {state.value}", by=by, now=now, reason=reason)


def strike(order: Order, kind: EventKind, words: str, *, by: User | None, now: datetime) -> None:
    """Nothing of an order for which nobody has been asked will come, nor be charged."""
    entries = [entry(line, called_off=line.unassigned) for line in order.lines]
    for line in order.lines:
        line.called_off += line.unassigned
        line.unassigned = Decimal(0)
        pieces.give_back(line.article, by=by, now=now)
    note(order, kind, now=now, by=by, words=words, for_customer=True, entries=entries)
    settle_state(order)
