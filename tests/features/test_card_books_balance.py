"""Whatever happens to an order paid by card, Stripe, the payment, its refunds, the documents and the ledger agree."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select

from app.db import db
from app.invoicing.models import InvoiceRecord
from app.money import Money
from app.orders import ledger
from app.orders.change_queries import entries_of
from app.orders.states import ENDED
from app.payments import queries as paid
from app.payments.models import Payment, PaymentAllocation
from app.payments.payout_models import Payout
from tests import card_case
from tests.card_case import FAR, FINANCE, FRIDAY, KIM, Shop, payment, the_order
from tests.furnished import furnished

pytestmark = pytest.mark.both


@furnished
def town(app):
    return card_case.furnish()


@pytest.fixture
def shop(app, town, clock, visit, work_off):
    with card_case.taking_cards(app, clock) as stripe:
        yield Shop(stripe, visit, work_off, clock, town)


def less(shop: Shop, chance: random.Random) -> None:
    """The customer wants one less of something."""
    order = the_order()
    line = chance.choice(order.lines)
    values = {f"quantity-{line.id}": str(max(int(line.remaining) - 1, 0))}
    shop.visit(KIM).fill(f"/bestallningar/{order.number}/andra", values)


def deliver(shop: Shop, chance: random.Random) -> None:
    """One of the members that have something to deliver does so."""
    waiting = sorted({one.member.slug for one in the_order().assignments if one.state.value == "offered"})
    if waiting:
        shop.deliver(chance.choice(waiting))


def refund(shop: Shop, chance: random.Random) -> None:
    """Finance pays back some of a line, which the member bears or not."""
    page, fia = f"/personal/betalningar/{payment().id}", shop.visit(FINANCE)
    if fia.page(page).cssselect("form[action$='/aterbetala']"):
        typed = {"lines-0-amount": f"{chance.randint(1, 6000) / 100:.2f}", "why": "Skadat."}
        typed["lines-0-borne"] = chance.choice(["", "0,50"])
        fia.fill(page, typed, form="form[action$='/aterbetala']")


def day(shop: Shop, chance: random.Random) -> None:
    """Time passes."""
    shop.later(hours=chance.randint(1, 5))


def agree(shop: Shop) -> None:
    """Nothing is lost or made between Stripe and us; what is owed and what is kept are the same when all has come."""
    db.session.expire_all()
    order, stands = the_order(), paid.standing(payment())
    charged = sum(one["amount_captured"] for one in shop.stripe.books.all("charge"))
    given = sum(one["amount"] for one in shop.stripe.books.all("refund"))
    assert (charged, given) == (stands.captured.ore, stands.going_back.ore)
    documents = db.session.scalars(select(InvoiceRecord)).all()
    tied = db.session.scalars(select(PaymentAllocation)).all()
    for one in documents:
        assert Money.total(row.amount for row in tied if row.invoice_id == one.id) <= one.gross
    assert Money.total(row.amount for row in tied if row.payment_id) <= stands.captured
    assert Money.total(row.amount for row in tied if row.refund_id) <= stands.going_back
    assert not db.session.scalars(select(Payout)).all()
    if order.state in ENDED:
        owed = Money.total(-one.gross if one.is_credit_note else one.gross for one in documents)
        net = Money.total(-one.net if one.is_credit_note else one.net for one in documents)
        assert (stands.kept, ledger.account(entries_of(order)).charged) == (owed, net)
        assert len(db.session.scalars(select(Payment)).all()) == 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_books_balance_whatever_happens(shop, seed):
    chance = random.Random(seed)  # noqa: S311  the same histories each time
    shop.paid(chance.choice([FRIDAY, FAR]), fruit="3", sandwich="4")
    agree(shop)
    for act in [*chance.choices([less, deliver, refund, day], k=6), deliver, deliver, refund, refund]:
        act(shop, chance)
        shop.work_off()
        shop.tell()
        agree(shop)
    assert the_order().state in ENDED
