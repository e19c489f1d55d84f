"""A tender that was entered by hand, and the buyer's notices that reach us later: they belong together."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app import noticeflow
from app.db import db
from app.tenders import actions
from app.tenders.actions import NewLot, NewRow, TenderFacts
from app.tenders.models import Tender
from app.tenders.noticing.models import TenderOutcome
from app.tenders.noticing.receipt import Outcome
from tests.features.notice_case import CHANGED, FIRST, RESULT, another
from tests.furnished import furnished
from tests.make import make_sam

pytestmark = pytest.mark.both
NOW = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)


@furnished
def tender(app) -> Tender:
    """The fruit tender as somebody has typed it from the buyer's documents, with a lot and a row of its own."""
    sam = make_sam()
    facts = TenderFacts(
        title="Frukt till kontoren",
        buyer_name="Västerhamns kommun",
        buyer_org_number="2120999012",
        diary_number=" INK 2026/114",
        deadline=datetime(2026, 5, 12, 21, 59, tzinfo=UTC),
    )
    made = actions.register(facts, by=sam, now=NOW)
    lot = actions.add_lot(made, NewLot(ref="1", title="Centrum"), by=sam, now=NOW)
    db.session.flush()
    actions.add_rows(made, [NewRow(ref="1", text="Korg", unit="H87", quantity=Decimal(10))], lot, by=sam, now=NOW)
    db.session.flush()
    return made


def take(source: str):
    done = noticeflow.take_in(source.encode(), "annons.xml", by=None, now=NOW)
    db.session.commit()
    return done


def test_the_notice_is_that_tenders_and_what_was_typed_stays_until_somebody_chooses(tender):
    done = take(FIRST)
    assert (done.tender.id, done.outcome) == (tender.id, Outcome.CHANGED)
    assert (tender.title, [lot.ref for lot in tender.lots]) == ("Frukt till kontoren", ["1"])
    kept = {change.field: change.state for change in done.changes}
    assert kept["title"] == "kept"
    assert tender.documents_url == "https://upphandling.vasterhamn.example/114", "what we did not know is filled in"
    told = [(change.lot_ref, change.after) for change in done.changes if change.field == "lot"]
    assert told == [("LOT-0001", "Centrum"), ("LOT-0002", "North")]
    take(CHANGED)
    assert db.session.scalar(select(func.count()).select_from(Tender)) == 1


def test_the_result_is_written_down_on_it(tender):
    done = take(RESULT)
    assert (done.tender.id, done.outcome) == (tender.id, Outcome.RESULT)
    assert db.session.scalar(select(func.count()).where(TenderOutcome.tender_id == tender.id)) > 0
    assert tender.state == "declined"


@pytest.mark.parametrize("what", ["another buyer", "another number", "two alike", "one that has its notice"])
def test_what_is_not_sure_to_be_the_same_is_a_tender_of_its_own(tender, what):
    if what == "another buyer":
        tender.buyer_org_number = "559999-1014"
    elif what == "another number":
        tender.diary_number = "INK 2026/115"
    elif what == "two alike":
        facts = TenderFacts(title="Igen", buyer_name="V", buyer_org_number="212099-9012", diary_number="INK 2026/114")
        actions.register(facts, by=None, now=NOW)
    else:
        take(another(77))
    db.session.commit()
    assert take(FIRST).outcome is Outcome.NEW
