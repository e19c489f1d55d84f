"""A funder has decided: granted, granted in part or refused, why, what we ask to read, and how often it goes well."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import bidflow
from app import clock as app_clock
from app.db import db
from app.money import NOUGHT, Money
from app.tenders import actions
from app.tenders.actions import TenderFacts
from app.tenders.dates.models import TenderDates
from app.tenders.debrief import queries, win_rate
from app.tenders.debrief.models import AwardGround, PaperRequest
from app.tenders.debrief.win_rate import By
from app.tenders.models import Bid, BidState, TenderState
from bids.kinds import BidForm, TenderKind
from tests.features.bid_case import count
from tests.features.call_case import DEADLINE, CallCase
from tests.features.test_learn_from_an_award import LETTER
from tests.furnished import furnished
from tests.make import make_user
from tests.people import text

RATES = "/personal/upphandlingar/utfall"
DAY = "2027-02-01"


@furnished
def case(app) -> CallCase:
    """An application for 300 000 kronor, sent in."""
    made = CallCase(app_clock.now())
    make_user(made.fruit.email, member=made.fruit)
    bidflow.invite([made.partner], by=made.sam, now=app_clock.now())
    made.tender.programme = "Socialfonden+"
    made.bid.state, made.tender.state = BidState.SUBMITTED, TenderState.SUBMITTED
    db.session.commit()
    return made


@pytest.fixture(autouse=True)
def the_last_day_has_passed(clock):
    clock.set(DEADLINE + timedelta(hours=1))


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def decide(browser, case: CallCase, outcome: str, granted: str = "", day: str = DAY):
    typed = {"decision-outcome": outcome, "decision-granted": granted, "decision-decided_on": day}
    return browser.fill(f"{case.where}/efter", typed, form="form[action$=beslut]")


def stands(case: CallCase) -> tuple[str, Money | None, Money | None]:
    db.session.expire_all()
    bid = db.session.get_one(Bid, case.bid.id)
    found = str(bid.state), bid.applied_for, bid.granted
    db.session.rollback()
    return found


def test_all_that_was_applied_for_is_granted(case, sales, work_off, outbox):
    assert decide(sales, case, "won").status_code == 303
    assert stands(case) == ("won", Money.kronor(300_000), Money.kronor(300_000))
    page = text(sales.page(f"{case.where}/efter"))
    assert "Beviljad" in page
    assert "Delvis" not in page.partition("Rätta beslutet")[0]
    assert text(sales.page(case.where).cssselect(".tender-line .badge")[0]) == "Beviljad"
    assert "Delvis" not in text(sales.page("/personal/upphandlingar?state=won").cssselect("main tbody tr")[0])
    work_off()
    assert "Besked om ansökan: Vägar in" in outbox.subjects_to(case.fruit.email)


def test_a_part_is_granted_and_the_members_read_how_much(case, sales, work_off, outbox):
    assert decide(sales, case, "partly", "200 000").status_code == 303
    assert stands(case) == ("won", Money.kronor(300_000), Money.kronor(200_000))
    shown = text(sales.page(f"{case.where}/efter")).replace("\u00a0", " ")
    assert "Delvis beviljad" in shown
    assert "200 000,00 kr" in shown
    assert "Delvis beviljad" in text(sales.page(f"{case.where}/lamna"))
    assert text(sales.page(case.where).cssselect(".tender-line .badge")[0]) == "Delvis beviljad"
    (row,) = sales.page("/personal/upphandlingar?state=won").cssselect("main tbody tr")
    assert "Delvis beviljad" in text(row)
    work_off()
    letter = next(one for one in outbox if one.subject == "Besked om ansökan: Vägar in")
    assert "en del av det vi sökte: 200 000,00 kr av 300 000,00 kr" in letter.body.replace("\u00a0", " ")


def test_a_refusal_is_nothing_granted(case, sales):
    assert decide(sales, case, "lost").status_code == 303
    assert stands(case) == ("lost", Money.kronor(300_000), NOUGHT)
    assert "Avslag" in text(sales.page(f"{case.where}/efter"))


@pytest.mark.parametrize(
    ("outcome", "granted", "day", "words"),
    [
        ("partly", "", DAY, "Skriv hur mycket som beviljades"),
        ("partly", "300 001", DAY, "Mer kan inte beviljas"),
        ("partly", "-5", DAY, ""),
        ("partly", "0", DAY, ""),
        ("won", "200 000", DAY, "Välj delvis beviljad, eller töm beloppet"),
        ("lost", "5", DAY, "Välj delvis beviljad, eller töm beloppet"),
        ("won", "", "2026-11-30", "kan inte ha beslutat före sista ansökningsdag"),
        ("moon", "", DAY, ""),
        ("", "", DAY, ""),
    ],
)
def test_a_decision_that_cannot_be_changes_nothing(case, sales, outcome, granted, day, words):
    answer = decide(sales, case, outcome, granted, day)
    assert answer.status_code == 422
    assert words in answer.text
    assert stands(case) == ("submitted", None, None)


def test_a_decision_that_is_put_right_is_told_once_more(case, sales, work_off, outbox):
    decide(sales, case, "won")
    decide(sales, case, "partly", "200 000")
    decide(sales, case, "partly", "200 000")
    work_off()
    assert outbox.subjects_to(case.fruit.email).count("Besked om ansökan: Vägar in") == 2


@pytest.mark.both
def test_two_who_write_the_decision_at_once_do_not_overwrite_each_other(case, sales):
    page = sales.page(f"{case.where}/efter").cssselect("form[action$=beslut]")[0]
    sent = {**dict(page.form_values()), "decision-outcome": "lost", "decision-decided_on": DAY}
    decide(sales, case, "partly", "200 000")
    assert sales.post(f"{case.where}/beslut", data=sent).status_code == 422
    assert stands(case)[0] == "won"


def test_before_it_is_sent_in_there_is_no_decision(case, sales):
    case.bid.state, case.tender.state = BidState.DRAFT, TenderState.BIDDING
    db.session.commit()
    assert "När ansökan är inskickad" in text(sales.page(f"{case.where}/efter"))
    refused = sales.post(f"{case.where}/beslut", data={"decision-outcome": "won", "decision-decided_on": DAY})
    assert refused.status_code == 409
    assert stands(case)[0] == "draft"


def procured(case: CallCase, cpv: str, state: BidState) -> Bid:
    """A tender of Fonden's, with our bid on it."""
    facts = TenderFacts(title="Frukt", buyer_name="Fonden", cpv=cpv, deadline=DEADLINE)
    tender = actions.register(facts, by=case.sam, now=app_clock.now())
    bid = bidflow.start_bid(tender, BidForm.SUBCONTRACTORS, by=case.sam, now=app_clock.now())
    bid.state = BidState.SUBMITTED
    bid.state = state
    db.session.commit()
    return bid


