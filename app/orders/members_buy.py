"""A member as a customer: under which record it buys from the other members."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app import audit
from app.accounts.models import User
from app.customers.actions import enter_customer
from app.customers.facts import CustomerFacts
from app.customers.models import Customer, CustomerKind
from app.db import db
from app.members.models import Member

SAME = ("name", "org_number", "email", "phone", "street", "postcode", "city", "municipality")


def let_buy(member: Member, *, by: User | None, now: datetime) -> Customer:
    """The customer that the member is: the one it has, the one with its organisation number, or a new one.

    A new one is written from what is known of the member, and changed as other customers are. Raises Taken when
    somebody enters the same organisation as a customer at the same moment, or it is another member's record.
    """
    own = db.session.scalar(select(Customer).where(Customer.member_id == member.id))
    if own is not None:
        return own
    unbound = (Customer.org_number == member.org_number, Customer.member_id.is_(None))
    found = db.session.scalar(select(Customer).where(*unbound).with_for_update())
    if found is None:
        facts = CustomerFacts(kind=CustomerKind.COMPANY, **{name: getattr(member, name) for name in SAME})
        found = enter_customer(facts, by=by, now=now)
    found.member_id = member.id
    audit.record(found, "bound to member", by=by, now=now, member=member.name)
    return found
