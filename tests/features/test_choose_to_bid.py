"""To bid or not: weighed, decided, reconsidered, and counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import bidflow
from app.accounts.models import RoleName
from app.db import db
from app.tenders import actions
from app.tenders.actions import TenderFacts
from app.tenders.choosing.models import Ground, TenderChoice, Weighed
from app.tenders.models import Tender, TenderState
from tests import make
from tests.conftest import MONDAY
from tests.features.bid_case import DEADLINE, Case
from tests.furnished import furnished
from tests.people import document, text

SAM = "sam@samklang.example"
STATISTICS = "/personal/upphandlingar/varfor-inte"
NO = {
    "verdict": "no_go",
    "main_ground": "capacity",
    "because": "Fruktkorgarna räcker inte till jul.",
    "says_capacity": "no",
    "note_capacity": "Två medlemmar är fulla",
    "says_fit": "yes",
    "says_time": "unsure",
}


@furnished
def noticed(app):
    """A tender that nobody has decided on."""
    make.make_sam()
    make.make_sales_company()
    make.make_user("eva@samklang.example", roles=(RoleName.FINANCE,))
    facts = TenderFacts(title="Frukt", buyer_name="Kommunen", deadline=DEADLINE)
    return actions.register(facts, by=None, now=MONDAY)


@furnished
def bidding(app):
    """A draft bid with an invited member."""
    case = Case(MONDAY)
    party = bidflow.bid_actions.add_party(
        case.bid, case.fruit, bidflow.bid_actions.PartyRole.TENDERER, by=case.sam, now=MONDAY
    )
    bidflow.ask(party, case.row, case.row.quantity, by=case.sam, now=MONDAY)
    bidflow.invite([party], by=case.sam, now=MONDAY)
    return case


def where(tender: Tender) -> str:
    return f"/personal/upphandlingar/{tender.id}/val"


def choices(tender: Tender) -> list[TenderChoice]:
    db.session.rollback()
    return list(
        db.session.scalars(select(TenderChoice).where(TenderChoice.tender_id == tender.id).order_by(TenderChoice.id))
    )


def decide(browser, tender: Tender, values: dict[str, str]):
    return browser.fill(where(tender), values, form="form[action$='/val']")


def test_a_no_leaves_the_tender_with_its_reasons(noticed, visit):
    sam = visit(SAM)
    assert decide(sam, noticed, NO).status_code == 303
    chosen = choices(noticed)[0]
    assert (chosen.main_ground, chosen.by_name) == (Ground.CAPACITY, "Sam Exempel")
    assert [(one.ground, one.says, one.note) for one in chosen.grounds] == [
        (Ground.FIT, Weighed.YES, ""),
        (Ground.CAPACITY, Weighed.NO, "Två medlemmar är fulla"),
        (Ground.TIME, Weighed.UNSURE, ""),
    ]
    tender = db.session.get_one(Tender, noticed.id)
    assert tender.state == TenderState.DECLINED
    assert tender.declined_because == "Kapaciteten räcker inte: Fruktkorgarna räcker inte till jul."
    page = text(sam.page(where(noticed)).cssselect("main")[0])
    assert "Vi avstår: Kapacitet" in page
    assert "Två medlemmar är fulla" in page


def test_a_yes_leads_to_the_bid(noticed, visit):
    sam = visit(SAM)
    answer = decide(sam, noticed, {"verdict": "go", "says_fit": "yes"})
    assert answer.location.endswith(f"/personal/upphandlingar/{noticed.id}#borja")
    assert db.session.get_one(Tender, noticed.id).state == TenderState.NOTICED
    assert sam.page(f"/personal/upphandlingar/{noticed.id}").cssselect("#borja form")


def test_a_decision_can_be_reconsidered_and_the_earlier_one_is_kept(noticed, visit, clock):
    sam = visit(SAM)
    decide(sam, noticed, NO)
    clock.now += timedelta(days=1)
    assert (
        decide(sam, noticed, {"verdict": "go", "says_capacity": "yes", "main_ground": "", "because": ""}).status_code
        == 303
    )
    assert [(one.verdict, one.main_ground) for one in choices(noticed)] == [("no_go", "capacity"), ("go", None)]
    assert db.session.get_one(Tender, noticed.id).state == TenderState.NOTICED
    assert "ersatt sedan dess" in text(sam.page(where(noticed)).cssselect("main")[0])


def test_members_who_were_asked_get_a_letter_once(bidding, visit, outbox):
    sam, tender = visit(SAM), bidding.tender
    decide(sam, tender, NO)
    decide(sam, tender, {**NO, "because": "Dessutom för långt bort."})
    subjects = [letter.subject for letter in outbox if "behöver inte svara" in letter.subject]
    assert len(subjects) == 1
    assert db.session.get_one(Tender, tender.id).declined_because.endswith("Dessutom för långt bort.")
    assert decide(sam, tender, {"verdict": "go"}).status_code == 303
    assert db.session.get_one(Tender, tender.id).state == TenderState.BIDDING


def test_the_same_twice_is_one_decision(noticed, visit):
    sam = visit(SAM)
    decide(sam, noticed, NO)
    decide(sam, noticed, NO)
    assert len(choices(noticed)) == 1


def test_who_has_not_seen_the_latest_decision_is_asked_to_compare(noticed, visit):
    sam = visit(SAM)
    form = sam.page(where(noticed)).cssselect("form[action$='/val']")[0]
    stale = dict(form.form_values())
    decide(sam, noticed, NO)
    answer = sam.post(where(noticed), data={**stale, "verdict": "go"})
    assert answer.status_code == 422
    assert "Någon annan har ändrat" in answer.text
    assert len(choices(noticed)) == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"main_ground": ""}, "Välj vad som avgjorde"),
        ({"verdict": ""}, "Välj om vi ska lämna anbud"),
        ({"verdict": "kanske"}, "Välj"),
        ({"main_ground": "moon"}, "Välj i listan"),
        ({"because": "x" * 2001}, "högst 2000 tecken"),
        ({"note_capacity": "x" * 401}, "högst 400 tecken"),
        ({"says_fit": "delvis"}, "Välj"),
    ],
)
def test_a_faulty_decision_comes_back_with_all_that_was_typed(noticed, visit, wrong, sentence):
    answer = visit(SAM).post(where(noticed), data={**NO, **wrong})
    assert answer.status_code == 422
    page = document(answer)
    assert sentence in text(page.cssselect(".error-summary")[0])
    assert page.cssselect("#note_capacity")[0].get("value") == {**NO, **wrong}["note_capacity"]
    assert choices(noticed) == []


def test_when_the_bid_is_handed_in_it_is_too_late(bidding, visit):
    bidding.tender.state = TenderState.SUBMITTED
    db.session.commit()
    sam = visit(SAM)
    assert sam.page(where(bidding.tender)).cssselect("form[action$='/val']") == []
    values = {f"says_{ground}": "unweighed" for ground in Ground}
    assert sam.post(where(bidding.tender), data={**values, **NO}).status_code == 422
    assert choices(bidding.tender) == []


def test_finance_reads_and_does_not_decide(noticed, visit):
    eva = visit("eva@samklang.example")
    assert eva.page(where(noticed)).cssselect("form[action$='/val']") == []
    assert eva.post(where(noticed), data=NO).status_code == 403
    assert visit(None).get(where(noticed)).status_code == 302


def test_the_short_way_to_leave_a_tender_is_a_decision_too(noticed, visit):
    sam, overview = visit(SAM), f"/personal/upphandlingar/{noticed.id}"
    assert sam.post(f"{overview}/avsta", data={"reason": "För långt bort"}).status_code == 303
    assert sam.post(f"{overview}/ta-upp").status_code == 303
    assert [(one.verdict, one.main_ground, one.because) for one in choices(noticed)] == [
        ("no_go", "other", "För långt bort"),
        ("go", None, ""),
    ]


def test_why_we_decline_is_counted_once_a_tender_as_it_was_last_decided(noticed, visit):
    sam, facts = visit(SAM), [TenderFacts(title=title, buyer_name="Regionen") for title in ("Städ", "Flytt", "Lunch")]
    more = [actions.register(one, by=None, now=MONDAY) for one in facts]
    db.session.flush()
    decide(sam, noticed, NO)
    decide(sam, more[0], {"verdict": "no_go", "main_ground": "price", "says_price": "no", "says_capacity": "no"})
    decide(sam, more[1], {"verdict": "no_go", "main_ground": "price"})
    decide(sam, more[1], {"verdict": "go", "main_ground": ""})
    rows = {text(row[0]): [text(cell) for cell in row[1:3]] for row in sam.page(STATISTICS).cssselect("tbody")[0]}
    assert rows == {"Kapacitet": ["1", "2"], "Prisnivå": ["1", "1"]}
    words = text(sam.page(STATISTICS).cssselect("main")[0])
    assert "Vi avstod från 2 upphandlingar, och beslutade att lämna anbud på 1." in words
    assert "Flytt" not in words
    assert "Inget att visa för året" in text(sam.page(f"{STATISTICS}?ar=2025").cssselect("main")[0])
    for odd in ("x", "1", "99999999999999"):
        assert "Kapacitet" in text(sam.page(f"{STATISTICS}?ar={odd}").cssselect("main")[0])
