"""The workspace of a bid with 12 parties, 400 requirements and 1,500 price rows.

What is asked: its gaps in 300 ms, the cheapest sharing in 2 s, the prices after a change in 200 ms, and no page with
more than 15 statements. Times are the least processor time of a few runs, held against counting to ten million, which
takes a machine of today four tenths of a second when it has nothing else to do.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import Any

from sqlalchemy import event

from app import clock
from app.db import db
from app.factory import create_app
from app.pages.staff.tenders_costed import costed
from app.pages.staff.tenders_room import PER_PAGE, Room, priced_rows
from app.tenders.joint import proposing
from app.tenders.models import Bid, PartyLimit
from app.tenders.offers import offer_of
from app.tenders.whole import tender_with_bid
from bids import checks, simulation
from bids.proposal import propose
from config import ROOT, from_env
from tests.benchmarks.bench_large_catalog import _database
from tests.large_bid import large_bid
from tests.people import Visitor, sign_in
from tests.servers import flask

COUNT = 10_000_000
COUNTING = 0.4
"""Seconds, on the machine that the limits were written for."""
RUNS = 3
MOST_STATEMENTS = 15
PAGES = (
    *("", "/rader", "/krav", "/anbud", "/svar", "/handlingar", "/lamna", "/priser", "/priser/fordelning"),
    *("/priser/fordelning/forslag", "/priser/kalkyl", "/priser/index", "/priser/utvardering"),
)


def measure() -> Iterator[tuple[str, float, float]]:
    """The times against the counting, and the statements of each page."""
    with tempfile.TemporaryDirectory() as folder, _database("SQLite", Path(folder)) as environ:
        subprocess.run(flask("migrate"), cwd=ROOT, env=environ, check=True, capture_output=True)
        app = create_app(from_env(environ))
        app.test_client_class = Visitor
        with app.app_context():
            tender_id = large_bid(clock.now()).tender_id
            count = _least(_count)
            for name, seconds, limit in _times(tender_id):
                yield f"{name}, against a plain count", seconds / count, limit / COUNTING
            yield from _statements(app, tender_id)
            db.session.remove()
            db.engine.dispose()


def _times(tender_id: int) -> Iterator[tuple[str, float, float]]:
    """Seconds taken, and seconds that it may take."""
    now = clock.now()
    _tender, bid = tender_with_bid(tender_id)
    if bid is None:
        raise ValueError(tender_id)
    offer = offer_of(bid, now=now)
    yield "the gap list of 1,500 rows and 400 requirements", _least(lambda: checks.gaps(offer, now=now)), 0.3
    ground = proposing.ground_of(bid, offer, now=now)
    sharing = _least(lambda: propose(offer, ground.needs, ground.limits, ground.pools))
    yield "sharing 1,500 rows among 12 parties", sharing, 2.0
    for name, largest in (("within limits for each party", 12), ("where the limits leave half of it", 5)):
        for party in bid.parties[1:]:
            party.limit = PartyLimit(smallest=Decimal(3), largest=Decimal(largest), wish=Decimal(10), under_line=False)
        tight = proposing.ground_of(bid, offer, now=now)
        seconds = _least(lambda tight=tight: propose(offer, tight.needs, tight.limits, tight.pools))
        yield f"the same {name}", seconds, 2.0
    yield "the prices after a change of the margin", _least(lambda: _preview(bid)), 0.2
    yield "what the bid gives at five other margins and volumes", _least(lambda: simulation.sensitivity(offer)), 0.3
    db.session.rollback()


def _preview(bid: Bid) -> None:
    """What the page of prices counts when the margin has been changed."""
    bid.margin_percent += Decimal("0.1")
    now = clock.now()
    offer = offer_of(bid, now=now)
    room = Room(bid.tender, bid, offer, (), now)
    costed(room, bid, priced_rows(room)[:PER_PAGE], simulation.result(offer).lots)


def _statements(app: Any, tender_id: int) -> Iterator[tuple[str, float, float]]:
    visitor = sign_in(app, "sam@samklang.example")
    for page in PAGES:
        seen: list[str] = []

        def note(*told: Any, seen: list[str] = seen) -> None:
            if not told[2].startswith("BEGIN"):
                seen.append(told[2])

        event.listen(db.engine, "before_cursor_execute", note)
        answer = visitor.get(f"/personal/upphandlingar/{tender_id}{page}")
        event.remove(db.engine, "before_cursor_execute", note)
        if answer.status_code != 200:
            raise ValueError(answer.status)
        yield f"statements of the workspace's page {page or '/'}", len(seen), MOST_STATEMENTS


def _count() -> None:
    total = 0
    for number in range(COUNT):
        total += number


def _least(work: Callable[[], object]) -> float:
    """The least processor time of a few runs: others on the machine can only make it longer."""
    found = []
    for _run in range(RUNS):
        began = process_time()
        work()
        found.append(process_time() - began)
    return min(found)
