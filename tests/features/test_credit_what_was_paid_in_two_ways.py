"""An invoice is paid by card and by bank and then credited: the card gets its own back, and finance pays the rest."""

from __future__ import annotations

from sqlalchemy import select

from app import bankflow
from app.db import db
from app.invoicing import queries as invoices
from app.invoicing.models import InvoiceRecord
from app.money import NOUGHT, Money
from app.payments.models import MoneyTask
from app.payments.states import TaskKind
from tests import card_case
from tests.card_case import FINANCE, FRUIT, KIM, Shop, tasks, the_order
from tests.furnished import furnished
from tests.people import text


@furnished
def town(app):
    return card_case.furnish()


shop = card_case.shop


def the_invoice() -> InvoiceRecord:
    return next(one for one in invoices.documents_of(the_order()) if not one.is_credit_note)


def stands() -> bankflow.Balance:
    db.session.expire_all()
    return bankflow.balance_of(the_invoice())


def paid_in_two_ways(shop: Shop) -> None:
    """One basket is held on the card. Kim wants one more, which is paid by bank."""
    order = shop.paid()
    more = {f"quantity-{order.lines[0].id}": "2"}
    assert shop.visit(KIM).fill(f"/bestallningar/{order.number}/andra", more).status_code == 303
    shop.deliver("ljungbacken")
    assert (stands().by_card, stands().left) == (FRUIT, FRUIT)
    values = {"reference": the_invoice().name, "amount": FRUIT.amount(), "paid_on": "2026-11-23"}
    sent = shop.visit(FINANCE).fill("/personal/inbetalningar", values, form="main form[method=post]:not([action])")
    assert sent.status_code == 303
    assert (stands().left, stands().by_bank) == (NOUGHT, FRUIT)


def credit(shop: Shop, **typed: str) -> None:
    path = f"/personal/fakturor/{the_invoice().id}"
    sent = shop.visit(FINANCE).fill(path, {"why": "Fel vara.", **typed}, form="form[action$='/kreditera']")
    assert sent.status_code == 303
    shop.work_off()
    shop.tell()


def overpaid() -> list[str]:
    db.session.expire_all()
    found = select(MoneyTask).where(MoneyTask.kind == TaskKind.OVERPAID, MoneyTask.done_at.is_(None))
    return [one.words.replace("\xa0", " ") for one in db.session.scalars(found)]


def given_back(shop: Shop) -> list[int]:
    return [one["amount"] for one in shop.stripe.books.all("refund")]


def test_what_came_by_bank_lies_with_finance_and_the_card_is_given_back_by_itself(shop):
    paid_in_two_ways(shop)
    credit(shop, whole="1")
    assert given_back(shop) == [FRUIT.ore]
    (words,) = overpaid()
    assert "betald med 224,72 kr för mycket" in words
    assert (stands().overpaid, stands().by_card) == (FRUIT, NOUGHT)
    assert "224,72 kr för mycket" in text(shop.visit(FINANCE).page("/personal/betalningar/uppgifter")).replace(
        "\xa0", " "
    )


def test_of_a_part_the_card_gets_only_what_is_beyond_what_came_by_bank(shop):
    paid_in_two_ways(shop)
    first, second = (line.id for line in the_invoice().lines)
    credit(shop, **{f"amount-{first}": "20"})
    assert given_back(shop) == []
    (words,) = overpaid()
    assert "betald med 21,20 kr för mycket" in words
    assert "Det som är betalt med kort går tillbaka av sig självt." in words
    credit(shop, **{f"amount-{first}": "192", f"amount-{second}": "30"})
    assert given_back(shop) == [Money(2120 + 23532).ore - FRUIT.ore]
    (words,) = overpaid()
    assert "betald med 224,72 kr för mycket" in words
    assert tasks() == ["overpaid"]


def test_the_sum_is_right_also_before_the_card_has_got_its_part(shop):
    paid_in_two_ways(shop)
    path = f"/personal/fakturor/{the_invoice().id}"
    shop.visit(FINANCE).fill(path, {"why": "Fel vara.", "whole": "1"}, form="form[action$='/kreditera']")
    bankflow.look_for_overpaid(the_invoice().id)
    db.session.commit()
    assert stands().overpaid == FRUIT + FRUIT
    (before,) = overpaid()
    assert "betald med 224,72 kr för mycket" in before
    shop.work_off()
    shop.tell()
    assert overpaid() == [before]


def test_what_the_card_alone_has_paid_is_no_task(shop):
    shop.paid()
    shop.deliver("ljungbacken")
    credit(shop, whole="1")
    assert (given_back(shop), overpaid()) == ([FRUIT.ore], [])
