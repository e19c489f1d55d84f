"""The buyer's notice says until when it takes questions: the day is ours, and moves with it unless we entered one."""

from __future__ import annotations

import pytest

from app.tenders.models import Tender
from app.tenders.noticing.models import ChangeState
from tests.features.notice_case import BEFORE, CHANGED, FIRST, changes, take
from tests.make import make_sam
from tests.people import text

pytestmark = pytest.mark.both


def asking(source: str, day: str, hour: str = "12:00:00+02:00") -> str:
    """The notice with a last moment for questions (BT-13) in its first lot."""
    period = f"<cbc:EndDate>{day}+02:00</cbc:EndDate><cbc:EndTime>{hour}</cbc:EndTime>"
    name = "cac:AdditionalInformationRequestPeriod"
    return source.replace("<cac:TenderSubmission", f"<{name}>{period}</{name}><cac:TenderSubmission", 1)


def told(sales, tender: Tender) -> tuple[str, str]:
    """What the page of the days says of questions, and the page of the questions."""
    where = f"/personal/upphandlingar/{tender.id}"
    rows = [text(row) for row in sales.page(f"{where}/datum").cssselect("main tbody tr")]
    page = text(sales.page(f"{where}/fragor"))
    begun = page.index("Frågor till köparen")
    return next(row for row in rows if "frågor" in row).replace("\xa0", " "), page[begun:].replace("\xa0", " ")


def test_the_buyers_last_day_for_questions_is_ours_on_both_pages(app, visit, clock):
    make_sam()
    clock.set(BEFORE)
    done = take(asking(FIRST, "2026-04-28"))
    days, questions = told(visit("sam@samklang.example"), done.tender)
    assert "28 apr" in days
    assert "vårt förslag" not in days
    assert "28 apr 12:00" in questions
    assert "LOU 12:11" not in questions


def test_a_day_for_questions_that_moves_is_followed_and_told(app, visit, clock):
    make_sam()
    clock.set(BEFORE)
    take(asking(FIRST, "2026-04-28"))
    done = take(asking(CHANGED, "2026-05-04"))
    assert changes()["Sista dag för frågor"].state is ChangeState.APPLIED
    days, questions = told(visit("sam@samklang.example"), done.tender)
    assert "4 maj" in days
    assert "4 maj 12:00" in questions


@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("datum/fragor", {"questions-questions_on": "2026-04-24"}),
        ("fragor/tid", {"until-until": "2026-04-24T23:59"}),
    ],
)
def test_a_day_for_questions_entered_by_hand_stays_until_somebody_chooses(app, visit, clock, page, data):
    make_sam()
    clock.set(BEFORE)
    where = f"/personal/upphandlingar/{take(asking(FIRST, '2026-04-28')).tender.id}"
    sales = visit("sam@samklang.example")
    assert sales.post(f"{where}/{page}", data=data).status_code == 303
    done = take(asking(CHANGED, "2026-05-04"))
    days, questions = told(sales, done.tender)
    assert "24 apr" in days
    assert "24 apr 23:59" in questions
    kept = changes()["Sista dag för frågor"]
    assert kept.state is ChangeState.KEPT
    assert sales.post(f"{where}/andringar/{kept.id}/ta").status_code == 303
    days, questions = told(sales, done.tender)
    assert "4 maj" in days
    assert "4 maj 12:00" in questions
