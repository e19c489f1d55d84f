"""The sums that must hold at any time between events, documents, payments, Stripe's own ledger and members' pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from app import bankflow, clock
from app.db import db
from app.invoicing import queries as invoices
from app.invoicing.actions import values_of
from app.invoicing.models import InvoiceRecord
from app.members.models import Member
from app.money import NOUGHT, Money
from app.orders import ledger
from app.orders.change_queries import entries_of
from app.orders.complaint_queries import complaints_in
from app.orders.delivery.queries import charges_in
from app.orders.delivery.states import ChargeKind
from app.orders.models import Order
from app.orders.states import ENDED, AssignmentState
from app.payments import queries as paid
from app.payments.models import MoneyTask, Payment, PaymentAllocation
from app.payments.payout_models import Payout, PayoutReversal
from app.payments.states import DisputeState, PaymentState, PayoutState, RefundState
from app.settlement import commissions, tracing
from app.settlement import queries as settlement
from app.settlement.commission import OwnSale
from app.settlement.earned import Earning, added_up
from app.settlement.models import CommissionInvoice
from tests.books_case import CardActor, InvoiceActor
from tests.money_case import FIRST_NUMBER, documents_about, due, signed, sound, uncharged, without_gaps, worth


def in_balance(actors: Sequence[InvoiceActor], *touched: InvoiceActor) -> None:
    """All of it, or what can have changed where only some of the orders were touched."""
    db.session.expire_all()
    for actor in touched or actors:
        charged_is_what_happened(actor.order)
        members_earn_what_they_made(actor)
        taxed_by_hand(documents_about(actor.order))
        customers_pay_the_members_and_us(actor)
        if isinstance(actor, CardActor):
            stripe_says_the_same(actor)
            payment_pays_the_documents(actor)
            members_have_what_they_earned(actor)
    invoices_are_paid_or_outstanding(actors)
    commission_is_charged_once(actors)
    if not touched:
        members_months_are_their_orders(actors)
        without_gaps()


def invoices_are_paid_or_outstanding(actors: Sequence[InvoiceActor]) -> None:
    """What invoices ask for is credited, paid, held or outstanding, and what is paid is what came."""
    records = {one.id: one for actor in actors for one in documents_about(actor.order)}
    stands = bankflow.balances(list(records.values()))
    for id_, one in stands.items():
        notes = Money.total(note.gross for note in records.values() if note.credits_id == id_)
        assert (one.asked, one.credited) == (records[id_].gross, notes)
        assert NOUGHT in {one.outstanding, one.overpaid}
        assert one.asked + one.overpaid == one.credited + one.paid + one.held + one.outstanding
        assert NOUGHT <= one.lost <= max(one.by_card, NOUGHT)
    came = Money.total(amount for actor in actors for _receipt, amount in actor.received)
    assert Money.total(one.by_bank for one in stands.values()) == came


def members_months_are_their_orders(actors: Sequence[InvoiceActor]) -> None:
    """What a member reads of its months is what its orders earned, and no more of it is passed on than was."""
    first = clock.local_date(clock.now()).replace(day=1)
    mine = {actor.order.id for actor in actors}
    members = db.session.scalars(select(Member).where(Member.slug.in_(["ljungbacken", "rullande"]))).all()
    by_order = [one for actor in actors for one in settlement.of_order(actor.order.id)]
    for member in members:
        rows = [one for one in settlement.of_month(member, first) if one.order_id in mine]
        theirs = [one for one in by_order if one.member_id == member.id]
        assert added_up(rows) == added_up(theirs)


def customers_pay_the_members_and_us(actor: InvoiceActor) -> None:
    """What members sell themselves is theirs and ours to the öre, and what its events come to is what is invoiced.

    An order that is invoiced more than once, or with another, may have an öre more or less of VAT for each document.
    """
    order, by_seller = actor.order, defaultdict[int, list[OwnSale]](list)
    for strand in tracing.strands(order):
        assert all(min(sums.commission, sums.compensation) == NOUGHT for _member, sums in strand.earned)
    for one in settlement.of_order(order.id):
        if one.own is not None:
            by_seller[one.member_id].append(one.own)
            assert one.own.paid + one.own.compensation == one.gross + one.own.deducted
            assert one.own.charged == one.net + one.own.commission - one.own.compensation
    if due(order) or uncharged(order):
        return
    records = documents_about(order)
    assert {one.seller_id for one in records} - {None} <= set(by_seller)
    for seller_id, own in by_seller.items():
        mine = [one for one in records if one.seller_id == seller_id]
        lines = [(one, line.net) for one in mine for line in one.lines if line.order_id == order.id]
        assert Money.total(one.charged for one in own) == Money.total(_signed(one, net) for one, net in lines)
        if all(line.order_id == order.id for one in mine for line in one.lines):
            vat = Money.total(_signed(one, one.vat) for one in mine)
            invoices_only = [one for one in mine if not one.is_credit_note]
            difference = vat - Money.total(one.sale_vat for one in own)
            assert abs(difference.ore) <= 2 * max(len(invoices_only) - 1, 0)


def _signed(record: InvoiceRecord, amount: Money) -> Money:
    return -amount if record.is_credit_note else amount


def commission_is_charged_once(actors: Sequence[InvoiceActor]) -> None:
    """What is charged in commission, and what is still to be, is what the orders come to; each event stands once."""
    records = db.session.scalars(select(CommissionInvoice).order_by(CommissionInvoice.number)).all()
    assert [one.number for one in records] == list(range(FIRST_NUMBER, FIRST_NUMBER + len(records)))
    for record in records:
        values, sign = values_of(record), -1 if record.is_credit_note else 1
        assert (record.net, record.vat, record.gross) == (values.net, values.vat, values.gross)
        assert record.net == Money.total(one.net for one in record.claims).times(sign) > NOUGHT
        assert record.vat == Money.total(one.vat for one in record.claims).times(sign)
        assert values.payable == NOUGHT
        back = Money.total(one.gross for one in records if one.credits_id == record.id)
        assert back <= record.gross
    orders = {actor.order.id for actor in actors}
    sold = [one for id_ in orders for one in settlement.of_order(id_) if one.own is not None]
    for seller in db.session.scalars(select(Member).where(Member.slug.in_(["ljungbacken", "rullande"]))):
        claims = {(claim.entry_id, claim.charge_id): claim for one in records for claim in one.claims}
        waiting = commissions.unclaimed(seller, clock.now() + timedelta(minutes=1))
        commission = [(one.net, one.vat) for event, one in claims.items() if event in _events(sold, seller)]
        commission += [(one.own.commission, one.commission_vat) for one in waiting if one.order_id in orders]
        sums = added_up(one for one in sold if one.member_id == seller.id)
        assert Money.total(net for net, _vat in commission) == sums.commission
        assert Money.total(vat for _net, vat in commission) == sums.commission_vat
        assert len(commission) == len(_events(sold, seller))


def _events(sold: Sequence[Earning], seller: Member) -> set[tuple[int | None, int | None]]:
    return {(one.entry_id, one.charge_id) for one in sold if one.member_id == seller.id}


def charged_is_what_happened(made: Order) -> None:
    """What is charged never runs ahead of what happened, and what is missing is still to be charged or credited."""
    assert signed(made) - due(made) <= worth(made) or uncharged(made) < NOUGHT
    sound(documents_about(made))


def taxed_by_hand(records: Sequence[InvoiceRecord]) -> None:
    """The VAT of each document is what its lines come to by rate, and credit notes give back no more than was paid.

    A credit note may have an öre more or less of a rate, so that all notes of an invoice end as the invoice.
    """
    back: dict[int, Money] = defaultdict(lambda: NOUGHT)
    for record in records:
        bases: dict[int, int] = defaultdict(int)
        values = values_of(record)
        for line in values.lines:
            for part, amount in zip(line.parts, line.nets, strict=True):
                bases[part.rate] += amount.ore
        halves = {rate: (abs(base) * rate + 50) // 100 * (1 if base >= 0 else -1) for rate, base in bases.items()}
        assert all(abs(one.amount.ore) == 1 for one in values.vat_rests)
        assert record.is_credit_note or not values.vat_rests
        assert record.vat.ore == sum(halves.values()) + sum(one.amount.ore for one in values.vat_rests)
        assert record.net.ore == sum(bases.values())
        assert record.gross >= NOUGHT
        if record.credits is not None:
            back[record.credits.id] += record.gross
            assert back[record.credits.id] <= record.credits.gross


def members_earn_what_they_made(actor: InvoiceActor) -> None:
    """What the events say that members earn is their work, less what they bear; nobody owes for having worked."""
    order = actor.order
    entries, charges = entries_of(order), charges_in(order)
    earned = ledger.earnings(entries)
    for one in charges:
        if one.member_id is not None:
            earned[one.member_id] = earned.get(one.member_id, NOUGHT) + one.earned
    delivered = [one for one in order.assignments if one.state == AssignmentState.DELIVERED]
    made = Money.total(one.pay for one in delivered)
    beside = Money.total(one.earned for one in charges if one.kind != ChargeKind.CREDITED)
    borne = Money.total(one.borne for one in complaints_in(order)) + actor.borne
    assert Money.total(earned.values()) == made + beside - borne
    assert all(one >= NOUGHT for one in earned.values())


def stripe_says_the_same(actor: CardActor) -> None:
    """What Stripe has drawn, given back, lost and passed on is what our rows say."""
    payment, stands = actor.payment, paid.standing(actor.payment)
    charge = actor.charge
    assert (charge["amount_captured"] if charge else 0) == stands.captured.ore
    back = [one["amount"] for one in actor.refunds if one["status"] != "failed"]
    assert sum(back) == stands.going_back.ore
    states = {"needs_response": DisputeState.OPEN, "won": DisputeState.WON, "lost": DisputeState.LOST}
    objected = sorted((one["id"], one["amount"], states[one["status"]]) for one in actor.disputes)
    assert objected == sorted((one.stripe_id, one.amount.ore, one.state) for one in paid.disputes_of(payment))
    ours = db.session.scalars(select(Payout).where(Payout.payment_id == payment.id)).all()
    passed = {one.stripe_id: (one.amount.ore, one.reversed.ore) for one in ours if one.state == PayoutState.DONE}
    theirs = {one["id"]: (one["amount"], one["amount_reversed"]) for one in actor.transfers(set(passed))}
    assert passed == theirs
    assert not [one for one in ours if one.state != PayoutState.DONE]
    assert not db.session.scalars(select(PayoutReversal).where(PayoutReversal.state != PayoutState.DONE)).all()


def payment_pays_the_documents(actor: CardActor) -> None:
    """Each krona that was drawn and is not given back pays a document, and what is too much is on its way back."""
    order, payment, stands = actor.order, actor.payment, paid.standing(actor.payment)
    documents = invoices.documents_of(order)
    refunds = paid.refunds_of(payment)
    tied = db.session.scalars(select(PaymentAllocation)).all()
    by_document = {one.id: Money.total(row.amount for row in tied if row.invoice_id == one.id) for one in documents}
    assert all(by_document[one.id] <= one.gross for one in documents)
    for refund in refunds:
        mine = Money.total(row.amount for row in tied if row.refund_id == refund.id)
        assert mine <= (NOUGHT if refund.state == RefundState.FAILED else refund.amount)
    assert NOUGHT <= stands.kept <= stands.captured
    if order.state not in ENDED or payment.state == PaymentState.AUTHORISED:
        return
    owed = invoices.owed(order)
    too_much = stands.kept - owed
    waits = any(one.state == DisputeState.OPEN for one in paid.disputes_of(payment))
    failed = bool(refunds) and refunds[-1].state == RefundState.FAILED
    assert too_much <= NOUGHT or waits or failed, f"{too_much} lies with us"
    open_still = [one for one in documents if not one.is_credit_note and by_document[one.id] < one.gross]
    used = Money.total(row.amount for row in tied if row.payment_id == payment.id)
    assert used == stands.captured or not open_still, "money that pays nothing, and an invoice that nobody has paid"


def members_have_what_they_earned(actor: CardActor) -> None:
    """No member has got more by Stripe than it has earned, unless finance knows or the customer is to have it first."""
    payment = actor.payment
    earnings = settlement.of_order(actor.id)
    payouts = db.session.scalars(select(Payout).where(Payout.payment_id == payment.id)).all()
    waits = bool(due(actor.order)) or any(one.state == RefundState.FAILED for one in paid.refunds_of(payment))
    for member_id in {one.member_id for one in payouts}:
        got = Money.total(one.amount - one.reversed for one in payouts if one.member_id == member_id)
        sums = added_up(one for one in earnings if one.member_id == member_id)
        if not _is_known(payment):
            assert got == sums.passed_on
            assert got <= sums.gross or waits, f"{got} of {sums.gross}"


def _is_known(payment: Payment) -> bool:
    told = select(MoneyTask.words).where(MoneyTask.payment_id == payment.id, MoneyTask.mark.startswith("short-"))
    return bool(db.session.scalars(told).all())
