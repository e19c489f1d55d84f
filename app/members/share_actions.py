"""Showing how a head count was made, and looking at somebody else's."""

from __future__ import annotations

from datetime import datetime

from app import audit
from app.accounts.models import User
from app.errors import Refused
from app.files import StoredFile
from app.members.models import HeadCount


def show_how(count: HeadCount, file: StoredFile, *, by: User, now: datetime) -> HeadCount:
    """Keep a paper that shows how it was counted, with numbers only. Raises Refused when it has been looked at."""
    if count.is_verified:
        raise Refused("Räkningen är kontrollerad. Underlaget kan inte bytas efteråt.")
    count.evidence = file
    audit.record(count.member, "count_shown", by=by, now=now, counted_on=count.counted_on.isoformat())
    return count


def verify(count: HeadCount, *, by: User, now: datetime) -> HeadCount:
    """Somebody else than who wrote it down has looked at it. Raises Refused for who wrote it down."""
    if count.is_verified:
        raise Refused("Räkningen är redan kontrollerad.")
    if count.counted_by and count.counted_by == by.name:
        raise Refused("Du skrev in räkningen själv. Låt någon annan kontrollera den.")
    count.verified_by, count.verified_at = by.name, now
    audit.record(count.member, "count_verified", by=by, now=now, counted_on=count.counted_on.isoformat())
    return count
