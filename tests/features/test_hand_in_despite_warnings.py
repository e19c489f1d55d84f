"""A bid that promises something twice leaves only when somebody has read it and said why."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import bidflow
from app import clock as house_clock
from app.audit import AuditEvent
from app.catalog.models import OfferingPause
from app.db import db
from app.members.models import Absence
from app.orders import routing_actions as routing
from app.orders.routing_models import CapacityHold
from app.tenders.leaving import NotRead
from app.tenders.models import BidState, BidVersion
from tests.features.test_bids_hold_capacity import SAM, Case
from tests.furnished import furnished
from tests.people import document, text

DAYS = date(2027, 1, 4), date(2028, 6, 30)
MARK, REASON = "despite-mark", "despite-reason"


@furnished
def case(app) -> Case:
    return Case(house_clock.now())


@pytest.fixture
def sales(case, visit):
    return visit(SAM)


def hold(case, per_week: int, why: str = "avtalet Skolfrukt") -> None:
    """Behind the bid's back, as when an agreement is entered elsewhere."""
    routing.hold(case.offering, None, DAYS, Decimal(per_week), why, by=case.sam, now=house_clock.now())
    db.session.commit()


def mark(page) -> str:
    (field,) = page.cssselect(f"input[name={MARK}]")
    return field.get("value")


def state(case) -> BidState:
    db.session.expire_all()
    return case.bid.state


def versions() -> int:
    return len(db.session.scalars(select(BidVersion.id)).all())


def test_without_warnings_one_press_is_enough(case, sales):
    assert not sales.page(case.where).cssselect(f"input[name={MARK}]")
    assert sales.post(case.where).status_code == 303
    assert state(case) == BidState.SUBMITTED


def test_what_changed_elsewhere_a_moment_ago_is_seen_when_it_is_handed_in(case, sales):
    sales.page(case.where)
    hold(case, 10)
    answer = sales.post(case.where)
    assert answer.status_code == 409
    page = document(answer)
    assert "Läs varningen nedan och skriv varför" in text(page)
    assert "avtalet Skolfrukt" in text(page.cssselect("main")[0])
    assert state(case) == BidState.DRAFT


def test_a_yes_in_words_is_kept_with_the_version(case, sales):
    hold(case, 10)
    page = document(sales.post(case.where))
    data = {MARK: mark(page), REASON: "Skolfrukten avslutas i januari"}
    assert sales.post(case.where, data=data).status_code == 303
    assert state(case) == BidState.SUBMITTED
    kept = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "submitted_despite")).one()
    assert kept.details["reason"] == "Skolfrukten avslutas i januari"
    assert "har 790 fritt" in kept.details["warnings"].replace("\u00a0", " ")
    assert "Skolfrukten avslutas i januari" in text(sales.page(case.where))
    assert sales.post(case.where, data=data).status_code != 200
    assert versions() == 1


def test_it_is_told_of_the_version_that_it_was_said_of_and_of_no_other(case, sales, clock):
    hold(case, 10)
    data = {MARK: mark(document(sales.post(case.where))), REASON: "Det går bra"}
    assert sales.post(case.where, data=data).status_code == 303
    bidflow.new_draft(case.bid, by=case.sam, now=clock.now)
    for one in db.session.scalars(select(CapacityHold).where(CapacityHold.why == "avtalet Skolfrukt")):
        routing.release(one, by=case.sam, now=clock.now)
    db.session.commit()
    assert sales.post(case.where).status_code == 303
    cards = [text(one) for one in sales.page(case.where).cssselect("section.card") if one.cssselect("dl.hashes")]
    assert [("Version 1" in one, "Lämnat trots varningar" in one) for one in cards] == [(False, False), (True, True)]


def test_a_reason_is_asked_for_and_other_warnings_than_were_read_are_shown_first(case, sales):
    hold(case, 10)
    seen = mark(document(sales.post(case.where)))
    assert sales.post(case.where, data={MARK: seen, REASON: " "}).status_code == 409
    hold(case, 3, "avtalet Möten")
    answer = sales.post(case.where, data={MARK: seen, REASON: "Det går bra"})
    assert answer.status_code == 409
    page = document(answer)
    assert "avtalet Möten" in text(page.cssselect("main")[0])
    assert page.cssselect(f"textarea[name={REASON}]")[0].text.strip() == "Det går bra"
    assert versions() == 0
    assert sales.post(case.where, data={MARK: mark(page), REASON: "Det går bra"}).status_code == 303


def test_a_member_that_bids_elsewhere_too_is_to_be_read(case, sales):
    case.party.bids_too, case.party.bids_too_words = True, "Ett eget anbud"
    db.session.commit()
    assert "lämnar ett annat anbud i samma upphandling" in text(document(sales.post(case.where)).cssselect("main")[0])
    assert state(case) == BidState.DRAFT


def test_the_list_follows_an_answer_at_once(case, sales):
    hold(case, 10)
    data = {"ask-party": str(case.party.id), "ask-what": f"row-{case.row.id}", "ask-quantity": "1000"}
    workspace = case.where.removesuffix("/lamna")
    assert sales.post(f"{workspace}/priser/fordela", data=data).status_code == 303
    listed = text(sales.page(workspace).cssselect(".gaps")[0]).replace("\u00a0", " ")
    assert "lovar 1 000 st om året" in listed
    assert "210 st fattas" in listed


def test_the_list_follows_a_pause_and_an_absence(case, sales, visit, work_off):
    workspace = case.where.removesuffix("/lamna")
    data = {"absence-first_day": "2027-02-01", "absence-last_day": "2027-07-31", "absence-reason": "Ombyggnad"}
    answer = sales.post(f"/personal/medlemmar/{case.ljungbacken.id}/franvaro", data=data)
    if answer.status_code != 303:
        data = {key.removeprefix("absence-"): value for key, value in data.items()}
        answer = sales.post(f"/personal/medlemmar/{case.ljungbacken.id}/franvaro", data=data)
    assert answer.status_code == 303
    work_off()
    assert "Uppehåll och frånvaro är avdragna" in text(sales.page(workspace).cssselect(".gaps")[0])
    assert db.session.scalar(select(Absence.id)) is not None


def test_nothing_is_held_for_a_row_without_an_article_and_that_is_said(case, sales):
    case.row.article_id = case.row.article_version = None
    db.session.commit()
    answer = sales.post(case.where, follow_redirects=True)
    assert "Ingenting hålls undan för 1 löfte" in text(document(answer))
    assert state(case) == BidState.SUBMITTED


def test_the_story_refuses_too(case):
    db.session.add(OfferingPause(offering=case.offering, first_day=date(2027, 1, 4), last_day=date(2027, 9, 30)))
    db.session.commit()
    with pytest.raises(NotRead):
        bidflow.submit(case.bid, by=case.sam, now=house_clock.now())
