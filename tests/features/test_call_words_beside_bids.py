"""Where calls stand among tenders, each is spoken of in its own words; what heads both says neither's alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import bidflow, callflow
from app import clock as app_clock
from app.db import db
from app.money import Money
from app.tenders import versions
from app.tenders.actions import TenderFacts
from app.tenders.models import TenderState
from app.tenders.offers import offer_of
from bids.differences import differences
from bids.kinds import RequirementKind
from bids.package_sheets import answer_sheet
from tests.core.call_samples import application
from tests.features.call_case import DEADLINE, TERMS, CallCase
from tests.features.test_call_words import OF_A_BID, strange
from tests.furnished import furnished
from tests.make import make_user
from tests.people import text


@furnished
def case(app) -> CallCase:
    found = CallCase(app_clock.now())
    make_user(found.fruit.email, member=found.fruit)
    bidflow.invite([found.partner], by=found.sam, now=app_clock.now())
    return found


def test_a_member_with_only_an_application_reads_of_no_bid(case, visit):
    member = visit(case.fruit.email)
    for path in ("/medlem/", "/medlem/anbud"):
        assert strange(member.page(path), "sv") == [], path
    assert "Ansökan lämnas senast" in text(member.page("/medlem/anbud"))


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize("state", [TenderState.BIDDING, TenderState.SUBMITTED])
def test_the_staffs_list_says_of_a_call_what_is_said_of_calls(case, visit, state, beside):
    """Beside a tender only that one's own next step speaks of a bid."""
    now = app_clock.now()
    facts = TenderFacts(title="Nya vägar", buyer_name="Fonden", deadline=DEADLINE)
    callflow.notice_by_hand(facts, TERMS, by=case.sam, now=now)
    if state is TenderState.SUBMITTED:
        case.tender.state = state
    if beside:
        bidflow.notice_by_hand(facts, by=case.sam, now=now)
    db.session.commit()
    page = visit(case.sam.email).page("/personal/upphandlingar")
    seen = " ".join(text(one) for one in page.cssselect("main h2, main caption, main tbody, #state option"))
    assert "Fonden" in seen
    assert [found.group(0) for found in OF_A_BID["sv"].finditer(seen)] == (["anbud"] if beside else [])


def test_what_was_won_and_what_was_granted_stand_under_a_heading_for_both(case, visit):
    facts = TenderFacts(title="Nya vägar", buyer_name="Fonden", deadline=DEADLINE)
    won = bidflow.notice_by_hand(facts, by=case.sam, now=app_clock.now())
    for state in (TenderState.BIDDING, TenderState.SUBMITTED, TenderState.WON):
        won.state = case.tender.state = state
    db.session.commit()
    sales = visit(case.sam.email)
    headings = {
        kind: [text(one) for one in sales.page(f"/personal/upphandlingar?state=won&slag={kind}").cssselect("main h2")]
        for kind in ("", "upphandlingar", "utlysningar")
    }
    assert headings == {
        "": ["Vunnen eller beviljad 2"],
        "upphandlingar": ["Vunnen 1"],
        "utlysningar": ["Beviljad 1"],
    }


def test_the_columns_of_both_are_named_after_both(case, visit):
    facts = TenderFacts(title="Nya vägar", buyer_name="Kommunen", deadline=DEADLINE)
    bidflow.notice_by_hand(facts, by=case.sam, now=app_clock.now())
    db.session.commit()
    sales = visit(case.sam.email)
    heads = {
        kind: [text(one) for one in sales.page(f"/personal/upphandlingar?slag={kind}").cssselect("thead th")[:2]]
        for kind in ("", "upphandlingar", "utlysningar")
    }
    assert heads == {
        "": ["Upphandling eller utlysning", "Köpare eller finansiär"],
        "upphandlingar": ["Upphandling", "Köpare"],
        "utlysningar": ["Utlysning", "Finansiär"],
    }


def test_versions_of_an_application_are_compared_in_its_own_words():
    before = application()
    asked = replace(before.requirements[0], kind=RequirementKind.MUST, ref="3.1")
    term, changed = (replace(before, requirements=(one,), answers=()) for one in (asked, replace(asked, text="Nytt.")))
    assert [one.what for one in differences(term, changed)] == ["Villkor 3.1: finansiärens text"]
    assert answer_sheet(term, None).decode("utf-8-sig").startswith("Villkor 3.1")


def test_what_differs_in_a_budget_is_told_as_budget(case, visit):
    now = app_clock.now()
    versions.freeze(case.bid, offer_of(case.bid, now=now), by=case.sam, now=now)
    versions.reopen(case.bid, by=case.sam, now=now)
    case.staff.amount = Money.kronor(300_000)
    versions.freeze(case.bid, offer_of(case.bid, now=now), by=case.sam, now=now)
    db.session.commit()
    told = text(visit(case.sam.email).page(f"{case.where}/lamna/jamfor").cssselect("main table tbody")[0])
    assert "Budget" in told
    assert "Priser" not in told
