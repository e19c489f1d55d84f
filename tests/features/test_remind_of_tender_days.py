"""Who wants it is reminded of the days of tenders by letter, once of each day and as long before as they wish."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.db import db
from app.tenders.dates.models import TenderReminder
from app.tenders.dates.reminding import look_for_what_comes
from app.tenders.models import Tender
from tests import make
from tests.features.dates_case import CALENDAR, DEADLINE, SAM, furnish
from tests.furnished import furnished


@furnished
def tender(app):
    return furnish()


def wish(browser, days: str):
    return browser.fill(CALENDAR, {"days_ahead": days}, form="form[action$='/paminnelser']")


def morning(day: date, work_off) -> None:
    look_for_what_comes(datetime(day.year, day.month, day.day, 7, 0, tzinfo=UTC))
    db.session.commit()
    work_off()


def test_who_wants_it_is_told_once_of_each_day(tender, visit, clock, work_off, outbox):
    assert wish(visit(SAM), "3").status_code == 303
    for day in (date(2026, 12, 4), date(2026, 12, 5), date(2026, 12, 6), date(2026, 12, 7)):
        clock.now = datetime(day.year, day.month, day.day, 7, 0, tzinfo=UTC)
        morning(day, work_off)
        morning(day, work_off)
    assert outbox.subjects_to(SAM) == ["Sista dag för frågor (vårt förslag) tis 8 dec: Frukt"]
    letter = outbox.to(SAM)[0].body
    assert "tis\xa08\xa0dec: Sista dag för frågor (vårt förslag)\nFrukt, Kommunen\n" in letter
    assert f"/personal/upphandlingar/{tender.id}/datum" in letter


def test_a_day_that_moves_is_told_again(tender, visit, clock, work_off, outbox):
    wish(visit(SAM), "3")
    clock.now = datetime(2026, 12, 16, 7, 0, tzinfo=UTC)
    morning(date(2026, 12, 16), work_off)
    db.session.get_one(Tender, tender.id).deadline = DEADLINE + timedelta(days=3)
    db.session.commit()
    clock.now += timedelta(days=2)
    morning(date(2026, 12, 18), work_off)
    told = [one for one in outbox.subjects_to(SAM) if one.startswith("Sista anbudsdag")]
    assert told == [
        "Sista anbudsdag fre 18 dec: Frukt",
        "Sista anbudsdag mån 21 dec: Frukt",
    ]
    assert len(db.session.scalars(select(TenderReminder)).all()) == 2


def test_nobody_is_told_who_does_not_want_it_or_works_here_no_longer(tender, visit, clock, work_off, outbox):
    sam = visit(SAM)
    wish(sam, "5")
    clock.now = datetime(2026, 12, 16, 7, 0, tzinfo=UTC)
    db.session.scalars(select(make.User).where(make.User.email == SAM)).one().active = False
    db.session.commit()
    morning(date(2026, 12, 16), work_off)
    assert outbox.to(SAM) == []
    db.session.scalars(select(make.User).where(make.User.email == SAM)).one().active = True
    db.session.commit()
    wish(visit(SAM), "")
    clock.now += timedelta(days=1)
    morning(date(2026, 12, 17), work_off)
    assert outbox.to(SAM) == []


def test_no_letter_comes_at_night(tender, visit, clock, work_off, outbox):
    wish(visit(SAM), "30")
    look_for_what_comes(datetime(2026, 12, 16, 5, 59, tzinfo=UTC))
    db.session.commit()
    work_off()
    assert outbox.to(SAM) == []


@pytest.mark.parametrize("odd", ["31", "-1", "ofta"])
def test_a_wish_that_is_none_is_refused(tender, visit, odd):
    assert wish(visit(SAM), odd).status_code == 422
