"""How a member is reached, as staff decide it."""

from __future__ import annotations

from datetime import datetime

from app import audit
from app.accounts import queries as people
from app.accounts.models import User
from app.errors import Refused
from app.members.models import Member, Reach


def reach(member: Member, how: Reach, *, by: User, now: datetime) -> Member:
    """From now on letters come so. What is written already goes as it was to go; links that were sent end to hold.

    The caller holds the member. Raises Refused for the sales company, and for a connected member at which nobody can
    sign in: nobody would read what is asked.
    """
    if member.is_sales_company:
        raise Refused("Säljbolaget svarar själv på sina uppdrag.")
    if how == Reach.CONNECTED and not _signs_in(member):
        raise Refused("Ingen hos medlemmen kan logga in än. Bjud in någon först, och vänta tills lösenordet är valt.")
    if how != member.reached_by:
        audit.record(member, "reached otherwise", by=by, now=now, before=member.reached_by.value, after=how.value)
        member.reached_by = how
    return member


def _signs_in(member: Member) -> bool:
    return any(one.active and not one.is_waiting for one in people.people_of(member_id=member.id))
