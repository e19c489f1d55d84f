"""The share of each tenderer while a reserved contract runs: it must hold all the way (LOU 4:18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app import clock
from app.db import db
from app.members.models import SHARE_GATE, HeadCount, Member
from app.tenders.models import Bid, BidParty, BidState, ShareTrouble, ShareWarning, Tender
from bids.kinds import PartyRole
from bids.swedish import day

A_YEAR = timedelta(days=365)
LONGEST = timedelta(days=20 * 365)
SHORTEST = 1
"""Years, of a contract whose length nobody has entered."""


@dataclass(frozen=True, slots=True)
class Troubled:
    """A tenderer whose share is wrong, and since which count."""

    party: BidParty
    trouble: ShareTrouble
    counted_on: date
    words: str


def trouble_of(count: HeadCount | None, today: date) -> ShareTrouble | None:
    """What is wrong with the latest count of a legal entity: units do not count (HFD 2021:48). Pure."""
    if count is None:
        return ShareTrouble.MISSING
    if count.target_group * 100 < SHARE_GATE * count.occupied:
        return ShareTrouble.UNDER
    return ShareTrouble.OLD if count.counted_on < today - A_YEAR else None


def last_day(decided: date, years: int) -> date:
    """When a contract ends at the latest that was decided on a day, with every extension. Pure."""
    ahead = decided.year + max(years, SHORTEST)
    return decided.replace(year=ahead) if (decided.month, decided.day) != (2, 29) else date(ahead, 2, 28)


def troubled(bid: Bid, today: date) -> list[Troubled]:
    """The tenderers of a won bid whose shares are wrong while the contract runs; starts no search of its own."""
    tender = bid.tender
    if bid.state != BidState.WON or not tender.reserved or bid.decided_on is None:
        return []
    if today > last_day(bid.decided_on, tender.whole_term):
        return []
    found = []
    for party in bid.parties:
        if party.role == PartyRole.TENDERER and not party.has_declined:
            count = next(iter(party.member.head_counts), None)
            trouble = trouble_of(count, today)
            if trouble is not None:
                counted = count.counted_on if count else bid.decided_on
                found.append(Troubled(party, trouble, counted, _words(party.member, trouble, count)))
    return found


def _words(member: Member, trouble: ShareTrouble, count: HeadCount | None) -> str:
    if count is None:
        return f"{member.name} har ingen räkning av sysselsatta. Räkna nu."
    if trouble == ShareTrouble.UNDER:
        return (
            f"{member.name}: {count.target_group} av {count.occupied} sysselsatta räknat {day(count.counted_on)}, "
            f"under {SHARE_GATE}\u00a0%. Kravet gäller hela avtalstiden och varje juridisk person för sig."
        )
    return f"{member.name}: räkningen från {day(count.counted_on)} är äldre än tolv månader. Räkna på nytt."


def unwarned(now: datetime) -> list[tuple[Bid, list[Troubled]]]:
    """The won reserved bids with tenderers whose shares are wrong, and of which nobody has been told."""
    today = clock.local_date(now)
    query = (
        select(Bid)
        .join(Bid.tender)
        .where(Bid.state == BidState.WON, Tender.reserved, Bid.decided_on > today - LONGEST)
        .options(
            selectinload(Bid.tender),
            selectinload(Bid.parties).joinedload(BidParty.member).selectinload(Member.head_counts),
        )
        .order_by(Bid.id)
    )
    wrong = [(bid, found) for bid in db.session.scalars(query) if (found := troubled(bid, today))]
    told = _told([bid.id for bid, _found in wrong])
    left = [(bid, [one for one in found if _key(one) not in told]) for bid, found in wrong]
    return [(bid, found) for bid, found in left if found]


def _told(bids: Sequence[int]) -> set[tuple[int, int, ShareTrouble, date]]:
    if not bids:
        return set()
    rows = db.session.scalars(select(ShareWarning).where(ShareWarning.bid_id.in_(bids)))
    return {(row.bid_id, row.member_id, row.trouble, row.counted_on) for row in rows}


def _key(one: Troubled) -> tuple[int, int, ShareTrouble, date]:
    return one.party.bid_id, one.party.member_id, one.trouble, one.counted_on


def note(one: Troubled, *, now: datetime) -> ShareWarning:
    """Staff are told of it from now on."""
    row = ShareWarning(
        bid_id=one.party.bid_id,
        member_id=one.party.member_id,
        trouble=one.trouble,
        counted_on=one.counted_on,
        at=now,
    )
    db.session.add(row)
    return row
