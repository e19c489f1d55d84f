"""THE STORY of what a member has earned of a card payment, passed on to its own account at Stripe, and taken back.

Separate charges and transfers: the customer pays the sales company, and finance passes on what each member has earned
of what was drawn - never more than it has earned less what it has got. After a refund what it no longer has earned is
taken back, the customer first. Amounts are with the VAT that the member charges the sales company, where it does
(`app/settlement`). What it sells in its own name is passed on as the customer pays it, with the VAT of that sale, less
our commission and the VAT on that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app import audit, clock, jobs
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.members.models import Member
from app.money import NOUGHT, Money
from app.orders import queries
from app.orders.states import ENDED
from app.payments import actions as payments
from app.payments import payouts
from app.payments import queries as paid
from app.payments import stripe_client as stripe
from app.payments.models import Payment
from app.payments.payout_models import Payout, PayoutEntry, PayoutReversal
from app.payments.refund_models import Refund
from app.payments.states import PaymentState, PayoutState, TaskKind
from app.payments.stripe_values import Declined, OursToMend
from app.settlement import queries as settlement
from app.settlement.earned import ByTax, Earning, Sums, added_up, by_tax


@dataclass(frozen=True, slots=True)
class Owed:
    """What a member is to get of a payment, and for which events."""

    member: Member
    earnings: Sequence[Earning]

    @property
    def sums(self) -> Sums:
        """What it comes to, without VAT and with."""
        return added_up(self.earnings)

    @property
    def taxes(self) -> Sequence[ByTax]:
        """The same, by how it is taxed."""
        return by_tax(self.earnings)

    @property
    def amount(self) -> Money:
        """With VAT."""
        return self.sums.gross


def owed(payment: Payment) -> list[Owed]:
    """What is to be passed on of a payment, by member; those without an account at Stripe are paid in another way."""
    found: dict[int, list[Earning]] = defaultdict(list)
    for one in settlement.of_order(payment.order_id):
        if one.passed_on is None:
            found[one.member_id].append(one)
    return [Owed(member, found[member.id]) for member in payouts.members_in(found)]


def pay_out(payment: Payment, member_id: int, *, by: User, now: datetime) -> Payout:
    """Pass on what a member has earned of a payment. The caller holds the order.

    Raises Refused when nothing is drawn or all has not come, when the member has no account at Stripe or nothing to
    get, and when there is not so much left of the payment.
    """
    if payment.state != PaymentState.CAPTURED or payment.charge_id is None:
        raise Refused("Det går att betala ut när kundens pengar är dragna.")
    if payment.order.state not in ENDED:
        raise Refused("Vänta tills hela beställningen är levererad.")
    one = next((each for each in owed(payment) if each.member.id == member_id), None)
    if one is None or one.amount <= NOUGHT:
        raise Refused("Medlemmen har inget mer att få av den här betalningen.")
    account = one.member.stripe_account
    if not account:
        raise Refused(f"{one.member.name} har inget konto hos Stripe. Betala ut på vanligt sätt.")
    left = paid.standing(payment).refundable - payouts.passed_on(payment)
    if one.amount > left:
        raise Refused(f"Av betalningen finns bara {max(left, NOUGHT)} kvar. Tvist eller återbetalning pågår.")
    made = Payout(member=one.member, payment=payment, account=account, amount=one.amount, made_at=now, made_by=by.name)
    made.entries = _claims(one)
    db.session.add(made)
    db.session.flush()
    audit.record(made, "asked", by=by, now=now, ore=made.amount.ore)
    jobs.enqueue(transfer, payout_id=made.id)
    return made


def _claims(one: Owed) -> list[PayoutEntry]:
    return [
        PayoutEntry(entry_id=each.entry_id, charge_id=each.charge_id, net=each.net, vat=each.vat)
        for each in one.earnings
    ]


def try_again(payout: Payout, *, by: User, now: datetime) -> Payout:
    """Ask for one anew that Stripe refused. Raises Refused for any other."""
    if payout.state != PayoutState.FAILED:
        raise Refused("Utbetalningen har inte misslyckats.")
    payout.state, payout.made_at, payout.why_not = PayoutState.CREATED, now, ""
    audit.record(payout, "asked again", by=by, now=now)
    jobs.enqueue(transfer, payout_id=payout.id)
    return payout


@jobs.job
def transfer(payout_id: int) -> None:
    """Have Stripe pass it on, unless it has."""
    with jobs.looking():
        row = db.session.get_one(Payout, payout_id)
        if row.state != PayoutState.CREATED or row.payment.charge_id is None:
            return
        account, amount, charge, key = row.account, row.amount, row.payment.charge_id, row.key
        number = row.payment.order.number
    why, id_ = "", None
    try:
        id_ = stripe.transfer_made(number, payout_id) or stripe.transfer(
            account, amount, charge, order_number=number, ours=payout_id, key=key
        )
    except (OursToMend, Declined) as no:
        why = str(no)
    row = db.session.get_one(Payout, payout_id, populate_existing=True, with_for_update=True)
    if row.state != PayoutState.CREATED:
        return
    if id_ is None:
        row.state, row.why_not = PayoutState.FAILED, why
        words = f"Utbetalningen av {row.amount} till {row.member.name} gick inte: {why}"
        mark = f"payout-{row.id}-{int(row.made_at.timestamp())}"
        payments.tell_finance(TaskKind.PAYOUT, mark, words, row.payment, now=clock.now())
    else:
        row.state, row.stripe_id, row.done_at = PayoutState.DONE, id_, clock.now()
        audit.record(row, "done", by=None, now=row.done_at, ore=row.amount.ore)
        take_back(row.payment, now=row.done_at)


@jobs.job
def take_back_of_refund(refund_id: int) -> None:
    """The customer has got its money: what members no longer have earned is taken back. Run twice, nothing is left."""
    take_back_of(db.session.get_one(Refund, refund_id).payment_id)


@jobs.job
def take_back_of(payment_id: int) -> None:
    """What members no longer have earned of a payment is taken back. Run twice, nothing is left."""
    queries.hold(paid.order_of_payment(payment_id))
    take_back(db.session.get_one(Payment, payment_id), now=clock.now())


def take_back(payment: Payment, *, now: datetime) -> list[PayoutReversal]:
    """What members earn less than they have got of a payment. The entries that say so are claimed by what is reversed.

    Where more is to be taken back than a member has got, the rest lies with finance.
    """
    made = []
    for one in owed(payment):
        done = [each for each in payouts.payouts_of(payment, one.member) if each.state == PayoutState.DONE]
        if one.amount >= NOUGHT or not done:
            continue
        left = -one.amount
        for payout in reversed(done):
            share = min(left, payout.amount - payout.reversed)
            if share > NOUGHT:
                made.append(_reverse(payout, share, now=now))
                left -= share
        done[-1].entries += _claims(one)
        if left:
            words = f"{one.member.name} har fått {left} mer än den har tjänat på beställning {payment.order.number}."
            payments.tell_finance(
                TaskKind.PAYOUT, f"short-{done[-1].id}-{len(done[-1].entries)}", words, payment, now=now
            )
    return made


def _reverse(payout: Payout, amount: Money, *, now: datetime) -> PayoutReversal:
    payout.reversed += amount
    row = PayoutReversal(payout=payout, amount=amount, made_at=now)
    db.session.add(row)
    db.session.flush()
    audit.record(payout, "reversed", by=None, now=now, ore=amount.ore)
    jobs.enqueue(reverse, reversal_id=row.id)
    return row


@jobs.job
def reverse(reversal_id: int) -> None:
    """Have Stripe take it back, unless it has."""
    with jobs.looking():
        row = db.session.get_one(PayoutReversal, reversal_id)
        if row.state != PayoutState.CREATED or row.payout.stripe_id is None:
            return
        transfer_id, amount, key = row.payout.stripe_id, row.amount, row.key
    why, id_ = "", None
    try:
        id_ = stripe.reversal_made(transfer_id, reversal_id) or stripe.take_back(
            transfer_id, amount, ours=reversal_id, key=key
        )
    except (OursToMend, Declined) as no:
        why = str(no)
    row = db.session.get_one(PayoutReversal, reversal_id, populate_existing=True, with_for_update=True)
    if row.state != PayoutState.CREATED:
        return
    row.state, row.stripe_id = (PayoutState.DONE if id_ else PayoutState.FAILED), id_
    row.done_at = clock.now() if id_ else None
    if not id_:
        words = f"Det gick inte att ta tillbaka {row.amount} från {row.payout.member.name}: {why}"
        mark = f"reversal-{row.id}"
        payments.tell_finance(TaskKind.PAYOUT, mark, words, row.payout.payment, now=clock.now())
