"""A bank gives the customer right: what the card had paid is to be paid again, until finance decides what then."""

from __future__ import annotations

import pytest

from app import bankflow
from app.db import db
from app.invoicing import queries as invoices
from app.invoicing.models import InvoiceRecord
from app.money import NOUGHT, Money
from tests import card_case
from tests.card_case import FINANCE, FRUIT, KIM, Shop, payment, tasks, the_order
from tests.furnished import furnished
from tests.people import text

pytestmark = pytest.mark.both


@furnished
def town(app):
    return card_case.furnish()


shop = card_case.shop


def the_invoice() -> InvoiceRecord:
    return next(one for one in invoices.documents_of(the_order()) if not one.is_credit_note)


def stands() -> bankflow.Balance:
    db.session.expire_all()
    return bankflow.balance_of(the_invoice())


def objected(shop: Shop, *, won: bool) -> None:
    """Kim has paid and got her fruit, and objects; the bank decides."""
    shop.paid()
    shop.deliver("ljungbacken")
    dispute = shop.stripe.books.dispute(payment().intent_id)
    shop.tell()
    assert stands().outstanding == NOUGHT
    shop.stripe.books.close_dispute(dispute["id"], won=won)
    shop.tell()


def read(shop: Shop, page: str, by: str = FINANCE) -> str:
    return text(shop.visit(by).page(page)).replace("\xa0", " ")


def test_what_the_bank_has_taken_back_is_to_be_paid_again(shop):
    objected(shop, won=False)
    assert (stands().outstanding, stands().paid, stands().lost) == (FRUIT, NOUGHT, FRUIT)
    page = read(shop, f"/personal/fakturor/{the_invoice().id}")
    assert "Obetald" in page
    assert "Återtaget av kundens bank" in page
    assert "Återtaget av kundens bank" in read(shop, f"/personal/bestallningar/{the_order().number}/pengarna")
    row = next(one for one in shop.visit(KIM).page("/fakturor").cssselect("tbody tr"))
    assert "224,72" in text(row.cssselect("td")[-2])


def test_finance_is_told_once_what_to_decide_and_where(shop):
    objected(shop, won=False)
    assert tasks() == ["dispute"]
    browser = shop.visit(FINANCE)
    page = browser.page("/personal/betalningar/uppgifter")
    assert "kreditera fakturan" in text(page)
    assert page.cssselect(f"a[href$='/bestallningar/{the_order().number}/pengarna']")


def test_what_is_credited_then_is_neither_asked_for_nor_given_back(shop):
    objected(shop, won=False)
    path = f"/personal/fakturor/{the_invoice().id}"
    sent = shop.visit(FINANCE).fill(path, {"why": "Kunden fick rätt.", "whole": "1"}, form="form[action$='/kreditera']")
    assert sent.status_code == 303
    shop.work_off()
    shop.tell()
    assert (stands().outstanding, stands().overpaid) == (NOUGHT, NOUGHT)
    assert shop.stripe.books.all("refund") == []
    assert text(shop.visit(FINANCE).page(path).cssselect("h1 ~ .badge, .badge")[0]) == "Krediterad"


def test_of_a_part_that_is_lost_only_that_part_is_asked_for(shop):
    shop.paid()
    shop.deliver("ljungbacken")
    dispute = shop.stripe.books.dispute(payment().intent_id, 5000)
    shop.stripe.books.close_dispute(dispute["id"], won=False)
    shop.tell()
    assert (stands().outstanding, stands().paid) == (Money(5000), FRUIT - Money(5000))


def test_nothing_is_left_to_do_when_the_bank_gives_us_right(shop):
    objected(shop, won=True)
    assert tasks() == []
    assert stands().outstanding == NOUGHT
    assert "Banken gav oss rätt." in read(shop, f"/personal/betalningar/{payment().id}")


def test_what_is_wholly_lost_is_called_lost_and_not_paid_back(shop):
    """Nobody gave it back: staff see that it is lost, and the customer that her bank has taken it."""
    objected(shop, won=False)
    for page in (f"/personal/betalningar/{payment().id}", "/personal/betalningar"):
        badges = [text(one) for one in shop.visit(FINANCE).page(page).cssselect("main .badge")]
        assert "Förlorad" in badges, page
        assert "Återbetald" not in badges, page
    mine = shop.visit(KIM).page(f"/bestallningar/{the_order().number}")
    badges = [text(one) for one in mine.cssselect(".badge")]
    assert "Återtagen av din bank" in badges
    assert "Återbetald" not in badges


def test_what_we_gave_back_ourselves_is_still_called_paid_back(shop):
    shop.paid()
    shop.deliver("ljungbacken")
    path = f"/personal/fakturor/{the_invoice().id}"
    shop.visit(FINANCE).fill(path, {"why": "Fel vara.", "whole": "1"}, form="form[action$='/kreditera']")
    shop.work_off()
    shop.tell()
    badges = [text(one) for one in shop.visit(FINANCE).page("/personal/betalningar").cssselect("main .badge")]
    assert ("Återbetald" in badges, "Förlorad" in badges) == (True, False)
