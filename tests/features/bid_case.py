"""A small reserved tender with a draft bid, for the tests of what staff do with it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import func, select

from app import bidflow
from app.db import db
from app.members.models import MemberKind
from app.tenders import actions
from app.tenders.actions import NewLot, NewRequirement, NewRow, TenderFacts
from bids.kinds import BidForm, RequirementKind, RequirementStage
from tests.make import make_head_count, make_ljungbacken, make_member, make_sam
from tests.people import text

DEADLINE = datetime(2026, 12, 18, 11, 0, tzinfo=UTC)


class Case:
    """A small reserved tender with a draft bid: one row, one requirement, and the address of its workspace."""

    def __init__(self, now: datetime, requirements: int = 1) -> None:
        self.sam = make_sam()
        self.company = make_member(
            slug="samklang", name="Samklang Sälj ek. för.", org_number="769999-0003", kind=MemberKind.SALES_COMPANY
        )
        self.fruit = make_ljungbacken()
        self.van = make_member(slug="rullande", name="Rullande Hjälpen", org_number="769999-0060")
        for member, occupied, target in ((self.company, 8, 2), (self.fruit, 50, 31), (self.van, 25, 11)):
            make_head_count(member, occupied=occupied, target_group=target, counted_on=date(2026, 9, 30))
        facts = TenderFacts(title="Frukt", buyer_name="Kommunen", deadline=DEADLINE, reserved=True)
        self.tender = actions.register(facts, by=self.sam, now=now)
        self.lot = actions.add_lot(self.tender, NewLot(ref="1", title="Centrum"), by=self.sam, now=now)
        db.session.flush()
        row = NewRow(ref="1.1", text="Fruktkorg", unit="H87", quantity=Decimal(100))
        self.row = actions.add_rows(self.tender, [row], self.lot, by=self.sam, now=now)[0]
        given = [
            NewRequirement(
                ref=f"A{n}",
                kind=RequirementKind.MUST,
                stage=RequirementStage.AWARD,
                text=f"Krav nummer {n}",
                proof_required=True,
            )
            for n in range(1, requirements + 1)
        ]
        self.requirements = actions.add_requirements(self.tender, given, None, by=self.sam, now=now)
        self.bid = bidflow.start_bid(self.tender, BidForm.GROUP, by=self.sam, now=now)
        db.session.flush()
        self.where = f"/personal/upphandlingar/{self.tender.id}"
        self.answer_url = f"{self.where}/svar/{self.requirements[0].id}"


def gaps(browser, where: str) -> str:
    return text(browser.page(where).cssselect(".gaps")[0])


def count(kind) -> int:
    found = db.session.scalar(select(func.count()).select_from(kind))
    db.session.rollback()
    return found or 0
