"""What a member sells in its own name it is charged commission for, month by month, set off against what it is to have.

Rena rum sells fruit baskets for 212 kr of which it earns 169,60; our commission is 42,40 and the VAT on that 10,60.
"""

from __future__ import annotations

import csv
import subprocess
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import adjustflow, commissionflow, complaintflow, orderflow
from app import clock as house_clock
from app.accounts.models import RoleName, User
from app.customers.models import Customer
from app.db import db
from app.invoicing.actions import values_of
from app.invoicing.document import DocumentKind
from app.invoicing.einvoice.checking import check
from app.invoicing.einvoice.findings import fatal
from app.invoicing.ubl import to_ubl
from app.mail import Letter, LetterState
from app.members.models import Member, Reach, SellerModel
from app.money import NOUGHT, Money
from app.orders.cart import Delivery
from app.orders.complaint_queries import delivered_in
from app.orders.complaints import Told
from app.orders.delivery.proofs import Shown
from app.orders.models import Order
from app.orders.states import AssignmentState
from app.settlement import actions, printing, queries
from app.settlement.earned import added_up
from app.settlement.models import CommissionInvoice
from app.workdays import working_days_after
from tests import make
from tests.features.relief_case import deliver
from tests.furnished import furnished
from tests.people import save, text, together

pytestmark = pytest.mark.both

FIA, SAM = "fia@samklang.example", "sam@samklang.example"
COMMISSION, VAT = Money.kronor("42.40"), Money.kronor("10.60")
MINE = "/medlem/ersattning/fakturor"


@furnished
def town(app) -> int:
    """Rena rum sells in its own name; Ljungbacken does not."""
    make.make_sales_company(bankgiro="999-0003", vat_number="SE769999000301")
    make.make_sam()
    make.make_sam(RoleName.FINANCE, email=FIA, name="Fia Exempel")
    one, other = make.make_rena_rum(seller_model=SellerModel.AGENT), make.make_ljungbacken()
    fruit = make.make_article()
    make.make_offering(fruit, one, capacity_per_week=Decimal(1000))
    make.make_nordbyn()
    for member in (one, other):
        make.make_user(member.email, member=member)
    db.session.commit()
    return fruit.id


def rena() -> Member:
    return db.session.scalars(select(Member).where(Member.slug == "renarum")).one()


def sold(fruit: int, quantity: int = 1) -> Order:
    """Nordbyn has ordered, and got it today."""
    made = ordered(fruit, quantity)
    deliver(made)
    return made


def ordered(fruit: int, quantity: int) -> Order:
    """Nordbyn has ordered."""
    customer = db.session.scalars(select(Customer)).first()
    site, number = customer.sites[0], len(db.session.scalars(select(Order.id)).all())
    day = working_days_after(house_clock.local_date(house_clock.now()), 3)
    place = Delivery(day, site.name, site.street, site.postcode, site.city, site.municipality)
    cart = {fruit: Decimal(quantity)}
    made = orderflow.checkout(cart, place, customer=customer, ticket=f"ticket-{number}", by=None, now=house_clock.now())
    db.session.commit()
    return made


def partly_sold(fruit: int) -> Order:
    """The first of two has come; the other is still to."""
    made = ordered(fruit, 2)
    sam, now = db.session.scalars(select(User).where(User.email == SAM)).one(), house_clock.now()
    (work,) = made.assignments
    orderflow.accept(work, {line.id: line.offered for line in work.lines}, by=sam, now=now)
    rest_on, one = working_days_after(made.delivery_day, 1), {line.id: Decimal(1) for line in work.lines}
    adjustflow.deliver_part(work, one, rest_on, Shown(), by=sam, now=now)
    db.session.commit()
    return made


def credited(made: Order, amount: Money, borne: Money = NOUGHT) -> None:
    sam, now = db.session.scalars(select(User).where(User.email == SAM)).one(), house_clock.now()
    complaint = complaintflow.complain(delivered_in(made)[0], Told(Decimal(1), "Mosig"), by=sam, now=now, late=True)
    complaintflow.make_cheaper(complaint, amount, "Ledsen", borne=borne, by=sam, now=now)
    db.session.commit()


def charged() -> list[CommissionInvoice]:
    db.session.expire_all()
    return list(db.session.scalars(select(CommissionInvoice).order_by(CommissionInvoice.number)))


@pytest.fixture
def first_of(clock, work_off):
    """Be the worker in the first minute of a month."""

    def begin(day: date) -> None:
        clock.set(clock.now.replace(year=day.year, month=day.month, day=day.day, hour=5))
        commissionflow.charge_last_month(clock.now)
        work_off()

    return begin


