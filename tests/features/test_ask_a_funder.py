"""A call: questions to the funder with their answers, and the funder's own form taken in and given back filled in."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from app import clock as app_clock
from app.db import db
from app.tenders import versions
from app.tenders.forms import returning
from app.tenders.forms.models import FilledForm
from app.tenders.models import BidVersion, TenderQuestion, TenderRequirement
from app.tenders.offers import offer_of
from bids.kinds import RequirementKind
from tests import buyers_forms
from tests.buyers_forms import saved
from tests.features.buyers_form_case import handed_in, review, take_in
from tests.features.call_case import CallCase
from tests.features.test_call_words import strange
from tests.furnished import furnished
from tests.people import document, text

pytestmark = pytest.mark.filterwarnings("ignore:Data Validation extension")
ROWS = (
    ("1", "Vad ska projektet lösa?", "Max 500"),
    ("2", "Hur ska ni arbeta?", "2 000 tecken"),
    ("3", "Vad händer sen?", None),
)


@furnished
def case(app) -> CallCase:
    return CallCase(app_clock.now())


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def the_question() -> TenderQuestion:
    found = db.session.scalars(select(TenderQuestion)).one()
    db.session.refresh(found)
    return found


def test_a_question_is_drafted_sent_and_answered(case, sales):
    page = sales.page(f"{case.where}/fragor")
    assert "Finansiären anger ingen sista dag för frågor" in text(page)
    assert "LOU" not in text(page)
    typed = {"question-text": "Räknas volontärer som egen insats?", "question-ref": "1.1"}
    assert sales.post(f"{case.where}/fragor", data=typed).status_code == 303
    path = f"{case.where}/fragor/{the_question().id}"
    db.session.rollback()
    assert (
        sales.post(f"{path}/skickad", data={"sent-sent_in": "E-post", "sent-at": "2026-11-23T08:45"}).status_code == 303
    )
    answer = {"answer-answer": "Ja, till schablon.", "answer-at": "2026-11-23T08:55"}
    assert sales.post(f"{path}/svar", data=answer).status_code == 303
    shown = text(sales.page(f"{case.where}/fragor"))
    for words in ("Räknas volontärer", "Fråga 1.1", "E-post", "Ja, till schablon.", "Finansiären har svarat"):
        assert words in shown, words
    assert strange(sales.page(path), "sv") == []


def test_what_cannot_be_is_refused_in_the_words_of_calls(case, sales):
    late = sales.post(f"{case.where}/fragor/tid", data={"until-until": "2026-12-20T12:00"})
    assert late.status_code == 422
    assert "efter sista ansökningsdag" in late.text
    unknown = sales.post(f"{case.where}/fragor", data={"question-text": "Vad?", "question-ref": "99"})
    assert "ingen fråga 99" in unknown.text


def the_form(*rows) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(["Nr", "Fråga", "Högst antal tecken", "Svar"])
    for row in rows or ROWS:
        sheet.append(row)
    return saved(book)


def asked(case: CallCase) -> dict[str, tuple[RequirementKind, str, int]]:
    db.session.expire_all()
    rows = db.session.scalars(select(TenderRequirement).where(TenderRequirement.tender_id == case.tender.id))
    found = {row.ref: (row.kind, row.text, row.most_characters) for row in rows}
    db.session.rollback()
    return found


def test_the_funders_form_gives_its_questions_and_comes_back_with_our_words(case, sales, work_off):
    where = handed_in(sales, case, work_off, the_form(), "Ansökan.xlsx")
    for path in (f"{case.where}/formular", where, f"{where}/tabell/0"):
        assert strange(sales.page(path), "sv") == [], path
    assert take_in(sales, where).status_code == 303
    question = RequirementKind.QUESTION
    assert asked(case)["1"] == (question, "Vad ska projektet lösa?", 500)
    assert asked(case)["2"] == (question, "Hur ska ni arbeta?", 2000)
    assert asked(case)["3"] == (question, "Vad händer sen?", 0)
    first = next(row.id for row in case.tender.requirements if row.ref == "1")
    db.session.rollback()
    sales.fill(
        f"{case.where}/svar/{first}", {"text": "Fler stannar i arbete."}, form="form#svar, main form[method=post]"
    )
    assert "1 cell fylls med det som ansökan säger nu" in text(sales.page(f"{where}/svar"))
    sheet = load_workbook(BytesIO(sales.get(f"{where}/svar/fil").data)).active
    assert [row[3].value for row in sheet.iter_rows(2)] == ["Fler stannar i arbete.", None, None], "no yes before it"


def test_a_newer_form_changes_only_what_it_says(case, sales, work_off):
    take_in(sales, handed_in(sales, case, work_off, the_form(), "Ansökan.xlsx"))
    newer = the_form(ROWS[0], ("2", "Hur ska ni arbeta?", 1500), ROWS[2])
    where = handed_in(sales, case, work_off, newer, "Ansökan 2.xlsx", ticket="t2")
    assert "Längsta svar, tecken" in text(document(review(sales, where)))
    take_in(sales, where)
    assert [asked(case)[ref][2] for ref in ("1", "2", "3")] == [500, 1500, 0]


def test_a_number_that_is_none_and_prices_are_refused(case, sales, work_off):
    odd = handed_in(sales, case, work_off, the_form(("1", "Vad?", "många"), ("2", "Hur?", 5)), "a.xlsx")
    assert "inget antal tecken" in text(document(review(sales, odd)))
    prices = handed_in(sales, case, work_off, buyers_forms.rich_workbook(), "b.xlsx", ticket="t2")
    assert review(sales, prices, 1, takes="rows").status_code == 422


def test_the_form_goes_with_the_application_that_was_sent_in(case, sales, work_off):
    take_in(sales, handed_in(sales, case, work_off, the_form(), "Ansökan.xlsx"))
    assert returning.has_forms(case.bid)
    version = versions.freeze(case.bid, offer_of(case.bid, now=app_clock.now()), by=case.sam, now=app_clock.now())
    db.session.flush()
    returning.fill_for_version(version.id)
    db.session.commit()
    kept = db.session.scalars(select(FilledForm)).one()
    assert kept.file.name == "Ansökan.xlsx"
    assert db.session.get_one(BidVersion, kept.version_id).bid_id == case.bid.id
