"""Who of ours has seen which members' prices: written down once an hour for each page, read and erased by age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app import audit
from app.accounts.models import User
from app.catalog.models import ApprovalState, Offering
from app.catalog.pricing.models import PriceList, PriceRow
from app.db import db, table_of
from app.errors import Refused
from app.leaves import Leaf, leaf
from app.members.models import Member
from app.tenders.models import Bid, BidParty, PriceSight, Promise, Tender, Withdrawal

PAGE = 50
OF_THOSE_WHO_LEFT = "withdrawals.show"
"""The page that shows what members had promised who are in the bid no longer."""
LEAST_DAYS = 30
"""What is younger is kept: whoever looked should not be able to take the trace away at once."""
INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True)
class Sight:
    """What a page of a bid shows of members' prices, and whose of them this hour's row has already."""

    bid_id: int
    bid_name: str
    whose: tuple[str, ...]
    noted: frozenset[str]

    @property
    def is_noted(self) -> bool:
        """Whether nothing has to be written."""
        return set(self.whose) <= self.noted


def sight_of(tender_id: int, by_id: int, page: str, *, now: datetime) -> Sight | None:
    """What one of us sees of our bid on a tender on a page; None when no member has named a price. One statement."""
    noted = (
        select(PriceSight.whose)
        .where(
            PriceSight.by_id == by_id,
            PriceSight.bid_id == Bid.id,
            PriceSight.page == page,
            PriceSight.hour == hour(now),
        )
        .scalar_subquery()
    )
    named = _has_left if page == OF_THOSE_WHO_LEFT else _has_priced
    query = (
        select(Bid.id, Tender.title, Member.name, noted)
        .join(Bid.tender)
        .join(Member, named())
        .where(Tender.id == tender_id)
        .order_by(Member.name)
    )
    found = db.session.execute(query).all()
    if not found:
        return None
    bid_id, title, _name, names = found[0]
    return Sight(bid_id, title, tuple(name for _bid, _title, name, _noted in found), frozenset(names or ()))


def _has_priced() -> ColumnElement[bool]:
    query = select(Promise.id).join(Promise.party).where(BidParty.bid_id == Bid.id, BidParty.member_id == Member.id)
    return query.where(Promise.member_price.is_not(None)).exists()


def _has_left() -> ColumnElement[bool]:
    return select(Withdrawal.id).where(Withdrawal.bid_id == Bid.id, Withdrawal.member_id == Member.id).exists()


def note(sight: Sight, by_id: int, by_name: str, page: str, *, now: datetime) -> None:
    """Write it down. Two pages opened at the same moment make one row."""
    whose = sorted({*sight.whose, *sight.noted})
    insert = INSERT[db.engine.dialect.name](table_of(PriceSight)).values(
        at=now,
        hour=hour(now),
        by_id=by_id,
        by_name=by_name,
        bid_id=sight.bid_id,
        bid_name=sight.bid_name,
        page=page,
        whose=whose,
    )
    same = ["hour", "by_id", "bid_id", "page"]
    db.session.connection().execute(insert.on_conflict_do_update(index_elements=same, set_={"whose": whose}))


def note_file(
    name: str, page: str, price_list: PriceList | None, by_id: int, by_name: str, *, now: datetime
) -> PriceSight | None:
    """Write down that one of us takes out a list of what members are paid; None where it names nobody.

    What a member is paid for an article is what it is reckoned with in bids until it has named a price there.
    """
    query = select(Member.name).join(Offering, Offering.member_id == Member.id).distinct().order_by(Member.name)
    query = query.where(Offering.state == ApprovalState.APPROVED)
    if price_list is not None:
        rows = PriceRow.price_list_id == price_list.id, PriceRow.gone_at.is_(None)
        query = query.where(Offering.article_id.in_(select(PriceRow.article_id).where(*rows)))
    whose = list(db.session.scalars(query))
    if not whose:
        return None
    sight = PriceSight(at=now, hour=hour(now), by_id=by_id, by_name=by_name, bid_name=name, page=page, whose=whose)
    db.session.add(sight)
    return sight


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
