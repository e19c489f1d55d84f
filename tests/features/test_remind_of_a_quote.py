"""A customer that has not answered is reminded once, two working days before the quote expires."""

from __future__ import annotations

from contextvars import Context
from datetime import UTC, datetime

import pytest

from app import clock as house_clock
from app import jobs, quoteflow
from app.db import db
from tests.order_case import BUYER, furnish
from tests.people import save, text, together
from tests.quote_case import SAM, accept, ask, send, the_quote

pytestmark = pytest.mark.both

BEFORE, DUE = datetime(2026, 12, 21, 6, 59, tzinfo=UTC), datetime(2026, 12, 21, 7, 0, tzinfo=UTC)
SUBJECT = "Offert {} går snart ut"


@pytest.fixture
def sent(app, visit):
    """Six fruit baskets, offered to Nordbyn on 23 November, through 23 December."""
    fruit = furnish().id
    return send(visit(SAM), ask(visit(BUYER), fruit))


@pytest.fixture
def reminders(sent, outbox, work_off):
    """Let a worker look, and count the reminders that have gone by then."""

    def look() -> int:
        quoteflow.remind_all(house_clock.now())
        save()
        work_off()
        return outbox.subjects_to(BUYER).count(SUBJECT.format(sent.number))

    return look


def test_reminded_once_in_the_morning_two_working_days_before(sent, reminders, clock, outbox, visit):
    clock.set(BEFORE)
    assert reminders() == 0
    clock.set(DUE)
    assert [reminders() for _minute in range(3)] == [1, 1, 1]
    letter = outbox.to(BUYER)[-1].body.replace("\xa0", " ")
    assert "till och med ons 23 dec" in letter
    assert f"/offerter/{sent.number}" in letter
    for page in (visit(BUYER).page(f"/offerter/{sent.number}"), visit(SAM).page(f"/personal/offerter/{sent.number}")):
        assert "Kunden påmindes om version 1" in text(page)


def test_a_worker_that_was_down_reminds_as_long_as_it_holds(reminders, clock):
    clock.set(datetime(2026, 12, 23, 20, 0, tzinfo=UTC))
    assert reminders() == 1


def test_nobody_is_reminded_of_what_has_expired(reminders, clock):
    clock.set(datetime(2026, 12, 24, 7, 0, tzinfo=UTC))
    assert reminders() == 0
    assert the_quote().offered.remind_at is None, "nobody looks at it again"


def test_nobody_is_reminded_who_has_answered(sent, reminders, clock, visit):
    path = f"/offerter/{sent.number}"
    visit(BUYER).fill(path, {"andra-words": "Kan det bli åtta?"}, form="form[action$='/andra']")
    clock.set(DUE)
    assert reminders() == 0


def test_nobody_is_reminded_who_has_accepted(sent, reminders, clock, visit):
    assert accept(visit(BUYER), sent).status_code == 303
    clock.set(DUE)
    assert reminders() == 0


def test_nobody_is_reminded_of_what_was_withdrawn(sent, reminders, clock, visit):
    path, form = f"/personal/offerter/{sent.number}", "form[action$='/ta-tillbaka']"
    visit(SAM).fill(path, {"bort-words": "Frukten tog slut."}, form=form)
    clock.set(DUE)
    assert reminders() == 0


def test_nobody_is_reminded_of_what_was_just_sent(sent, reminders, clock, visit):
    clock.set(datetime(2026, 12, 18, 9, 0, tzinfo=UTC))
    sam = visit(SAM)
    sam.fill(f"/personal/offerter/{sent.number}", {}, form="form[action$='/ny-version']")
    send(sam, the_quote(), valid_to="2026-12-21", delivery_day="2026-12-28")
    clock.set(DUE)
    assert reminders() == 0


def test_only_the_version_that_holds_is_reminded_of(sent, reminders, clock, visit):
    sam = visit(SAM)
    sam.fill(f"/personal/offerter/{sent.number}", {}, form="form[action$='/ny-version']")
    send(sam, the_quote(), valid_to="2026-12-30")
    clock.set(DUE)
    assert reminders() == 0
    clock.set(datetime(2026, 12, 28, 9, 0, tzinfo=UTC))
    assert reminders() == 1


def test_two_workers_write_one_letter(app, sent, clock, outbox):
    clock.set(DUE)
    version = sent.offered.id

    def work() -> None:
        with app.app_context():
            quoteflow.remind(version)
            db.session.commit()

    together(*[lambda: Context().run(work)] * 3)
    db.session.rollback()
    assert outbox.subjects_to(BUYER).count(SUBJECT.format(sent.number)) == 1


def test_workers_look_for_it_each_minute():
    assert quoteflow.remind_all in jobs.routines
