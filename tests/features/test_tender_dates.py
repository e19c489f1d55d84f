"""The days of tenders: in each, and in all by month."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.db import db
from app.tenders import actions
from app.tenders.actions import TenderFacts
from app.tenders.dates.models import TenderDates, TenderEntry
from app.tenders.models import Bid, BidState, Tender, TenderState
from bids.kinds import BidForm
from tests.conftest import MONDAY
from tests.features.dates_case import CALENDAR, DEADLINE, EVA, SAM, VISIT, furnish, where
from tests.furnished import furnished
from tests.people import document, text, together

ANSWERED = "Frågor som har ställts i god tid ska vara besvarade då, annars ska anbudstiden förlängas."


@furnished
def tender(app):
    return furnish()


def rows(browser, path: str, columns: int = 3) -> list[list[str]]:
    body = browser.page(path).cssselect("main tbody")
    return [[text(cell) for cell in row[:columns]] for row in body[0]] if body else []


def hand_in(tender: Tender, to: TenderState = TenderState.SUBMITTED) -> None:
    """A bid was handed in, and perhaps decided; only the states matter here."""
    db.session.add(Bid(tender_id=tender.id, form=BidForm.GROUP, created_at=MONDAY, offered_validity=date(2027, 4, 30)))
    for state in (TenderState.BIDDING, TenderState.SUBMITTED, to):
        tender.state = state
    db.session.commit()


def award(browser, tender: Tender, sent: str, how: str = "electronic", asked: str = ""):
    values = {"award-sent_on": sent, "award-how": how, "award-report_asked_on": asked}
    return browser.post(f"{where(tender)}/tilldelning", data=values)


def test_a_tender_shows_its_days_with_the_law(tender, visit):
    assert rows(visit(SAM), where(tender), 4) == [
        ["Sista dag för frågor (vårt förslag)", "tis 8 dec", "15 dagar", "vår egen"],
        ["Köparen ska ha svarat på frågor", "lör 12 dec", "19 dagar", f"enligt lag LOU 19 kap. 13 § {ANSWERED}"],
        ["Sista anbudsdag", "fre 18 dec kl. 12:00", "25 dagar", "köparens"],
        ["Anbudet är bindande till och med", "ons 31 mars 2027", "128 dagar", "köparens"],
    ]


def test_the_buyers_own_day_and_urgency_change_them(tender, visit):
    sam = visit(SAM)
    values = {"questions-questions_on": "2026-12-04", "questions-is_urgent": "y"}
    assert sam.post(f"{where(tender)}/fragor", data=values).status_code == 303
    assert rows(sam, where(tender), 2)[:2] == [
        ["Sista dag för frågor", "fre 4 dec"],
        ["Köparen ska ha svarat på frågor", "mån 14 dec"],
    ]


@pytest.mark.parametrize(
    ("path", "values", "sentence"),
    [
        ("fragor", {"questions-questions_on": "2026-12-19"}, "ligger efter sista anbudsdag"),
        ("fragor", {"questions-questions_on": "snart"}, "Skriv datumet"),
        ("egna", {**VISIT, "entry-title": " "}, "Skriv vad som händer"),
        ("egna", {**VISIT, "entry-title": "x" * 201}, "högst 200 tecken"),
        ("egna", {**VISIT, "entry-day": "1026-12-01"}, "Kontrollera året"),
        ("egna", {**VISIT, "entry-at": "25:99"}, "Skriv klockslaget"),
    ],
)
def test_faulty_days_are_refused_in_words(tender, visit, path, values, sentence):
    answer = visit(SAM).post(f"{where(tender)}/{path}", data=values)
    assert answer.status_code == 422
    assert sentence in text(document(answer).cssselect(".error-summary")[0])
    assert db.session.scalars(select(TenderDates)).all() == db.session.scalars(select(TenderEntry)).all() == []


def test_after_the_decision_the_standstill_runs(tender, visit, clock):
    hand_in(tender, TenderState.LOST)
    clock.now = datetime(2026, 12, 22, 8, 0, tzinfo=UTC)
    sam = visit(SAM)
    assert award(sam, tender, "2026-12-21").status_code == 303
    assert rows(sam, where(tender), 2) == [
        ["Begär skälen för beslutet (vårt råd)", "tis 22 dec"],
        ["Avtalsspärren löper ut", "mån 4 jan 2027"],
        ["Sista dag att ansöka om överprövning", "mån 4 jan 2027"],
    ]
    assert "Flyttad från tors 31 dec" in text(sam.page(where(tender)).cssselect("main")[0])
    assert award(sam, tender, "2026-12-21", "otherwise", "2026-12-22").status_code == 303
    assert rows(sam, where(tender), 2)[0] == ["Avtalsspärren löper ut", "tis 5 jan 2027"]
    assert ["Köparen ska ha lämnat skälen", "tors 7 jan 2027"] in rows(sam, where(tender), 2)


def test_where_the_outcome_is_the_notice_can_be_entered(tender, visit):
    hand_in(tender)
    db.session.scalars(select(Bid)).one().state = BidState.SUBMITTED
    db.session.commit()
    form = visit(SAM).page(f"/personal/upphandlingar/{tender.id}/lamna").cssselect("#tilldelning form")
    assert [one.get("action") for one in form] == [f"{where(tender)}/tilldelning"]


@pytest.mark.parametrize(
    ("sent", "how", "asked", "sentence"),
    [
        ("2026-12-23", "electronic", "", "ligger i framtiden"),
        ("2026-12-21", "", "", "både när och hur"),
        ("", "electronic", "", "både när och hur"),
        ("2026-12-17", "electronic", "", "före sista anbudsdag"),
        ("2026-12-21", "electronic", "2026-12-30", "ligger i framtiden"),
        ("2026-12-21", "pigeon", "", "Välj i listan"),
    ],
)
def test_a_notice_that_cannot_be_is_refused(tender, visit, clock, sent, how, asked, sentence):
    hand_in(tender)
    clock.now = datetime(2026, 12, 22, 8, 0, tzinfo=UTC)
    answer = award(visit(SAM), tender, sent, how, asked)
    assert answer.status_code == 422
    assert sentence in text(document(answer).cssselect(".error-summary")[0])


def test_without_a_bid_there_is_no_decision_to_wait_for(tender, visit):
    answer = award(visit(SAM), tender, "2026-11-20")
    assert answer.status_code == 422
    assert "inte lämnat" in answer.text


def test_a_day_of_our_own_stands_in_the_calendar_until_it_is_taken_away(tender, visit):
    sam = visit(SAM)
    for _ in range(2):  # a double click
        assert sam.post(f"{where(tender)}/egna", data=VISIT).status_code == 303
    assert rows(sam, where(tender), 2)[0] == ["Platsbesök Köket", "tis 1 dec kl. 13:30"]
    entry = db.session.scalars(select(TenderEntry.id)).one()
    other = actions.register(TenderFacts(title="Städ", buyer_name="Regionen"), by=None, now=MONDAY)
    db.session.flush()
    assert sam.post(f"{where(other)}/egna/{entry}/bort").status_code == 404
    assert sam.post(f"{where(tender)}/egna/{entry}/bort").status_code == 303
    assert rows(sam, where(tender), 1)[0] != ["Platsbesök Köket"]


def test_two_who_enter_at_once_both_succeed(tender, visit):
    values, path = {"questions-questions_on": "2026-12-04"}, f"{where(tender)}/fragor"
    sam, other = visit(SAM), visit(SAM)

    def enter(browser):
        return lambda: browser.post(path, data=values).status_code

    assert together(enter(sam), enter(other)) == [303, 303]


def test_the_month_shows_all_tenders_and_nothing_that_is_over(tender, visit):
    other = actions.register(TenderFacts(title="Städ", buyer_name="Regionen", deadline=DEADLINE), by=None, now=MONDAY)
    other.state = TenderState.DECLINED
    db.session.commit()
    sam = visit(SAM)
    sam.post(f"{where(tender)}/egna", data=VISIT)
    assert rows(sam, f"{CALENDAR}?manad=2026-12", 2) == [
        ["tis 1 dec kl. 13:30", "Platsbesök Köket"],
        ["tis 8 dec", "Sista dag för frågor (vårt förslag)"],
        ["lör 12 dec", "Köparen ska ha svarat på frågor"],
        ["fre 18 dec kl. 12:00", "Sista anbudsdag"],
    ]
    assert rows(sam, f"{CALENDAR}?manad=2027-03", 2) == [["ons 31 mars 2027", "Anbudet är bindande till och med"]]
    assert rows(sam, CALENDAR) == []


def test_a_deadline_in_the_next_month_gives_this_one_its_day_for_questions(tender, visit):
    tender.deadline = datetime(2026, 12, 8, 11, 0, tzinfo=UTC)
    db.session.commit()
    assert rows(visit(SAM), f"{CALENDAR}?manad=2026-11", 2) == [["fre 27 nov", "Sista dag för frågor (vårt förslag)"]]


@pytest.mark.parametrize("odd", ["", "2026", "2026-13", "1899-01", "9999-12", "x" * 3000, "2026-1"])
def test_a_month_that_is_none_gives_this_one(tender, visit, odd):
    assert "November 2026" in text(visit(SAM).page(f"{CALENDAR}?manad={odd}").cssselect("main")[0])


def test_the_edges_of_what_is_shown_have_no_further_month(tender, visit):
    sam = visit(SAM)
    assert not sam.page(f"{CALENDAR}?manad=2099-12").cssselect("a[rel=next]")
    assert not sam.page(f"{CALENDAR}?manad=2020-01").cssselect("a[rel=prev]")


def test_the_month_takes_as_many_statements_for_many_tenders(tender, visit, queries):
    sam = visit(SAM)
    sam.page(CALENDAR)  # what every page shows at its foot is read once
    with queries() as few:
        sam.page(f"{CALENDAR}?manad=2026-12")
    for number in range(12):
        facts = TenderFacts(title=f"Nummer {number}", buyer_name="Regionen", deadline=DEADLINE)
        actions.register(facts, by=None, now=MONDAY)
    with queries() as many:
        sam.page(f"{CALENDAR}?manad=2026-12")
    assert len(many) == len(few) <= 12


def test_finance_reads_and_enters_nothing(tender, visit):
    eva = visit(EVA)
    assert eva.page(where(tender)).cssselect("main form") == []
    assert eva.post(f"{where(tender)}/egna", data=VISIT).status_code == 403
    assert eva.post(f"{CALENDAR}/paminnelser", data={"days_ahead": "3"}).status_code == 403
    assert visit(None).get(CALENDAR).status_code == 302
