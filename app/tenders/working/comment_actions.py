"""Remarks on a requirement or on the whole bid."""

from __future__ import annotations

from datetime import datetime

from app import audit
from app.accounts.models import User
from app.db import db
from app.errors import NotYours, Refused
from app.tenders.bid import Bid, BidParty
from app.tenders.bid_actions import check_draft
from app.tenders.tender import TenderRequirement
from app.tenders.working.models import BidComment


def say(
    bid: Bid, requirement: TenderRequirement | None, text: str, *, party: BidParty | None, by: User, now: datetime
) -> BidComment:
    """Among staff, or with ``party`` between it and us. Raises Refused for nothing, and when the bid is handed in."""
    check_draft(bid)
    if not text.strip():
        raise Refused("Skriv något först.")
    comment = BidComment(
        bid=bid,
        requirement_id=requirement.id if requirement else None,
        party_id=party.id if party else None,
        with_member=party.member.name if party else "",
        by_id=by.id,
        by_name=by.name,
        text=text.strip(),
        at=now,
    )
    db.session.add(comment)
    ref: dict[str, str | int | None] = {}
    if requirement is not None:
        ref = {"ref": requirement.ref, "requirement_id": requirement.id}
    audit.record(bid, "commented", by=by, now=now, **ref, member=party.member.name if party else None)
    return comment


def erase(comment: BidComment, *, by: User, now: datetime) -> BidComment:
    """Whoever wrote it takes it back while the bid is a draft; that something stood there stays to be seen.

    Raises NotYours for somebody else's.
    """
    if comment.by_id != by.id:
        raise NotYours
    check_draft(comment.bid)
    comment.text, comment.erased_at = "", now
    return comment
