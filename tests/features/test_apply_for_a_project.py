"""Staff and members answer a funder's call together: questions, letters of intent, and it is handed in."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from decimal import Decimal
from zipfile import ZipFile

import pikepdf
import pytest
from sqlalchemy import select

from app import bidflow, jobs
from app import clock as app_clock
from app.db import db
from app.demo.papers import paper
from app.errors import Refused
from app.tenders import bid_actions, paper_actions
from app.tenders.models import Bid, BidState, Tender, TenderState
from app.tenders.paper_actions import Upload
from bids.kinds import BidForm, PartyRole, TenderKind
from tests.features.call_case import DEADLINE, SIGNED, CallCase, answered, missing
from tests.furnished import furnished
from tests.make import make_user
from tests.people import text


@furnished
def case(app) -> CallCase:
    made = CallCase(app_clock.now())
    make_user(made.fruit.email, member=made.fruit)
    make_user("rullande@medlem.example", member=made.van)
    return made


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


@pytest.fixture
def fruit(case, visit):
    bidflow.invite([case.partner], by=case.sam, now=app_clock.now())
    db.session.commit()
    return visit(case.fruit.email)


def test_a_call_is_entered_and_an_application_begun(case, sales):
    typed = {
        "title": "Fler i arbete",
        "buyer_name": "Förbundet",
        "deadline": "2027-01-31T16:00",
        "project_from": "2027-03-01",
        "project_to": "2029-02-28",
        "ceiling": "1 200 000",
        "most_rate": "66,5",
        "most_indirect": "15",
    }
    answer = sales.fill("/personal/upphandlingar/ny-utlysning", typed)
    assert answer.status_code == 303
    made = db.session.scalars(select(Tender).where(Tender.title == "Fler i arbete")).one()
    assert (made.kind, made.most_rate, made.project_to) == (TenderKind.CALL, Decimal("66.5"), date(2029, 2, 28))
    where = f"/personal/upphandlingar/{made.id}"
    db.session.rollback()
    assert sales.fill(where, {}, form="#borja form").status_code == 303
    bid = db.session.scalars(select(Bid).join(Tender).where(Tender.title == "Fler i arbete")).one()
    assert (bid.form, [party.role for party in bid.parties]) == (BidForm.APPLICATION, [PartyRole.APPLICANT])


def test_a_project_cannot_end_before_it_begins(case, sales):
    answer = sales.fill(f"{case.where}/utlysning", {"project_to": "2026-12-31"})
    assert answer.status_code == 422
    assert "sluta innan det börjar" in answer.text


def test_the_facts_are_not_overwritten_unseen(case, sales):
    page = sales.page(f"{case.where}/utlysning").cssselect("main form[method=post]")[0]
    sent = dict(page.form_values())
    sales.fill(f"{case.where}/utlysning", {"most_rate": "50"})
    answer = sales.post(f"{case.where}/utlysning", data={**sent, "most_rate": "60"})
    assert answer.status_code == 422
    assert db.session.get_one(Tender, case.tender.id).most_rate == 50


def test_a_bid_and_an_application_are_not_mixed_up(case):
    with pytest.raises(Refused, match="ingen roll här"):
        bid_actions.add_party(case.bid, case.van, PartyRole.TENDERER, by=case.sam, now=app_clock.now())
    with pytest.raises(Refused, match="besvaras med en ansökan"):
        bid_actions.choose_form(case.bid, BidForm.GROUP, [], by=case.sam, now=app_clock.now())


def test_questions_are_pasted_with_how_long_an_answer_may_be(case, sales):
    lines = "2.1; 1 500; Hur ska ni arbeta?\n2.2; –; Vad är nytt; och varför?"
    assert sales.fill(f"{case.where}/krav", {"paste-lines": lines}, form="form[action$=klistra]").status_code == 303
    found = {
        one.ref: (one.text, one.most_characters) for one in db.session.get_one(Tender, case.tender.id).requirements
    }
    assert (found["2.1"], found["2.2"]) == (("Hur ska ni arbeta?", 1500), ("Vad är nytt; och varför?", 0))
    db.session.rollback()
    wrong = sales.fill(f"{case.where}/krav", {"paste-lines": "3; många; Varför?"}, form="form[action$=klistra]")
    assert "är inget antal tecken" in wrong.text


def test_the_letter_of_intent_follows_the_money(case, fruit, sales):
    answered(fruit, case)
    where = f"{case.invitation}/underskrift/letter_of_intent"
    assert "400\u00a0000 kr" in fruit.page(where).text_content()
    assert fruit.fill(where, SIGNED).status_code == 303
    assert not [key for key in missing(case) if key.startswith("document")]
    sales.fill(f"{case.budget}/{case.staff.id}", {"amount": "450 000"})
    assert "document:ljungbacken:letter_of_intent" in missing(case)


def test_an_answer_is_counted_and_may_not_be_too_long(case, sales):
    where = f"{case.where}/svar/{case.question.id}"
    assert "Högst 200 tecken" in text(sales.page(where))
    assert sales.fill(where, {"text": "å" * 201}, form="form#svar, main form[method=post]").status_code == 303
    assert "requirement::1.1:long" in missing(case)
    assert "201 av 200 tecken" in text(sales.page(f"{case.where}/svar"))
    sales.fill(where, {"text": "å" * 200}, form="form#svar, main form[method=post]")
    assert not [key for key in missing(case) if key.startswith("requirement")]


def whole(case, fruit, sales) -> None:
    """Everything that is missing is done."""
    answered(fruit, case)
    fruit.fill(f"{case.invitation}/underskrift/letter_of_intent", SIGNED)
    sales.fill(
        f"{case.where}/svar/{case.question.id}", {"text": "Fler stannar."}, form="form#svar, main form[method=post]"
    )
    proof = paper_actions.keep(Upload("intyg.pdf", paper("Intyg", ["Förbundet betalar."])), now=app_clock.now())
    paper_actions.attach(case.bid, proof, title="Intyg", by=case.sam, now=app_clock.now())
    db.session.commit()
    row = {"party": "0", "kind": "public", "source": "Förbundet", "amount": "50 000", "year": "2027"}
    sales.fill(case.budget, {**row, "appendix": str(case.bid.appendices[-1].id)}, form="#ny-rad form")


def test_it_is_looked_at_handed_in_packed_locked_and_granted(case, fruit, sales, app, tmp_path, outbox, clock):
    whole(case, fruit, sales)
    assert missing(case) == []
    sales.post(f"{case.where}/lamna/forhandsgranska")
    jobs.work_off()
    db.session.rollback()
    draft = sales.get(f"{case.where}/lamna/utkast.pdf")
    assert draft.data[:5] == b"%PDF-"
    assert sales.post(f"{case.where}/lamna").status_code == 303
    jobs.work_off()
    with pikepdf.open(io.BytesIO(sales.get(f"{case.where}/lamna/version/1.pdf").data)) as pdf:
        told = json.loads(pdf.attachments["ansokan.json"].get_file().read_bytes())
        assert str(pdf.docinfo["/Title"]) == "Ansökan: Vägar in, U 7"
    assert (told["costs"], told["applied_for"], told["state"]) == ("400000.00", "250000.00", "frozen")
    assert "Ansökan är inskickad: Vägar in" in outbox.subjects_to(case.fruit.email)

    done = app.test_cli_runner().invoke(args=["bid-package", str(case.bid.id), "-o", str(tmp_path / "a")])
    assert done.exit_code == 0, done.output
    sales.post(f"{case.where}/paket/1")
    jobs.work_off()
    with ZipFile(io.BytesIO(sales.get(f"{case.where}/paket/1.zip").data)) as packed:
        names = set(packed.namelist())
        assert "gemensamt/budget.csv" in names
        assert names == {str(one.relative_to(tmp_path / "a")) for one in (tmp_path / "a").rglob("*") if one.is_file()}
        assert json.loads(packed.read("manifest.json"))["format"] == "samsalj-ansokningspaket"

    receipt = {"file": (io.BytesIO(paper("Kvitto", ["Inkommen."])), "kvitto.pdf"), "received_at": "2026-11-23T09:00"}
    assert "Börja ett nytt utkast" in text(sales.page(f"{case.where}/lamna"))
    assert sales.post(f"{case.where}/paket/kvitto", data={**receipt, "version": "1"}).status_code == 303
    assert "Börja ett nytt utkast" not in text(sales.page(f"{case.where}/lamna"))
    sales.post(f"{case.where}/lamna/nytt-utkast")
    assert db.session.get_one(Bid, case.bid.id).state == BidState.SUBMITTED
    db.session.rollback()

    clock.set(DEADLINE + timedelta(hours=1))
    said = {"decision-outcome": "won", "decision-decided_on": "2027-02-01"}
    assert sales.fill(f"{case.where}/efter", said, form="form[action$=beslut]").status_code == 303
    assert db.session.get_one(Tender, case.tender.id).state == TenderState.WON
    db.session.rollback()
    page = text(sales.page(f"{case.where}/lamna"))
    assert "Beviljad" in page
    assert "Ramavtal" not in page
    jobs.work_off()
    assert "Besked om ansökan: Vägar in" in outbox.subjects_to(case.fruit.email)


def test_two_versions_are_compared(case, fruit, sales):
    whole(case, fruit, sales)
    sales.post(f"{case.where}/lamna")
    sales.post(f"{case.where}/lamna/nytt-utkast")
    sales.fill(f"{case.budget}/{case.bid.budget[-1].id}", {"amount": "60 000"})
    sales.post(f"{case.where}/lamna")
    page = text(sales.page(f"{case.where}/lamna/jamfor"))
    assert "Offentlig medfinansiering 2027, Förbundet" in page
    assert "Sökt stöd" in page


def test_the_command_line_writes_the_draft(case, app, tmp_path):
    place = tmp_path / "ansokan.pdf"
    done = app.test_cli_runner().invoke(args=["bid-pdf", str(case.bid.id), "-o", str(place)])
    assert done.exit_code == 0, done.output
    with pikepdf.open(place) as pdf:
        assert "Ansökan" in str(pdf.docinfo["/Title"])
