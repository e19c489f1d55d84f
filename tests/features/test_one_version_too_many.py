"""The receipt is of the version that was uploaded; a draft that was begun by mistake is thrown away."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app import jobs
from app.db import db
from app.demo.papers import paper
from app.tenders import versions
from app.tenders.agreeing.proposal import proposal_of
from app.tenders.models import Bid, BidReceipt, BidState, BidVersion, Tender, TenderState
from app.tenders.offers import offer_of
from tests.features.bid_case import count
from tests.features.joint_case import JointCase
from tests.furnished import furnished
from tests.people import document, text, together


@furnished
def case(app) -> JointCase:
    """Handed in twice."""
    made, now = JointCase(app_clock.now()), app_clock.now()
    _freeze(made, now)
    versions.reopen(made.bid, by=made.sam, now=now)
    made.bid.letter = "Vi vill gärna leverera."
    _freeze(made, now)
    made.tender.state = TenderState.SUBMITTED
    db.session.commit()
    jobs.work_off()
    return made


def _freeze(made: JointCase, now) -> None:
    versions.freeze(made.bid, offer_of(made.bid, now=now), by=made.sam, now=now)
    db.session.flush()


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def receipt(sales, case, version: int | str):
    given = {"file": (io.BytesIO(paper("Kvitto", ["Mottaget."])), "kvitto.pdf"), "received_at": "2026-11-23T09:00"}
    return sales.post(f"{case.where}/paket/kvitto", data={**given, "version": str(version)})


def draft(sales, case):
    return sales.post(f"{case.where}/lamna/nytt-utkast")


def throw(sales, case, **options):
    return sales.post(f"{case.where}/lamna/kasta-utkast", **options)


def bid_now(case) -> Bid:
    db.session.expire_all()
    return db.session.get_one(Bid, case.bid.id)


def received(case) -> list[int]:
    db.session.expire_all()
    query = select(BidVersion.number).join(BidReceipt, BidReceipt.version_id == BidVersion.id)
    return list(db.session.scalars(query))


def test_the_receipt_is_of_an_earlier_version_and_that_is_what_an_agreement_is_made_of(case, sales):
    page = sales.page(f"{case.where}/paket")
    assert [one.text_content() for one in page.cssselect("select[name=version] option")] == ["Version 2", "Version 1"]
    assert receipt(sales, case, 1).status_code == 303
    assert received(case) == [1]
    assert "Version 1" in text(sales.page(f"{case.where}/paket").cssselect("#kvitto ~ p")[0])
    assert proposal_of(bid_now(case), now=app_clock.now()).version == 1
    db.session.rollback()
    receipt(sales, case, 2)
    assert received(case) == [1]


def test_without_a_receipt_the_agreement_is_of_the_last(case):
    assert proposal_of(bid_now(case), now=app_clock.now()).version == 2
    db.session.rollback()


def test_the_receipt_comes_while_a_draft_is_open_and_the_draft_cannot_be_handed_in(case, sales):
    draft(sales, case)
    assert receipt(sales, case, 2).status_code == 303
    assert received(case) == [2]
    assert "Köparens kvitto låser" in text(sales.page(f"{case.where}/lamna"))
    sales.post(f"{case.where}/lamna")
    assert bid_now(case).is_draft
    db.session.rollback()
    assert throw(sales, case).status_code == 303
    assert bid_now(case).state == BidState.SUBMITTED
    db.session.rollback()


def test_a_receipt_that_is_withdrawn_lets_the_draft_go_on(case, sales):
    draft(sales, case)
    receipt(sales, case, 2)
    kept = db.session.scalars(select(BidReceipt.id)).one()
    db.session.rollback()
    answer = sales.post(f"{case.where}/paket/kvitto/{kept}/dra-tillbaka", data={"because": "Fel pris"})
    assert answer.status_code == 303
    assert "Köparens kvitto låser" not in text(sales.page(f"{case.where}/lamna"))


def test_a_draft_begun_by_mistake_is_thrown_away_and_no_number_is_lost(case, sales):
    draft(sales, case)
    assert bid_now(case).version == 3
    db.session.rollback()
    said = text(document(throw(sales, case, follow_redirects=True)))
    assert "Version 2 gäller igen" in said
    assert "ändrad" not in said
    bid = bid_now(case)
    assert (bid.state, bid.version) == (BidState.SUBMITTED, 2)
    assert db.session.get_one(Tender, case.tender.id).state == TenderState.SUBMITTED
    db.session.rollback()
    draft(sales, case)
    assert bid_now(case).version == 3
    db.session.rollback()


def test_what_was_changed_in_it_is_told(case, sales):
    draft(sales, case)
    bid_now(case).letter = "Något helt annat."
    db.session.commit()
    assert "1 sak var ändrad i utkastet" in text(document(throw(sales, case, follow_redirects=True)))


def test_after_the_last_day_too_so_that_the_outcome_can_be_written_down(case, sales, clock):
    draft(sales, case)
    clock.now = case.tender.deadline + timedelta(hours=1)
    assert throw(sales, case).status_code == 303
    assert bid_now(case).state == BidState.SUBMITTED
    db.session.rollback()


def test_there_must_be_a_draft_and_something_to_go_back_to(case, sales):
    assert throw(sales, case).status_code == 409
    bid = bid_now(case)
    for version in bid.versions:
        db.session.delete(version)
    bid.state, bid.version = BidState.DRAFT, 1
    bid.tender.state = TenderState.BIDDING
    db.session.commit()
    assert throw(sales, case).status_code == 409
    assert "Kasta utkastet" not in text(sales.page(f"{case.where}/lamna"))
    assert bid_now(case).is_draft
    db.session.rollback()


@pytest.mark.both
def test_pressed_twice_one_draft_is_begun(case, sales, visit):
    other = visit(case.sam.email)
    answers = together(lambda: draft(sales, case), lambda: draft(other, case))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert bid_now(case).version == 3
    db.session.rollback()
    again = sales.post(f"{case.where}/lamna/nytt-utkast", follow_redirects=True)
    assert "Version 3 är redan ett utkast" in text(document(again))


def test_a_receipt_before_the_pdf_is_there_is_refused_in_words(case, sales):
    now = app_clock.now()
    versions.reopen(case.bid, by=case.sam, now=now)
    _freeze(case, now)
    db.session.commit()
    answer = receipt(sales, case, 3)
    assert answer.status_code == 422
    assert "inte färdig än" in text(document(answer).cssselect(".error-summary")[0])
    assert count(BidReceipt) == 0


@pytest.mark.parametrize("version", ["7", "", "x", "1e3"])
def test_a_version_that_is_none(case, sales, version):
    assert receipt(sales, case, version).status_code == 422
    assert count(BidReceipt) == 0
