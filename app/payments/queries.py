"""Reading payments, refunds, disputes and what finance has to look at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.db import db
from app.errors import NotYours
from app.leaves import Leaf, leaf
from app.money import NOUGHT, Money
from app.orders.models import Order
from app.orders.states import ENDED, EventKind
from app.payments.holding import IN_TIME
from app.payments.models import Dispute, MoneyTask, Payment, PaymentAllocation, StripeEvent
from app.payments.refund_models import Refund, RefundLine
from app.payments.states import GOOD, DisputeState, EventOutcome, PaymentState, RefundState

PAGE = 50
MOST_COUNTED = 1000
HEAPS = ("all", "open", "held", "drawn", "refunds", "surplus")


@dataclass(frozen=True, slots=True)
class Standing:
    """What has become of a payment's money. With VAT."""

    captured: Money
    going_back: Money
    """Given back or on its way."""
    disputed: Money
    """Taken from us by a bank, for good or while it is being decided."""
    lost: Money
    """Of that, for good."""

    @property
    def kept(self) -> Money:
        """What pays for the order."""
        return self.captured - self.going_back - self.lost

    @property
    def refundable(self) -> Money:
        """What can still be given back."""
        return max(self.captured - self.going_back - self.disputed, NOUGHT)


def standing(payment: Payment) -> Standing:
    """The sums of one payment. Two statements."""
    back = select(func.sum(Refund.amount)).where(Refund.payment_id == payment.id, Refund.state != RefundState.FAILED)
    rows = db.session.execute(select(Dispute.amount, Dispute.state).where(Dispute.payment_id == payment.id)).all()
    objected = [(amount, state) for amount, state in rows if state != DisputeState.WON]
    return Standing(
        payment.captured,
        db.session.scalar(back) or NOUGHT,
        Money.total(amount for amount, _state in objected),
        Money.total(amount for amount, state in objected if state == DisputeState.LOST),
    )


def pledged(order: Order) -> Money:
    """What a card pays of an order, with VAT: drawn and kept, or held for it. The order's events tell whether any does.

    What is held is counted as paid: where it cannot be drawn after all, finance is told to ask for it.
    """
    if not any(event.kind == EventKind.PAID for event in order.events):
        return NOUGHT
    one = paying(order)
    if one is None:
        return NOUGHT
    return standing(one).kept if one.state == PaymentState.CAPTURED else one.to_capture or one.amount


def payments_of(order: Order, *, lock: bool = False) -> Sequence[Payment]:
    """All tries to pay an order, the first first. Whoever locks them holds the order already."""
    query = select(Payment).where(Payment.order_id == order.id).order_by(Payment.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).all()


def paying(order: Order) -> Payment | None:
    """The payment that pays the order, when one does."""
    return db.session.scalar(select(Payment).where(Payment.order_id == order.id, Payment.state.in_(GOOD)))


@dataclass(frozen=True, slots=True)
class ByCard:
    """How the card payment of an order stands, for its customer. With VAT."""

    state: PaymentState
    amount: Money
    captured: Money
    going_back: Money
    done: Money
    """Of what goes back, what has arrived."""
    is_lost: bool
    """Whether nothing is kept of it because the customer's bank has taken it back for good."""


def paid_by_card(order: Order) -> ByCard | None:
    """How it stands; None for an order that was not to be paid by card, which its events tell without a search."""
    if not any(event.kind == EventKind.PAYMENT_ASKED for event in order.events):
        return None
    found = payments_of(order)
    good = [one for one in found if one.state in {*GOOD, PaymentState.REFUNDED}]
    one = (good or list(found))[-1]
    back = [each for each in refunds_of(one) if each.state != RefundState.FAILED]
    done = Money.total(each.amount for each in back if each.state == RefundState.DONE)
    lost = one.id in lost_among([one])
    return ByCard(one.state, one.amount, one.captured, Money.total(each.amount for each in back), done, lost)


def lost_among(payments: Iterable[Payment]) -> set[int]:
    """Those of which nothing is kept, by id, where a bank has taken something back for good. One statement at most."""
    nothing_kept = [one.id for one in payments if one.state == PaymentState.REFUNDED]
    if not nothing_kept:
        return set()
    lost = select(Dispute.payment_id).where(Dispute.payment_id.in_(nothing_kept), Dispute.state == DisputeState.LOST)
    return set(db.session.scalars(lost))


def the_payment(payment_id: int) -> Payment:
    """One payment with its order and customer, for staff. Raises NotYours."""
    whole = joinedload(Payment.order).joinedload(Order.customer), selectinload(Payment.moves)
    found = db.session.scalar(select(Payment).where(Payment.id == payment_id).options(*whole))
    if found is None:
        raise NotYours
    return found


def order_of_payment(payment_id: int) -> int:
    """The id of the order that a payment is for. Raises NotYours."""
    found = db.session.scalar(select(Payment.order_id).where(Payment.id == payment_id))
    if found is None:
        raise NotYours
    return found


def payment_told_of(event: StripeEvent) -> Payment | None:
    """Of which payment Stripe speaks: by its own ids first, and else by ours, which it has been told."""
    known = or_(Payment.session_id == event.object_id, Payment.intent_id.in_([event.intent_id, event.object_id]))
    found = db.session.scalar(select(Payment).where(known))
    if found is None and event.payment_id is not None:
        found = db.session.get(Payment, event.payment_id)
    return found


