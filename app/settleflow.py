"""THE STORY of a card payment when something has come: drawn, tied to the invoice, and what was too much given back.

How much is drawn: Stripe lets what is held be drawn once, so it is drawn when nothing more is to come - as much as the
invoices say, and at most what is held; the rest the bank lets go, and what the invoices say beyond it is paid by
invoice. An order that is not ended a day before the bank lets go has its whole sum drawn then, and what does not come
of it is given back at the end. So it is too when the amount was drawn at the order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from app import cardflow, chargeflow, clock, jobs, moneyflow
from app.accounts.models import User
from app.catalog import facets as catalog
from app.errors import Refused
from app.invoicing import queries as invoices
from app.invoicing.models import InvoiceLine, InvoiceRecord
from app.money import NOUGHT, Money
from app.orders import queries
from app.orders.delivery.queries import charges_in, extras, parcels_in
from app.orders.models import Order
from app.orders.prices import shown_prices
from app.orders.states import ENDED, OrderState
from app.payments import actions as payments
from app.payments import emails, payouts, refunding
from app.payments import queries as paid
from app.payments.holding import is_about_to_lapse
from app.payments.models import Payment
from app.payments.refund_models import Refund
from app.payments.refunding import Part
from app.payments.states import PaymentState, RefundSource, RefundState

TAKING_BACK = "app.payoutflow.take_back_of"


@jobs.job
def settle(order_id: int) -> None:
    """Run twice, it finds nothing left to do."""
    settle_order(queries.hold(order_id), now=clock.now())


def settle_order(order: Order, *, now: datetime) -> None:
    """Draw what is held, tie what is drawn to invoices, give back what was too much. The caller holds the order.

    An order that is delivered and not invoiced yet waits for its invoice.
    """
    payment = paid.paying(order)
    if payment is None:
        return
    documents = invoices.documents_of(order)
    if payment.state == PaymentState.AUTHORISED:
        _draw(payment, documents, now=now)
    elif payment.state == PaymentState.CAPTURED:
        tie(payment, documents, now=now)
        _give_back(payment, documents, now=now)
        _take_back(payment)


def due(documents: Sequence[InvoiceRecord]) -> Money:
    """What the customer owes for an order by its invoices and credit notes, with VAT."""
    return Money.total(-one.gross if one.is_credit_note else one.gross for one in documents)


def _is_ready(order: Order, documents: Sequence[InvoiceRecord]) -> bool:
    """Whether it is known what the order has come to."""
    return order.state == OrderState.CALLED_OFF or (order.state in ENDED and bool(documents))


def _draw(payment: Payment, documents: Sequence[InvoiceRecord], *, now: datetime) -> None:
    order = payment.order
    if _is_ready(order, documents):
        wanted = min(due(documents), payment.amount)
    elif is_about_to_lapse(payment.held_until, now):
        wanted = min(expected(order), payment.amount)
    else:
        return
    if wanted > NOUGHT:
        payments.ask_capture(payment, wanted, now=now)
        jobs.enqueue(cardflow.CAPTURING, payment_id=payment.id)
    else:
        jobs.enqueue(cardflow.LETTING_GO, payment_id=payment.id)


def expected(order: Order) -> Money:
    """What an order comes to as it stands, with VAT: what has come and what is still to come."""
    beside = extras(order, parcels_in(order), charges_in(order))
    return shown_prices(order, catalog.vat_rules(), with_vat=True, extras=beside).total


def tie(payment: Payment, documents: Sequence[InvoiceRecord], *, now: datetime) -> None:
    """Each krona of a payment to the invoice that it pays, the oldest first; of refunds to their credit notes."""
    done = paid.allocated([one.id for one in documents])
    left = payment.captured - paid.allocated_of(payment)
    for one in documents:
        open_still = one.gross - done.get(one.id, NOUGHT)
        if not one.is_credit_note and min(left, open_still) > NOUGHT:
            payments.allocate(one.id, min(left, open_still), payment=payment, now=now)
            left -= min(left, open_still)
    _tie_refunds(payment, documents, now=now)


def _tie_refunds(payment: Payment, documents: Sequence[InvoiceRecord], *, now: datetime) -> None:
    """A refund that names its credit note gives back just that; others give back what is left of the oldest."""
    done = paid.allocated([one.id for one in documents])
    notes = [one for one in documents if one.is_credit_note]
    for refund in paid.refunds_of(payment):
        left = refund.amount - paid.allocated_of_refund(refund)
        if refund.state == RefundState.FAILED:
            continue
        for one in sorted(notes, key=lambda note: note.id != refund.credit_note_id):
            share = min(left, one.gross - done.get(one.id, NOUGHT))
            if share > NOUGHT:
                payments.allocate(one.id, share, refund=refund, now=now)
                done[one.id] = done.get(one.id, NOUGHT) + share
                left -= share
        if refund.source == RefundSource.DASHBOARD and left <= NOUGHT:
            payments.close_task(f"dashboard-{refund.stripe_id}", "Det är krediterat på fakturan.", now=now)


def _give_back(payment: Payment, documents: Sequence[InvoiceRecord], *, now: datetime) -> None:
    """What was drawn and is not owed goes back by itself: less has come than was paid, or it has been credited."""
    order = payment.order
    if not _is_ready(order, documents):
        return
    stands = paid.standing(payment)
    too_much = min(stands.kept - due(documents), stands.refundable)
    times = len(paid.refunds_of(payment))
    why = "Det som du betalade för mycket, när allt är räknat."
    made = chargeflow.refund_by_itself(payment, too_much, why, f"excess-{payment.id}-{times}", now=now)
    if made is not None:
        emails.tell_refunded(order, made.amount, why, now=now)
        _tie_refunds(payment, documents, now=now)


def _take_back(payment: Payment) -> None:
    """What a member bears without any refund: of a new delivery, or of what was credited beyond what the card has paid.

    Where something is to go back to the customer it goes there first; then the refund asks for the member's part.
    """
    if not payouts.passed_on(payment) or invoices.credits_due_of(payment.order):
        return
    if not any(one.state == RefundState.CREATED for one in paid.refunds_of(payment)):
        jobs.enqueue(TAKING_BACK, payment_id=payment.id)


def give_back(
    payment: Payment,
    parts: Mapping[InvoiceLine, Money],
    why: str,
    *,
    borne: Mapping[InvoiceLine, Money],
    ticket: str,
    by: User,
    now: datetime,
) -> Refund:
    """Finance gives back so much of some lines of one invoice, without VAT: a credit note, and the money with its VAT.

    `borne` is what of it the members earn less. The form's `ticket` makes one refund, however often it is sent. The
    caller holds the order. Raises Refused before it is invoiced and drawn, for more than is left of a line or of the
    payment, for what a member has not earned, and without a reason.
    """
    before = paid.refund_by_ticket(ticket)
    if before is not None:
        return before
    if payment.state != PaymentState.CAPTURED:
        raise Refused("Inget är draget än. Ändra beställningen i stället, så dras bara det som ska betalas.")
    records = {line.invoice for line in parts}
    if len(records) != 1:
        raise Refused("Skriv vad som ska betalas tillbaka, på en faktura i taget.")
    note = moneyflow.credit(records.pop(), parts, why, by=by, now=now, borne=borne)
    stands = paid.standing(payment)
    amount = min(note.gross, stands.kept - invoices.owed(payment.order))
    if amount <= NOUGHT:
        raise Refused("Kortet har inte betalat så mycket av fakturan. Kreditera den i stället.")
    rows = [_part(line, net, borne.get(line, NOUGHT)) for line, net in parts.items()]
    source = RefundSource.FINANCE
    made = refunding.ask_refund(payment, amount, why, source=source, ticket=ticket, by=by, now=now, parts=rows)
    made.credit_note_id = note.id
    chargeflow.sent_back(made, now=now)
    _tie_refunds(payment, invoices.documents_of(payment.order), now=now)
    emails.tell_refunded(payment.order, amount, why, now=now)
    return made


def _part(line: InvoiceLine, net: Money, borne: Money) -> Part:
    share = line.assignment_line
    member = share.assignment.member_id if share is not None and borne else None
    return Part(line.order_line_id, line.id, net, borne, member)
