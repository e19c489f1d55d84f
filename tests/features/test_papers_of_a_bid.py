"""A bid takes papers from the vault: what was handed in stays, and a draft is told what is newer, wrong or too old."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import flask_migrate
import pytest
from sqlalchemy import select

from app import bidflow, migrating
from app import clock as app_clock
from app.db import db
from app.demo.papers import paper
from app.members.models import MemberDocument
from app.members.vault import actions
from app.tenders import actions as tender_actions
from app.tenders import answer_actions, paper_actions, versions
from app.tenders.actions import NewRequirement
from app.tenders.answer_actions import GivenAnswer
from app.tenders.models import Bid, VersionDocument
from app.tenders.offers import offer_of
from bids.kinds import RequirementKind, RequirementStage
from bids.offer import from_json
from tests.features.bid_case import gaps
from tests.features.vault_case import ALL, FRUIT, OWN, furnish, insurance, lay_in, renew
from tests.furnished import furnished
from tests.people import document, text


@furnished
def case(app):
    return furnish()


@pytest.fixture
def fruit(case, visit):
    return visit(FRUIT)


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def test_what_is_wrong_proves_nothing(case, clock):
    lay_in(case.fruit, "espd", "Egenförsäkran", None)
    db.session.commit()
    papers = [gap.sentence for gap in bidflow.gaps_of(case.bid, now=clock.now) if gap.document == "espd"]
    assert not any("Ljungbacken" in sentence for sentence in papers)
    espd = db.session.scalars(select(MemberDocument).where(MemberDocument.kind == "espd")).one()
    actions.find_wrong(espd, "Fel år", by=case.sam, now=clock.now)
    papers = [gap.sentence for gap in bidflow.gaps_of(case.bid, now=clock.now) if gap.document == "espd"]
    assert any("Ljungbacken" in sentence for sentence in papers)


def hand_in(case, now) -> None:
    """Freeze the draft as it stands; whether it may leave is another test's business."""
    versions.freeze(case.bid, offer_of(case.bid, now=now), by=case.sam, now=now)
    db.session.commit()


def attach_insurance(case, now) -> None:
    appendix = paper_actions.attach_document(case.bid, case.bid.parties[1], insurance(), by=case.sam, now=now)
    db.session.flush()
    answer = answer_actions.answer(
        case.bid, case.requirements[0], GivenAnswer(says=True, text="Ja"), revision=0, by=case.sam, now=now
    )
    answer_actions.add_evidence(
        answer, title=appendix.title, appendix=appendix, valid_to=insurance().valid_to, by=case.sam, now=now
    )
    db.session.commit()


def test_a_bid_that_was_handed_in_keeps_the_older_and_the_draft_changes_on_demand(case, sales, clock):
    attach_insurance(case, clock.now)
    older = insurance()
    hand_in(case, clock.now)
    before = case.bid.versions[0].offer_json
    newer = renew(case, clock.now, begins=date(2026, 11, 1))
    versions.reopen(case.bid, by=case.sam, now=clock.now)
    db.session.commit()
    assert "Det finns en nyare" in text(sales.page(f"{case.where}/handlingar"))
    (appendix,) = case.bid.appendices
    assert sales.post(f"{case.where}/handlingar/bilagor/{appendix.id}/byt").status_code == 303
    db.session.expire_all()
    (appendix,), (piece,) = case.bid.appendices, case.bid.answers[0].evidence
    assert (appendix.number, appendix.document_id, appendix.file_id) == (1, newer.id, newer.file_id)
    assert (piece.appendix_id, piece.valid_to) == (appendix.id, date(2028, 1, 15))
    assert piece.title == f"Ansvarsförsäkring 2027, {case.fruit.name}"
    assert case.bid.versions[0].offer_json == before
    assert from_json(before).appendices[0].sha256 == older.file.sha256
    shown = text(sales.page(f"{ALL}/{older.id}").cssselect("table")[0])
    assert "Frukt" in shown
    assert "version 1" in shown
    again = sales.post(f"{case.where}/handlingar/bilagor/{appendix.id}/byt")
    assert again.status_code == 404


