"""How much of each party's own offerings is free in the first year of the contract that a bid would lead to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from app import clock
from app.catalog.models import ApprovalState, Offering
from app.db import db
from app.orders.holds import Hold, kept_back
from app.orders.routing_models import CapacityHold
from app.orders.standing import holding
from app.tenders.bid_holds import WEEKS, term
from app.tenders.models import Bid, TenderPriceRow, bid_hold

NONE = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """A year of an offering: what it can make, what is kept for something else already, and what is left."""

    offering: Offering
    in_all: Decimal
    left: Decimal
    kept_for: tuple[str, ...]
    """What other bids, agreements and staff keep back, in words."""
    standing: Decimal
    """What standing orders will take."""
    holds: tuple[Hold, ...] = ()
    """What of it is kept back, as it is kept."""

    @property
    def taken(self) -> Decimal:
        """What somebody else counts on."""
        return self.in_all - self.left


def free_of(bid: Bid, rows: Sequence[TenderPriceRow], *, now: datetime) -> dict[tuple[int, int], Free]:
    """By member and article, for the articles that the rows point at; two statements, none where no row has one.

    Other bids, agreements and standing orders go before; what this bid itself keeps back does not count against it.
    """
    articles = {row.article_id for row in rows if row.article_id is not None}
    if not articles:
        return {}
    first = holding.monday_of(term(clock.local_date(bid.tender.deadline or now), bid.tender.term_years)[0])
    days = first, first + timedelta(weeks=WEEKS) - timedelta(days=1)
    offerings, holds = _offerings(bid, articles, days)
    wanted = holding.wanted(articles, days, (), ())
    planned = _planned(first, wanted, offerings, holds)
    members = {party.member_id for party in bid.parties}
    return {
        (one.member_id, one.article_id): _free(one, first, holds[one.id], planned)
        for one in offerings
        if one.member_id in members
    }


def _offerings(
    bid: Bid, articles: Iterable[int], days: tuple[date, date]
) -> tuple[list[Offering], dict[int, list[Hold]]]:
    """Everybody's approved offerings of the articles, each with what is kept back of it for something else."""
    own = select(bid_hold.c.hold_id).where(bid_hold.c.bid_id == bid.id)
    meets = and_(
        CapacityHold.offering_id == Offering.id,
        CapacityHold.first_day <= days[1],
        CapacityHold.last_day >= days[0],
        CapacityHold.id.not_in(own),
    )
    query = (
        select(Offering, CapacityHold)
        .outerjoin(CapacityHold, meets)
        .where(Offering.article_id.in_(articles), Offering.state == ApprovalState.APPROVED)
        .options(joinedload(Offering.areas), joinedload(Offering.article))
        .order_by(Offering.id, CapacityHold.id)
    )
    holds: dict[int, list[Hold]] = defaultdict(list)
    offerings: dict[int, Offering] = {}
    for offering, kept in db.session.execute(query).unique():
        offerings[offering.id] = offering
        if kept is not None:
            holds[offering.id].append(Hold(kept.first_day, kept.last_day, kept.per_week, kept.price_list_id, kept.why))
    return list(offerings.values()), holds


def _planned(
    first: date, wanted: holding.Wanted, offerings: Sequence[Offering], holds: dict[int, list[Hold]]
) -> dict[tuple[int, date], Decimal]:
    """What standing orders will take of each offering's weeks, shared out as the routing does."""
    by_article: dict[int, list[Offering]] = defaultdict(list)
    for one in offerings:
        by_article[one.article_id].append(one)
    found: dict[tuple[int, date], Decimal] = {}
    for (article, monday), quantities in wanted.items():
        if monday >= first:
            weeks = [
                holding.Week(one.id, one.capacity_per_week, NONE, one.municipalities, holds[one.id])
                for one in by_article[article]
            ]
            for offering, parts in holding.plan(monday, quantities, weeks).items():
                found[offering, monday] = sum(parts.values(), NONE)
    return found


def _free(one: Offering, first: date, holds: Sequence[Hold], planned: dict[tuple[int, date], Decimal]) -> Free:
    mondays = [first + timedelta(weeks=week) for week in range(WEEKS)]
    standing = [planned.get((one.id, monday), NONE) for monday in mondays]
    if not holds and not any(standing):
        left = one.capacity_per_week * WEEKS
    else:
        left = sum(
            (
                max(NONE, one.capacity_per_week - taken - kept_back(holds, monday, None))
                for monday, taken in zip(mondays, standing, strict=True)
            ),
            NONE,
        )
    return Free(
        offering=one,
        in_all=one.capacity_per_week * WEEKS,
        left=left,
        kept_for=tuple(dict.fromkeys(hold.why for hold in holds)),
        standing=sum(standing, NONE),
        holds=tuple(holds),
    )
