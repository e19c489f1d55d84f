"""People follow the days of tenders in their own calendar, at an address that they can change and close."""

from __future__ import annotations

from icalendar import Calendar
from sqlalchemy import select

from app.db import db
from tests import make
from tests.features.dates_case import CALENDAR, SAM, VISIT, furnish, where
from tests.furnished import furnished


@furnished
def tender(app):
    return furnish()


def link(browser) -> str:
    browser.post(f"{CALENDAR}/adress/ny")
    return browser.page(CALENDAR).cssselect("input[readonly]")[0].get("value").removeprefix("http://localhost")


def events(browser, path: str) -> list[tuple[str, str]]:
    answer = browser.get(path)
    assert answer.status_code == 200
    return [
        (str(one["summary"]), one.decoded("dtstart").isoformat())
        for one in Calendar.from_ical(answer.data).walk("VEVENT")
    ]


def test_ones_own_calendar_shows_the_days_of_all_tenders(tender, visit):
    sam = visit(SAM)
    sam.post(f"{where(tender)}/egna", data=VISIT)
    assert events(visit(None), link(sam)) == [
        ("Platsbesök: Frukt", "2026-12-01T13:00:00+01:00"),
        ("Sista dag för frågor (vårt förslag): Frukt", "2026-12-08"),
        ("Köparen ska ha svarat på frågor: Frukt", "2026-12-12"),
        ("Sista anbudsdag: Frukt", "2026-12-18T11:30:00+01:00"),
        ("Anbudet är bindande till och med: Frukt", "2027-03-31"),
    ]


def test_an_event_keeps_its_name_and_grows_when_the_day_moves(tender, visit):
    sam = visit(SAM)
    path = link(sam)

    def deadline() -> tuple[str, int]:
        found = Calendar.from_ical(visit(None).get(path).data).walk("VEVENT")
        one = next(event for event in found if str(event["summary"]).startswith("Sista dag för"))
        return str(one["uid"]), int(one["sequence"])

    before = deadline()
    sam.post(f"{where(tender)}/fragor", data={"questions-questions_on": "2026-12-04"})
    after = deadline()
    assert after[0] == before[0]
    assert after[1] > before[1]


def test_a_program_that_has_it_is_told_so(tender, visit):
    path = link(visit(SAM))
    stranger = visit(None)
    first = stranger.get(path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert stranger.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_an_address_that_is_changed_closed_or_made_up_opens_nothing(tender, visit):
    sam = visit(SAM)
    old = link(sam)
    new = link(sam)
    assert visit(None).get(old).status_code == 404
    assert visit(None).get(new).status_code == 200
    assert visit(None).get("/kalender/upphandlingar/x.ics").status_code == 404
    assert visit(None).get(new.replace("/upphandlingar", "")).status_code == 404
    sam.post(f"{CALENDAR}/adress/stang")
    assert visit(None).get(new).status_code == 404


def test_who_no_longer_works_here_reads_it_no_longer(tender, visit):
    path = link(visit(SAM))
    db.session.scalars(select(make.User).where(make.User.email == SAM)).one().roles = []
    db.session.commit()
    assert visit(None).get(path).status_code == 404
