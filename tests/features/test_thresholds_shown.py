"""Up to what amount a public buyer may buy directly: on the article, in the dated table, and on the tender."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select

from app.accounts.models import RoleName
from app.audit import AuditEvent
from app.catalog.models import Article, CpvCode
from app.customers.models import Customer
from app.db import db
from app.money import Money
from app.tenders import actions
from app.tenders.actions import TenderFacts
from app.tenders.choosing.models import Threshold
from tests import make
from tests.agreement_case import make_agreement
from tests.conftest import MONDAY
from tests.furnished import furnished
from tests.people import document, text

SAM, BUYER, PRIVATE = "sam@samklang.example", "kommun@vasterhamn.example", "anna@exempel.example"
TABLE = "/personal/upphandlingar/troskelvarden"
ROW = {
    "kind": "annex_2",
    "valid_from": "2026-01-01",
    "valid_to": "2027-12-31",
    "amount": "8 200 000",
    "euro": "750000",
    "source": "Konkurrensverket, tröskelvärden 2026–2027",
}


@dataclass
class Shop:
    """The slugs of what is sold."""

    fruit: str
    catering: str


@furnished
def shop(app):
    make.make_sales_company()
    makers = make.make_ljungbacken()
    fruit, catering = make.make_article(cpv="03222000-3"), make.make_article("Lunch", cpv="55520000-1")
    for code in ("03222000-3", "55520000-1"):
        if db.session.get(CpvCode, code) is None:
            db.session.add(CpvCode(code=code, label_sv="Kod", label_en="Code"))
    for article in (fruit, catering):
        make.make_offering(article, makers)
    make.make_user(BUYER, customer=make.make_vasterhamn())
    make.make_user(PRIVATE, customer=make.make_nordbyn())
    make.make_user("eva@samklang.example", roles=(RoleName.FINANCE,))
    make.make_sam()
    return Shop(fruit.slug, catering.slug)


def told(browser, slug: str) -> str:
    return " ".join(text(one) for one in browser.page(f"/katalog/{slug}").cssselect(".direct-award"))


def test_a_public_buyer_reads_up_to_what_it_may_buy_directly(shop, visit):
    buyer = visit(BUYER)
    assert "upp till 700 000,00 kr exkl. moms (LOU 19 a kap. 2 §)" in told(buyer, shop.fruit)
    catering = told(buyer, shop.catering)
    assert "upp till 8 109 450,00 kr exkl. moms (LOU 19 a kap. 2 §, för tjänster i bilaga 2)" in catering
    assert "Kontrollera beloppet Det är beloppet för 2024–2025" in catering
    assert "I euro är det nu 750 000" in catering
    assert "Kontrollera" not in told(buyer, shop.fruit)


def test_nobody_else_does_but_staff(shop, visit):
    assert told(visit(None), shop.catering) == told(visit(PRIVATE), shop.catering) == ""
    assert "8 109 450" in told(visit(SAM), shop.catering)


def test_staff_enter_what_is_made_known_and_it_holds(shop, visit):
    sam = visit(SAM)
    assert sam.fill(TABLE, ROW, form=f"form[action='{TABLE}']").status_code == 303
    catering = told(visit(BUYER), shop.catering)
    assert "upp till 8 200 000,00 kr" in catering
    assert "Kontrollera" not in catering
    assert "Sam Exempel" in text(sam.page(TABLE).cssselect("main")[0])


def test_the_same_kind_and_day_is_replaced_and_the_old_amount_noted(shop, visit):
    sam = visit(SAM)
    for amount in ("8 200 000", "8 300 000,50"):
        assert sam.post(TABLE, data={**ROW, "amount": amount}).status_code == 303
    rows = db.session.scalars(select(Threshold)).all()
    assert [row.amount for row in rows] == [Money.kronor("8300000.50")]
    entered = select(AuditEvent).where(AuditEvent.what == "threshold_entered").order_by(AuditEvent.id)
    noted = db.session.scalars(entered).all()
    assert [one.details["before"] for one in noted] == ["", str(Money.kronor(8_200_000))]


def test_a_row_taken_away_lets_what_the_program_brought_hold_again(shop, visit):
    sam = visit(SAM)
    sam.post(TABLE, data=ROW)
    row_id = db.session.scalars(select(Threshold.id)).one()
    assert sam.post(f"{TABLE}/{row_id}/bort").status_code == 303
    assert "8 109 450" in told(visit(BUYER), shop.catering)
    assert sam.post(f"{TABLE}/{row_id}/bort").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": "många"}, "Skriv beloppet i kronor"),
        ({"amount": "-5"}, "mer än noll"),
        ({"amount": "9" * 40}, "Skriv beloppet"),
        ({"source": " "}, "Skriv var det står"),
        ({"source": "x" * 301}, "högst 300 tecken"),
        ({"valid_from": "i morgon"}, "Skriv datumet"),
        ({"valid_from": "0205-01-01"}, "Kontrollera året"),
        ({"valid_to": "2025-12-31"}, "före den första"),
        ({"kind": "moon"}, "Välj i listan"),
        ({"euro": "2,5"}, "ett helt tal"),
    ],
)
def test_a_faulty_row_is_refused_in_words_and_nothing_is_lost(shop, visit, wrong, sentence):
    answer = visit(SAM).post(TABLE, data={**ROW, **wrong})
    assert answer.status_code == 422
    page = document(answer)
    assert sentence in text(page.cssselect(".error-summary")[0])
    assert page.cssselect("#valid_to")[0].get("value") == {**ROW, **wrong}["valid_to"]
    assert db.session.scalars(select(Threshold)).all() == []


def test_finance_reads_the_table_and_cannot_change_it(shop, visit):
    eva = visit("eva@samklang.example")
    assert eva.page(TABLE).cssselect("form[action$='/troskelvarden']") == []
    assert eva.post(TABLE, data=ROW).status_code == 403
    assert visit(BUYER).get(TABLE).status_code == 403


def tender(**facts) -> str:
    values = {"title": "Frukt", "buyer_name": "Västerhamn", "cpv": "03222000-3", **facts}
    made = actions.register(TenderFacts(**values), by=None, now=MONDAY)
    db.session.flush()
    return f"/personal/upphandlingar/{made.id}"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {"ceiling": Money.kronor(3_000_000)},
            "under tröskelvärdet, men takvärdet 3 000 000,00 kr når upp till 2 389 585",
        ),
        (
            {"ceiling": Money.kronor(900_000), "above_threshold": True},
            "men takvärdet 900 000,00 kr ligger under 2 389 585",
        ),
        ({"ceiling": Money.kronor(2_000_000), "buyer_org_number": "202100-1234"}, "når upp till 1 546 202"),
        ({"ceiling": Money.kronor(600_000)}, "köparen hade kunnat direktupphandla"),
        ({"cpv": "55520000-1, 03222000-3"}, "CPV-koderna är av olika slag"),
        ({}, "Köparens organisationsnummer är inte infört"),
    ],
)
def test_a_tender_says_how_it_lies_to_the_limits(shop, visit, facts, words):
    assert words in text(visit(SAM).page(tender(**facts)).cssselect("main")[0])


def test_a_tender_that_agrees_is_not_warned_of(shop, visit):
    page = visit(SAM).page(
        tender(ceiling=Money.kronor(3_000_000), above_threshold=True, required_validity=date(2027, 1, 1))
    )
    assert "stämmer inte" not in text(page.cssselect("main")[0])


def test_beside_the_price_of_an_agreement_it_is_not_said(shop, visit):
    fruit = db.session.scalars(select(Article).where(Article.slug == shop.fruit)).one()
    customer = db.session.scalars(select(Customer).where(Customer.email == make.VASTERHAMN["email"])).one()
    make_agreement({fruit: 20_000}, [customer])
    assert told(visit(BUYER), shop.fruit) == ""
    assert "8 109 450" in told(visit(BUYER), shop.catering), "which is no part of the agreement"