def refunds_of(payment: Payment) -> Sequence[Refund]:
    """All that has gone back, or is to, the first first."""
    lines = selectinload(Refund.lines)
    whole = lines.joinedload(RefundLine.order_line), lines.joinedload(RefundLine.member)
    query = select(Refund).where(Refund.payment_id == payment.id).options(*whole).order_by(Refund.id)
    return db.session.scalars(query).all()


def refund_by_ticket(ticket: str) -> Refund | None:
    """The refund that a form has already asked for."""
    return db.session.scalar(select(Refund).where(Refund.ticket == ticket))


def disputes_of(payment: Payment) -> Sequence[Dispute]:
    """What the customer has objected to at its bank."""
    return db.session.scalars(select(Dispute).where(Dispute.payment_id == payment.id).order_by(Dispute.id)).all()


def allocated(invoice_ids: Collection[int]) -> dict[int, Money]:
    """How much of each invoice is paid, or of each credit note given back, by its id."""
    query = select(PaymentAllocation.invoice_id, func.sum(PaymentAllocation.amount))
    grouped = query.where(PaymentAllocation.invoice_id.in_(invoice_ids)).group_by(PaymentAllocation.invoice_id)
    return {row[0]: row[1] for row in db.session.execute(grouped)}


def allocated_of(payment: Payment) -> Money:
    """How much of a payment is tied to invoices."""
    mine = select(func.sum(PaymentAllocation.amount)).where(PaymentAllocation.payment_id == payment.id)
    return db.session.scalar(mine) or NOUGHT


def allocated_of_refund(refund: Refund) -> Money:
    """How much of a refund is tied to credit notes."""
    mine = select(func.sum(PaymentAllocation.amount)).where(PaymentAllocation.refund_id == refund.id)
    return db.session.scalar(mine) or NOUGHT


def on_page(heap: str, number: int) -> Leaf[Payment]:
    """Payments of a heap, the newest first."""
    query = select(Payment).where(_heap(heap)).options(joinedload(Payment.order).joinedload(Order.customer))
    return leaf(query.order_by(Payment.id.desc()), number, PAGE)


def _heap(heap: str) -> ColumnElement[bool]:
    return {
        "open": Payment.state == PaymentState.OPENED,
        "held": Payment.state.in_([PaymentState.AUTHORISED, PaymentState.CAPTURING]),
        "drawn": Payment.state == PaymentState.CAPTURED,
        "refunds": Payment.id.in_(select(Refund.payment_id)),
        "surplus": Payment.state == PaymentState.SURPLUS,
    }.get(heap, Payment.id > 0)


def tasks(number: int) -> Leaf[MoneyTask]:
    """What finance has to look at, the oldest first."""
    query = select(MoneyTask).where(MoneyTask.done_at.is_(None)).order_by(MoneyTask.id)
    return leaf(query.options(joinedload(MoneyTask.payment).joinedload(Payment.order)), number, PAGE)


def tasks_of(payment: Payment) -> Sequence[MoneyTask]:
    """What there has been to look at about one payment."""
    query = select(MoneyTask).where(MoneyTask.payment_id == payment.id).order_by(MoneyTask.id)
    return db.session.scalars(query).all()


def task_count() -> int:
    """How much waits; counted only as far as a person would read."""
    some = select(MoneyTask.id).where(MoneyTask.done_at.is_(None)).limit(MOST_COUNTED).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def the_task(task_id: int, *, lock: bool = False) -> MoneyTask:
    """One of them. Raises NotYours."""
    query = select(MoneyTask).where(MoneyTask.id == task_id)
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotYours
    return found


def to_settle(now: datetime, before: datetime) -> Sequence[Payment]:
    """What is held although nothing more is to come, or that a bank lets go soon; not seen to since `before`."""
    lapsing = and_(Payment.held_until.is_not(None), Payment.held_until <= now + IN_TIME)
    held = and_(Payment.state == PaymentState.AUTHORISED, or_(Order.state.in_(ENDED), lapsing))
    query = select(Payment).join(Payment.order).where(held, Payment.looked_at < before)
    return db.session.scalars(query.order_by(Payment.id).limit(PAGE)).all()


def stuck(before: datetime) -> Sequence[Payment]:
    """Payments for which something was to have come before now, and about which Stripe was last asked before then."""
    waits = Payment.state.in_([PaymentState.OPENED, PaymentState.CAPTURING, PaymentState.SURPLUS])
    query = select(Payment).where(waits, Payment.looked_at < before).order_by(Payment.looked_at)
    return db.session.scalars(query.limit(PAGE)).all()


def stuck_refunds(before: datetime) -> Sequence[Refund]:
    """Refunds that have been on their way since before then."""
    way = Refund.state.in_([RefundState.CREATED, RefundState.IN_TRANSIT])
    query = select(Refund).join(Refund.payment).where(way, Payment.looked_at < before, Refund.made_at < before)
    return db.session.scalars(query.order_by(Refund.id).limit(PAGE)).all()


def undealt(before: datetime) -> Sequence[int]:
    """What Stripe has told us that nothing has come of, though it came before then."""
    query = select(StripeEvent.id).where(StripeEvent.outcome == EventOutcome.WAITING, StripeEvent.received_at < before)
    return db.session.scalars(query.order_by(StripeEvent.id).limit(PAGE)).all()