def test_a_tender_has_no_such_decision_and_a_call_no_rivals(case, sales):
    tender = f"/personal/upphandlingar/{procured(case, '03222000', BidState.SUBMITTED).tender_id}"
    db.session.rollback()
    assert sales.post(f"{tender}/beslut", data={"decision-outcome": "won"}).status_code == 404
    assert sales.post(f"{case.where}/efter/andra", data={}).status_code == 404
    assert sales.post(f"{case.where}/lamna/utfall", data={"state": "won", "decided_on": DAY}).status_code == 404


def test_a_funders_reasons_are_its_own(case, sales):
    form = sales.page(f"{case.where}/efter").cssselect("form[action$=skal]")[0]
    assert "Behovet och målgruppen" in text(form)
    assert "Kvalitetspoäng" not in text(form)
    typed = {"grounds-says_need": "for", "grounds-says_co_financing": "against", "grounds-note_co_financing": "Osäker"}
    assert sales.post(f"{case.where}/efter/skal", data=typed).status_code == 303
    there = {ground: (one.for_us, one.note) for ground, one in queries.grounds_of(case.bid).items()}
    db.session.rollback()
    assert there == {"need": (True, ""), "co_financing": (False, "Osäker")}
    assert win_rate.grounds(None, TenderKind.CALL) == [
        (AwardGround.CO_FINANCING, 0, 1),
        (AwardGround.NEED, 1, 0),
    ]
    assert win_rate.grounds(None, TenderKind.PROCUREMENT) == []


def test_we_ask_the_funder_for_its_assessment_and_name_no_law_of_procurement(case, sales, work_off, outbox):
    form = sales.page(f"{case.where}/efter").cssselect("form[action$=brev]")[0]
    letter = dict(form.form_values())["letter-text"]
    assert "bedömningen av vår ansökan" in letter
    assert "LOU" not in letter
    assert sales.post(f"{case.where}/efter/brev", data=LETTER).status_code == 303
    work_off()
    assert count(PaperRequest) == 1
    assert "Begäran" in outbox.subjects_to(LETTER["letter-address"])
    assert db.session.scalar(select(TenderDates.report_asked_on)) is None, "no funder has fifteen days"


def test_how_often_money_is_granted_stands_by_programme_and_funder(case, sales):
    procured(case, "03222000", BidState.WON)
    procured(case, "90910000", BidState.LOST)
    decide(sales, case, "partly", "200 000")
    ours = (1, 1, 0, Money.kronor(300_000), Money.kronor(200_000))

    def lines(by: By, kind: TenderKind | None) -> dict[str, tuple[object, ...]]:
        found = win_rate.rates(by, None, 1, kind).rows
        db.session.rollback()
        return {one.key: (one.won, one.partly, one.lost, one.applied_for, one.granted) for one in found}

    assert lines(By.CATEGORY, TenderKind.CALL) == {"call:socialfonden+": ours}
    assert lines(By.BUYER, TenderKind.CALL) == {"Fonden": ours}
    assert lines(By.BUYER, None) == {"Fonden": (2, 1, 1, *ours[3:])}, "one name, whatever it asks for"
    assert set(lines(By.CATEGORY, TenderKind.PROCUREMENT)) == {"03", "90"}
    assert lines(By.CATEGORY, None) == {
        "call:socialfonden+": ours,
        "03": (1, 0, 0, NOUGHT, NOUGHT),
        "90": (0, 0, 1, NOUGHT, NOUGHT),
    }
    page = text(sales.page(f"{RATES}?slag=ansokningar")).replace("\u00a0", " ")
    for words in ("Beviljade och avslag", "Per program", "Socialfonden+", "200 000,00 kr", "(få ansökningar)"):
        assert words in page, words
    assert "Socialfonden+" in text(sales.page(RATES))
    assert "Socialfonden+" not in text(sales.page(f"{RATES}?slag=anbud"))
    taken = sales.get(f"{RATES}/export.csv?per=buyer&slag=ansokningar").get_data(as_text=True)
    assert "Fonden" in taken
    assert "Beviljat, kronor" in taken
    assert sales.get(f"{RATES}?slag=moon&per=form").status_code == 200
