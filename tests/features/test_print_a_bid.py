"""A bid on its way to paper: how far it has come, what a renderer that stops loses, and two versions compared."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest

from app import clock, files, jobs
from app.db import db
from app.jobs import Job, JobState
from app.tenders import paper_actions, printing, versions
from app.tenders.models import BidPreview, BidVersion
from app.tenders.offers import offer_of
from app.tenders.paper_actions import Upload
from tests import make
from tests.core import bid_files
from tests.features.bid_case import Case
from tests.furnished import furnished
from tests.people import text


@furnished
def case(app) -> Case:
    made = Case(clock.now())
    db.session.commit()
    return made


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


@pytest.fixture
def send(case) -> str:
    return f"{case.where}/lamna"


def attach(case, data: bytes) -> None:
    kept = paper_actions.keep(Upload("intyg.pdf", data), now=clock.now())
    paper_actions.attach(case.bid, kept, title="Intyget", by=case.sam, now=clock.now())
    db.session.commit()


def preview() -> BidPreview:
    db.session.expire_all()
    return db.session.scalars(db.select(BidPreview).order_by(BidPreview.id.desc())).first()


def test_the_page_says_how_far_it_has_come_and_a_reload_too(case, sales, send):
    assert sales.get(f"{send}/lage").json["moving"] is False
    sales.post(f"{send}/forhandsgranska")
    waiting = sales.get(f"{send}/lage").json
    assert (waiting["moving"], waiting["done"], waiting["counted"]) == (True, 0, "")
    preview().done = 40
    db.session.commit()
    assert sales.get(f"{send}/lage").json["counted"] == "40 % är klart"
    bar = sales.page(send).cssselect("[data-progress] progress")[0]
    assert (bar.get("max"), bar.get("value")) == ("100", "40")
    jobs.work_off()
    assert sales.get(f"{send}/lage").json["moving"] is False
    assert "utkast.pdf" in sales.get(send).get_data(as_text=True)


def test_the_press_tells_its_steps(case, sales, send):
    sales.post(f"{send}/forhandsgranska")
    told: list[int] = []
    from_press = printing.bind_apart(preview().offer_json, told.append)
    assert from_press[:5] == b"%PDF-"
    assert told == sorted(set(told))
    assert told[-1] >= 85


def test_a_press_that_stops_half_way_is_told_and_taken_up_again(case, sales, send):
    attach(case, bid_files.paper("Intyg", "Vi är försäkrade."))
    sales.post(f"{send}/forhandsgranska")
    (digest,) = [appendix.file.sha256 for appendix in case.bid.appendices]
    place = files.folder() / digest[:2] / digest
    aside = place.with_suffix(".aside")
    place.rename(aside)
    jobs.work_off()
    assert preview().pdf_id is None
    row = db.session.get_one(Job, preview().job_id)
    assert (row.state, row.attempts) == (JobState.WAITING, 1)
    assert digest in (row.error or "")
    assert "fortsätter av sig själv" in sales.get(f"{send}/lage").json["said"]
    aside.rename(place)
    row.run_after = clock.now()
    db.session.commit()
    jobs.work_off()
    assert preview().pdf_id is not None
    assert case.bid.appendices[0].title == "Intyget"


def test_what_the_bid_is_to_blame_for_is_told_once_and_not_tried_again(case, sales, send):
    attach(case, bid_files.paper("Intyg", "Vi är försäkrade."))
    offer = offer_of(case.bid, now=clock.now())
    broken = files.save(b"%PDF-1.7\ntrasig", name="a.pdf", media_type="application/pdf", now=clock.now())
    offer = replace(offer, appendices=(replace(offer.appendices[0], sha256=broken.sha256),))
    versions.ask_for_preview(case.bid, offer, by=case.sam, now=clock.now())
    db.session.commit()
    jobs.work_off()
    assert "trasig" in preview().problem
    assert db.session.get_one(Job, preview().job_id).state == JobState.DONE
    assert "trasig" in text(sales.page(send).cssselect(".note.tone-bad")[0])


def test_the_same_version_gives_the_same_bytes_from_the_shelf_and_without(case):
    version = versions.freeze(case.bid, offer_of(case.bid, now=clock.now()), by=case.sam, now=clock.now())
    db.session.commit()
    jobs.work_off()
    first = files.read(db.session.get_one(BidVersion, version.id).pdf)
    shelf = files.folder().with_name("pressed")
    laid = sorted(shelf.iterdir())
    assert laid
    assert printing.bind_apart(version.offer_json) == first
    for place in laid:
        place.write_bytes(b"spoilt" * 20)
    assert printing.bind_apart(version.offer_json) == first
    for place in shelf.iterdir():
        place.unlink()
    assert printing.bind_apart(version.offer_json) == first
    with pypdfium2.PdfDocument(BytesIO(first)) as pdf:
        assert "UTKAST" not in pdf[2].get_textpage().get_text_bounded()


def two_versions(case) -> None:
    now = clock.now()
    versions.freeze(case.bid, offer_of(case.bid, now=now), by=case.sam, now=now)
    versions.reopen(case.bid, by=case.sam, now=now)
    case.bid.letter = "Vi vill gärna leverera frukt."
    versions.freeze(case.bid, offer_of(case.bid, now=now), by=case.sam, now=now)
    db.session.commit()


def test_two_versions_are_compared(case, sales, send):
    assert "Två versioner" in text(sales.page(f"{send}/jamfor"))
    two_versions(case)
    assert f"{send}/jamfor" in sales.get(send).get_data(as_text=True)
    (row,) = sales.page(f"{send}/jamfor").cssselect(".table tbody tr")
    assert "Anbudsbrev" in text(row)
    assert "Vi vill gärna leverera frukt." in text(row)
    same = sales.page(f"{send}/jamfor?fran=2&till=1").cssselect(".table tbody tr")
    assert text(same[0]) == text(row)


@pytest.mark.parametrize("asked", ["?fran=1&till=1", "?fran=9&till=x", "?fran=-1", "?sida=99"])
def test_versions_that_are_not_there_are_not_compared(case, sales, send, asked):
    two_versions(case)
    assert sales.get(f"{send}/jamfor{asked}").status_code == 200


def test_others_do_not_see_how_far_it_is(case, visit, send):
    member = visit(make.make_user(member=case.fruit).email)
    assert member.get(f"{send}/lage").status_code == 403
    assert member.get(f"{send}/jamfor").status_code == 403
