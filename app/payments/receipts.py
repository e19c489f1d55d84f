"""What comes by bank: entered, undone, and read for invoices. Which invoice it is for is found in `app/bankflow.py`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select

from app import audit
from app.audit import Actor
from app.db import MoneyColumn, db
from app.errors import NotYours, Refused
from app.leaves import Leaf, leaf
from app.money import Money
from app.orders.models import Order
from app.payments.models import Dispute, Payment, PaymentAllocation
from app.payments.receipt_models import BankReceipt
from app.payments.refund_models import Refund
from app.payments.states import DisputeState, PaymentState, RefundState

ROWS = 50
ON_THE_WAY = (PaymentState.AUTHORISED, PaymentState.CAPTURING)


def enter(
    invoice_id: int, amount: Money, paid_on: date, *, reference: str, ticket: str, by: Actor, now: datetime
) -> BankReceipt:
    """So much has come. Whether it can have is the caller's to check, who holds the invoice."""
    row = BankReceipt(
        invoice_id=invoice_id,
        amount=amount,
        paid_on=paid_on,
        reference=reference[:60],
        ticket=ticket,
        entered_at=now,
        entered_by=by.name,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(row, "entered", by=by, now=now, invoice=invoice_id, ore=amount.ore, day=paid_on.isoformat())
    return row


def undo(row: BankReceipt, why: str, *, by: Actor, now: datetime) -> BankReceipt:
    """It was a mistake. Raises Refused without a reason, and when somebody has undone it already."""
    if row.undone_at is not None:
        raise Refused(f"{row.undone_by} har redan tagit tillbaka den inbetalningen.")
    if not why.strip():
        raise Refused("Skriv varför inbetalningen tas tillbaka.")
    row.undone_at, row.undone_by, row.why_undone = now, by.name, why.strip()[:500]
    audit.record(row, "undone", by=by, now=now, ore=row.amount.ore)
    db.session.flush()
    return row


def by_ticket(ticket: str) -> BankReceipt | None:
    """The receipt that a form has entered already."""
    return db.session.scalar(select(BankReceipt).where(BankReceipt.ticket == ticket))


def receipt_with(receipt_id: int) -> BankReceipt:
    """One of them, held. Raises NotYours."""
    found = db.session.scalar(select(BankReceipt).where(BankReceipt.id == receipt_id).with_for_update())
    if found is None:
        raise NotYours
    return found


def latest(number: int) -> Leaf[BankReceipt]:
    """One page of all that has been entered, the newest first."""
    return leaf(select(BankReceipt).order_by(BankReceipt.id.desc()), number, ROWS)


def receipts_of(invoice_id: int) -> Sequence[BankReceipt]:
    """What has been entered for an invoice, undone or not, the oldest first."""
    mine = select(BankReceipt).where(BankReceipt.invoice_id == invoice_id)
    return db.session.scalars(mine.order_by(BankReceipt.paid_on, BankReceipt.id)).all()


def by_bank(invoice_ids: Collection[int]) -> dict[int, Money]:
    """What has come by bank for each invoice."""
    query = select(BankReceipt.invoice_id, func.sum(BankReceipt.amount, type_=MoneyColumn()))
    mine = query.where(BankReceipt.invoice_id.in_(invoice_ids), BankReceipt.undone_at.is_(None))
    return dict(db.session.execute(mine.group_by(BankReceipt.invoice_id)).all())


def by_card(document_ids: Collection[int]) -> dict[int, Money]:
    """What cards have paid of each invoice, or have got back of each credit note; failed refunds do not count."""
    query = select(PaymentAllocation.invoice_id, func.sum(PaymentAllocation.amount, type_=MoneyColumn()))
    query = query.outerjoin(Refund, Refund.id == PaymentAllocation.refund_id)
    counts = or_(Refund.id.is_(None), Refund.state != RefundState.FAILED)
    mine = query.where(PaymentAllocation.invoice_id.in_(document_ids), counts)
    return dict(db.session.execute(mine.group_by(PaymentAllocation.invoice_id)).all())


def lost_to_banks(orders: Collection[int]) -> Sequence[Payment]:
    """The payments that pay invoices of these orders, by id, and of which a bank has taken something back for good."""
    lost = select(Dispute.payment_id).where(Dispute.state == DisputeState.LOST)
    used = select(PaymentAllocation.payment_id).where(PaymentAllocation.payment_id.is_not(None))
    mine = select(Payment).where(Payment.order_id.in_(orders), Payment.id.in_(lost), Payment.id.in_(used))
    return db.session.scalars(mine.order_by(Payment.id)).all()


def held_for(orders: Collection[int]) -> set[int]:
    """The orders, by id, for which a card is held and not yet drawn."""
    mine = select(Order.id).join(Payment, Payment.order_id == Order.id)
    return set(db.session.scalars(mine.where(Order.id.in_(orders), Payment.state.in_(ON_THE_WAY))))
