"""A house that is paid both ways, acts that move money by card and by bank, and what Stripe's own ledger says."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import Context
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy import or_, select

from app import bankflow, cardflow, commissionflow, jobs, payoutflow, settleflow, stripeflow
from app import clock as app_clock
from app.accounts.models import User
from app.catalog.models import Article
from app.customers.models import Customer, CustomerKind
from app.db import db
from app.errors import Refused
from app.jobs import Job, JobState
from app.money import NOUGHT, Money
from app.orders import queries
from app.orders.models import Order
from app.payments import receipts
from app.payments.models import Payment
from tests import make
from tests.card_case import FAR, FRIDAY, KIM, sweep
from tests.money_case import MONEY_ACTS, MoneyActor, furnish_money
from tests.order_case import DELIVERY, member, order
from tests.people import save
from tests.stripe_books import No, Row
from tests.stripe_stand_in import Stripe

INVOICE_ACTS = (*MONEY_ACTS, "later", "pay", "pay", "undo", "commission")
CARD_ACTS = (
    *(one for one in MONEY_ACTS if one != "rhythm"),
    *("later", "refund", "refund", "dashboard", "dispute", "decide_dispute", "pay_out", "pay_out", "slow", "bank"),
    "commission",
)
AFTER = ("cheaper", "anew", "come_back", "credit", "credit", "credit_whole", "credit_dues", "later", "commission")
AFTER_BY_INVOICE = (*AFTER, "pay", "pay", "undo")
AFTER_BY_CARD = (
    *(*AFTER, "refund", "refund", "refund", "dashboard", "dispute", "dispute", "decide_dispute", "slow", "bank"),
    *("pay_out",) * 4,
)
"""What can happen to an order of which all has come."""
MONEY_ROOMS = ("app.stripeflow.", "app.settleflow.", "app.payoutflow.")
TICKETS = count(1)


def furnish_books() -> None:
    """As `furnish_money`; Kim buys privately by card, and both members have accounts at Stripe."""
    furnish_money()
    kim = make.make_customer(kind=CustomerKind.PRIVATE, name="Kim Köpare", org_number=None, email=KIM)
    make.make_user(KIM, customer=kim, name="Kim Köpare")
    for slug in ("ljungbacken", "rullande"):
        member(slug).stripe_account = f"acct_{slug}"
    db.session.commit()


def of_one(kind: type[Any], **values: str) -> Any:
    """The one of a kind with these values."""
    return db.session.scalars(select(kind).filter_by(**values)).one()


class Till:
    """Stripe and the worker who deals with it: what is due is done and what is told is heard before anything else."""

    def __init__(self, app: Flask, stripe: Stripe, clock: Any) -> None:
        self.app, self.stripe, self.clock = app, stripe, clock

    def settle(self) -> None:
        """Do the jobs of money and hear what Stripe tells, until nothing more happens."""
        save()
        Context().run(self._settle)
        db.session.expire_all()

    def _settle(self) -> None:
        with self.app.app_context():
            while self._worked() or self._heard():
                pass

    def _worked(self) -> int:
        """Printing and letters are no money, and are left where they lie."""
        ours = or_(*(Job.name.startswith(room) for room in MONEY_ROOMS))
        due = select(Job.id).where(Job.state == JobState.WAITING, Job.run_after <= app_clock.now(), ours)
        ids = db.session.scalars(due.order_by(Job.id)).all()
        for one in ids:
            assert jobs.claim(one, jobs.HERE, app_clock.now())
            jobs.work(one, jobs.HERE)
        return len(ids)

    def _heard(self) -> int:
        events = self.stripe.new_events()
        for event in events:
            stripeflow.receive(*self.stripe.signed(event), now=app_clock.now())
        db.session.commit()
        return len(events)

    def order(self, cart: dict[int, Decimal], day: date) -> Order:
        """Kim orders for a day and pays on the page."""
        kim, user = of_one(Customer, email=KIM), of_one(User, email=KIM)
        made = cardflow.checkout(
            cart, replace(DELIVERY, day=day), customer=kim, ticket=f"kim-{next(TICKETS)}", by=user, now=app_clock.now()
        )
        self.settle()
        self.stripe.books.pay(self.stripe.books.all("checkout.session")[-1]["id"])
        self.settle()
        return made


class InvoiceActor(MoneyActor):
    """Does one thing to an order that is paid by invoice, and remembers what its members were made to bear."""

    def __init__(self, made: Order, till: Till) -> None:
        super().__init__(made)
        self.till = till
        self.borne = NOUGHT
        """By credit notes; what they bear of complaints stands on those."""
        self.received: list[tuple[int, Money]] = []
        """What has come by bank, by receipt."""

    def later(self, _which: int, _number: Decimal) -> None:
        """The routines that look after what got lost between us and Stripe."""
        sweep(self.till.clock.move(minutes=20))

    def pay(self, which: int, number: Decimal) -> None:
        """The customer pays a part, all of it, or too much."""
        record, today = self._invoice(which), app_clock.local_date(app_clock.now())
        amount = bankflow.balance_of(record).outstanding if number > 9 else Money(int(number) * 9876)
        made = bankflow.enter(
            record,
            amount,
            today,
            reference=record.name,
            ticket=f"walk-{next(TICKETS)}",
            by=self.sam,
            now=app_clock.now(),
        )
        self.received.append((made.id, amount))

    def undo(self, which: int, _number: Decimal) -> None:
        """It was a mistake."""
        if self.received:
            id_, _amount = one = self.received[which % len(self.received)]
            bankflow.undo(receipts.receipt_with(id_), "Fel", by=self.sam, now=app_clock.now())
            self.received.remove(one)

    def commission(self, which: int, _number: Decimal) -> None:
        """Finance charges a member, without waiting for the month to end."""
        seller = member(("ljungbacken", "rullande")[which % 2])
        commissionflow.charge_now(seller, by=self.sam, now=app_clock.now())

    def credit(self, which: int, number: Decimal) -> None:
        super().credit(which, number)
        if which % 2 and number:
            self.borne += Money(int(number) * 100)


class CardActor(InvoiceActor):
    """The same for one that is paid by card: what finance, the customer's bank and people at Stripe's pages do too."""

    @property
    def payment(self) -> Payment:
        """The only one of the order."""
        return db.session.scalars(select(Payment).where(Payment.order_id == self.id)).one()

    def refund(self, which: int, number: Decimal) -> None:
        """Finance gives some of a line back, of which the member bears a tenth."""
        queries.hold(self.id)
        record = self._invoice(which)
        line, amount = record.lines[int(number) % len(record.lines)], Money(int(number) * 1234)
        borne = {line: Money(int(number) * 123)} if which % 2 and amount else {}
        ticket = f"walk-{next(TICKETS)}"
        settleflow.give_back(
            self.payment, {line: amount}, "Skadat", borne=borne, ticket=ticket, by=self.sam, now=app_clock.now()
        )
        self.borne += Money.total(borne.values())

    def dashboard(self, _which: int, number: Decimal) -> None:
        """Somebody gives back past us."""
        self._at_stripe("refund", {"payment_intent": self.payment.intent_id, "amount": int(number) * 2345 + 1})

    def dispute(self, which: int, number: Decimal) -> None:
        """The customer objects at its bank, to all that it has not got back or to some of it."""
        charge = self.charge
        left = charge["amount_captured"] - charge["amount_refunded"] if charge else 0
        if charge and left > 0 and not charge["disputed"]:
            amount = left if which % 2 else min(left, int(number) * 3000 + 1)
            self._at_stripe("dispute", self.payment.intent_id, amount)

    def decide_dispute(self, which: int, _number: Decimal) -> None:
        for one in self.disputes:
            if one["status"] == "needs_response":
                self.till.stripe.books.close_dispute(one["id"], won=which % 2 == 0)

    def pay_out(self, which: int, _number: Decimal) -> None:
        queries.hold(self.id)
        maker = member(("ljungbacken", "rullande")[which % 2])
        payoutflow.pay_out(self.payment, maker.id, by=self.sam, now=app_clock.now())

    def slow(self, which: int, _number: Decimal) -> None:
        """From now on refunds take some days, or do not."""
        self.till.stripe.books.refunds_take_time = which % 2 == 0

    def bank(self, which: int, _number: Decimal) -> None:
        """The customer's bank takes what is on its way back, or does not."""
        for one in self.refunds:
            if one["status"] == "pending":
                self.till.stripe.books.settle_refund(one["id"], failed=which == 3)

    @property
    def charge(self) -> Row | None:
        """What Stripe has drawn or holds, once the customer has paid."""
        return next(iter(self._of_ours("charge")), None)

    @property
    def refunds(self) -> list[Row]:
        """What Stripe has given back."""
        return list(self._of_ours("refund"))

    @property
    def disputes(self) -> list[Row]:
        """What the customer has objected to."""
        return list(self._of_ours("dispute"))

    def transfers(self, payouts: set[str]) -> list[Row]:
        """What Stripe has passed on."""
        return [one for one in self.till.stripe.books.all("transfer") if one["id"] in payouts]

    def _of_ours(self, kind: str) -> Iterator[Row]:
        intent = self.payment.intent_id
        return (one for one in self.till.stripe.books.all(kind) if one["payment_intent"] == intent)

    def _at_stripe(self, what: str, *given: Any) -> None:
        """What Stripe refuses does not happen there."""
        try:
            getattr(self.till.stripe.books, what)(*given)
        except No as no:
            raise Refused(str(no)) from no

    def calm(self) -> None:
        """Banks take what is on its way, and decide what is objected to for us; then nothing is open."""
        self.till.settle()
        self.bank(0, Decimal(0))
        self.decide_dispute(0, Decimal(0))
        self.slow(1, Decimal(0))
        for _round in range(3):
            self.till.settle()
            self.bank(0, Decimal(0))


def four_orders(till: Till) -> list[InvoiceActor]:
    """Two of Nordbyn's by invoice, two of Kim's by card: one is drawn at once, one held until it has come."""
    articles = {one.name: one.id for one in db.session.scalars(select(Article))}
    cart = {articles["Fruktkorg 5 kg"]: Decimal(6), articles["Äpplen"]: Decimal(10)}
    invoiced = [InvoiceActor(order(cart), till) for _each in range(2)]
    return [*invoiced, *(CardActor(till.order(cart, day), till) for day in (FAR, FRIDAY))]
