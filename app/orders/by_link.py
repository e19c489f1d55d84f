"""A member without a login answers one assignment by the link in its letter."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import audit, clock
from app.audit import Acting
from app.db import db
from app.orders.emails import AnswerKey
from app.orders.models import Assignment
from app.orders.queries import assignment_of
from app.orders.states import TO_COME


def behind(key: AnswerKey, now: datetime, *, lock: bool = False) -> Assignment | None:
    """The assignment that a link opens; None once it is over or lies elsewhere, or the link is no longer the member's.

    With `lock` the order is held. Whoever answered first has answered.
    """
    asked = select(Assignment).options(joinedload(Assignment.member))
    mine = asked.where(Assignment.id == key.assignment_id, Assignment.member_id == key.member_id)
    found = db.session.scalar(mine)
    if found is None or not key.fits(found.member, clock.local_date(now)):
        return None
    found = assignment_of(found.member, found.id, lock=lock)
    return found if found.state in TO_COME else None


def answerer(assignment: Assignment) -> Acting:
    """Who answers, as it is written down: whoever has the address to which the link went."""
    member = assignment.member
    return Acting(None, f"{member.contact_name or member.name} via länk")


def note_use(assignment: Assignment, *, now: datetime) -> None:
    """Write down to which address the link went by which something was just done."""
    audit.record(assignment, "by link", by=answerer(assignment), now=now, address=assignment.member.email)
