"""The small reserved tender with two members asked, an owner, a writer and a reviewer, for the tests of common work."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from app import bidflow
from app.accounts.models import RoleName, User
from app.db import db
from app.tenders import bid_actions
from app.tenders.working import team_actions
from app.tenders.working.duties import Duty
from bids.kinds import PartyRole
from tests.features.bid_case import Case
from tests.make import make_user
from tests.people import Visitor

ANSWER = {"responsible": "0", "proof_appendix": "0", "says": "yes"}


class TeamCase(Case):
    """Sam answers for the bid, Eva writes, Rut reviews, Olle just works here. Lena is Ljungbacken's, Roy Rullande's."""

    def __init__(self, now: datetime, requirements: int = 2) -> None:
        super().__init__(now, requirements)
        self.eva = _staff("eva@samklang.example", "Eva Exempel")
        self.rut = _staff("rut@samklang.example", "Rut Exempel")
        self.olle = _staff("olle@samklang.example", "Olle Exempel")
        self.lena = make_user("lena@medlem.example", member=self.fruit, name="Lena Exempel")
        self.roy = make_user("roy@medlem.example", member=self.van, name="Roy Exempel")
        people = ((self.sam, Duty.OWNER), (self.eva, Duty.WRITER), (self.rut, Duty.REVIEWER))
        for user, duty in people:
            team_actions.name_person(self.bid, user, duty, by=self.sam, now=now)
        self.parties = []
        for member in (self.fruit, self.van):
            party = bid_actions.add_party(self.bid, member, PartyRole.TENDERER, by=self.sam, now=now)
            db.session.flush()
            bidflow.ask(party, self.row, Decimal(50), by=self.sam, now=now)
            self.parties.append(party)
        bidflow.invite(self.parties, by=self.sam, now=now)
        db.session.flush()
        self.fruit_key, self.van_key = (f"p{party.id}" for party in self.parties)

    def give(self, browser: Visitor, who: str, due: str = "2026-12-10", what: str = "", place: int = 0) -> Any:
        """Give a task on a requirement, as the form on its page does."""
        url = f"{self.where}/svar/{self.requirements[place].id}/uppgift"
        return browser.post(url, data={"task-who": who, "task-due_on": due, "task-what": what})


def _staff(email: str, name: str) -> User:
    return make_user(email, roles=[RoleName.SALES], name=name)
