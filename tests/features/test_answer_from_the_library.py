"""A bid's answer takes its text from the library, and remembers which version that was."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import select

from app import bidflow
from app.accounts.models import RoleName
from app.db import db
from app.demo.papers import paper
from app.tenders.library import actions
from app.tenders.library.models import AnswerSource, EntryKind, LibraryVersion
from app.tenders.library.values import EntryText
from app.tenders.models import BidAnswer
from bids.offer import from_json
from tests.features.bid_case import count, gaps
from tests.features.library_case import CLEANING, LIBRARY, answer_form, entry_called, furnish, keep
from tests.furnished import furnished
from tests.make import make_sam
from tests.people import document, text

PDF = paper("CV", ["Ett prov."])


@furnished
def case(app):
    return furnish()


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def test_what_is_like_the_requirement_is_suggested_and_nothing_else(case, sales):
    shown = text(sales.page(case.answer_url).cssselect(".library")[0])
    assert "Trappstädning och uppföljning" in shown
    assert "Returkorgar" not in shown
    other = text(sales.page(f"{case.where}/svar/{case.requirements[1].id}").cssselect(".library")[0])
    assert "Inget i biblioteket liknar kravet" in other


def test_text_is_put_in_below_what_is_typed_and_nothing_is_saved(case, sales):
    version = entry_called("Trappstädning och uppföljning").versions[0]
    typed = {**answer_form(sales.page(case.answer_url)), "text": "Vårt eget.", "says": "yes", "use": version.id}
    answer = sales.post(case.answer_url, data=typed)
    assert answer.status_code == 200
    assert document(answer).cssselect("#text")[0].text_content().strip() == f"Vårt eget.\n\n{CLEANING}"
    assert count(BidAnswer) == 0
    again = sales.post(case.answer_url, data={**answer_form(document(answer)), "use": version.id})
    assert document(again).cssselect("#text")[0].text_content().count("arbetsledare") == 1


def take_and_save(sales, url: str, version_id: int):
    filled = sales.post(url, data={**answer_form(sales.page(url)), "says": "yes", "use": version_id})
    return sales.post(url, data=answer_form(document(filled)))


def test_the_answer_is_pinned_to_the_version_it_took(case, sales, clock):
    entry = entry_called("Trappstädning och uppföljning")
    first = entry.versions[0]
    assert take_and_save(sales, case.answer_url, first.id).status_code == 303
    source = db.session.scalars(select(AnswerSource)).one()
    assert source.version_id == first.id
    says = EntryText(title="Trappstädning och uppföljning", text="Vi städar två gånger i veckan.")
    actions.write_anew(entry, says, seen=1, file=None, by=case.sam, now=clock.now)
    db.session.commit()
    page = sales.page(case.answer_url)
    shown = text(page.cssselect(".library")[0])
    assert "Det finns en nyare" in shown
    assert "två gånger i veckan" in shown
    assert CLEANING in shown
    assert "Det finns en nyare, version 2" in gaps(sales, case.where)
    assert db.session.scalars(select(BidAnswer)).one().text == CLEANING
    assert "1" in text(sales.page(f"{LIBRARY}/{entry.id}").cssselect(".count")[0])


def test_a_newer_text_is_put_in_below_and_the_answer_builds_on_it(case, sales, clock):
    entry = entry_called("Trappstädning och uppföljning")
    take_and_save(sales, case.answer_url, entry.versions[0].id)
    says = EntryText(title="Trappstädning", text="Ny text.")
    newer = actions.write_anew(entry, says, seen=1, file=None, by=case.sam, now=clock.now)
    db.session.commit()
    assert take_and_save(sales, case.answer_url, newer.id).status_code == 303
    assert db.session.scalars(select(AnswerSource.version_id)).all() == [newer.id]
    assert db.session.scalars(select(BidAnswer)).one().text == f"{CLEANING}\n\nNy text."
    assert "nyare" not in gaps(sales, case.where)


def test_somebody_elses_answer_is_not_overwritten_by_a_library_text(case, sales, visit):
    make_sam(RoleName.SALES, email="siv@samklang.example", name="Siv Exempel")
    db.session.commit()
    version = entry_called("Trappstädning och uppföljning").versions[0]
    filled = sales.post(case.answer_url, data={**answer_form(sales.page(case.answer_url)), "use": version.id})
    visit("siv@samklang.example").fill(case.answer_url, {"text": "Sivs svar", "says": "yes"}, form="#svaret")
    late = sales.post(case.answer_url, data=answer_form(document(filled)))
    assert late.status_code == 409
    assert db.session.scalars(select(BidAnswer.text)).all() == ["Sivs svar"]
    assert count(AnswerSource) == 0
    assert document(late).cssselect("input[name=taken]")[0].get("value") == str(version.id)


@pytest.mark.parametrize("chosen", ["0", "999999", "x", "-1", "9" * 300, ""])
def test_a_version_that_there_is_none_of_changes_nothing(case, sales, chosen):
    typed = {**answer_form(sales.page(case.answer_url)), "text": "Mitt.", "use": chosen}
    answer = sales.post(case.answer_url, data=typed)
    assert answer.status_code == 200
    assert document(answer).cssselect("#text")[0].text_content().strip() == "Mitt."


@pytest.mark.parametrize("taken", ["0", "999999", "x,y", "1,1,1,2" * 500])
def test_forged_versions_pin_nothing_that_is_not_there(case, sales, taken):
    typed = {**answer_form(sales.page(case.answer_url)), "text": "Mitt.", "says": "yes", "taken": taken}
    assert sales.post(case.answer_url, data=typed).status_code == 303
    known = set(db.session.scalars(select(LibraryVersion.id)))
    assert set(db.session.scalars(select(AnswerSource.version_id))) <= known


@pytest.mark.parametrize(
    ("kind", "dates", "words", "stops"),
    [
        (EntryKind.ANSWER, {"review_on": date(2026, 11, 1)}, "skulle ha setts över", False),
        (EntryKind.ANSWER, {"valid_to": date(2026, 12, 17)}, "gäller bara till", False),
        (EntryKind.POLICY, {"valid_to": date(2026, 12, 17)}, "Då bevisar den inget", True),
        (EntryKind.POLICY, {"valid_to": date(2026, 12, 18)}, "", False),
    ],
)
def test_what_is_too_old_says_so_and_stops_the_bid_where_it_is_proof(case, sales, clock, kind, dates, words, stops):
    entry = keep(case, "Trappstädningen", CLEANING, now=clock.now, kind=kind, **dates)
    db.session.commit()
    take_and_save(sales, case.answer_url, entry.versions[0].id)
    found = [gap for gap in bidflow.gaps_of(case.bid, now=clock.now) if ":library:" in gap.key]
    assert [gap.blocking for gap in found] == ([stops] if words else [])
    assert all(words in gap.sentence for gap in found)


def test_what_was_frozen_tells_its_version_for_good(case, sales, clock):
    take_and_save(sales, case.answer_url, entry_called("Trappstädning och uppföljning").versions[0].id)
    bidflow.preview(case.bid, by=case.sam, now=clock.now)
    (answer,) = from_json(case.bid.previews[0].offer_json).answers
    assert [(taken.title, taken.version) for taken in answer.library] == [("Trappstädning och uppföljning", 1)]


def test_the_answer_lets_go_and_keeps_its_text(case, sales):
    entry = entry_called("Trappstädning och uppföljning")
    take_and_save(sales, case.answer_url, entry.versions[0].id)
    assert sales.post(f"{case.answer_url}/bibliotek/{entry.id}/slapp").status_code == 303
    assert count(AnswerSource) == 0
    assert db.session.scalars(select(BidAnswer.text)).all() == [CLEANING]


def test_a_cv_with_a_file_becomes_an_appendix_and_the_proof(case, sales):
    file = (BytesIO(PDF), "cv.pdf")
    made = {"seen": "0", "kind": "cv", "title": "CV arbetsledare trappstädning", "owner": "0", "valid_to": "2027-06-30"}
    answer = sales.post(f"{LIBRARY}/ny", data={**made, "file": file}, content_type="multipart/form-data")
    assert answer.status_code == 303
    entry = entry_called("CV arbetsledare trappstädning")
    for _press in range(2):
        assert take_and_save(sales, case.answer_url, entry.versions[0].id).status_code == 303
    db.session.expire_all()
    assert [appendix.title for appendix in case.bid.appendices] == ["CV arbetsledare trappstädning"]
    (saved,) = case.bid.answers
    assert [(piece.title, piece.valid_to) for piece in saved.evidence] == [
        ("CV arbetsledare trappstädning", date(2027, 6, 30))
    ]
    assert sales.get(f"{LIBRARY}/{entry.id}/1/fil").data.startswith(b"%PDF-")
