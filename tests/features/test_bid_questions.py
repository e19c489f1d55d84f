"""Questions to the buyer: drafted, sent by us in the buyer's system, answered; and what others have asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db
from app.tenders.models import TenderQuestion
from tests.conftest import MONDAY
from tests.features.bid_case import count
from tests.features.team_case import TeamCase
from tests.furnished import furnished
from tests.people import document, text


@furnished
def case(app):
    return TeamCase(MONDAY)


@pytest.fixture
def eva(case, visit):
    return visit(case.eva.email)


def ask(browser, case, words="Gäller kravet även reservdelar?", ref="A1"):
    return browser.post(f"{case.where}/fragor", data={"question-text": words, "question-ref": ref})


def the_question() -> TenderQuestion:
    found = db.session.scalars(select(TenderQuestion).order_by(TenderQuestion.id.desc())).first()
    db.session.refresh(found)
    return found


def test_a_question_goes_from_draft_to_sent_to_answered(case, eva):
    assert ask(eva, case).status_code == 303
    path = f"{case.where}/fragor/{the_question().id}"
    assert eva.post(path, data={"question-text": "Gäller kravet A1 även reservdelar?"}).status_code == 303
    sent = {"sent-sent_in": "TendSign", "sent-at": "2026-11-23T08:45"}
    assert eva.post(f"{path}/skickad", data=sent).status_code == 303
    question = the_question()
    assert (question.state, question.sent_by, question.sent_in) == ("sent", "Eva Exempel", "TendSign")
    refused = eva.post(path, data={"question-text": "Något annat"})
    assert refused.status_code == 422
    assert "redan skickad" in refused.text
    assert eva.post(f"{path}/ta-bort").status_code == 409
    answer = {"answer-answer": "Nej.", "answer-at": "2026-11-23T08:55"}
    assert eva.post(f"{path}/svar", data=answer).status_code == 303
    assert eva.post(f"{path}/svar", data=answer).status_code == 422, "one answer"
    shown = text(eva.page(f"{case.where}/fragor"))
    for words in ("Gäller kravet A1 även reservdelar?", "Krav A1", "TendSign", "Nej.", "Köparen har svarat"):
        assert words in shown, words


def test_what_others_have_asked_is_entered_with_its_answer(case, eva):
    given = {"others-text": "Får man lämna flera anbud?", "others-answer": "Nej.", "others-at": "2026-11-22T10:00"}
    assert eva.post(f"{case.where}/fragor/andras", data=given).status_code == 303
    assert "Ställd av någon annan" in text(eva.page(f"{case.where}/fragor"))
    late = eva.post(f"{case.where}/fragor/andras", data={**given, "others-at": "2026-11-24T10:00"})
    assert late.status_code == 422
    assert count(TenderQuestion) == 1


def test_a_draft_can_be_dropped(case, eva):
    ask(eva, case)
    assert eva.post(f"{case.where}/fragor/{the_question().id}/ta-bort").status_code == 303
    assert count(TenderQuestion) == 0


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"words": ""}, "Skriv frågan"),
        ({"words": "x" * 20_001}, "högst"),
        ({"ref": "Z9"}, "Det finns inget krav Z9"),
    ],
)
def test_a_question_that_cannot_be_is_refused(case, eva, given, words):
    answer = ask(eva, case, **given)
    assert answer.status_code == 422
    assert words in text(document(answer))
    assert count(TenderQuestion) == 0


def test_nothing_is_sent_in_the_future(case, eva):
    ask(eva, case)
    path = f"{case.where}/fragor/{the_question().id}/skickad"
    answer = eva.post(path, data={"sent-sent_in": "TendSign", "sent-at": "2026-11-24T10:00"})
    assert answer.status_code == 422
    assert "i framtiden" in answer.text


def test_the_page_says_until_when_the_buyer_can_be_asked(case, eva, clock):
    shown = text(eva.page(f"{case.where}/fragor")).replace("\xa0", " ")
    assert "LOU 12:11" in shown
    assert "12 dec" in shown
    assert "Tiden för frågor är ute" not in shown
    clock.set(MONDAY + timedelta(days=20))
    assert "Tiden för frågor är ute" in text(eva.page(f"{case.where}/fragor"))
    clock.set(MONDAY)
    wrong = eva.post(f"{case.where}/fragor/tid", data={"until-until": "2026-12-19T12:00"})
    assert wrong.status_code == 422
    assert eva.post(f"{case.where}/fragor/tid", data={"until-until": "2026-12-01T12:00"}).status_code == 303
    clock.set(MONDAY + timedelta(days=9))
    shown = text(eva.page(f"{case.where}/fragor"))
    assert "LOU 12:11" not in shown
    assert "Tiden för frågor är ute" in shown
    assert eva.post(f"{case.where}/fragor/tid", data={"until-until": ""}).status_code == 303
    assert "LOU 12:11" in text(eva.page(f"{case.where}/fragor"))


def test_a_buyer_that_has_shortened_the_time_has_longer_to_answer_on_both_pages(case, eva):
    urgent = {"questions-questions_on": "", "questions-is_urgent": "y"}
    assert eva.post(f"{case.where}/datum/fragor", data=urgent).status_code == 303
    for page in ("/fragor", "/datum"):
        shown = text(eva.page(f"{case.where}{page}").cssselect("main")[0]).replace("\xa0", " ")
        assert "14 dec" in shown, page
        assert "12 dec" not in shown, page


def test_the_days_and_the_questions_know_the_same_last_day(case, eva):
    assert eva.post(f"{case.where}/fragor/tid", data={"until-until": "2026-12-01T12:00"}).status_code == 303
    (field,) = eva.page(f"{case.where}/datum").cssselect("[name=questions-questions_on]")
    assert field.get("value") == "2026-12-01"
    same = {"questions-questions_on": "2026-12-01", "questions-is_urgent": "y"}
    assert eva.post(f"{case.where}/datum/fragor", data=same).status_code == 303
    assert "12:00" in text(eva.page(f"{case.where}/fragor"))
    assert eva.post(f"{case.where}/datum/fragor", data={"questions-questions_on": "2026-12-03"}).status_code == 303
    assert "3 dec 23:59" in text(eva.page(f"{case.where}/fragor")).replace("\xa0", " ")
    assert eva.post(f"{case.where}/datum/fragor", data={"questions-questions_on": ""}).status_code == 303
    assert "LOU 12:11" in text(eva.page(f"{case.where}/fragor"))


def test_another_tenders_question_is_not_there(case, eva):
    for path in ("/fragor/77", "/fragor/77/skickad", "/fragor/77/svar", "/fragor/77/ta-bort"):
        assert eva.post(case.where + path, data={}).status_code == 404, path


def test_the_list_is_paged_in_a_steady_number_of_statements(case, eva, queries):
    path = f"{case.where}/fragor"
    eva.page(path)
    with queries() as few:
        eva.page(path)
    for n in range(43):
        ask(eva, case, f"Fråga {n}?")
    with queries() as many:
        page = eva.page(path)
    assert len(many) == len(few)
    assert len(page.cssselect(".questions > li")) == 40
    assert len(eva.page(f"{path}?sida=2").cssselect(".questions > li")) == 3
    assert eva.get(f"{path}?sida=99").status_code == 200