def test_the_draft_says_that_its_paper_is_replaced_or_wrong(case, clock):
    attach_insurance(case, clock.now)
    newer = renew(case, clock.now)

    def found() -> dict[str, bool]:
        gaps_now = bidflow.gaps_of(case.bid, now=clock.now)
        return {gap.key: gap.blocking for gap in gaps_now if gap.document == "insurance"}

    assert found() == {}, "the newer one begins after the last day for bids"
    newer.valid_from = date(2026, 12, 18)
    assert found() == {"document:ljungbacken:insurance:newer:1": False}
    actions.find_wrong(insurance(), "Fel belopp.", by=case.sam, now=clock.now)
    assert found() == {"document:ljungbacken:insurance:fault:1": True}
    paper_actions.exchange(case.bid, case.bid.appendices[0], newer, by=case.sam, now=clock.now)
    assert found() == {}


@pytest.mark.usefixtures("own_tables")
def test_what_was_handed_in_before_papers_were_counted_is_found_in_it(case, clock):
    attach_insurance(case, clock.now)
    hand_in(case, clock.now)
    expected = db.session.execute(select(VersionDocument.version_id, VersionDocument.document_id)).all()
    db.session.rollback()
    migrating.prepare()
    flask_migrate.downgrade(revision="0028")
    flask_migrate.upgrade()
    assert db.session.execute(select(VersionDocument.version_id, VersionDocument.document_id)).all() == expected
    assert len(expected) == 1


def test_one_paper_shows_all_bids_that_use_it_to_its_member_too(case, fruit, clock):
    attach_insurance(case, clock.now)
    assert "Frukt, Kommunen" in text(fruit.page(f"{OWN}/{insurance().id}"))


def test_what_runs_out_before_the_buyer_decides_is_a_reminder(case, sales, clock):
    assert "men inte när köparen beslutar (vi räknar med 16\u00a0februari 2027)" in " ".join(
        gap.sentence for gap in bidflow.gaps_of(case.bid, now=clock.now)
    )
    assert sales.post(f"{case.where}/handlingar/beslut", data={"award_on": "2026-12-01"}).status_code == 422
    assert sales.post(f"{case.where}/handlingar/beslut", data={"award_on": "2027-01-15"}).status_code == 303
    assert "när köparen beslutar" not in gaps(sales, case.where)
    assert sales.post(f"{case.where}/handlingar/beslut", data={"award_on": ""}).status_code == 303
    assert "när köparen beslutar" in gaps(sales, case.where)


def test_what_goes_along_and_expires_before_the_last_day_stops_the_bid(case, clock):
    insurance().valid_to = date(2026, 12, 17)
    paper_actions.attach_document(case.bid, case.bid.parties[1], insurance(), by=case.sam, now=clock.now)
    db.session.flush()
    found = {gap.key: gap.blocking for gap in bidflow.gaps_of(case.bid, now=clock.now)}
    assert found["document:ljungbacken:insurance:expired"] is True


def test_the_same_file_is_no_second_appendix(case, sales):
    def add(title, words="Gäller."):
        given = {"title": title, "file": (BytesIO(paper("Intyg", [words])), "intyg.pdf")}
        return sales.post(f"{case.where}/handlingar/bilagor", data=given)

    assert add("Intyg om kvalitet").status_code == 303
    again = add("Intyg om miljö")
    assert again.status_code == 422
    assert "finns redan i anbudet, som bilaga 1: Intyg om kvalitet" in text(document(again))
    assert add("Intyg om miljö", "Ett annat.").status_code == 303
    assert [one.title for one in db.session.get_one(Bid, case.bid.id).appendices] == [
        "Intyg om kvalitet",
        "Intyg om miljö",
    ]


def test_the_same_file_proves_two_answers_as_one_appendix(case, sales):
    new = NewRequirement(ref="B1", kind=RequirementKind.MUST, stage=RequirementStage.AWARD, text="Ett krav till")
    more = tender_actions.add_requirements(case.tender, [new], None, by=case.sam, now=app_clock.now())
    db.session.commit()
    for path in (case.answer_url, f"{case.where}/svar/{more[0].id}"):
        given = {"says": "yes", "text": "Ja.", "responsible": "0", "proof_appendix": "0", "revision": "0"}
        file = (BytesIO(paper("Intyg", ["Gäller."])), "intyg.pdf")
        assert sales.post(path, data={**given, "proof_file": file}).status_code == 303
    bid = db.session.get_one(Bid, case.bid.id)
    assert [one.number for one in bid.appendices] == [1]
    assert [piece.appendix_id for one in bid.answers for piece in one.evidence] == [bid.appendices[0].id] * 2
