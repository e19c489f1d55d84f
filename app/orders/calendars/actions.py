"""Opening, renewing and closing the secret address of a calendar."""

from __future__ import annotations

import secrets
from datetime import datetime

from app import audit
from app.accounts.models import User
from app.customers.models import Site
from app.db import db
from app.members.models import Member
from app.orders.calendars.models import CalendarAddress
from app.orders.calendars.queries import address_of


def renew(whose: Member | Site, *, by: User, now: datetime) -> CalendarAddress:
    """Give it an address, or a new one: whoever knew the old one sees nothing any longer.

    The caller holds the member or the customer, so that two who press at once get one address each after the other.
    """
    row = _present(whose)
    what = "made" if row is None else "renewed"
    if row is None:
        row = CalendarAddress()
        row.member, row.site = (whose, None) if isinstance(whose, Member) else (None, whose)
        db.session.add(row)
    row.mark, row.made_at, row.by_name = secrets.token_urlsafe(16), now, by.name
    audit.record(whose, f"calendar address {what}", by=by, now=now)
    return row


def close(whose: Member | Site, *, by: User, now: datetime) -> None:
    """Nobody can read it any longer. What is opened later has another address."""
    row = _present(whose)
    if row is not None:
        db.session.delete(row)
        audit.record(whose, "calendar address closed", by=by, now=now)


def _present(whose: Member | Site) -> CalendarAddress | None:
    return address_of(member_id=whose.id) if isinstance(whose, Member) else address_of(site_id=whose.id)