def test_a_month_is_charged_once_when_it_is_over(town, first_of):
    orders = [sold(town), sold(town, 2)]
    first_of(date(2026, 12, 1))
    (one,) = charged()
    assert (one.name, one.kind, one.member) == ("P-10001", DocumentKind.INVOICE, rena())
    values = values_of(one)
    assert [line.name for line in values.lines] == [
        f"Provision på beställning {orders[0].number}, såld för 212,00\xa0kr exkl. moms",
        f"Provision på beställning {orders[1].number}, såld för 424,00\xa0kr exkl. moms",
    ]
    assert (one.net, one.vat) == (COMMISSION.times(3), VAT.times(3))
    assert (values.seller.name, values.buyer.name) == ("Samklang Sälj ek. för.", rena().name)
    assert (values.gross, values.payable, values.is_set_off) == (one.gross, NOUGHT, True)
    month = added_up(queries.of_month(rena(), date(2026, 11, 1)))
    assert (month.commission, month.commission_vat) == (one.net, one.vat)
    first_of(date(2026, 12, 1))
    actions.charge_commission(rena(), house_clock.now(), by=None, now=house_clock.now())
    assert len(charged()) == 1
    assert fatal(check(to_ubl(values))) == []


def test_the_member_gets_it_by_letter_once(town, first_of, outbox):
    made = sold(town)
    first_of(date(2026, 12, 1))
    printing.print_commission(charged()[0].id)
    (letter,) = [one for one in outbox.to(rena().email) if one.kind == "commission"]
    assert (letter.subject, letter.attachment.name) == ("Faktura P-10001 för provision", "provision-P-10001.pdf")
    body = letter.body.replace("\xa0", " ")
    for words in (f"beställning {made.number}, såld för 212,00 kr", "Inkl. moms: 53,00 kr", "inget att betala"):
        assert words in body
    assert "/medlem/ersattning/fakturor" in body


def test_who_is_reached_on_paper_gets_all_of_it_on_paper(town, first_of, outbox):
    """Nobody there signs in: what a document must say stands in the letter that staff print and post."""
    sold(town)
    rena().reached_by = Reach.PAPER
    first_of(date(2026, 12, 1))
    (letter,) = db.session.scalars(select(Letter).where(Letter.kind == "commission"))
    assert (letter.state, letter.files) == (LetterState.PAPER, [])
    for words in ("P-10001", "SE769999000301", "Spara brevet i er bokföring", "Moms 25 %: 10,60", "hjälper vi er"):
        assert words in letter.body.replace("\xa0", " ")
    assert "PDF" not in letter.body


def test_what_is_credited_later_lowers_the_next_one(town, first_of):
    made = sold(town, 5)
    first_of(date(2026, 12, 1))
    credited(made, Money.kronor(100), borne=Money.kronor(80))
    sold(town)
    first_of(date(2027, 1, 1))
    november, december = charged()
    assert (november.net, december.net) == (COMMISSION.times(5), COMMISSION - Money.kronor(20))
    lines = values_of(december).lines
    assert [line.net for line in lines] == [-Money.kronor(20), COMMISSION]
    assert "där kunden betalar 100,00\xa0kr mindre" in lines[0].name
    assert december.vat == VAT - Money.kronor(5)
    assert fatal(check(to_ubl(values_of(december)))) == []


def test_a_month_of_more_credits_than_sales_is_a_credit_note(town, first_of, visit):
    made = sold(town, 5)
    first_of(date(2026, 12, 1))
    credited(made, Money.kronor(100))
    first_of(date(2027, 1, 1))
    invoice, note = charged()
    assert (note.kind, note.credits, note.net) == (DocumentKind.CREDIT_NOTE, invoice, Money.kronor(100))
    assert note.net < COMMISSION.times(5)
    assert values_of(note).credits.name == invoice.name
    assert [claim.net for claim in note.claims] == [-Money.kronor(100)]
    assert fatal(check(to_ubl(values_of(note)))) == []
    (row, _earlier) = visit(rena().email).page(MINE).cssselect("#provision tbody tr")
    assert f"Kreditfaktura till faktura {invoice.name}" in text(row)
    assert "-125,00 kr" in text(row).replace("\xa0", " ").replace("−", "-")


def test_a_credit_beyond_the_commission_gives_back_what_was_charged_and_no_more(town, first_of):
    made = sold(town)
    first_of(date(2026, 12, 1))
    credited(made, Money.kronor(100))
    first_of(date(2027, 1, 1))
    invoice, note = charged()
    assert (note.credits, note.net, note.vat) == (invoice, invoice.net, invoice.vat)
    assert added_up(queries.of_order(made.id)).compensation == Money.kronor(100) - COMMISSION


def test_finance_credits_at_once_what_was_charged_and_then_there_is_no_button(town, first_of, visit, clock):
    made = sold(town)
    first_of(date(2026, 12, 1))
    credited(made, Money.kronor(100))
    clock.move(minutes=1)
    page, fia = f"/personal/medlemmar/{rena().id}/ersattning/provision", visit(FIA)
    assert "krediteras det på en tidigare provisionsfaktura" in text(fia.page(page))
    (button,) = fia.page(page).cssselect("main form[method=post] button")
    assert "Kreditera provisionen nu" in text(button)
    assert fia.fill(page, {}, form="main form[method=post]").status_code == 303
    invoice, note = charged()
    assert (note.credits, note.net) == (invoice, COMMISSION)
    assert not fia.page(page).cssselect("main form[method=post]")


