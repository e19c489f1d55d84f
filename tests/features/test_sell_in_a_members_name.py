"""What a member sells itself stands on an invoice in its own name, numbered by itself; the sales company sends it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from app import clock as app_clock
from app import moneyflow, orderflow
from app.accounts.models import User
from app.catalog.models import Offering
from app.customers.models import InvoiceRhythm
from app.db import db
from app.invoicing import billing
from app.invoicing.actions import values_of
from app.members.models import Member, SellerModel
from app.money import Money
from app.ocr import OcrAgreement, OcrControl
from app.orders.agreements.models import Agreement
from app.orders.models import Order
from app.settlement import queries as settlement
from app.settlement.earned import Taxed
from tests import make
from tests.furnished import furnished
from tests.money_case import credit_notes, documents, furnish_money, sell_as, signed, sound, without_gaps, worth
from tests.order_case import BUYER, member, order
from tests.people import text

FEE = Money.kronor(120)
FIRST, SECOND = "ljungbacken", "rullande"


@furnished
def two(app) -> Order:
    """Ljungbacken, which sells in its own name, and Rullande, which does not, have delivered a basket each."""
    fruit = furnish_money()["fruit"]
    sell_as(InvoiceRhythm.ORDER, FIRST)
    member(FIRST).f_tax, member(FIRST).vat_number = True, "SE769999001101"
    db.session.execute(update(Offering).values(capacity_per_week=Decimal(1)))
    db.session.commit()
    made = order({fruit.id: Decimal(2)})
    for one in list(made.assignments):
        orderflow.accept(one, {}, by=sam(), now=app_clock.now())
        orderflow.deliver(one, by=sam(), now=app_clock.now())
    db.session.commit()
    return made


def sam() -> User:
    return db.session.scalars(select(User).where(User.email == "sam@samklang.example")).one()


def test_one_order_gives_an_invoice_for_each_seller(two):
    ours, theirs = documents()
    seller, series = member(FIRST), f"M{member(FIRST).id}-"
    assert [(one.series, one.number, one.seller) for one in (ours, theirs)] == [
        ("", 10001, None), (series, 10001, seller),
    ]  # fmt: skip
    values = values_of(theirs)
    assert (values.seller.name, values.seller.org_number, values.seller.vat_number, values.seller_f_tax) == (
        seller.name, seller.org_number, "SE769999001101", True,
    )  # fmt: skip
    assert values.seller.electronic_address == "0007:7699990011"
    assert values.in_the_name_of == values_of(ours).seller.name == "Samklang Sälj ek. för."
    assert values_of(ours).in_the_name_of == ""
    assert (values.payee.name, values.payee.org_number, values.bankgiro) == (
        "Samklang Sälj ek. för.", "769999-0003", values_of(ours).bankgiro,
    )  # fmt: skip
    assert values_of(ours).payee is None
    assert signed(two) == worth(two)
    sound([ours, theirs])
    without_gaps()


def test_the_fee_follows_who_carried(two):
    ours, theirs = (values_of(one) for one in documents())
    assert [(line.name.split(":")[0], line.net) for line in theirs.lines] == [
        ("Fruktkorg 5 kg", Money.kronor(212)), ("Leverans", FEE),
    ]  # fmt: skip
    assert [line.name for line in ours.lines] == ["Fruktkorg 5 kg"]


def test_payment_references_are_unlike_in_all_series():
    agreed, numbers = OcrAgreement(OcrControl.LENGTH), (10001, 10002, 110001, 7110001)
    seen = {agreed.reference(series, number) for series in ("", "M1-", "M7-", "M71-") for number in numbers}
    assert len(seen) == 16
    assert agreed.reference("", 10001) == "1000173"


def test_customer_and_staff_see_all_of_them(two, visit, work_off, outbox):
    work_off()
    names = [one.name for one in documents()]
    for email, where in ((BUYER, ""), (sam().email, "/personal")):
        page = visit(email).page(f"{where}/bestallningar/{two.number}")
        addresses = [one.get("href") for one in page.cssselect("a[href*='/fakturor/']")]
        assert [visit(email).get(one).mimetype for one in addresses] == ["application/pdf"] * 2
        assert all(name in text(page) for name in names)
        assert visit("rullande@medlem.example").get(addresses[0]).status_code in {403, 404}
    assert [one.words for one in two.events if one.kind == "invoiced"] == [
        f"Faktura {names[0]}", f"Faktura {names[1]} från {member(FIRST).name}",
    ]  # fmt: skip
    other = order({two.lines[0].article_id: Decimal(1)}, ticket="another")
    assert visit(BUYER).get(f"/bestallningar/{other.number}/fakturor/{documents()[0].id}.pdf").status_code == 404
    assert {f"Faktura {name}" for name in names} <= set(outbox.subjects_to(BUYER))


def test_what_is_credited_is_numbered_in_the_sellers_series(two):
    theirs = documents()[1]
    moneyflow.credit_whole(theirs, "Fel", by=sam(), now=app_clock.now())
    (note,) = credit_notes()
    assert (note.name, note.seller) == (f"{theirs.series}10002", theirs.seller)
    assert values_of(note).seller == values_of(theirs).seller
    assert signed(two) == worth(two)
    without_gaps()


def test_everybody_reads_who_is_paid(two, visit, outbox, work_off):
    """The member sells, with or without a bankgiro of its own; the sales company takes in the money for it."""
    work_off()
    theirs = documents()[1]
    page = text(visit(BUYER).page("/fakturor"))
    assert f"från {member(FIRST).name}Betalas till Samklang Sälj ek. för." in page
    assert "Betalas tillSamklang Sälj ek. för." in text(visit(sam().email).page(f"/personal/fakturor/{theirs.id}"))
    (letter,) = (one for one in outbox.to(BUYER) if one.subject == f"Faktura {theirs.name}")
    assert f"Betalas till: Samklang Sälj ek. för., åt säljaren {member(FIRST).name}\nBankgiro:" in letter.body
    (own,) = (one for one in outbox.to(BUYER) if one.subject == f"Faktura {documents()[0].name}")
    assert "Betalas till: Samklang Sälj ek. för.\nBankgiro:" in own.body


def test_who_sells_is_decided_by_when_it_was_delivered(app, clock, visit):
    """Ljungbacken begins to sell itself after one basket has come and before the other has; both are invoiced then."""
    fruit = furnish_money()["fruit"]
    sell_as(InvoiceRhythm.MONTH)
    first, second = order({fruit.id: Decimal(1)}), order({fruit.id: Decimal(1)}, ticket="another")

    def deliver(made: Order) -> None:
        clock.move(minutes=1)
        for one in list(made.assignments):
            orderflow.accept(one, {}, by=sam(), now=app_clock.now())
            orderflow.deliver(one, by=sam(), now=app_clock.now())
        db.session.commit()

    maker = first.assignments[0].member
    assert second.assignments[0].member is maker
    deliver(first)
    clock.move(minutes=1)
    page = f"/personal/medlemmar/{maker.id}/andra"
    assert visit(sam().email).fill(page, {"seller_model": "agent"}).status_code == 303
    deliver(second)
    until = app_clock.local_date(app_clock.now()) + timedelta(days=1)
    earned = settlement.of_order(first.id) + settlement.of_order(second.id)
    before = {one.order_id: one.tax for one in earned}
    assert [before[one.id].taxed == Taxed.OWN_SALE for one in (first, second)] == [False, True]
    moneyflow.collect(first.customer, until=until, now=app_clock.now())
    sellers = {line.order.number: one.seller for one in documents() for line in one.lines}
    assert sellers == {first.number: None, second.number: maker}
    earned = settlement.of_order(first.id) + settlement.of_order(second.id)
    assert {one.order_id: one.tax for one in earned} == before


@pytest.mark.parametrize(
    ("says", "own", "sells"),
    [
        (None, SellerModel.OWN_NAME, False),
        (None, SellerModel.AGENT, True),
        (SellerModel.AGENT, SellerModel.OWN_NAME, True),
        (SellerModel.OWN_NAME, SellerModel.AGENT, False),
    ],
)
def test_the_agreements_word_goes_before_the_members(says, own, sells):
    maker = Member(seller_model=own, name="Maker")
    assert (billing.seller_of(maker, Agreement(seller_model=says), None) is maker) == sells
    assert (billing.seller_of(maker, None, None) is maker) == (own == SellerModel.AGENT)
    assert billing.seller_of(None, Agreement(seller_model=says), None) is None


def test_the_sales_companys_own_work_is_its_own(app):
    house = make.make_sales_company(seller_model=SellerModel.AGENT)
    assert billing.seller_of(house, None, None) is None


def test_the_member_has_what_is_issued_in_its_name(two, visit, work_off):
    """By its own numbers, as paper for its books; nobody else's, and not the sales company's."""
    work_off()
    ours, theirs = documents()
    moneyflow.credit_whole(theirs, "Fel", by=sam(), now=app_clock.now())
    work_off()
    mine = visit("ljungbacken@medlem.example")
    (way,) = mine.page("/medlem/ersattning").cssselect("main a[href='/medlem/ersattning/fakturor']")
    assert text(way) == "Fakturor i ert namn"
    page = mine.page(way.get("href"))
    rows = [text(one).replace("\xa0", " ") for one in page.cssselect("main tbody tr")]
    assert [row.split()[0] for row in rows] == [f"{theirs.series}10002", theirs.name]
    assert f"Kreditfaktura till faktura {theirs.name}" in rows[0]
    assert str(theirs.gross).replace("\xa0", " ") in rows[1]
    papers = [one.get("href") for one in page.cssselect("main tbody a")]
    assert [mine.get(one).mimetype for one in papers] == ["application/pdf"] * 2
    assert mine.get(f"/medlem/ersattning/fakturor/{ours.id}.pdf").status_code == 404
    other = visit("rullande@medlem.example")
    assert other.get(papers[1]).status_code == 404
    assert not other.page("/medlem/ersattning").cssselect("main a[href$='/fakturor']")
    assert "Inga fakturor i ert namn än" in text(other.page("/medlem/ersattning/fakturor"))
