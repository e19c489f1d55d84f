"""A bid of two lots that three parties can carry, for the tests of its joint part."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from app import bidflow
from app.db import db
from app.money import Money
from app.tenders import actions, bid_actions
from app.tenders.actions import NewLot, NewRow
from app.tenders.models import BidParty, TenderPriceRow
from app.tenders.promise_actions import RowAnswer
from bids.kinds import PartyRole
from tests.features.bid_case import Case


class JointCase(Case):
    """Fruit and the van have both promised of the first row, the van alone of the second, which is in another lot."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.north = actions.add_lot(self.tender, NewLot(ref="2", title="Norr", place="Norrvik"), by=self.sam, now=now)
        db.session.flush()
        self.bid.lots.append(self.north)
        new = NewRow(ref="2.1", text="Kaffe", unit="H87", quantity=Decimal(50))
        (self.second,) = actions.add_rows(self.tender, [new], self.north, by=self.sam, now=now)
        db.session.flush()
        bid_actions.set_percentages(self.bid, Decimal(2), Decimal(8), by=self.sam, now=now)
        role = PartyRole.TENDERER
        self.fruity, self.driver = (
            bid_actions.add_party(self.bid, member, role, by=self.sam, now=now) for member in (self.fruit, self.van)
        )
        db.session.flush()
        self.promise(self.fruity, self.row, 10, "9.00", 80, now)
        self.promise(self.driver, self.row, 90, "10.80", 100, now)
        self.promise(self.driver, self.second, 50, "27.00", 60, now)
        self.prices = f"{self.where}/priser"
        db.session.commit()

    def promise(
        self, party: BidParty, row: TenderPriceRow, quantity: int, price: str, most: int, now: datetime
    ) -> None:
        promise = bidflow.ask(party, row, Decimal(quantity), by=self.sam, now=now)
        if party.invited_at is None:
            bidflow.invite([party], by=self.sam, now=now)
        answer = RowAnswer(promise, Money.kronor(price), Decimal(most))
        bidflow.promise(party, [answer], "Lova Hittepå", by=self.sam, now=now)
        db.session.flush()

    def parts(self) -> dict[tuple[str, str], Decimal]:
        """Who is asked for how much, by name and row."""
        db.session.expire_all()
        return {
            (party.member.slug, promise.row.ref): promise.quantity
            for party in self.bid.parties
            for promise in party.promises
        }
