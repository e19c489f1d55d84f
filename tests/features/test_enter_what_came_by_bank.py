"""Finance enters what came by bank: in parts or whole, too much or by mistake; and the deduction can be asked for."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import bankflow, clock, moneyflow
from app.accounts.models import User
from app.db import db
from app.household.models import PartState, ReliefDeduction
from app.invoicing.models import InvoiceRecord
from app.money import NOUGHT, Money
from app.payments.models import MoneyTask
from app.payments.receipt_models import BankReceipt
from tests.features import relief_case
from tests.furnished import furnished
from tests.order_case import BUYER, FIA, invoiced, the_invoice
from tests.people import document, text, together

pytestmark = pytest.mark.both

FIRST, SAM = "ljungbacken@medlem.example", "sam@samklang.example"
PAGE = "/personal/inbetalningar"
GROSS = Money.kronor("1348.32")
"""Six baskets at 212 kr with 6 % VAT."""


@furnished
def kiosk(app, visit):
    return invoiced(visit)


@furnished
def cleaned(app):
    """Four hours of cleaning in a home, with the deduction on the invoice."""
    return relief_case.furnish()


def receipts() -> list[BankReceipt]:
    db.session.expire_all()
    return list(db.session.scalars(select(BankReceipt).order_by(BankReceipt.id)))


def enter(fia, reference: str, amount: str, **typed: str):
    values = {"reference": reference, "amount": amount, "paid_on": "2026-11-23", **typed}
    return fia.fill(PAGE, values, form="main form[method=post]:not([action])")


def again(fia, answer):
    """The form that came back, sent once more as it is."""
    form = document(answer).cssselect("main form[method=post]:not([action])")[0]
    return fia.post(PAGE, data=dict(form.form_values()))


def stands(record: InvoiceRecord) -> bankflow.Balance:
    db.session.expire_all()
    return bankflow.balance_of(record)


def test_an_invoice_is_paid_in_two_parts_by_its_ocr_and_by_its_number(kiosk, visit):
    record, fia = the_invoice(kiosk), visit(FIA)
    assert (record.gross, stands(record).outstanding) == (GROSS, GROSS)
    assert enter(fia, f" {record.ocr[:3]} {record.ocr[3:]} ", "1 000").status_code == 303
    assert "348,32 kr kvar att betala" in text(fia.page(PAGE)).replace("\xa0", " ")
    page = text(fia.page(f"/personal/fakturor/{record.id}")).replace("\xa0", " ")
    assert "Delvis betald" in page
    assert "Kvar att betala348,32 kr" in page.replace("betala ", "betala")
    listed = text(visit(BUYER).page("/fakturor")).replace("\xa0", " ")
    assert "348,32" in listed
    assert enter(fia, record.name, "348,32").status_code == 303
    assert f"Faktura {record.name} är betald." in text(fia.page(PAGE))
    assert (stands(record).paid, stands(record).outstanding, stands(record).overpaid) == (GROSS, NOUGHT, NOUGHT)
    assert [(one.amount, one.entered_by) for one in receipts()] == [
        (Money.kronor(1000), "Fia Exempel"), (Money.kronor("348.32"), "Fia Exempel"),
    ]  # fmt: skip


def test_the_page_of_an_invoice_leads_to_what_is_left_of_it(kiosk, visit):
    record, fia = the_invoice(kiosk), visit(FIA)
    link = fia.page(f"/personal/fakturor/{record.id}").cssselect("a[href*='/inbetalningar']")[-1].get("href")
    form = fia.page(link).cssselect("main form[method=post]:not([action])")[0]
    assert (form.fields["reference"], form.fields["amount"]) == (record.name, "1 348,32")


def test_too_much_is_asked_about_once_and_then_lies_with_finance(kiosk, visit):
    record, fia = the_invoice(kiosk), visit(FIA)
    first = enter(fia, record.name, "1400")
    assert first.status_code == 422
    assert "51,68 kr mer" in text(document(first)).replace("\xa0", " ")
    assert receipts() == []
    asked = document(first)
    assert "Något behöver rättas" not in first.text
    assert text(asked.cssselect("main form[method=post]:not([action]) button")[0]) == "Ja, för in den"
    assert "Ja, för in den" not in enter(fia, record.name, "fem").text
    assert again(fia, first).status_code == 303
    assert stands(record).overpaid == Money.kronor("51.68")
    assert "För mycket betalt" in text(fia.page(f"/personal/fakturor/{record.id}"))
    task = db.session.scalars(select(MoneyTask)).one()
    assert "51,68" in task.words
    page = fia.page("/personal/betalningar/uppgifter")
    assert "51,68" in text(page)
    (heading,) = page.cssselect("main section h2")
    assert text(heading) == f"Faktura {record.name}, {record.customer.name}"
    assert heading.cssselect("a")[0].get("href") == f"/personal/fakturor/{record.id}"


def test_what_is_no_longer_too_much_lies_no_longer_with_finance(kiosk, visit):
    record, fia = the_invoice(kiosk), visit(FIA)
    for amount in ("1400", "100"):
        again(fia, enter(fia, record.name, amount))
    first, second = receipts()
    assert [one.words.split(" är ")[1].replace("\xa0", " ") for one in waiting()] == [
        "betald med 151,68 kr för mycket. Betala tillbaka det till kunden."
    ]
    fia.post(f"{PAGE}/{second.id}/ta-tillbaka", data={"why": "Fel faktura"})
    assert ["betald med 51,68" in one.words for one in waiting()] == [True]
    fia.post(f"{PAGE}/{first.id}/ta-tillbaka", data={"why": "Fel faktura"})
    assert waiting() == []


def waiting() -> list[MoneyTask]:
    db.session.expire_all()
    return list(db.session.scalars(select(MoneyTask).where(MoneyTask.done_at.is_(None))))


def test_what_was_paid_and_is_credited_then_lies_with_finance_to_pay_back(kiosk, visit, work_off):
    record, fia = the_invoice(kiosk), visit(FIA)
    by = db.session.scalars(select(User).where(User.email == FIA)).one()
    moneyflow.credit(record, {record.lines[0]: Money.kronor(100)}, "Ett äpple ruttet", by=by, now=clock.now())
    db.session.commit()
    work_off()
    assert waiting() == [], "nothing has been paid, so there is nothing to pay back"
    enter(fia, record.name, str(stands(record).outstanding.in_kronor()).replace(".", ","))
    moneyflow.credit(record, {record.lines[0]: Money.kronor(200)}, "Ett till", by=by, now=clock.now())
    db.session.commit()
    work_off()
    assert [one.words.split(" är ")[1].replace("\xa0", " ") for one in waiting()] == [
        "betald med 212,00 kr för mycket. Betala tillbaka det till kunden."
    ]
    bankflow.look_for_overpaid(record.id)
    db.session.commit()
    assert len(waiting()) == 1, "the job may run twice"


def test_the_same_twice_is_asked_about_and_a_form_sent_twice_is_one(kiosk, visit):
    record, fia = the_invoice(kiosk), visit(FIA)
    form = fia.page(PAGE).cssselect("main form[method=post]:not([action])")[0]
    typed = {**dict(form.form_values()), "reference": record.name, "amount": "100", "paid_on": "2026-11-23"}

    def press() -> int:
        return visit(FIA).post(PAGE, data=typed).status_code

    assert together(press, press) == [303, 303]
    assert fia.post(PAGE, data=typed).status_code == 303
    assert len(receipts()) == 1
    second = enter(fia, record.name, "100")
    assert second.status_code == 422
    assert "redan inskrivet" in second.text
    assert again(fia, second).status_code == 303
    assert len(receipts()) == 2


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reference": "4711"}, "Ingen faktura har"),
        ({"reference": "M9-10001"}, "Ingen faktura har"),
        ({"reference": "å" * 30}, "Ingen faktura har"),
        ({"reference": ""}, "Skriv numret"),
        ({"amount": "0"}, "hur mycket som har kommit"),
        ({"amount": "-5"}, "hur mycket som har kommit"),
        ({"amount": "fem"}, "i kronor"),
        ({"paid_on": "2026-11-22"}, "Betalningsdagen"),
        ({"paid_on": "2026-11-24"}, "Betalningsdagen"),
        ({"paid_on": "i går"}, "datum"),
    ],
    ids=["unknown", "no such member", "letters", "none", "nought", "minus", "words", "before", "to come", "no day"],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(kiosk, visit, typed, sentence):
    record, fia = the_invoice(kiosk), visit(FIA)
    values = {"reference": record.name, "amount": "100", **typed}
    answer = enter(fia, values.pop("reference"), values.pop("amount"), **values)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert receipts() == []
    for value in typed.values():
        assert value in answer.text


def test_a_credit_note_is_not_paid(kiosk, visit):
    record, fia = the_invoice(kiosk), visit(FIA)
    line = record.lines[0].id
    fia.fill(
        f"/personal/fakturor/{record.id}", {f"amount-{line}": "212", "why": "Tom."}, form="form[action$='/kreditera']"
    )
    note = db.session.scalars(select(InvoiceRecord).where(InvoiceRecord.credits_id == record.id)).one()
    assert "kreditfaktura" in enter(fia, note.name, "5").text
    assert stands(record).outstanding == GROSS - note.gross


def test_a_mistake_is_undone_with_a_reason_and_stays_to_be_seen(kiosk, visit):
    record, fia = the_invoice(kiosk), visit(FIA)
    enter(fia, record.name, "100")
    (one,) = receipts()
    undo = f"{PAGE}/{one.id}/ta-tillbaka"
    assert text(fia.page(PAGE).cssselect(f"details:has(form[action='{undo}']) summary")[0]).startswith("Ta tillbaka")
    silent = fia.post(undo, data={"why": " "})
    assert silent.status_code == 422
    assert "Skriv varför" in text(document(silent).cssselect("#why-error")[0])
    assert stands(record).by_bank == Money.kronor(100)
    answer = fia.fill(f"/personal/fakturor/{record.id}", {"why": "Fel faktura."}, form=f"form[action='{undo}']")
    assert answer.status_code == 303
    assert stands(record).by_bank == NOUGHT
    page = text(fia.page(f"/personal/fakturor/{record.id}"))
    assert "Tillbakatagen av Fia Exempel" in page
    assert "Fel faktura." in page
    assert fia.post(undo, data={"why": "Igen"}).status_code == 409
    assert fia.post(f"{PAGE}/4711/ta-tillbaka", data={"why": "x"}).status_code == 404


def test_only_finance_enters_and_undoes(kiosk, visit):
    record = the_invoice(kiosk)
    enter(visit(FIA), record.name, "100")
    undo = f"{PAGE}/{receipts()[0].id}/ta-tillbaka"
    for email in (SAM, FIRST, BUYER):
        assert visit(email).get(PAGE).status_code == 403
        assert visit(email).post(undo, data={"why": "x"}).status_code == 403
    page = visit(SAM).page(f"/personal/fakturor/{record.id}")
    assert "Delvis betald" in text(page)
    assert not page.cssselect("form[action*='/ta-tillbaka'], a[href*='/inbetalningar']")


def test_the_pages_hold_to_their_number_of_queries(kiosk, visit, queries):
    record, fia, kontor = the_invoice(kiosk), visit(FIA), visit(BUYER)
    by = db.session.scalars(select(User).where(User.email == FIA)).one()
    counts = []
    for many in (1, 30):
        for place in range(many):
            day = clock.local_date(clock.now())
            bankflow.enter(record, Money(100), day, reference="x", ticket=f"{many}-{place}", by=by, now=clock.now())
        db.session.commit()
        for path in (PAGE, f"/personal/fakturor/{record.id}", "/fakturor"):
            who = kontor if path == "/fakturor" else fia
            who.page(path)
            with queries() as seen:
                who.page(path)
            counts.append(len(seen))
    assert counts[:3] == counts[3:]


def deduction() -> ReliefDeduction:
    db.session.expire_all()
    return db.session.scalars(select(ReliefDeduction)).one()


@pytest.fixture
def relieved(cleaned, visit):
    """The invoice for the cleaning, which asks for half."""
    guest = visit(None)
    relief_case.fill(guest, cleaned, cleaning="4")
    assert guest.fill("/kassa", relief_case.wish(cleaned, "cleaning")).status_code == 303
    relief_case.deliver(relief_case.the_order())
    return db.session.scalars(select(InvoiceRecord)).one()


def test_the_day_of_payment_is_that_of_the_deduction(relieved, visit):
    fia, asked = visit(relief_case.FIA), stands(relieved).asked
    assert asked == relieved.gross - deduction().amount
    enter(fia, relieved.name, "100")
    assert deduction().paid_on is None, "the rest has not come"
    enter(fia, relieved.ocr, (asked - Money.kronor(100)).amount())
    assert str(deduction().paid_on) == "2026-11-23"
    assert "RUT 2026" in text(fia.page("/personal/rut-rot"))


def rut(fia, **typed: str):
    return fia.fill(f"/personal/rut-rot/avdrag/{deduction().id}", {"paid_on": "2026-11-23", "electronic": "y", **typed})


def test_a_day_that_is_typed_on_the_page_of_the_deduction_is_a_payment_of_the_invoice(relieved, visit):
    fia, where = visit(relief_case.FIA), f"/personal/rut-rot/avdrag/{deduction().id}"
    enter(fia, relieved.name, "100")
    assert f"{PAGE}?faktura={relieved.id}" in fia.get(where).text
    assert rut(fia).status_code == 303
    assert [one.amount for one in receipts()] == [Money.kronor(100), Money.kronor(900)]
    assert (stands(relieved).outstanding, str(deduction().paid_on)) == (NOUGHT, "2026-11-23")
    money = text(fia.page(f"/personal/bestallningar/{relief_case.the_order().number}/pengarna"))
    assert "Obetald" not in money
    page = fia.page(where)
    assert "Kunden betalade det sista på fakturan" in text(page)
    assert page.cssselect("[name=paid_on]") == [], "the payment says it"
    assert f"/personal/fakturor/{relieved.id}" in fia.get(where).text
    fia.post(f"{PAGE}/{receipts()[1].id}/ta-tillbaka", data={"why": "Fel dag."})
    assert deduction().paid_on is None
    assert fia.page(where).cssselect("[name=paid_on]") != []


def test_the_same_page_sent_twice_or_by_two_enters_one_payment(relieved, visit):
    where = f"/personal/rut-rot/avdrag/{deduction().id}"
    two = [visit(relief_case.FIA) for _each in range(2)]
    forms = [dict(one.page(where).cssselect("main form[method=post]")[0].form_values()) for one in two]
    typed = {"paid_on": "2026-11-23", "electronic": "y"}
    acts = [
        lambda one=one, form=form: one.post(where, data={**form, **typed}) for one, form in zip(two, forms, strict=True)
    ]
    assert sorted(answer.status_code for answer in together(*acts)) == [303, 422]
    assert [one.amount for one in receipts()] == [Money.kronor(1000)]


def test_a_day_from_before_payments_were_entered_becomes_one(relieved, visit):
    """It was written down by itself, and the invoice said that nothing was paid."""
    fia = visit(relief_case.FIA)
    deduction().paid_on = clock.local_date(clock.now())
    db.session.commit()
    assert rut(fia).status_code == 303
    assert (stands(relieved).outstanding, len(receipts())) == (NOUGHT, 1)


def test_what_was_paid_in_part_is_all_when_the_rest_is_credited(relieved, visit, work_off):
    fia = visit(relief_case.FIA)
    enter(fia, relieved.name, "750")
    (line,) = [one for one in relieved.lines if one.order_line_id]
    by = db.session.scalars(select(User).where(User.email == relief_case.FIA)).one()
    moneyflow.credit(relieved, {line: Money.kronor(400)}, "En timme för mycket.", by=by, now=clock.now())
    db.session.commit()
    work_off()
    assert stands(relieved).outstanding == NOUGHT
    assert str(deduction().paid_on) == "2026-11-23"


def test_undone_before_it_is_asked_for_it_waits_for_payment_again(relieved, visit):
    fia = visit(relief_case.FIA)
    enter(fia, relieved.name, stands(relieved).asked.amount())
    fia.post(f"{PAGE}/{receipts()[0].id}/ta-tillbaka", data={"why": "Fel."})
    assert (deduction().paid_on, deduction().year) == (None, 2026)
    assert deduction().invoice_name in text(fia.page("/personal/rut-rot?hog=obetalda"))


def test_undone_after_it_is_asked_for_it_lies_with_finance(relieved, visit):
    fia = visit(relief_case.FIA)
    enter(fia, relieved.name, stands(relieved).asked.amount())
    fia.fill("/personal/rut-rot", {}, form="form[action='/personal/rut-rot/fil']")
    fia.post(f"{PAGE}/{receipts()[0].id}/ta-tillbaka", data={"why": "Fel."})
    assert [part.state for part in deduction().parts] == [PartState.ASKED]
    assert "Skatteverket" in db.session.scalars(select(MoneyTask.words)).one()
