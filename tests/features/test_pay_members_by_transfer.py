"""Finance passes on to members, by Stripe, what they have earned of a card payment - never more, and never twice."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app import complaintflow
from app.accounts.models import User
from app.catalog.models import Article
from app.db import db
from app.invoicing.models import InvoiceRecord
from app.members.models import Member, SellerModel
from app.money import Money
from app.orders.complaint_models import Complaint
from app.orders.delivery.terms import set_way
from app.orders.delivery.ways import Terms, WayKind
from app.payments.payout_models import Payout, PayoutEntry, PayoutReversal
from app.payments.states import PayoutState
from app.treatments import VatStatus
from app.vat import VatClass
from tests import card_case, make
from tests.card_case import FINANCE, Shop, payment, tasks, the_order
from tests.furnished import furnished
from tests.people import text, together
from tests.stripe_stand_in import Trouble

pytestmark = pytest.mark.both

EARNED = Money(16960 + 1018)
"""Four fifths of 212 kr, and the six per cent that Ljungbacken charges on food."""


@furnished
def town(app):
    return card_case.furnish()


@pytest.fixture
def shop(app, town, clock, visit, work_off):
    with card_case.taking_cards(app, clock) as stripe:
        ljungbacken().stripe_account = "acct_1Ljungbacken"
        made = Shop(stripe, visit, work_off, clock, town)
        made.paid(fruit="1", sandwich="1")
        yield made


def ljungbacken() -> Member:
    return db.session.scalars(select(Member).where(Member.slug == "ljungbacken")).one()


def pay_out(shop: Shop, slug: str = "ljungbacken") -> int:
    member = db.session.scalars(select(Member).where(Member.slug == slug)).one()
    path = f"/personal/betalningar/{payment().id}/betala-ut/{member.id}"
    answer = shop.visit(FINANCE).post(path)
    shop.work_off()
    return answer.status_code


def payouts() -> list[Payout]:
    db.session.expire_all()
    return list(db.session.scalars(select(Payout).order_by(Payout.id)))


def test_what_a_member_has_earned_is_passed_on_once(shop):
    shop.deliver("ljungbacken", "kokljus")
    assert pay_out(shop) == 303
    (one,) = payouts()
    assert (one.amount, one.state, one.account) == (EARNED, PayoutState.DONE, "acct_1Ljungbacken")
    (transfer,) = shop.stripe.books.all("transfer")
    assert (transfer["amount"], transfer["destination"]) == (EARNED.ore, "acct_1Ljungbacken")
    assert transfer["source_transaction"] == payment().charge_id
    assert pay_out(shop) == 409
    assert len(payouts()) == 1
    page = text(shop.visit(FINANCE).page(f"/personal/betalningar/{payment().id}"))
    assert "Ljungbacken" in page


def test_two_at_once_pass_it_on_once(shop):
    shop.deliver("ljungbacken", "kokljus")
    path = f"/personal/betalningar/{payment().id}/betala-ut/{ljungbacken().id}"
    db.session.commit()

    def press() -> int:
        return shop.visit(FINANCE).post(path).status_code

    assert sorted(together(press, press)) == [303, 409]
    shop.work_off()
    assert len(shop.stripe.books.all("transfer")) == 1


def test_nothing_is_passed_on_before_all_has_come(shop):
    shop.deliver("ljungbacken")
    assert pay_out(shop) == 409
    assert payouts() == []


def test_who_has_no_account_is_paid_in_another_way(shop):
    shop.deliver("ljungbacken", "kokljus")
    assert pay_out(shop, "kokljus") == 409
    assert payouts() == []


def test_only_finance_passes_on(shop):
    shop.deliver("ljungbacken", "kokljus")
    path = f"/personal/betalningar/{payment().id}/betala-ut/{ljungbacken().id}"
    assert shop.visit("sam@samklang.example").post(path).status_code == 403


def give_back(shop: Shop, borne: str) -> None:
    page = f"/personal/betalningar/{payment().id}"
    values = {"lines-0-amount": "100", "lines-0-borne": borne, "why": "Skadat."}
    answer = shop.visit(FINANCE).fill(page, values, form="form[action$='/aterbetala']")
    assert answer.status_code == 303, answer.text[:3000]
    shop.work_off()
    shop.tell()


def test_what_a_member_bears_of_a_refund_is_taken_back_after_the_customer_has_got_it(shop):
    shop.deliver("ljungbacken", "kokljus")
    pay_out(shop)
    give_back(shop, "40")
    (back,) = db.session.scalars(select(PayoutReversal)).all()
    assert (back.amount, back.state, payouts()[0].reversed) == (Money(4240), PayoutState.DONE, Money(4240))
    asked = [name for name, _params, _key in shop.stripe.requests]
    assert asked.index("POST /v1/refunds") < asked.index("POST /v1/transfers/{id}/reversals")
    assert shop.stripe.books.all("transfer")[0]["amount_reversed"] == 4240
    entries = db.session.scalars(select(PayoutEntry.entry_id)).all()
    assert len(entries) == len(set(entries)) == 2


def test_what_a_member_bears_before_it_is_paid_lowers_what_it_gets(shop):
    shop.deliver("ljungbacken", "kokljus")
    give_back(shop, "40")
    pay_out(shop)
    assert [one.amount for one in payouts()] == [Money(12960 + 778)]
    assert shop.stripe.books.all("transfer_reversal") == []


@pytest.mark.parametrize("how", ["500", "500 after", "drop"])
def test_it_is_passed_on_and_taken_back_once_whatever_stripe_does(shop, how):
    shop.deliver("ljungbacken", "kokljus")
    shop.stripe.troubles += [Trouble("/v1/transfers", how, 2)]
    pay_out(shop)
    for _try in range(3):
        shop.later(minutes=3)
    assert [one.state for one in payouts()] == [PayoutState.DONE]
    assert len(shop.stripe.books.all("transfer")) == 1
    shop.stripe.troubles += [Trouble("/v1/transfers", how, 2)]
    give_back(shop, "40")
    for _try in range(3):
        shop.later(minutes=3)
    assert [one["amount"] for one in shop.stripe.books.all("transfer_reversal")] == [4240]


def test_an_account_that_is_refused_lies_with_finance_and_can_be_tried_again(shop):
    shop.deliver("ljungbacken", "kokljus")
    shop.stripe.key = "sk_test_another"
    pay_out(shop)
    (one,) = payouts()
    assert (one.state, tasks()) == (PayoutState.FAILED, ["payout"])
    assert pay_out(shop) == 409, "a failed one keeps what it claims"
    shop.stripe.key = card_case.KEY
    shop.clock.move(minutes=1)
    shop.visit(FINANCE).post(f"/personal/betalningar/utbetalningar/{one.id}/igen")
    shop.work_off()
    assert [each.state for each in payouts()] == [PayoutState.DONE]
    assert len(shop.stripe.books.all("transfer")) == 1


@pytest.mark.parametrize("status", [VatStatus.SMALL, VatStatus.OUTSIDE])
def test_who_charges_no_vat_is_passed_on_none(shop, status):
    ljungbacken().vat_status = status
    shop.deliver("ljungbacken", "kokljus")
    page = text(shop.visit(FINANCE).page(f"/personal/betalningar/{payment().id}"))
    assert "Ljungbacken Frukt ek. för. ska få 169,60" in page.replace("\xa0", " ")
    assert "mervärdesskattelagen" in page
    pay_out(shop)
    assert [one.amount for one in payouts()] == [Money(16960)]


def test_building_services_are_passed_on_without_vat_that_the_customer_pays(shop):
    """The sales company reckons the VAT on what it buys, and charges the customer with it."""
    db.session.get_one(Article, shop.ids["fruit"]).vat_class = VatClass.BUILDING
    shop.paid(fruit="1")
    shop.deliver("ljungbacken")
    assert payment().captured == Money(26500)
    page = text(shop.visit(FINANCE).page(f"/personal/betalningar/{payment().id}"))
    assert "Omvänd betalningsskyldighet för byggtjänster" in page
    pay_out(shop)
    assert [one.amount for one in payouts()] == [Money(16960)]


def test_what_a_member_has_for_bringing_it_is_passed_on_too(shop):
    van = Terms(weekdays=(0, 1, 2, 3, 4), municipalities=(make.GOTHENBURG,), per_stop=Money.kronor(100))
    set_way(ljungbacken(), None, WayKind.OWN, van, by=None, now=shop.clock.now)
    db.session.commit()
    shop.paid(fruit="1")
    shop.deliver("ljungbacken")
    pay_out(shop)
    assert [one.amount for one in payouts()] == [EARNED + Money.kronor(125)]
    (one,) = payouts()
    assert sorted(each.charge_id is not None for each in one.entries) == [False, True]


def test_what_is_credited_of_what_the_card_has_not_paid_is_taken_back_at_once(shop):
    """The order has grown beyond what the card held: the customer gets nothing back, and the member earns less."""
    shop.paid(fruit="5")
    order = the_order()
    shop.visit(card_case.KIM).fill(f"/bestallningar/{order.number}/andra", {f"quantity-{order.lines[0].id}": "6"})
    shop.deliver("ljungbacken")
    pay_out(shop)
    record = db.session.scalars(select(InvoiceRecord).where(InvoiceRecord.order_id == order.id)).one()
    assert payment().captured < record.gross
    line = record.lines[0].id
    typed = {f"amount-{line}": "100", f"borne-{line}": "40", "why": "Skadat."}
    shop.visit(FINANCE).fill(f"/personal/fakturor/{record.id}", typed, form="form[action$='/kreditera']")
    shop.work_off()
    shop.tell()
    assert shop.stripe.books.all("refund") == []
    assert [one["amount"] for one in shop.stripe.books.all("transfer_reversal")] == [4240]


def test_what_a_member_bears_of_a_new_delivery_is_taken_back(shop):
    """Nothing goes back to the card, so no refund asks for it."""
    shop.deliver("ljungbacken", "kokljus")
    pay_out(shop)
    shop.visit(card_case.KIM).fill(
        f"/bestallningar/{the_order().number}/reklamera", {"words": "Mosig.", "quantity": "1"}
    )
    complaint = db.session.scalars(select(Complaint)).one()
    assert complaint.assignment.member.slug == "ljungbacken"
    by, now = db.session.scalars(select(User).where(User.email == FINANCE)).one(), shop.clock.now
    complaintflow.replace(complaint, date(2026, 12, 1), "På nytt", borne=Money.kronor(100), by=by, now=now)
    db.session.commit()
    shop.work_off()
    assert [one["amount"] for one in shop.stripe.books.all("transfer_reversal")] == [10600]


def test_who_sells_itself_is_passed_on_what_is_paid_less_our_commission(shop):
    """212 kr and six per cent, less 42,40 and a quarter on that; of a hundred given back the member bears forty."""
    ljungbacken().seller_model = SellerModel.AGENT
    db.session.commit()
    shop.deliver("ljungbacken", "kokljus")
    page = text(shop.visit(FINANCE).page(f"/personal/betalningar/{payment().id}")).replace("\xa0", " ")
    assert "Ljungbacken Frukt ek. för. ska få 171,72 kr" in page
    assert "Momsen på vår provision, 10,60 kr, är avdragen." in page
    pay_out(shop)
    assert [(one.amount, one.vat) for one in payouts()] == [(Money(16960 + 1272 - 1060), Money(1272 - 1060))]
    mine = {one.seller_id: one for one in db.session.scalars(select(InvoiceRecord))}[ljungbacken().id]
    number = the_order().number
    money = text(shop.visit(FINANCE).page(f"/personal/bestallningar/{number}/pengarna")).replace("\xa0", " ")
    assert "Varav provision från medlemmen42,40 kr" in money
    line = mine.lines[0].id
    typed = {f"amount-{line}": "100", f"borne-{line}": "90", "why": "Skadat."}
    shop.visit(FINANCE).fill(f"/personal/fakturor/{mine.id}", typed, form="form[action$='/kreditera']")
    shop.work_off()
    shop.tell()
    taken = Money.kronor(90) + Money.kronor(6) - Money.kronor("2.50")
    assert [one["amount"] for one in shop.stripe.books.all("transfer_reversal")] == [taken.ore]


def test_vat_on_a_commission_that_has_fallen_is_said_to_be_added(shop):
    """Of 20 kr given back after the transfer the member bears none: 5 kr of VAT less, 1,20 of which was the sale's."""
    ljungbacken().seller_model = SellerModel.AGENT
    db.session.commit()
    shop.deliver("ljungbacken", "kokljus")
    pay_out(shop)
    mine = {one.seller_id: one for one in db.session.scalars(select(InvoiceRecord))}[ljungbacken().id]
    typed = {f"amount-{mine.lines[0].id}": "20", "why": "Skadat."}
    shop.visit(FINANCE).fill(f"/personal/fakturor/{mine.id}", typed, form="form[action$='/kreditera']")
    page = text(shop.visit(FINANCE).page(f"/personal/betalningar/{payment().id}")).replace("\xa0", " ")
    assert "Ljungbacken Frukt ek. för. ska få 3,80 kr" in page
    assert "Vår provision har sjunkit, så 5,00 kr av momsen på den läggs till." in page


def test_each_member_of_an_order_gets_its_own(shop):
    kokljus = db.session.scalars(select(Member).where(Member.slug == "kokljus")).one()
    kokljus.stripe_account = "acct_1Koksljus"
    shop.deliver("ljungbacken", "kokljus")
    assert [pay_out(shop), pay_out(shop, "kokljus")] == [303, 303]
    assert [(one.account, one.amount) for one in payouts()] == [
        ("acct_1Ljungbacken", EARNED), ("acct_1Koksljus", Money(4960 + 298)),
    ]  # fmt: skip
