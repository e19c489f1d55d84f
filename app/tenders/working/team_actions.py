"""Who does what in a bid: naming its owner, writers and reviewers, and whom we write to at a party's."""

from __future__ import annotations

from datetime import datetime

from app import audit
from app.accounts.models import RoleName, User
from app.db import db
from app.errors import Refused
from app.tenders.bid import Bid, BidParty
from app.tenders.bid_actions import check_draft
from app.tenders.working import queries
from app.tenders.working.duties import AT_THE_HOUSE, Duty
from app.tenders.working.models import BidPerson


def name_person(bid: Bid, user: User, duty: Duty, *, by: User | None, now: datetime) -> BidPerson:
    """Give one of us a role. Whoever was the owner before a new one becomes a writer.

    Raises Refused for somebody who does not work with bids, and when the bid would be left without its owner.
    """
    if duty not in AT_THE_HOUSE or not user.active or not user.role_names & {RoleName.SALES, RoleName.ADMIN}:
        raise Refused("Välj någon som arbetar med anbud.")
    people = queries.people_of(bid)
    found = next((person for person in people if person.user_id == user.id), None)
    owner = next((person for person in people if person.duty == Duty.OWNER), None)
    if found is not None and found is owner and duty != Duty.OWNER:
        raise Refused(f"{found.name} är ansvarig. Utse en annan ansvarig först.")
    if duty == Duty.OWNER and owner is not None and owner is not found:
        owner.duty = Duty.WRITER
        db.session.flush()
    if found is None:
        found = BidPerson(bid_id=bid.id, user_id=user.id, duty=duty)
        db.session.add(found)
    found.duty, found.name, found.email = duty, user.name, user.email
    audit.record(bid, "person_named", by=by, now=now, name=user.name, duty=str(duty))
    return found


def name_contact(party: BidParty, name: str, email: str, *, by: User | None, now: datetime) -> BidPerson:
    """Whom we write to at a party's from now on, in place of the member's own contact."""
    check_draft(party.bid)
    found = queries.contact_of(party)
    if found is None:
        found = BidPerson(bid_id=party.bid_id, party_id=party.id, duty=Duty.CONTACT)
        db.session.add(found)
    found.name, found.email = name, email
    audit.record(party.bid, "person_named", by=by, now=now, name=name, member=party.member.name, duty=str(Duty.CONTACT))
    return found


def leave(bid: Bid, person: BidPerson, *, by: User, now: datetime) -> None:
    """Take a role away. Tasks stay where they are. Raises Refused for the owner: a bid keeps one once it has one."""
    if person.duty == Duty.OWNER:
        raise Refused(f"{person.name} är ansvarig. Utse en annan ansvarig först.")
    db.session.delete(person)
    audit.record(bid, "person_left", by=by, now=now, name=person.name)
