"""The buyer adds something: it is entered, acknowledged, and what it touches is looked at again before the bid goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from app import bidflow
from app.db import db
from app.demo.papers import paper
from app.errors import Refused
from app.files import StoredFile
from app.tenders import actions, versions
from app.tenders.leaving import NotReady
from app.tenders.models import AddendumTouch, Bid, Tender, TenderAddendum, TenderState
from app.tenders.offers import offer_of
from tests.conftest import MONDAY
from tests.features.bid_case import DEADLINE, count, gaps
from tests.features.team_case import ANSWER, TeamCase
from tests.furnished import furnished
from tests.people import document, text, together

PDF = paper("Rättelse", ["Ett prov."])
CAME = "2026-11-23T08:30"


@furnished
def case(app):
    return TeamCase(MONDAY)


@pytest.fixture
def sam(case, visit):
    return visit(case.sam.email)


def enter(browser, case, **more):
    given = {"number": "1", "title": "Rättat krav", "received_at": CAME, **more}
    return browser.post(f"{case.where}/kompletteringar", data=given, content_type="multipart/form-data")


def test_a_late_addendum_reopens_the_gaps_it_touches_until_each_is_closed(case, sam, visit):
    for requirement in case.requirements:
        url = f"{case.where}/svar/{requirement.id}"
        sam.post(url, data={**ANSWER, "revision": "0", "text": "Ja", "proof_title": "Kapitel 3"})
    assert "Komplettering" not in gaps(sam, case.where)
    eva = visit(case.eva.email)
    assert enter(eva, case, requirements="A1; A2", rows="1.1", lots="1").status_code == 303
    found = gaps(sam, case.where)
    for words in ("Komplettering 1, som kom", "berör krav A1", "berör krav A2", "prisrad 1.1", "anbudsområde 1"):
        assert words in found, words
    assert sam.post(f"{case.where}/lamna").status_code == 409
    assert eva.post(f"{case.where}/kompletteringar/1/kvittera").status_code == 409, "the owner does that"
    assert sam.post(f"{case.where}/kompletteringar/1/kvittera").status_code == 303
    assert "som kom" not in gaps(sam, case.where)
    assert sam.press(case.answer_url, "button[formaction$=bekrafta]").status_code == 303
    second = f"{case.where}/svar/{case.requirements[1].id}"
    assert sam.post(second, data={**ANSWER, "revision": "1", "text": "Rättat"}).status_code == 303
    found = gaps(sam, case.where)
    assert "berör krav" not in found, "a confirmed answer and one that is saved anew"
    page = f"{case.where}/kompletteringar"
    for _ in range(2):
        assert eva.fill(page, {}, form="form[action*='/bekrafta/']").status_code == 303
    assert "Komplettering" not in gaps(sam, case.where)
    assert {one.confirmed_by for one in db.session.scalars(select(AddendumTouch))} == {"Sam Exempel", "Eva Exempel"}


def test_each_gap_leads_to_where_it_is_closed(case, sam):
    enter(sam, case, requirements="A1", rows="1.1")
    links = {link.get("href") for link in sam.page(case.where).cssselect(".gap-list a")}
    assert {case.answer_url, f"{case.where}/kompletteringar"} <= links


def test_the_offer_says_which_addenda_it_answers_to(case, sam, clock):
    enter(sam, case)
    enter(sam, case, number="2", title="Mer")
    sam.post(f"{case.where}/kompletteringar/1/kvittera")
    bid = db.session.get_one(Bid, case.bid.id)
    assert [(one.number, one.acknowledged) for one in offer_of(bid, now=clock.now).addenda] == [(1, True), (2, False)]


def test_a_moved_last_day_holds_at_once_and_the_parties_are_told(case, sam, outbox):
    assert enter(sam, case, new_deadline="2026-12-22T12:00").status_code == 303
    tender = db.session.get_one(Tender, case.tender.id)
    assert tender.deadline == datetime(2026, 12, 22, 11, 0, tzinfo=UTC)
    (letter,) = [one for one in outbox.to("ljungbacken@medlem.example") if one.kind == "bid_deadline"]
    assert "22 december 2026" in letter.body.replace("\xa0", " ")
    assert [one.kind for one in outbox.to(case.rut.email)] == ["bid_addendum"]
    assert not outbox.to(case.sam.email), "who entered it knows"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"number": ""}, "Skriv numret"),
        ({"number": "0"}, "från 1 till 999"),
        ({"number": "ett"}, "helt tal"),
        ({"title": " "}, "Skriv vad den handlar om"),
        ({"received_at": "2026-11-24T08:30"}, "i framtiden"),
        ({"requirements": "A1, A9"}, "A9 finns inte"),
        ({"rows": "7.7"}, "7.7 finns inte"),
        ({"lots": "B"}, "B finns inte"),
        ({"new_deadline": "2026-11-01T12:00"}, "efter att kompletteringen kom"),
        ({"new_deadline": "1026-11-01T12:00"}, "Kontrollera året"),
        ({"file": (BytesIO(b"<svg/>"), "x.pdf")}, "PDF"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_changed(case, sam, wrong, words):
    answer = enter(sam, case, text="Min text", **wrong)
    assert answer.status_code == 422
    assert words.lower() in text(document(answer)).lower()
    assert document(answer).cssselect("textarea#text")[0].text.strip() == "Min text"
    assert (count(TenderAddendum), count(StoredFile)) == (0, 0)
    assert db.session.get_one(Tender, case.tender.id).deadline == DEADLINE


def test_the_same_number_twice_is_refused(case, sam):
    assert enter(sam, case).status_code == 303
    again = enter(sam, case, title="Igen")
    assert again.status_code == 422
    assert "redan införd" in again.text


@pytest.mark.both
def test_entered_by_two_at_the_same_moment_it_is_there_once(case, visit):
    browsers = [visit(case.sam.email), visit(case.eva.email)]
    answers = together(*(lambda b=b: enter(b, case).status_code for b in browsers))
    assert sorted(answers) == [303, 422]
    assert count(TenderAddendum) == 1


def test_its_file_is_kept_as_it_came_and_only_for_staff(case, sam, visit):
    assert enter(sam, case, file=(BytesIO(PDF), "rattelse.exe")).status_code == 303
    path = f"{case.where}/kompletteringar/1/fil"
    answer = sam.get(path)
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert visit("lena@medlem.example").get(path).status_code == 403
    assert sam.get(f"{case.where}/kompletteringar/2/fil").status_code == 404


def test_another_tenders_points_cannot_be_confirmed(case, sam, clock):
    enter(sam, case, requirements="A1")
    touch = db.session.scalars(select(AddendumTouch)).one()
    assert sam.post(f"{case.where}/kompletteringar/1/bekrafta/{touch.id + 1}").status_code == 404
    assert sam.post(f"{case.where}/kompletteringar/2/kvittera").status_code == 404


def test_one_that_comes_after_the_bid_was_handed_in_asks_for_a_new_draft(case, sam, clock):
    versions.freeze(case.bid, offer_of(case.bid, now=clock.now), by=case.sam, now=clock.now)
    actions.move(case.tender, TenderState.SUBMITTED, by=case.sam, now=clock.now)
    assert enter(sam, case, requirements="A1").status_code == 303
    assert "Anbudet lämnades före den här kompletteringen" in text(sam.page(f"{case.where}/kompletteringar"))
    assert sam.post(f"{case.where}/lamna/nytt-utkast").status_code == 303
    assert "Komplettering 1" in gaps(sam, case.where)


def test_who_presses_hand_in_as_the_clock_passes_the_deadline_is_refused_in_words(case, clock):
    clock.set(DEADLINE + timedelta(microseconds=1))
    with pytest.raises(Refused, match="Sista anbudsdag var"):
        bidflow.submit(case.bid, by=case.sam, now=clock.now)
    clock.set(DEADLINE)
    with pytest.raises(NotReady) as no:
        bidflow.submit(case.bid, by=case.sam, now=clock.now)
    assert "deadline" not in {gap.key for gap in no.value.gaps}


def test_the_page_lists_a_page_of_them_in_a_steady_number_of_statements(case, sam, queries):
    enter(sam, case, requirements="A1")
    path = f"{case.where}/kompletteringar"
    sam.page(path)
    with queries() as few:
        sam.page(path)
    for number in range(2, 14):
        enter(sam, case, number=str(number), requirements="A1,A2", rows="1.1")
    with queries() as many:
        page = sam.page(path)
    assert len(many) == len(few)
    assert len(page.cssselect("section.card")) == 10
    assert len(sam.page(f"{path}?sida=2").cssselect("section.card")) == 3