def test_what_no_single_invoice_has_left_is_credited_on_the_invoices_of_its_orders(town, first_of):
    orders = []
    for first in (date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)):
        orders.append(sold(town))
        first_of(first)
    for made in orders:
        credited(made, Money.kronor(100))
    sold(town)
    first_of(date(2027, 3, 1))
    documents = charged()
    invoices, notes, last = documents[:3], documents[3:-1], documents[-1]
    assert {one.credits for one in notes} == set(invoices)
    assert [(one.net, one.vat) for one in notes] == [(COMMISSION, VAT)] * 3
    assert (last.kind, last.net) == (DocumentKind.INVOICE, COMMISSION)
    assert all(fatal(check(to_ubl(values_of(one)))) == [] for one in notes)


def test_what_no_invoice_has_left_to_credit_is_carried_and_said(town, first_of, visit, clock):
    """An order is delivered in two months, so none of the two invoices has as much as is given back."""
    made = partly_sold(town)
    first_of(date(2026, 12, 1))
    (rest,) = (one for one in made.assignments if one.state == AssignmentState.ACCEPTED)
    orderflow.deliver(rest, by=None, now=house_clock.now())
    db.session.commit()
    first_of(date(2027, 1, 1))
    credited(made, Money.kronor(84))
    clock.move(minutes=1)
    page = f"/personal/medlemmar/{rena().id}/ersattning/provision"
    for each in (visit(FIA).page(page), visit(rena().email).page(MINE)):
        assert "Det står kvar och dras av på nästa." in text(each)
    assert not visit(FIA).page(page).cssselect("main form[method=post]")
    first_of(date(2027, 2, 1))
    assert [one.net for one in charged()] == [COMMISSION, COMMISSION]
    for _each in range(3):
        sold(town)
    first_of(date(2027, 3, 1))
    assert [one.net for one in charged()] == [COMMISSION, COMMISSION, COMMISSION.times(3) - Money.kronor(84)]


def test_what_the_sales_company_sells_itself_is_charged_to_nobody(town, first_of):
    rena().seller_model = SellerModel.OWN_NAME
    sold(town)
    first_of(date(2026, 12, 1))
    assert charged() == []


def test_finance_charges_at_once_and_nobody_else(town, visit, work_off, clock):
    sold(town)
    clock.move(minutes=1)
    page = f"/personal/medlemmar/{rena().id}/ersattning/provision"
    assert visit(SAM).post(page).status_code == 403
    fia = visit(FIA)
    assert "Inte fakturerat än: 42,40 kr exkl. moms, 53,00 kr inkl. moms." in text(fia.page(page)).replace("\xa0", " ")
    assert fia.fill(page, {}, form="main form[method=post]").status_code == 303
    work_off()
    assert [one.net for one in charged()] == [COMMISSION]
    assert "Inte fakturerat än" not in text(fia.page(page))
    assert fia.post(page).status_code == 409
    (link,) = fia.page(page).cssselect("main tbody a")
    assert fia.get(link.get("href")).mimetype == "application/pdf"


def test_two_at_once_charge_it_once(town, visit, clock):
    sold(town)
    clock.move(minutes=1)
    page = f"/personal/medlemmar/{rena().id}/ersattning/provision"
    browsers = [visit(FIA), visit(FIA)]
    save()
    answers = together(*(lambda browser=one: browser.post(page).status_code for one in browsers))
    assert sorted(answers) == [303, 409]
    assert [one.number for one in charged()] == [10001]


def test_the_member_reads_and_keeps_it_and_no_other_member_does(town, first_of, visit, tmp_path):
    sold(town)
    first_of(date(2026, 12, 1))
    mine = visit(rena().email)
    assert mine.page("/medlem/ersattning").cssselect(f"main a[href='{MINE}#provision']")
    (link,) = mine.page(MINE).cssselect("main a[href*='/provision/']")
    answer = mine.get(link.get("href"))
    paper = tmp_path / "provision.pdf"
    paper.write_bytes(answer.data)
    said = subprocess.run(["pdftotext", "-layout", str(paper), "-"], capture_output=True, text=True, check=True).stdout
    for words in ("Faktura P-10001", "Inget att betala", "Kvittas mot er ersättning", "53,00", "25 %"):
        assert words in said.replace("\xa0", " "), words
    assert b"/StructTreeRoot" in answer.data or b"/ObjStm" in answer.data
    other = visit("ljungbacken@medlem.example")
    assert other.get(link.get("href")).status_code == 404
    assert visit(SAM).get(link.get("href")).status_code == 403


def test_the_archive_has_them_too(app, town, first_of, tmp_path):
    sold(town)
    first_of(date(2026, 12, 1))
    name = charged()[0].name
    save()
    done = app.test_cli_runner().invoke(args=["export-invoices", str(tmp_path / "arkiv")])
    assert done.exit_code == 0, done.output
    with (tmp_path / "arkiv" / "forteckning.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if row["Nummer"] == name]
    assert [(row["Fil"], row["Format"], row["Anmärkningar"]) for row in rows] == [
        ("2026-12/provision-P-10001.pdf", "PDF", ""), ("2026-12/provision-P-10001.xml", "XML", ""),
    ]  # fmt: skip
    assert rows[0]["Att betala"] == "0,00"
