"""What somebody has typed of an answer and not saved: kept until it is, so that no other act on the page loses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts.models import User
from app.db import db, table_of
from app.tenders.bid import Bid
from app.tenders.tender import TenderRequirement
from app.tenders.working.models import UnsavedAnswer

LONGEST = 500_000
"""Signs, of all fields together."""
INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
Typed = Mapping[str, Sequence[str]]


def keep(tender_id: int, requirement_id: int, typed: Typed, *, by: int, now: datetime) -> bool:
    """Instead of what was kept before; nothing typed forgets it. Whether there was room for it.

    A requirement that is not of the tender, and a tender without a bid, keep nothing.
    """
    here = (Bid.tender_id == tender_id) & (TenderRequirement.tender_id == tender_id)
    query = select(Bid.id).join(TenderRequirement, here).where(TenderRequirement.id == requirement_id)
    bid_id = db.session.scalar(query)
    if bid_id is None:
        return True
    whose = {"bid_id": bid_id, "requirement_id": requirement_id, "user_id": by}
    fits = sum(len(value) for values in typed.values() for value in values) <= LONGEST
    if not typed or not fits:
        db.session.execute(delete(UnsavedAnswer).filter_by(**whose))
        return fits
    values = {"typed": {name: list(given) for name, given in typed.items()}, "at": now}
    insert = INSERT[db.engine.dialect.name](table_of(UnsavedAnswer)).values(**whose, **values)
    db.session.connection().execute(insert.on_conflict_do_update(index_elements=list(whose), set_=values))
    return True


def forget(bid: Bid, requirement: TenderRequirement, *, by: User) -> None:
    """It is not wanted."""
    whose = {"bid_id": bid.id, "requirement_id": requirement.id, "user_id": by.id}
    db.session.execute(delete(UnsavedAnswer).filter_by(**whose))
