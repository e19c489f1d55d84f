"""The buyer sends a newer form: what is new, changed and gone is shown, and no answer or price is lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app.db import db
from app.tenders.models import BidAnswer, RowPrice, TenderPriceRow
from tests import buyers_forms
from tests.features.bid_case import gaps
from tests.features.buyers_form_case import furnish, handed_in, requirements, review, take_in
from tests.furnished import furnished
from tests.people import document, save, text


@furnished
def case(app):
    return furnish()


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def answered(case, ref: str, words: str) -> int:
    """Somebody has answered yes; the requirement's id."""
    requirement_id = requirements(case)[ref].id
    now = app_clock.now()
    db.session.add(BidAnswer(bid_id=case.bid.id, requirement_id=requirement_id, says=True, text=words, saved_at=now))
    save()
    return requirement_id


def test_another_form_is_not_taken_for_a_newer_one_of_the_first(case, sales, work_off):
    take_in(sales, handed_in(sales, case, work_off, buyers_forms.workbook()))
    other = buyers_forms.workbook(
        ("7.1", "Anbudsgivaren ska ha en miljöpolicy.", "Ska"), ("7.2", "Och följa den.", "Ska")
    )
    second = handed_in(sales, case, work_off, other, "miljo.xlsx", "t2")
    chosen = sales.page(f"{second}/tabell/0").cssselect("select[name=replaces] option[selected]")[0]
    assert text(chosen) == "Inget: det här är nytt"
    take_in(sales, second)
    found = requirements(case)
    assert {"1.1", "1.2", "7.1", "7.2"} <= found.keys()
    assert not any(one.withdrawn for one in found.values())


def test_a_newer_form_shows_what_changed_and_loses_no_answer(case, sales, work_off, clock):
    first = handed_in(sales, case, work_off, buyers_forms.workbook())
    take_in(sales, first)
    for ref in ("1.1", "1.2"):
        answered(case, ref, f"Vårt svar på {ref}")
    rows = [("1.1.", "Leverantören ska ha F-skatt och moms.", "Ska"), ("1.3", "Nytt krav", "Ska"),
            ("1.10", "Fakturan  skickas som\nPeppol.", "Kontrakt, särskild uppföljning")]  # fmt: skip
    second = handed_in(sales, case, work_off, buyers_forms.workbook(*rows), "krav-v2.xlsx", "t2")
    page = document(review(sales, second))
    assert [text(tab) for tab in page.cssselect("nav.tab-row li")] == ["Nya 1", "Ändrade 1", "Borta 1", "Oförändrade 1"]
    changed = text(document(review(sales, second, visa="changed")))
    assert "Leverantören ska ha F-skatt.Leverantören ska ha F-skatt och moms." in changed
    assert "Är besvarat" in changed
    take_in(sales, second)
    found = requirements(case)
    assert [ref for ref, each in found.items() if not each.withdrawn] == ["A1", "1.1", "1.3", "1.10"]
    assert (found["1.2"].withdrawn, found["1.1"].earlier_text) == (True, "Leverantören ska ha F-skatt.")
    answers = {a.requirement_id: a for a in db.session.scalars(select(BidAnswer))}
    assert answers[found["1.2"].id].text == "Vårt svar på 1.2"
    assert (answers[found["1.1"].id].look_again, answers[found["1.1"].id].text) == (True, "Vårt svar på 1.1")
    assert "Köparen har ändrat 1.1 sedan det besvarades" in gaps(sales, case.where)
    assert "1.2" not in gaps(sales, case.where)
    listed = text(sales.page(f"{case.where}/svar"))
    assert "Ändrat: läs igen" in listed
    assert "Struket av köparen" in listed
    one = f"{case.where}/svar/{found['1.1'].id}"
    assert "Leverantören ska ha F-skatt." in text(sales.page(one))
    sales.fill(one, {"text": "Vi har båda"}, form="form[enctype]")
    db.session.expire_all()
    assert not db.session.scalar(select(BidAnswer).where(BidAnswer.look_again))


def test_what_was_withdrawn_comes_back_with_its_answer(case, sales, work_off, clock):
    for number, rows in enumerate(
        (buyers_forms.REQUIREMENTS, buyers_forms.REQUIREMENTS[:2], buyers_forms.REQUIREMENTS)
    ):
        where = handed_in(sales, case, work_off, buyers_forms.workbook(*rows), f"v{number}.xlsx", f"t{number}")
        take_in(sales, where)
        if not number:
            answered(case, "1.10", "Peppol")
        assert requirements(case)["1.10"].withdrawn is (number == 1)
    assert db.session.scalar(select(BidAnswer.text)) == "Peppol"


def test_a_requirement_that_was_not_withdrawn_after_all_holds_again(case, sales):
    requirement = requirements(case)["A1"]
    requirement.withdrawn = True
    save()
    assert "A1" not in gaps(sales, case.where)
    one = f"{case.where}/krav/{requirement.id}"
    assert "Struket av köparen" in text(sales.page(one))
    sales.post(f"{one}/galler")
    assert not requirements(case)["A1"].withdrawn
    assert "A1" in gaps(sales, case.where)


def test_whoever_writes_while_the_form_changes_is_told(case, sales, work_off, clock):
    where = handed_in(sales, case, work_off, buyers_forms.workbook())
    take_in(sales, where)
    one = f"{case.where}/svar/{answered(case, '1.1', 'Först')}"
    form = dict(sales.page(one).cssselect("form[enctype]")[0].form_values())
    newer = buyers_forms.workbook(("1.1", "Något helt annat", "Ska"))
    take_in(sales, handed_in(sales, case, work_off, newer, "v2.xlsx", "t2"))
    late = sales.post(one, data={**form, "text": "Sent"})
    assert late.status_code == 409
    assert "Köparen har ändrat kravet medan du skrev" in late.text
    assert "Sent" in late.text


def test_a_price_row_that_somebody_has_priced_is_not_removed(case, sales, work_off, clock):
    rows = [("2.1", "Päron", 10, "kg"), ("2.2", "Äpple", 20, "kg"), ("2.3", "Banan", 30, "kg")]
    take_in(sales, handed_in(sales, case, work_off, buyers_forms.price_book(*rows)))
    priced = db.session.scalars(select(TenderPriceRow).where(TenderPriceRow.ref == "2.2")).one()
    db.session.add(RowPrice(bid_id=case.bid.id, row_id=priced.id, margin_percent=Decimal(5)))
    save()
    newer = buyers_forms.price_book(("2.1", "Päron", 15, "kg"))
    take_in(sales, handed_in(sales, case, work_off, newer, "v2.xlsx", "t2"))
    db.session.expire_all()
    left = {row.ref: row.quantity for row in db.session.scalars(select(TenderPriceRow)) if row.lot_id is None}
    assert left == {"2.1": Decimal(15), "2.2": Decimal(20)}
