"""What was wrong on an invoice is credited: whole, by the line or by an amount, and never more than is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app import complaintflow, deliveryflow, moneyflow, orderflow
from app.accounts.models import RoleName, User
from app.customers.models import InvoiceRhythm
from app.db import db
from app.errors import Refused
from app.invoicing.actions import values_of
from app.invoicing.document import Credited, DocumentKind, Invoice
from app.invoicing.einvoice.checking import check
from app.invoicing.einvoice.findings import fatal
from app.invoicing.models import CreditDue, InvoiceRecord
from app.invoicing.ubl import to_ubl
from app.money import NOUGHT, Money
from app.orders import ledger
from app.orders.change_queries import entries_of
from app.orders.complaint_queries import delivered_in
from app.orders.complaints import Told
from app.orders.delivery.queries import charges_in
from app.orders.delivery.returns import returnable_in
from app.orders.models import Order
from tests import make
from tests.furnished import furnished
from tests.money_case import credit_notes, documents, due, furnish_money, left, sell_as, signed, worth
from tests.order_case import BUYER, member, order
from tests.people import text, together

ONE, FEE = Money.kronor(212), Money.kronor(120)
NET = ONE.times(2) + Money(3333).times(3) + FEE


@furnished
def invoiced(app) -> Order:
    """Two baskets and three kilograms of apples have come with a fee, and the invoice is made."""
    articles = furnish_money()
    sell_as(InvoiceRhythm.ORDER)
    made = order({articles["fruit"].id: Decimal(2), articles["apples"].id: Decimal(3)})
    for one in list(made.assignments):
        orderflow.accept(one, {}, by=sam(), now=app_clock.now())
        orderflow.deliver(one, by=sam(), now=app_clock.now())
    db.session.commit()
    return made


def sam() -> User:
    return db.session.scalars(select(User).where(User.email == "sam@samklang.example")).one()


def the_invoice() -> InvoiceRecord:
    return documents()[0]


def credit(parts: dict[int, Money], why: str = "Fel pris", **more) -> InvoiceRecord:
    """Credit so much of the lines at these places."""
    record = the_invoice()
    wanted = {record.lines[place]: amount for place, amount in parts.items()}
    made = moneyflow.credit(record, wanted, why, by=sam(), now=app_clock.now(), **more)
    db.session.commit()
    return made


def earned(made: Order, slug: str) -> Money:
    return ledger.earnings(entries_of(made)).get(member(slug).id, NOUGHT)


def test_bit_by_bit_gives_back_the_invoice_and_not_an_ore_more(invoiced):
    """Each note would round its VAT up by itself: two öre at 25 % have half an öre of it."""
    record = the_invoice()
    for place, line in enumerate(record.lines):
        for _ in range(6):
            credit({place: Money(2)})
        credit({place: line.net.divided_by(3)})
    moneyflow.credit_whole(the_invoice(), "Resten", by=sam(), now=app_clock.now())
    db.session.commit()
    notes, whole = [values_of(one) for one in credit_notes()], values_of(the_invoice())
    assert Money.total(one.net for one in notes) == whole.net
    assert Money.total(one.vat for one in notes) == whole.vat
    assert Money.total(one.gross for one in credit_notes()) == the_invoice().gross
    assert all(fatal(check(to_ubl(one))) == [] for one in map(addressed, notes))


def addressed(note: Invoice) -> Invoice:
    """With the numbers and the address that an e-invoice needs."""
    seller = replace(note.seller, vat_number="SE769999000301")
    return replace(note, seller=seller, buyer=replace(note.buyer, electronic_address="0007:5599992020"))


def test_the_whole_invoice(invoiced, visit, outbox, work_off):
    before = dict(the_invoice().document)
    note = moneyflow.credit_whole(the_invoice(), "Fel mottagare", by=sam(), now=app_clock.now())
    db.session.commit()
    work_off()
    values = values_of(note)
    assert (note.kind, note.name, note.credits.name) == (DocumentKind.CREDIT_NOTE, "10002", "10001")
    assert values.credits == Credited("10001", values.issued_on)
    assert (values.net, values.vat, values.gross) == (the_invoice().net, the_invoice().vat, the_invoice().gross)
    assert [one.parts for one in values.lines] == [one.parts for one in values_of(the_invoice()).lines]
    assert the_invoice().document == before
    assert signed(invoiced) == worth(invoiced) == left(the_invoice()) == NOUGHT
    page = visit(BUYER).page(f"/bestallningar/{invoiced.number}")
    assert "Kreditfaktura 10002 på 643,99 kr exkl. moms. Fel mottagare" in text(page).replace("\xa0", " ")
    address = page.cssselect("a[href$='.pdf']")[-1].get("href")
    assert visit(BUYER).get(address).mimetype == "application/pdf"
    letter = outbox.to(BUYER)[-1]
    assert (letter.subject, letter.attachment.name) == ("Kreditfaktura 10002", "kreditfaktura-10002.pdf")
    assert "faktura 10001" in letter.body
    with pytest.raises(Refused, match="Det finns inget kvar att kreditera på faktura 10001"):
        moneyflow.credit_whole(the_invoice(), "Igen", by=sam(), now=app_clock.now())
    with pytest.raises(Refused, match="En kreditfaktura kan inte krediteras"):
        moneyflow.credit_whole(note, "Ångrar mig", by=sam(), now=app_clock.now())


def test_an_amount_of_a_line_has_the_lines_own_vat_and_the_rest_is_left(invoiced):
    note = credit({0: Money.kronor(100)})
    (line,) = values_of(note).lines
    assert (line.name, line.quantity, line.net, line.parts[0].rate) == (
        "Avdrag: Fruktkorg 5 kg", 1, Money.kronor(100), 6,
    )  # fmt: skip
    assert note.vat == Money.kronor(6)
    assert left(the_invoice()) == NET - Money.kronor(100)
    with pytest.raises(Refused, match=r"Fruktkorg 5 kg: det går att kreditera högst 324,00.kr"):
        credit({0: Money.kronor("324.01")})
    db.session.rollback()
    assert signed(invoiced) == worth(invoiced) == NET - Money.kronor(100)
    credit({0: Money.kronor(324)})
    assert worth(invoiced) == NET - ONE.times(2)


@pytest.mark.parametrize(
    ("parts", "why", "sentence"),
    [
        ({0: Money(-100)}, "Fel", "det går att kreditera högst"),
        ({0: Money(0)}, "Fel", "Skriv hur mycket"),
        ({}, "Fel", "Skriv hur mycket"),
        ({0: Money(100)}, " ", "Skriv varför"),
    ],
)
def test_what_cannot_be_credited_is_refused(invoiced, parts, why, sentence):
    with pytest.raises(Refused, match=sentence):
        credit(parts, why)
    db.session.rollback()
    assert credit_notes() == []
    assert worth(invoiced) == NET


def test_what_the_member_bears_lowers_what_it_has_earned(invoiced):
    before, line = earned(invoiced, "ljungbacken"), the_invoice().lines[0]
    credit({0: Money.kronor(100)}, borne={line: Money.kronor(40)})
    assert earned(invoiced, "ljungbacken") == before - Money.kronor(40)
    with pytest.raises(Refused, match="Medlemmen kan bära högst"):
        credit({0: Money.kronor(100)}, borne={line: Money.kronor(1000)})


def test_a_fee_is_given_back_beside_the_lines(invoiced):
    fee = next(line for line in the_invoice().lines if line.charge_id)
    credit({fee.place: FEE}, borne={fee: Money.kronor(20)})
    given = charges_in(invoiced)[-1]
    assert (given.kind, given.charged, given.earned) == ("credited", -FEE, Money.kronor(-20))
    assert signed(invoiced) == worth(invoiced) == NET - FEE
    assert moneyflow.invoice(invoiced, now=app_clock.now()) == [], "and it stands on no further invoice"


def lower(made: Order, amount: Money) -> None:
    """A complaint about both baskets leads to so much off."""
    part = next(one for one in delivered_in(made) if one.share.order_line.name.startswith("Frukt"))
    complaint = complaintflow.complain(part, Told(Decimal(2), "Möglig"), by=sam(), now=app_clock.now())
    complaintflow.make_cheaper(complaint, amount, "Vi beklagar.", borne=NOUGHT, by=sam(), now=app_clock.now())
    db.session.commit()


def test_what_was_decided_is_credited_in_the_night_and_moves_no_money_twice(invoiced, clock, work_off, visit):
    lower(invoiced, Money.kronor(50))
    after = worth(invoiced)
    moneyflow.credit_all_due(clock.now)
    db.session.commit()
    work_off()
    assert credit_notes() == [], "a day's decisions make one note, when the day is over"
    clock.move(days=1)
    moneyflow.credit_all_due(clock.now)
    moneyflow.credit_all_due(clock.move(minutes=1))
    db.session.commit()
    work_off()
    (note,) = credit_notes()
    assert (note.net, values_of(note).why, values_of(note).lines[0].parts[0].rate) == (
        Money.kronor(50), "Vi beklagar.", 6,
    )  # fmt: skip
    assert signed(invoiced) == worth(invoiced) == after
    assert due(invoiced) == NOUGHT
    moneyflow.credit_one(the_invoice().id)
    assert len(credit_notes()) == 1
    assert "Det finns inget att kreditera" in text(visit(sam().email).page("/personal/reklamationer"))


def test_finance_credits_what_was_decided_at_once_and_sales_only_look(invoiced, visit):
    lower(invoiced, Money.kronor(50))
    where = f"/personal/fakturor/{the_invoice().id}/kreditera-beslutat"
    assert visit(sam().email).post(where).status_code == 403
    finance = visit(make.make_user("ekonomi@samklang.example", roles=[RoleName.FINANCE]).email)
    assert finance.fill("/personal/reklamationer", {}, form=f"form[action='{where}']").status_code == 303
    assert "Kreditfaktura 10002 är utställd" in text(finance.page("/personal/reklamationer"))
    finance.post(where)
    assert "Någon hann före" in text(finance.page("/personal/reklamationer"))
    assert len(credit_notes()) == 1


def test_what_is_to_be_credited_is_kept_free_for_it(invoiced):
    lower(invoiced, Money.kronor(50))
    with pytest.raises(Refused, match=r"högst 374,00.kr"):
        credit({0: ONE.times(2)})
    db.session.rollback()
    moneyflow.credit_whole(the_invoice(), "Allt", by=sam(), now=app_clock.now())
    db.session.commit()
    assert [one.net for one in credit_notes()] == [NET], "the whole takes up what was decided too"
    assert signed(invoiced) == worth(invoiced) == due(invoiced) == NOUGHT


def test_a_complaint_about_what_is_credited_already_is_refused(invoiced):
    credit({0: Money.kronor(400)})
    with pytest.raises(Refused, match=r"redan krediterad. Avdraget kan bli högst 24,00.kr"):
        lower(invoiced, Money.kronor(50))
    db.session.rollback()
    assert db.session.scalar(select(CreditDue)) is None
    assert signed(invoiced) == worth(invoiced)


def test_what_comes_back_gives_no_more_than_is_left(invoiced):
    credit({0: Money.kronor(400)})
    basket = next(one for one in returnable_in(invoiced) if one.key.startswith("goods") and one.share.quantity == 2)
    back = deliveryflow.send_back(basket, Decimal(2), "Över", by=sam(), now=app_clock.now())
    deliveryflow.receive(back, Decimal(2), "", by=sam(), now=app_clock.now())
    db.session.commit()
    owed = db.session.scalars(select(CreditDue)).one()
    assert (owed.amount, back.amount) == (Money.kronor(24), -Money.kronor(24))
    moneyflow.credit_dues(the_invoice(), by=sam(), now=app_clock.now())
    assert signed(invoiced) == worth(invoiced) == NET - ONE.times(2)


def test_a_lost_basket_is_charged_on_an_invoice_of_its_own(invoiced):
    basket = next(one for one in returnable_in(invoiced) if one.key.startswith("deposit"))
    back = deliveryflow.send_back(basket, Decimal(2), "", by=sam(), now=app_clock.now())
    deliveryflow.receive(back, Decimal(1), "En saknas", by=sam(), now=app_clock.now())
    db.session.commit()
    values = values_of(documents()[-1])
    assert [(one.name, one.net, one.parts[0].rate) for one in values.lines] == [
        ("Pant: Fruktkorg 5 kg", Money.kronor(50), 25)
    ]
    assert signed(invoiced) == worth(invoiced) == NET + Money.kronor(50)


@pytest.mark.both
def test_two_who_press_at_once_do_not_give_back_more_than_is_left(app, invoiced):
    record_id, by_id, now = the_invoice().id, sam().id, app_clock.now()

    def press() -> str:
        with app.app_context():
            record, by = db.session.get_one(InvoiceRecord, record_id), db.session.get_one(User, by_id)
            try:
                moneyflow.credit(record, {record.lines[0]: Money.kronor(300)}, "Fel", by=by, now=now)
                db.session.commit()
            except Refused:
                return "refused"
            return "credited"

    assert sorted(together(press, press)) == ["credited", "refused"]
    db.session.rollback()
    assert [one.net for one in credit_notes()] == [Money.kronor(300)]
    assert signed(invoiced) == worth(invoiced) == NET - Money.kronor(300)


def test_a_complaint_after_the_credit_makes_no_member_owe_for_its_work(invoiced):
    record = the_invoice()
    all_of_it = earned(invoiced, "ljungbacken") - Money(2666 * 3)
    credit({0: ONE.times(2)}, borne={record.lines[0]: all_of_it})
    part = next(one for one in delivered_in(invoiced) if one.share.order_line.name == "Fruktkorg 5 kg")
    complaint = complaintflow.complain(part, Told(Decimal(1), "Mosig"), by=sam(), now=app_clock.now(), late=True)
    with pytest.raises(Refused, match=r"Medlemmen kan bära högst .* 0,00"):
        complaintflow.replace(
            complaint, date(2026, 12, 1), "På nytt", borne=Money.kronor(100), by=sam(), now=app_clock.now()
        )
