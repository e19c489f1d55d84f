"""Twenty invoices at the same moment, and a process killed in the midst of one: no gap and no double in any series."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from app import clock as app_clock
from app import orderflow
from app.accounts.models import User
from app.catalog.models import Offering
from app.customers.models import InvoiceRhythm
from app.db import db
from app.invoicing.models import InvoiceLine
from app.orders.models import Assignment, Order
from config import ROOT
from tests.furnished import furnished
from tests.issuers import ISSUED, READY
from tests.money_case import documents, furnish_money, sell_as, signed, sound, without_gaps, worth
from tests.order_case import order
from tests.people import save
from tests.servers import environment, wait_until

pytestmark = pytest.mark.both

ORDERS, PROCESSES = 20, 4


@furnished
def waiting(app) -> list[int]:
    """Twenty orders, each of two members, one of which sells in its own name; all have said yes."""
    fruit = furnish_money()["fruit"]
    sell_as(InvoiceRhythm.ORDER, "rullande")
    by = db.session.scalars(select(User).where(User.email == "sam@samklang.example")).one()
    found = []
    for number in range(ORDERS):
        db.session.execute(update(Offering).values(capacity_per_week=Decimal(number + 1)))
        db.session.commit()
        made = order({fruit.id: Decimal(2)})
        for one in made.assignments:
            orderflow.accept(one, {}, by=by, now=app_clock.now())
        db.session.commit()
        found += [one.id for one in made.assignments]
    return found


@contextmanager
def issuer(house, how: str, *assignments: int) -> Iterator[subprocess.Popen[str]]:
    """Another process of the house, ready to deliver these."""
    command = [sys.executable, "-m", "tests.issuers", how, *map(str, assignments)]
    environ = environment(house.folder, DATABASE_URL=house.database.url, SAMSALJ_URL="http://localhost")
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == READY
        yield started


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("now\n")
    process.stdin.flush()


def all_is_well() -> None:
    db.session.rollback()
    for made in db.session.scalars(select(Order)):
        assert made.state == "delivered"
        assert signed(made) == worth(made)
    sound(documents())
    without_gaps()


def test_processes_that_issue_at_once_leave_no_gap_and_no_double(house, waiting):
    save()
    with ExitStack() as stack:
        heaps = [waiting[place::PROCESSES] for place in range(PROCESSES)]
        workers = [stack.enter_context(issuer(house, "deliver", *heap)) for heap in heaps]
        for one in workers:
            go(one)
        assert [one.wait(120) for one in workers] == [0] * PROCESSES
    all_is_well()
    assert len({one.series for one in documents()}) == 2
    claims = db.session.scalars(select(InvoiceLine.assignment_line_id)).all()
    assert len([one for one in claims if one]) == len(waiting)


def test_who_is_killed_in_the_midst_leaves_nothing_and_the_next_takes_its_number(house, waiting):
    save()
    first = db.session.scalars(select(Assignment.id).where(Assignment.order_id == 1).order_by(Assignment.id)).all()
    db.session.rollback()
    with issuer(house, "deliver", *first[:-1]) as before:
        go(before)
        assert before.wait(60) == 0
    with issuer(house, "halt", first[-1]) as process:
        go(process)
        assert process.stdout is not None
        assert process.stdout.readline() == ISSUED
        os.kill(process.pid, signal.SIGKILL)
        wait_until(lambda: process.poll() is not None, what="the end")
    assert documents() == []
    db.session.rollback()
    with issuer(house, "deliver", first[-1], *[one for one in waiting if one not in first]) as again:
        go(again)
        assert again.wait(120) == 0
    all_is_well()
