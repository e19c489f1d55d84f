"""A tender with days to keep, for the tests of its days, of reminders and of calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime

from app.accounts.models import RoleName
from app.tenders import actions
from app.tenders.actions import TenderFacts
from app.tenders.models import Tender
from tests import make
from tests.conftest import MONDAY

SAM, EVA = "sam@samklang.example", "eva@samklang.example"
DEADLINE = datetime(2026, 12, 18, 11, 0, tzinfo=UTC)
CALENDAR = "/personal/upphandlingar/kalender"
VISIT = {"entry-title": "Platsbesök", "entry-day": "2026-12-01", "entry-at": "13:30", "entry-place": "Köket"}


def furnish() -> Tender:
    """A tender with a last day for bids on 18 December, Sam who works with it, and Eva in finance who reads."""
    make.make_sam()
    make.make_user(EVA, roles=(RoleName.FINANCE,))
    make.make_sales_company()
    facts = TenderFacts(title="Frukt", buyer_name="Kommunen", deadline=DEADLINE, required_validity=date(2027, 3, 31))
    return actions.register(facts, by=None, now=MONDAY)


def where(tender: Tender) -> str:
    return f"/personal/upphandlingar/{tender.id}/datum"
