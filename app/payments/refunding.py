"""Giving money back: decided here, asked of Stripe in `app/cardflow.py`, and what banks take back after a dispute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from app.audit import Actor
from app.db import db
from app.errors import Refused
from app.money import NOUGHT, Money
from app.payments.actions import close_task, note, settle_later, tell_finance
from app.payments.models import Dispute, Payment, PaymentAllocation
from app.payments.queries import standing
from app.payments.refund_models import Refund, RefundLine
from app.payments.states import GOOD, DisputeState, MoveKind, PaymentState, RefundSource, RefundState, TaskKind
from app.payments.stripe_values import DisputeSeen, RefundSeen

LOST = (
    "Banken gav kunden rätt: pengarna är borta, och det som de betalade är obetalt igen. Har kunden rätt i sak, "
    "kreditera fakturan. Annars kräver du kunden på den: skicka den igen."
)


@dataclass(frozen=True, slots=True)
class Part:
    """What of a line goes back, and what of that the member bears. Without VAT."""

    order_line_id: int | None
    invoice_line_id: int
    amount: Money
    borne: Money
    member_id: int | None


def ask_refund(
    payment: Payment,
    amount: Money,
    reason: str,
    *,
    source: RefundSource,
    ticket: str,
    by: Actor | None,
    now: datetime,
    parts: Sequence[Part] = (),
) -> Refund:
    """Decide that so much goes back, with VAT. The caller holds the order, so that two never decide at once.

    Raises Refused for more than is left: what is on its way back counts from here, and what a bank has taken too.
    """
    left = standing(payment).refundable
    if not NOUGHT < amount <= left:
        raise Refused(f"Det går att betala tillbaka högst {left} inkl. moms. Du valde {amount}.")
    refund = Refund(
        payment=payment,
        amount=amount,
        state=RefundState.CREATED,
        source=source,
        reason=reason.strip()[:500],
        ticket=ticket,
        made_at=now,
        made_by=by.name if by else "",
        lines=[RefundLine(**{name: getattr(one, name) for name in Part.__slots__}) for one in parts],
    )
    db.session.add(refund)
    db.session.flush()
    note(payment, MoveKind.REFUND_ASKED, now=now, amount=amount, words=refund.reason, by=by)
    return refund


def dashboard_refund(payment: Payment, seen: RefundSeen, *, now: datetime) -> Refund:
    """Somebody has given money back past us. It is booked as it is, and finance makes the credit note."""
    refund = Refund(
        payment=payment,
        amount=seen.amount,
        state=RefundState.CREATED,
        source=RefundSource.DASHBOARD,
        reason="Gjord på Stripes egna sidor",
        ticket=f"stripe-{seen.id}",
        stripe_id=seen.id,
        made_at=now,
    )
    db.session.add(refund)
    db.session.flush()
    words = (
        f"{seen.amount} har betalats tillbaka på Stripes egna sidor. Kreditera det på fakturan, så stämmer böckerna."
    )
    tell_finance(TaskKind.DASHBOARD_REFUND, f"dashboard-{seen.id}", words, payment, now=now)
    return refund


def refund_moved(refund: Refund, seen: RefundSeen, *, now: datetime) -> Refund:
    """Where the money is on its way back. A failed one is finance's to see to; what fails late was done before."""
    refund.stripe_id = seen.id
    to = {"succeeded": RefundState.DONE, "failed": RefundState.FAILED, "canceled": RefundState.FAILED}.get(seen.state)
    to = to or RefundState.IN_TRANSIT
    if to == refund.state or (to == RefundState.IN_TRANSIT and refund.state != RefundState.CREATED):
        return refund
    if refund.state == RefundState.FAILED:
        return refund
    refund.state = to
    kinds = {RefundState.DONE: MoveKind.REFUND_DONE, RefundState.FAILED: MoveKind.REFUND_FAILED}
    note(refund.payment, kinds.get(to, MoveKind.REFUND_MOVED), now=now, amount=refund.amount)
    refund.done_at = now if to == RefundState.DONE else None
    if to == RefundState.FAILED:
        refund_failed(refund, "Kundens bank tog inte emot pengarna.", now=now)
    settle_whole(refund.payment)
    return refund


def refund_refused(refund: Refund, why: str, *, now: datetime) -> Refund:
    """Stripe will not give it back."""
    refund.state = RefundState.FAILED
    note(refund.payment, MoveKind.REFUND_FAILED, now=now, amount=refund.amount, words=why)
    refund_failed(refund, why, now=now)
    return refund


def refund_failed(refund: Refund, why: str, *, now: datetime) -> None:
    """Finance is told that the customer has not got its money, and its credit note is as open as before."""
    db.session.execute(delete(PaymentAllocation).where(PaymentAllocation.refund_id == refund.id))
    words = f"Återbetalningen av {refund.amount} gick inte. {why} Kunden har inte fått pengarna."
    tell_finance(TaskKind.REFUND_FAILED, f"refund-{refund.id}-failed", words, refund.payment, now=now)


def settle_whole(payment: Payment) -> None:
    """All of it given back is a state of its own; a refund that fails late takes it out of that again."""
    db.session.flush()
    left = standing(payment).kept
    if payment.state in {PaymentState.CAPTURED, PaymentState.SURPLUS} and payment.captured and not left:
        payment.state = PaymentState.REFUNDED
    elif payment.state == PaymentState.REFUNDED and left:
        others = select(Payment.id).where(Payment.order_id == payment.order_id, Payment.state.in_(GOOD))
        alone = db.session.scalar(others) is None
        payment.state = PaymentState.CAPTURED if alone else PaymentState.SURPLUS


def dispute_seen(payment: Payment, seen: DisputeSeen, *, now: datetime) -> Dispute:
    """A customer objects at its bank, or its bank has decided. Booked, and told to finance."""
    dispute = db.session.scalar(select(Dispute).where(Dispute.stripe_id == seen.id))
    ended = {"won": DisputeState.WON, "lost": DisputeState.LOST, "warning_closed": DisputeState.WON}.get(seen.state)
    if dispute is None:
        same = {"stripe_id": seen.id, "amount": seen.amount, "reason": seen.reason[:100]}
        dispute = Dispute(payment=payment, state=DisputeState.OPEN, opened_at=now, **same)
        db.session.add(dispute)
        note(payment, MoveKind.DISPUTED, now=now, amount=seen.amount, words=dispute.why)
        words = f"Kunden bestrider {seen.amount} hos sin bank: {dispute.why}. Svara på Stripes sidor i tid."
        tell_finance(TaskKind.DISPUTE, f"{seen.id}-opened", words, payment, now=now)
    if ended is not None and dispute.state == DisputeState.OPEN:
        dispute.state, dispute.closed_at = ended, now
        how = "Banken gav oss rätt." if ended == DisputeState.WON else LOST
        note(payment, MoveKind.DISPUTE_CLOSED, now=now, amount=seen.amount, words=how)
        close_task(f"{seen.id}-opened", how, now=now)
        if ended == DisputeState.LOST:
            words = f"Bestridandet av {seen.amount}: {how}"
            tell_finance(TaskKind.DISPUTE, f"{seen.id}-closed", words, payment, now=now)
        settle_whole(payment)
        settle_later(payment.order)  # Meanwhile nothing could be given back.
    return dispute
