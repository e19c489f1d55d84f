"""Head counts are looked at by somebody else, and a share that falls while a reserved contract runs is told of."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from app import clock, legalflow
from app.db import db
from app.demo.papers import paper
from app.members import actions as members
from app.members.models import HeadCount
from app.tenders.legal.shares import last_day, trouble_of
from app.tenders.models import BidState, ShareTrouble, ShareWarning, TenderState
from tests.features.bid_case import count
from tests.features.joint_case import JointCase
from tests.furnished import furnished
from tests.make import make_head_count, make_sam
from tests.people import text

TODAY = date(2026, 11, 23)


@furnished
def case(app) -> JointCase:
    """The bid is won, and the contract runs for two years and perhaps one more."""
    made = JointCase(clock.now())
    made.bid.state = BidState.SUBMITTED
    made.bid.state, made.bid.decided_on = BidState.WON, TODAY - timedelta(days=30)
    made.tender.state = TenderState.SUBMITTED
    made.tender.state = TenderState.WON
    made.tender.term_years, made.tender.options = 2, "1"
    return made


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


@pytest.fixture
def look(case, clock, work_off):
    def look() -> None:
        legalflow.look_at_shares(clock.now)
        db.session.commit()
        work_off()

    return look


def told(outbox, case) -> list[str]:
    return [one.body for one in outbox.to(case.sam.email) if one.kind == "share_in_trouble"]


def test_a_share_that_falls_is_told_of_once_and_stands_on_the_page(case, sales, look, outbox):
    look()
    assert told(outbox, case) == []
    make_head_count(case.van, occupied=30, target_group=8, counted_on=date(2026, 11, 20))
    look()
    look()
    (body,) = told(outbox, case)
    assert "Rullande Hjälpen: 8 av 30 sysselsatta" in body.replace("\u00a0", " ")
    assert "Ljungbacken" not in body
    note = text(sales.page(case.where).cssselect(".note.tone-bad")[0])
    assert "Rullande Hjälpen: 8 av 30" in note
    make_head_count(case.van, occupied=30, target_group=7, counted_on=date(2026, 11, 22))
    look()
    assert len(told(outbox, case)) == 2
    assert count(ShareWarning) == 2


def test_a_count_that_is_too_old_is_told_of(case, look, outbox, clock):
    clock.set(clock.now.replace(year=2027, month=10, day=20))
    look()
    (body,) = told(outbox, case)
    assert body.count("äldre än tolv månader") == 2


def test_when_the_contract_is_over_nobody_is_told(case, sales, look, outbox, clock):
    make_head_count(case.van, occupied=30, target_group=8, counted_on=date(2026, 11, 20))
    clock.set(clock.now.replace(year=2029, month=11))
    look()
    assert told(outbox, case) == []
    assert not sales.page(case.where).cssselect(".note.tone-bad")


def test_only_reserved_contracts_are_watched(case, look, outbox):
    case.tender.reserved = False
    make_head_count(case.van, occupied=30, target_group=8, counted_on=date(2026, 11, 20))
    look()
    assert told(outbox, case) == []


@pytest.mark.parametrize(
    ("occupied", "target", "days", "trouble"),
    [(10, 3, 0, None), (100, 29, 0, ShareTrouble.UNDER), (10, 3, 365, None), (10, 3, 366, ShareTrouble.OLD)],
)
def test_the_gate_is_the_same_all_through(occupied, target, days, trouble):
    counted = TODAY - timedelta(days=days)
    assert trouble_of(HeadCount(occupied=occupied, target_group=target, counted_on=counted), TODAY) == trouble
    assert trouble_of(None, TODAY) == ShareTrouble.MISSING


def test_a_contract_ends_on_its_day():
    assert last_day(date(2024, 2, 29), 2) == date(2026, 2, 28)
    assert last_day(date(2024, 5, 1), 0) == date(2025, 5, 1)


def test_somebody_else_verifies_a_count(case, sales, visit, clock):
    count_ = members.count_heads(case.van, TODAY, 20, 9, "Räknat", by=case.sam, now=clock.now)
    db.session.flush()
    where = f"/personal/medlemmar/{case.van.id}/rakningar"
    assert "Inte än" in text(sales.page(where)) or "kontrollerad" in text(sales.page(where)).lower()
    sales.post(f"{where}/{count_.id}/kontrollera")
    assert db.session.get_one(HeadCount, count_.id, populate_existing=True).verified_at is None
    other = visit(make_sam(email="vera@samklang.example", name="Vera Prov").email)
    evidence = {"file": (BytesIO(paper("Så räknade vi", ["20 sysselsatta"])), "underlag.pdf")}
    form = {"data": evidence, "content_type": "multipart/form-data"}
    assert other.post(f"{where}/{count_.id}/underlag", **form).status_code == 303
    assert other.get(f"{where}/{count_.id}/underlag.pdf").mimetype == "application/pdf"
    assert other.post(f"{where}/{count_.id}/kontrollera").status_code == 303
    kept = db.session.get_one(HeadCount, count_.id, populate_existing=True)
    assert (kept.counted_by, kept.verified_by) == ("Sam Exempel", "Vera Prov")
    assert "Vera Prov" in text(other.page(where))
    late = {"data": {"file": (BytesIO(paper("Nytt", ["1"])), "nytt.pdf")}, "content_type": "multipart/form-data"}
    assert other.post(f"{where}/{count_.id}/underlag", **late).status_code == 422


def test_a_paper_that_is_no_pdf_and_a_count_of_another_member_are_refused(case, sales):
    ours, theirs = (
        db.session.scalars(select(HeadCount).where(HeadCount.member_id == m.id)).one() for m in (case.van, case.fruit)
    )
    ours.verified_at = None
    where = f"/personal/medlemmar/{case.van.id}/rakningar"
    bad = {"data": {"file": (BytesIO(b"MZ\x90\x00"), "a.pdf")}, "content_type": "multipart/form-data"}
    assert sales.post(f"{where}/{ours.id}/underlag", **bad).status_code == 422
    assert sales.post(f"{where}/{ours.id}/underlag", data={}).status_code == 422
    assert sales.post(f"{where}/{theirs.id}/kontrollera").status_code == 404
    assert sales.get(f"{where}/{theirs.id}/underlag.pdf").status_code == 404


def test_the_counts_are_leafed_through(case, sales):
    for n in range(55):
        make_head_count(case.van, counted_on=date(2020, 1, 1) + timedelta(days=n))
    where = f"/personal/medlemmar/{case.van.id}/rakningar"
    assert len(sales.page(where).cssselect("tbody tr")) == 50
    assert len(sales.page(f"{where}?sida=2").cssselect("tbody tr")) == 6
