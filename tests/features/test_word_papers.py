"""Word files of the vault, the library, answers and addenda: a worker makes the PDF, and until then nothing counts."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy import select

from app import bidflow, clock, jobs
from app.db import db
from app.members.models import MemberDocument
from app.tenders import bid_actions, promise_actions
from app.tenders.library.models import LibraryVersion
from app.tenders.models import Appendix, BidAnswer, BidReceipt, TenderAddendum, WordFile
from bids.kinds import PartyRole
from tests.core import bid_files
from tests.features.bid_case import Case, count
from tests.features.test_word_appendix import on_the_path, word
from tests.furnished import furnished
from tests.make import make_user
from tests.people import text

FRUIT = "ljungbacken@medlem.example"


@furnished
def case(app) -> Case:
    """Ljungbacken is invited to a bid."""
    made = Case(clock.now())
    party = bid_actions.add_party(made.bid, made.fruit, PartyRole.TENDERER, by=made.sam, now=clock.now())
    db.session.flush()
    bidflow.ask(party, made.row, Decimal(50), by=made.sam, now=clock.now())
    promise_actions.mark_invited(party, by=made.sam, now=clock.now())
    make_user(FRUIT, member=made.fruit)
    db.session.commit()
    made.party = f"{made.where}/handlingar/part/{party.id}"
    return made


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


@pytest.fixture
def fruit(case, visit):
    return visit(FRUIT)


@pytest.fixture
def works(monkeypatch, tmp_path):
    """LibreOffice makes a PDF of everything."""
    return lambda: _works(monkeypatch, tmp_path)


def _works(monkeypatch, folder) -> None:
    (folder / "made.pdf").write_bytes(bid_files.paper("Intyg", "Försäkrad."))
    on_the_path(monkeypatch, folder, f'for last; do :; done; cp {folder}/made.pdf "${{last%.docx}}.pdf"')


@pytest.fixture
def fails(monkeypatch, tmp_path):
    on_the_path(monkeypatch, tmp_path, "exit 1")


def docx(name: str = "intyg.docx") -> tuple[BytesIO, str]:
    return BytesIO(word()), name


def the(kind):
    found = db.session.scalars(select(kind).order_by(kind.id.desc()).limit(1)).unique().one()
    db.session.refresh(found)
    return found


def insured(**more) -> dict[str, object]:
    return {"kind": "insurance", "title": "Intyget", "valid_to": "2027-12-31", "for_bid": "0", "file": docx(), **more}


def test_a_paper_of_the_vault_counts_when_its_pdf_is_made(case, fruit, works, work_off):
    works()
    assert fruit.post("/medlem/handlingar/ny", data=insured()).status_code == 303
    document = the(MemberDocument)
    where = f"/medlem/handlingar/{document.id}"
    assert not document.is_usable
    db.session.rollback()
    assert "Görs om till PDF" in text(fruit.page("/medlem/handlingar"))
    assert "räknas inte nu" not in text(fruit.page("/medlem/handlingar"))
    assert "Intyget görs om till PDF" in text(fruit.page(where))
    assert fruit.get(f"{where}/fil").status_code == 404
    work_off()
    document = the(MemberDocument)
    assert (document.file.name, document.file.media_type) == ("intyg.pdf", "application/pdf")
    assert document.is_usable
    db.session.rollback()
    assert "görs om till PDF" not in text(fruit.page(where))
    assert fruit.get(f"{where}/fil").data[:5] == b"%PDF-"
    assert fruit.post(f"{where}/igen").status_code == 409, "there is nothing to try again"


def test_one_that_fails_says_why_and_is_tried_again(case, fruit, sales, fails, works, work_off):
    fruit.post("/medlem/handlingar/ny", data=insured())
    document = the(MemberDocument).id
    db.session.rollback()
    work_off()
    where = f"/medlem/handlingar/{document}"
    assert "Intyget gick inte att göra om till PDF" in text(fruit.page(where))
    assert "Gick inte att göra om till PDF" in text(sales.page("/personal/handlingar"))
    works()
    assert fruit.fill(where, {}, form="form[action$=igen]").status_code == 303
    work_off()
    assert the(MemberDocument).is_usable
    assert count(WordFile) == 0


def test_nobody_tries_again_with_anothers_paper(case, fruit, fails, work_off, visit):
    fruit.post("/medlem/handlingar/ny", data=insured())
    document = the(MemberDocument).id
    db.session.rollback()
    work_off()
    make_user("rullande@medlem.example", member=case.van)
    db.session.commit()
    assert visit("rullande@medlem.example").post(f"/medlem/handlingar/{document}/igen").status_code == 404


def test_a_newer_paper_may_be_a_word_file_too(case, fruit, works, work_off):
    works()
    fruit.post("/medlem/handlingar/ny", data=insured())
    work_off()
    older = the(MemberDocument).id
    db.session.rollback()
    newer = {"title": "Intyget 2028", "valid_to": "2028-12-31", "file": docx()}
    assert fruit.post(f"/medlem/handlingar/{older}/fornya", data=newer).status_code == 303
    work_off()
    document = the(MemberDocument)
    assert (document.replaces_id, document.is_usable) == (older, True)


def test_one_that_staff_hand_in_for_a_bid_is_its_appendix_when_it_is_made(case, sales, works, work_off):
    works()
    assert sales.post(case.party, data=insured(attach="y")).status_code == 303
    assert (count(Appendix), count(WordFile)) == (0, 1)
    work_off()
    appendix = the(Appendix)
    assert appendix.document_id == the(MemberDocument).id
    assert appendix.file.media_type == "application/pdf"


def test_a_proof_of_an_answer_is_its_proof_when_it_is_made(case, sales, works, work_off):
    works()
    requirement = case.tender.requirements[0].id
    db.session.rollback()
    typed = {"says": "yes", "text": "Ja.", "proof_title": "Intyget", "proof_file": docx()}
    where = f"{case.where}/svar/{requirement}"
    assert sales.fill(where, typed, form="form#svar, main form[method=post]").status_code == 303
    assert the(BidAnswer).evidence == []
    db.session.rollback()
    assert "Intyget görs om till PDF" in text(sales.page(f"{case.where}/handlingar"))
    work_off()
    (proof,) = the(BidAnswer).evidence
    assert (proof.title, proof.appendix_id) == ("Intyget", the(Appendix).id)


def test_an_entry_of_the_library_gets_its_file_and_stays_what_it_said(case, sales, works, work_off):
    works()
    new = {"kind": "cv", "title": "Lovas meriter", "file": docx("meriter.docx")}
    assert sales.fill("/personal/upphandlingar/bibliotek/ny", new).status_code == 303
    version = the(LibraryVersion)
    where = f"/personal/upphandlingar/bibliotek/{version.entry_id}"
    db.session.rollback()
    assert "Lovas meriter görs om till PDF" in text(sales.page(where))
    early = sales.fill(f"{where}/ny-version", {"title": "Lovas nya meriter"})
    assert early.status_code == 422
    assert "Spara igen om en liten stund" in early.text
    work_off()
    assert the(LibraryVersion).file.name == "meriter.pdf"
    db.session.rollback()
    assert sales.fill(f"{where}/ny-version", {"title": "Lovas nya meriter"}).status_code == 303
    assert the(LibraryVersion).file.name == "meriter.pdf", "it comes along"


def test_an_addendum_that_came_in_word_is_read_as_pdf(case, sales, works, work_off):
    works()
    new = {"title": "Svar på frågor", "received_at": "2026-11-20T10:00", "file": docx("svar.docx"), "number": "1"}
    assert sales.post(f"{case.where}/kompletteringar", data=new).status_code == 303
    assert "Svar på frågor görs om till PDF" in text(sales.page(f"{case.where}/kompletteringar"))
    work_off()
    assert the(TenderAddendum).file.name == "svar.pdf"


@pytest.mark.parametrize("path", ["/medlem/handlingar/ny", "bibliotek", "kompletteringar"])
def test_without_libreoffice_it_is_said_at_once_and_nothing_is_kept(case, fruit, sales, monkeypatch, path):
    monkeypatch.setenv("PATH", "/nowhere")
    if path == "bibliotek":
        answer = sales.fill("/personal/upphandlingar/bibliotek/ny", {"kind": "cv", "title": "A", "file": docx()})
    elif path == "kompletteringar":
        new = {"title": "Svar", "received_at": "2026-11-20T10:00", "file": docx(), "number": "1"}
        answer = sales.post(f"{case.where}/kompletteringar", data=new)
    else:
        answer = fruit.post(path, data=insured())
    assert answer.status_code == 422
    assert "Spara dokumentet som PDF" in answer.text
    assert [count(kind) for kind in (WordFile, MemberDocument, LibraryVersion, TenderAddendum)] == [0, 0, 0, 0]


def test_a_receipt_is_no_word_file(case, sales):
    given = {"file": docx("kvitto.docx"), "received_at": "2026-11-23T09:00"}
    sales.post(f"{case.where}/paket/kvitto", data={**given, "version": "1"})
    assert count(BidReceipt) == 0


def test_a_paper_that_is_thrown_away_meanwhile_stops_nothing(case, fruit, works):
    works()
    fruit.post("/medlem/handlingar/ny", data=insured())
    db.session.delete(the(MemberDocument))
    db.session.commit()
    jobs.work_off()
    assert count(WordFile) == 0
