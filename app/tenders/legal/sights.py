"""Who of ours has seen which members' prices: written down once an hour for each page, read and erased by age."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app import audit
from app.accounts.models import User
from app.db import db, table_of
from app.errors import Refused
from app.leaves import Leaf, leaf
from app.members.models import Member
from app.tenders.models import Bid, BidParty, PriceSight, Promise, Tender

PAGE = 50
LEAST_DAYS = 30
"""What is younger is kept: whoever looked should not be able to take the trace away at once."""
INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def shown(tender_id: int) -> tuple[int, str, Sequence[str]] | None:
    """Our bid on a tender by id and name, and the members who have named prices in it; None when there are none."""
    query = (
        select(Bid.id, Tender.title, Member.name)
        .join(Bid.tender)
        .join(Bid.parties)
        .join(BidParty.member)
        .join(Promise, Promise.party_id == BidParty.id)
        .where(Tender.id == tender_id, Promise.member_price.is_not(None))
        .distinct()
        .order_by(Member.name)
    )
    found = db.session.execute(query).all()
    return (found[0][0], found[0][1], [name for _bid, _title, name in found]) if found else None


def is_noted(by_id: int, bid_id: int, page: str, whose: Sequence[str], *, now: datetime) -> bool:
    """Whether this hour has the page already, with all of these members."""
    query = select(PriceSight.whose).where(
        PriceSight.by_id == by_id, PriceSight.bid_id == bid_id, PriceSight.page == page, PriceSight.hour == hour(now)
    )
    noted = db.session.scalar(query)
    return noted is not None and set(whose) <= set(noted)


def note(by_id: int, by_name: str, bid: tuple[int, str], page: str, whose: Sequence[str], *, now: datetime) -> None:
    """Write it down. Two pages opened at the same moment make one row."""
    insert = INSERT[db.engine.dialect.name](table_of(PriceSight)).values(
        at=now,
        hour=hour(now),
        by_id=by_id,
        by_name=by_name,
        bid_id=bid[0],
        bid_name=bid[1],
        page=page,
        whose=list(whose),
    )
    same = ["hour", "by_id", "bid_id", "page"]
    db.session.connection().execute(insert.on_conflict_do_update(index_elements=same, set_={"whose": list(whose)}))


def hour(now: datetime) -> datetime:
    """The hour in which a moment lies."""
    return now.replace(minute=0, second=0, microsecond=0)


def seen(page: int, name: str = "") -> Leaf[PriceSight]:
    """What was seen, the latest first; with a name only what its bearer saw."""
    query = select(PriceSight).order_by(PriceSight.at.desc(), PriceSight.id.desc())
    if name:
        query = query.where(PriceSight.by_name == name)
    return leaf(query, page, PAGE)


def names() -> Sequence[str]:
    """Those who have seen something."""
    return db.session.scalars(select(PriceSight.by_name).distinct().order_by(PriceSight.by_name).limit(200)).all()


def erase(days: int, *, by: User, now: datetime) -> int:
    """Erase what is older than so many days; returns how much. Raises Refused for what is too young."""
    if days < LEAST_DAYS:
        raise Refused(f"Det som är yngre än {LEAST_DAYS} dagar sparas. Skriv ett större antal dagar.")
    result: Any = db.session.execute(delete(PriceSight).where(PriceSight.at < now - timedelta(days=days)))
    audit.record(by, "price_sights_erased", by=by, now=now, days=days, rows=result.rowcount)
    return int(result.rowcount)
