"""Members are told in time that a paper runs out, once of each, and staff get the list."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app import jobs
from app.db import db
from app.members.models import Reach
from app.members.vault import reminding
from app.members.vault.models import DocumentReminder, VaultDay
from app.serve import MORNING_ROUNDS
from tests.features.bid_case import count
from tests.features.vault_case import furnish, renew
from tests.furnished import furnished

DAY = date(2026, 11, 23)


@furnished
def case(app):
    return furnish()


def morning(clock, work_off, day: date) -> None:
    clock.set(datetime(day.year, day.month, day.day, 8, 0, tzinfo=UTC))
    reminding.look_each_morning(clock.now)
    db.session.commit()
    work_off()


def test_members_are_told_sixty_thirty_and_seven_days_before_once_each_and_staff_get_the_list(
    case, clock, work_off, outbox
):
    told = {date(2026, 11, 16): 60, date(2026, 12, 16): 30, date(2027, 1, 8): 7}
    day = date(2026, 11, 10)
    while day < date(2027, 1, 20):
        before = len(outbox.to(case.fruit.email))
        morning(clock, work_off, day)
        assert len(outbox.to(case.fruit.email)) - before == (day in told), day
        day = date.fromordinal(day.toordinal() + (1 if day.day < 18 else 3))
    assert sorted(db.session.scalars(select(DocumentReminder.days))) == [7, 30, 60]
    last = outbox.to(case.fruit.email)[-1]
    assert last.subject == "1 handling går snart ut"
    assert "fre 15 jan" in last.body.replace("\u00a0", " ")
    assert "7 dagar kvar" in last.body
    assert "/medlem/handlingar" in last.body
    assert len(outbox.to(case.sam.email)) == 3
    assert case.fruit.name in outbox.to(case.sam.email)[0].body
    assert outbox.to(case.van.email) == []


def test_a_worker_that_was_down_sends_the_nearest_only(case, clock, work_off, outbox):
    morning(clock, work_off, date(2027, 1, 10))
    assert len(outbox.to(case.fruit.email)) == 1
    assert db.session.scalars(select(DocumentReminder.days)).all() == [7]


def test_what_was_renewed_and_what_has_run_out_is_not_reminded_of(case, clock, work_off, outbox):
    renew(case, clock.now)
    morning(clock, work_off, date(2026, 12, 16))
    assert list(outbox) == []


@pytest.mark.both
def test_a_day_is_looked_at_once_however_many_workers(case, clock, work_off, outbox):
    for _worker in range(3):
        reminding.look_each_morning(clock.now)
        db.session.commit()
    work_off()
    reminding.remind(DAY.toordinal())
    db.session.commit()
    assert len(outbox.to(case.fruit.email)) == 1
    assert count(VaultDay) == 1


def test_a_member_on_paper_is_told_by_post(case, clock, work_off, outbox):
    case.fruit.reached_by = Reach.PAPER
    db.session.commit()
    morning(clock, work_off, DAY)
    (letter,) = [letter for letter in outbox if letter.kind == "document_runs_out"]
    assert letter.state == "paper"
    assert "/medlem/" not in letter.body


def test_a_worker_knows_of_its_morning_rounds():
    assert set(MORNING_ROUNDS) <= set(jobs.routines)
    assert reminding.look_each_morning in MORNING_ROUNDS
