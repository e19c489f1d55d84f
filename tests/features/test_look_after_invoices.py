"""Finance finds an invoice and credits it or a part of it; sales look on, and the customer finds its own."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.customers.models import Customer, CustomerKind, InvoiceRoute
from app.db import db
from app.invoicing.models import InvoiceRecord
from app.invoicing.sending.models import InvoiceDispatch
from app.invoicing.sending.states import DispatchState
from app.money import Money
from app.orders import ledger
from app.orders.change_queries import entries_of
from app.orders.models import Order
from tests import make
from tests.furnished import furnished
from tests.order_case import BUYER, FIA, invoiced, the_invoice
from tests.people import text

FIRST, SAM = "ljungbacken@medlem.example", "sam@samklang.example"
LIST = "/personal/fakturor"


@furnished
def kiosk(app, visit):
    return invoiced(visit)


def invoices() -> list[InvoiceRecord]:
    db.session.rollback()
    return list(db.session.scalars(select(InvoiceRecord).order_by(InvoiceRecord.id)))


def credit(visitor, made: Order, button: str = "", **typed: str):
    """Fill in the form of the invoice; `amount` and `borne` are those of its first line."""
    record = the_invoice(made)
    line = record.lines[0].id
    values = {f"{name}-{line}" if name in {"amount", "borne"} else name: value for name, value in typed.items()}
    if button:
        values[button] = "1"
    return visitor.fill(f"{LIST}/{record.id}", values, form="form[action$='/kreditera']")


def test_the_list_is_searched_by_number_and_by_customer(kiosk, visit):
    fia, record = visit(FIA), the_invoice(kiosk)
    for words in (record.name, "nordby"):
        assert record.name in text(fia.page(f"{LIST}?q={words}"))
    for words in ("99999", "Ingen alls", "%", "1" * 90):
        assert "Inget hittades" in text(fia.page(f"{LIST}?q={words}"))
    assert record.name not in text(fia.page(f"{LIST}?hog=credit_notes"))
    assert record.name in text(fia.page(f"{LIST}?hog=nonsens")), "an unknown heap shows all"


def test_a_part_is_credited_and_the_member_bears_some_of_it(kiosk, visit):
    answer = credit(visit(FIA), kiosk, amount="212", borne="100", why="En korg var tom.")
    assert answer.status_code == 303
    invoice, note = invoices()
    assert (note.credits_id, note.net) == (invoice.id, Money(21200))
    assert (note.lines[0].credits_line_id, note.lines[0].net) == (invoice.lines[0].id, Money(21200))
    account = ledger.account(entries_of(kiosk))
    assert account.charged == invoice.net - note.net
    page = text(visit(FIA).page(f"{LIST}/{invoice.id}"))
    assert f"Kreditfaktura {note.name}" in page
    assert "En korg var tom." in text(visit(FIA).page(f"{LIST}/{note.id}"))


def test_what_has_gone_is_not_offered_to_be_sent_again(kiosk, visit):
    record, offer = the_invoice(kiosk), "Skicka igen eller anteckna att den skickats för hand"
    assert offer in text(visit(FIA).page(f"{LIST}/{record.id}"))
    db.session.scalars(select(InvoiceDispatch)).one().state = DispatchState.SENT
    page = text(visit(FIA).page(f"{LIST}/{record.id}"))
    assert offer not in page
    assert "Vägen till mottagaren" in page


def test_a_public_body_that_gets_a_pdf_is_told_of_until_it_gets_e_invoices(kiosk, visit):
    record, told = the_invoice(kiosk), "En PDF är ingen e-faktura"
    record.customer.kind, record.customer.electronic_address = CustomerKind.PUBLIC, None
    page = text(visit(FIA).page(f"{LIST}/{record.id}"))
    assert told in page
    assert "Lägg in kundens Peppol-adress" in page
    record.customer.electronic_address = "0007:5599992020"
    page = text(visit(FIA).page(f"{LIST}/{record.id}"))
    assert "Lägg in kundens Peppol-adress" not in page
    assert "välj e-faktura bland kundens uppgifter. Det får försäljning och administratörer göra." in page
    theirs = f"/personal/kunder/{record.customer_id}"
    who = "Försäljning och administratörer ändrar det som står här"
    assert [who in text(visit(one).page(theirs)) for one in (FIA, SAM)] == [True, False]
    record.customer.invoice_route, record.customer.electronic_address = InvoiceRoute.PEPPOL, "0007:5599992020"
    assert told not in text(visit(FIA).page(f"{LIST}/{record.id}"))


def test_all_that_is_left_is_credited_and_then_nothing_is(kiosk, visit):
    fia = visit(FIA)
    assert credit(fia, kiosk, amount="212", why="En korg var tom.").status_code == 303
    where = invoices()[0].id
    shown = fia.page(f"{LIST}/{where}")
    assert credit_form(shown)
    values = {"why": "Allt var fel.", "whole": "1", "shown": mark(shown)}
    assert fia.post(f"{LIST}/{where}/kreditera", data=values).status_code == 303
    assert sum(note.net.ore for note in invoices()[1:]) == invoices()[0].net.ore
    assert not credit_form(fia.page(f"{LIST}/{where}")), "there is nothing left to credit"
    again = fia.post(f"{LIST}/{where}/kreditera", data={"why": "En gång till", "whole": "1"})
    assert again.status_code == 422
    assert len(invoices()) == 3


def credit_form(page):
    return page.cssselect("form[action$='/kreditera']")


def mark(page) -> str:
    return page.cssselect("form[action$='/kreditera'] input[name=shown]")[0].get("value")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": "9999", "why": "För mycket"}, "det går att kreditera högst"),
        ({"amount": "-1", "why": "Minus"}, "utan minustecken"),
        ({"amount": "tio", "why": "Ord"}, "Skriv beloppen i kronor"),
        ({"amount": "", "why": "Inget"}, "Skriv hur mycket som ska krediteras"),
        ({"amount": "10", "why": ""}, "Skriv varför. Kunden läser det."),
        ({"amount": "10", "why": "x" * 1001}, "1000"),
        ({"amount": "10", "borne": "5000", "why": "Medlemmen bär mer än den fått"}, "medlem"),
        ({"amount": "10", "borne": "10,01", "why": "Mer än det som krediteras"}, "mer än det som krediteras på raden"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_credited(kiosk, visit, typed, said):
    answer = credit(visit(FIA), kiosk, **typed)
    assert answer.status_code == 422
    assert said.lower() in answer.text.lower()
    assert len(invoices()) == 1
    assert ledger.account(entries_of(kiosk)).charged == invoices()[0].net


def test_nobody_credits_what_a_colleague_has_just_credited(kiosk, visit):
    fia, where = visit(FIA), the_invoice(kiosk).id
    seen, line = mark(fia.page(f"{LIST}/{where}")), the_invoice(kiosk).lines[0].id
    assert credit(visit(FIA), kiosk, amount="212", why="Först").status_code == 303
    answer = fia.post(f"{LIST}/{where}/kreditera", data={f"amount-{line}": "212", "why": "Sedan", "shown": seen})
    assert answer.status_code == 422
    assert len(invoices()) == 2


def test_sales_look_on_and_others_see_nothing(kiosk, visit):
    record = the_invoice(kiosk)
    sam, where = visit(SAM), f"{LIST}/{record.id}"
    assert sam.get(where).status_code == 200
    assert not credit_form(sam.page(where))
    for act in ("kreditera", "kreditera-beslutat"):
        assert sam.post(f"{where}/{act}", data={"why": "Nej", "whole": "1"}).status_code == 403
        assert visit(BUYER).post(f"{where}/{act}", data={"why": "Nej", "whole": "1"}).status_code == 403
    assert visit(FIRST).get(where).status_code == 403
    assert visit(FIA).get(f"{LIST}/999999").status_code == 404
    assert visit(FIA).get(f"{where}/faktura.xml").status_code == 404
    assert len(invoices()) == 1


def test_the_customer_finds_its_own_and_no_other(kiosk, visit, work_off):
    credit(visit(FIA), kiosk, amount="212", why="En korg var tom.")
    invoice, note = invoices()
    work_off()
    nordbyn = visit(BUYER)
    page = text(nordbyn.page("/fakturor"))
    assert invoice.name in page
    assert f"Kreditfaktura till faktura {invoice.name}" in page
    answer = nordbyn.get(f"/fakturor/{note.id}.pdf")
    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")
    make.make_user("annan@kund.example", customer=make.make_customer(kind=CustomerKind.COMPANY, name="Annan AB"))
    db.session.commit()
    other = visit("annan@kund.example")
    assert other.get(f"/fakturor/{invoice.id}.pdf").status_code == 404
    assert invoice.name not in text(other.page("/fakturor"))
    assert visit().get("/fakturor").status_code == 302
    assert db.session.scalar(select(Customer.name).where(Customer.id == invoice.customer_id)) == "Nordbyn Teknik AB"
