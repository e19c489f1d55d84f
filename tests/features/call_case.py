"""A call with an application begun: the sales company applies, two members take part, and somebody outside pays too."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from app import bidflow, callflow
from app import clock as app_clock
from app.db import db
from app.money import Money
from app.tenders import actions, bid_actions
from app.tenders.actions import NewRequirement, TenderFacts
from app.tenders.bid_actions import PartyFacts
from app.tenders.calls.actions import NewEntry, NewTerms
from app.tenders.models import BidParty, BudgetEntry
from bids.kinds import BidForm, BudgetKind, PartyRole, RequirementKind, RequirementStage
from tests.make import make_ljungbacken, make_member, make_sales_company, make_sam

DEADLINE = datetime(2026, 12, 18, 11, 0, tzinfo=UTC)
TERMS = NewTerms(
    project_from=date(2027, 1, 1),
    project_to=date(2028, 12, 31),
    most_rate=Decimal(70),
    most_indirect=Decimal(15),
    least_grant=Money.kronor(100_000),
)
SIGNED = {"name": "Lova Hittepå", "right": "Ensam firmatecknare", "how": "alone", "read": "y", "entitled": "y"}


class CallCase:
    """One question of at most 200 characters; Ljungbacken is asked for 400 000 kronor of staff, and pays 100 000."""

    def __init__(self, now: datetime) -> None:
        self.sam = make_sam()
        self.company = make_sales_company()
        self.fruit = make_ljungbacken()
        self.van = make_member(slug="rullande", name="Rullande Hjälpen", org_number="769999-0060")
        facts = TenderFacts(
            title="Vägar in", buyer_name="Fonden", deadline=DEADLINE, ceiling=Money.kronor(900_000), diary_number="U 7"
        )
        self.tender = callflow.notice_by_hand(facts, TERMS, by=self.sam, now=now)
        asked = NewRequirement(
            ref="1.1",
            kind=RequirementKind.QUESTION,
            stage=RequirementStage.AWARD,
            text="Vad ska projektet lösa?",
            most_characters=200,
        )
        (self.question,) = actions.add_requirements(self.tender, [asked], None, by=self.sam, now=now)
        self.bid = bidflow.start_bid(self.tender, BidForm.APPLICATION, by=self.sam, now=now)
        self.leader = self.bid.parties[0]
        self._tell(self.leader, "Leder projektet.", now)
        self.partner = bid_actions.add_party(self.bid, self.fruit, PartyRole.PARTNER, by=self.sam, now=now)
        self._tell(self.partner, "Tar emot tolv deltagare.", now)
        db.session.flush()
        self.staff = self.ask(self.partner, BudgetKind.STAFF, 400_000, now, text="Handledare")
        self.own = self.ask(self.partner, BudgetKind.OWN, 100_000, now)
        self.where = f"/personal/upphandlingar/{self.tender.id}"
        self.budget = f"{self.where}/budget"
        self.invitation = f"/medlem/anbud/{self.bid.id}"
        db.session.commit()

    def ask(self, party: BidParty | None, kind: BudgetKind, kronor: int | None, now: datetime, **more) -> BudgetEntry:
        """A row of the budget for 2027."""
        amount = Money.kronor(kronor) if kronor is not None else None
        values = {"text": "", "year": 2027, "amount": amount, **more}
        return callflow.ask(self.bid, NewEntry(party=party, kind=kind, **values), by=self.sam, now=now)

    def _tell(self, party: BidParty, does: str, now: datetime) -> None:
        facts = PartyFacts(role=party.role, does=does, why_not_alone="")
        bid_actions.change_party(party, facts, by=self.sam, now=now)


def missing(case: CallCase) -> list[str]:
    """The keys of what stops the application."""
    db.session.expire_all()
    found = [gap.key for gap in bidflow.gaps_of(case.bid, now=app_clock.now()) if gap.blocking]
    db.session.rollback()
    return found


def yes(case: CallCase, **changes: str) -> dict[str, str]:
    """What a member sends that takes both rows as they are."""
    said = {
        "rows-0-entry": str(case.staff.id),
        "rows-0-amount": "400 000",
        "rows-1-entry": str(case.own.id),
        "rows-1-amount": "100 000",
        "does": "Tar emot tolv deltagare.",
        "signed_by": "Lova Hittepå",
        "authorised": "y",
    }
    return {**said, **changes}


def answered(fruit, case, **changes):
    """The member opens its page, and sends what it has typed."""
    return fruit.fill(case.invitation, yes(case, **changes), form="main form[method=post]")
