"""Finance gives money back to a card, line by line: with a credit note, and what of it the member bears."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import settleflow
from app.db import db
from app.invoicing.actions import values_of
from app.invoicing.document import DocumentKind
from app.invoicing.models import InvoiceRecord
from app.money import Money
from app.orders import ledger
from app.orders.change_queries import entries_of
from app.payments import queries as paid
from app.payments.models import MoneyTask, PaymentAllocation
from app.payments.states import PaymentState, RefundState
from tests import card_case
from tests.card_case import FAR, FINANCE, KIM, Shop, payment, refunds, tasks, the_order
from tests.furnished import furnished
from tests.people import text, together

pytestmark = pytest.mark.both

FORM = "form[action$='/aterbetala']"


@furnished
def town(app):
    return card_case.furnish()


shop = card_case.shop


def delivered(shop: Shop, **quantities: str) -> str:
    """A paid and delivered order; gives the address of its payment."""
    shop.paid(**(quantities or {"fruit": "2"}))
    shop.deliver("ljungbacken", "kokljus")
    return f"/personal/betalningar/{payment().id}"


def documents() -> list[InvoiceRecord]:
    db.session.expire_all()
    return list(db.session.scalars(select(InvoiceRecord).order_by(InvoiceRecord.id)))


def in_balance(shop: Shop) -> None:
    """What was drawn less what went back is what the documents say, and Stripe says the same."""
    db.session.expire_all()
    order, one = the_order(), payment()
    stands = paid.standing(one)
    account = ledger.account(entries_of(order))
    owed = Money.total(-doc.gross if doc.is_credit_note else doc.gross for doc in documents())
    assert stands.kept == owed
    assert account.charged == Money.total(-doc.net if doc.is_credit_note else doc.net for doc in documents())
    charges, backs = shop.stripe.books.all("charge"), shop.stripe.books.all("refund")
    at_stripe = sum(row["amount_captured"] for row in charges) - sum(row["amount"] for row in backs)
    assert at_stripe == stands.kept.ore
    tied = db.session.scalars(select(PaymentAllocation)).all()
    for doc in documents():
        assert Money.total(row.amount for row in tied if row.invoice_id == doc.id) == doc.gross


def test_what_was_refunded_at_stripe_is_answered_when_it_is_credited(shop):
    shop.paid()
    shop.deliver("ljungbacken")
    shop.stripe.books.refund({"payment_intent": payment().intent_id, "amount": "10600"})
    shop.tell()
    assert tasks() == ["dashboard_refund"]
    record = documents()[0]
    typed = {f"amount-{record.lines[0].id}": "100", "why": "Skadat."}
    shop.visit(FINANCE).fill(f"/personal/fakturor/{record.id}", typed, form="form[action$='/kreditera']")
    shop.work_off()
    assert tasks() == []


def test_the_invoice_of_an_order_paid_by_card_says_so(shop, outbox):
    delivered(shop)
    (record,) = documents()
    assert values_of(record).paid == record.gross == Money(44944)
    (letter,) = [one for one in outbox.to(KIM) if one.subject.startswith("Faktura")]
    assert "Betalt med kort: 449,44\xa0kr inkl. moms\nDu behöver inte betala något mer." in letter.body
    assert "Bankgiro" not in letter.body
    in_balance(shop)


def test_a_part_of_a_line_goes_back_with_a_credit_note_and_the_member_bears_some(shop, outbox):
    page = delivered(shop)
    fia = shop.visit(FINANCE)
    before = ledger.earnings(entries_of(the_order()))
    answer = fia.fill(
        page, {"lines-0-amount": "100", "lines-0-borne": "40", "why": "Två äpplen var skadade."}, form=FORM
    )
    assert answer.status_code == 303
    shop.work_off()
    shop.tell()
    (one,) = refunds()
    assert (one.amount, one.state, one.source.value, one.made_by) == (
        Money(10600), RefundState.DONE, "finance", "Fia Finans"
    )  # fmt: skip
    (line,) = one.lines
    assert (line.amount, line.borne, line.member.slug) == (Money(10000), Money(4000), "ljungbacken")
    note = documents()[-1]
    assert (note.kind, note.gross, one.credit_note_id) == (DocumentKind.CREDIT_NOTE, Money(10600), note.id)
    after = ledger.earnings(entries_of(the_order()))
    assert {who: before[who] - after[who] for who in before} == {next(iter(before)): Money(4000)}
    assert f"Pengar tillbaka för beställning {the_order().number}" in outbox.subjects_to(KIM)
    assert "Pengar går tillbaka till kortet" in text(shop.visit(KIM).page(f"/bestallningar/{the_order().number}"))
    in_balance(shop)


def test_two_presses_are_one_refund(shop):
    page = delivered(shop)
    fia = shop.visit(FINANCE)
    form = fia.page(page).cssselect(FORM)[0]
    sent = {**dict(form.form_values()), "lines-0-amount": "100", "why": "Skadat."}

    def press() -> int:
        return shop.visit(FINANCE).post(f"{page}/aterbetala", data=sent).status_code

    assert together(press, press) == [303, 303]
    assert fia.post(f"{page}/aterbetala", data=sent).status_code == 303
    shop.work_off()
    shop.tell()
    assert [one.amount for one in refunds()] == [Money(10600)]
    assert len(shop.stripe.books.all("refund")) == 1
    in_balance(shop)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"lines-0-amount": "424,01"}, "högst"),
        ({"lines-0-amount": "-5"}, "utan minustecken"),
        ({"lines-0-amount": "fem"}, "i kronor"),
        ({"lines-0-borne": "5"}, "samma rad"),
        ({"lines-0-amount": "5", "lines-0-borne": "339,21"}, ""),
        ({"lines-0-amount": "5", "lines-0-line": "4711"}, "ändrats"),
        ({}, "vad som ska betalas tillbaka"),
        ({"lines-0-amount": "5", "why": " "}, "Skriv varför"),
    ],
    ids=["more", "minus", "words", "borne alone", "more than earned", "another line", "nothing", "no reason"],
)
def test_what_cannot_be_is_refused_and_nothing_moves(shop, typed, sentence):
    page = delivered(shop)
    answer = shop.visit(FINANCE).fill(page, {"why": "Skadat.", **typed}, form=FORM)
    assert answer.status_code == 422
    assert sentence in answer.text
    shop.work_off()
    assert (refunds(), len(documents()), shop.stripe.books.all("refund")) == ([], 1, [])


def test_what_is_on_its_way_back_counts(shop):
    page = delivered(shop)
    shop.stripe.books.refunds_take_time = True
    fia = shop.visit(FINANCE)
    assert fia.fill(page, {"lines-0-amount": "400", "why": "Skadat."}, form=FORM).status_code == 303
    shop.work_off()
    shop.tell()
    assert [one.state for one in refunds()] == [RefundState.IN_TRANSIT]
    assert fia.fill(page, {"lines-0-amount": "25", "why": "Skadat."}, form=FORM).status_code == 422
    assert fia.fill(page, {"lines-0-amount": "24", "why": "Skadat."}, form=FORM).status_code == 303
    shop.work_off()
    for row in shop.stripe.books.all("refund"):
        shop.stripe.books.settle_refund(row["id"])
    shop.tell()
    assert payment().state == PaymentState.REFUNDED
    in_balance(shop)


def test_what_comes_back_from_the_bank_is_given_again_and_tied_once(shop):
    page = delivered(shop)
    shop.stripe.books.refunds_take_time = True
    shop.visit(FINANCE).fill(page, {"lines-0-amount": "100", "why": "Skadat."}, form=FORM)
    shop.work_off()
    shop.tell()
    shop.stripe.books.settle_refund(shop.stripe.books.all("refund")[0]["id"], failed=True)
    shop.tell()
    note = documents()[-1]
    assert tasks() == ["refund_failed"]
    assert not db.session.scalars(select(PaymentAllocation).where(PaymentAllocation.invoice_id == note.id)).all()
    shop.stripe.books.refunds_take_time = False
    settleflow.settle(the_order().id)
    shop.work_off()
    shop.tell()
    assert [(one.amount, one.state) for one in refunds()] == [
        (Money(10600), RefundState.FAILED), (Money(10600), RefundState.DONE),
    ]  # fmt: skip
    tied = db.session.scalars(select(PaymentAllocation).where(PaymentAllocation.invoice_id == note.id)).all()
    assert [(one.refund_id, one.amount) for one in tied] == [(refunds()[-1].id, Money(10600))]


def test_what_was_credited_during_an_objection_goes_back_when_it_is_decided_for_us(shop):
    delivered(shop)
    shop.stripe.books.dispute(payment().intent_id)
    shop.tell()
    (record,) = documents()
    typed = {f"amount-{record.lines[0].id}": "100", "why": "Skadat."}
    shop.visit(FINANCE).fill(f"/personal/fakturor/{record.id}", typed, form="form[action$='/kreditera']")
    shop.work_off()
    shop.tell()
    assert refunds() == [], "the bank holds it"
    shop.stripe.books.close_dispute(shop.stripe.books.all("dispute")[0]["id"], won=True)
    shop.tell()
    assert [(one.amount, one.state) for one in refunds()] == [(Money(10600), RefundState.DONE)]
    in_balance(shop)


def test_nothing_goes_back_before_it_is_drawn(shop):
    shop.paid()
    page = f"/personal/betalningar/{payment().id}"
    fia = shop.visit(FINANCE)
    assert not fia.page(page).cssselect(FORM)
    answer = fia.post(f"{page}/aterbetala", data={"why": "Ändå", "lines-0-line": "1", "lines-0-amount": "5"})
    assert answer.status_code == 422
    assert refunds() == []


def test_a_complaint_after_the_invoice_goes_back_to_the_card_when_it_is_credited(shop):
    """What staff decide is credited the next day, and what is credited goes back by itself."""
    delivered(shop)
    number = the_order().number
    kim, sam = shop.visit(KIM), shop.visit("sam@samklang.example")
    kim.fill(f"/bestallningar/{number}/reklamera", {"words": "En var mosig.", "quantity": "1"})
    waiting = sam.page("/personal/reklamationer").cssselect("tbody a[href*='/reklamationer/']")[0].get("href")
    sam.fill(waiting, {"avdrag-amount": "50", "avdrag-answer": "Vi beklagar."}, form="form[action$='/avdrag']")
    shop.later(days=1)
    from app import moneyflow  # noqa: PLC0415  the routine of each day, which one of the workers runs

    moneyflow.credit_all_due(shop.clock.now)
    db.session.commit()
    shop.work_off()
    shop.tell()
    assert [(one.amount, one.source.value) for one in refunds()] == [(Money(5300), "house")]
    in_balance(shop)


def test_only_finance_gives_back_and_sees_to_tasks(shop):
    page = delivered(shop)
    sam = shop.visit("sam@samklang.example")
    assert not sam.page(page).cssselect(FORM)
    assert sam.post(f"{page}/aterbetala", data={"why": "x"}).status_code == 403
    assert shop.visit(KIM).get(page).status_code == 403
    assert shop.visit(None).get(page).status_code == 302
    assert sam.get("/personal/betalningar/4711").status_code == 404


def test_finance_finds_what_to_look_at_and_marks_it_done(shop):
    shop.paid(FAR)
    shop.stripe.books.dispute(payment().intent_id)
    shop.tell()
    fia = shop.visit(FINANCE)
    assert "1 betalning att titta på" in text(fia.page("/personal/"))
    assert "Kunden bestrider" in text(fia.page("/personal/betalningar/uppgifter"))
    assert "bestrider" in text(fia.page(f"/personal/betalningar/{payment().id}"))
    fia.fill("/personal/betalningar/uppgifter", {"note": "Svarat med leveranskvitto."}, form="form[action$='/klar']")
    task = db.session.scalars(select(MoneyTask)).one()
    assert (task.done_by, task.note, tasks()) == ("Fia Finans", "Svarat med leveranskvitto.", [])
    assert fia.post(f"/personal/betalningar/uppgifter/{task.id}/klar", data={"note": "Igen"}).status_code == 409


def test_lists_show_each_heap(shop):
    delivered(shop)
    fia = shop.visit(FINANCE)
    for heap, rows in (("all", 1), ("open", 0), ("held", 0), ("drawn", 1), ("refunds", 0), ("surplus", 0), ("x", 1)):
        assert len(fia.page(f"/personal/betalningar?hog={heap}").cssselect("tbody tr")) == rows, heap
